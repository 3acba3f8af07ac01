// lathe completion SHELL: a script that completes verbs, options and files, for the shell to read.
// Options come from the verbs' own --help, so none is listed twice in the source.
#include "sdk/cli/Arguments.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

namespace {
struct OptionHelp {
  std::string name; ///< "--target"
  std::string help;
};
} // namespace

static std::string helpOf(const Session &session, const Verb &verb) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Session aside(session.environment, out);
  verb.run(aside, verb, {"--help"});
  return text;
}

// "  -t,--target NAME    the target" has one long name.
static std::vector<OptionHelp> optionsOf(const Session &session, const Verb &verb) {
  std::vector<OptionHelp> options;
  llvm::SmallVector<StringRef> lines;
  std::string text = helpOf(session, verb);
  StringRef(text).split(lines, '\n');
  for (StringRef line : lines) {
    if (!line.starts_with("  -"))
      continue;
    auto [left, help] = line.ltrim().split("  ");
    StringRef name = left.substr(left.find("--"));
    options.push_back(
        {name.take_until([](char c) { return c == ' ' || c == ','; }).str(), help.trim().str()});
  }
  return options;
}

namespace {
/// The verbs that begin with one word: "new" has "target" and "kernel" behind it.
struct VerbWord {
  StringRef word;
  std::vector<const Verb *> verbs;

  /// The second words, or what a verb of one word has behind it: nothing.
  std::string seconds() const {
    std::vector<std::string> words;
    for (const Verb *verb : verbs)
      if (verb->name.contains(' '))
        words.push_back(verb->name.split(' ').second.str());
    return llvm::join(words, " ");
  }
};
} // namespace

static std::vector<VerbWord> verbWords() {
  std::vector<VerbWord> words;
  for (const Verb &verb : verbs()) {
    StringRef word = verb.name.split(' ').first;
    if (words.empty() || words.back().word != word)
      words.push_back({word, {}});
    words.back().verbs.push_back(&verb);
  }
  return words;
}

static std::vector<OptionHelp> optionsOf(const Session &session, const VerbWord &word) {
  std::vector<OptionHelp> options;
  for (const Verb *verb : word.verbs)
    for (OptionHelp &option : optionsOf(session, *verb))
      if (llvm::none_of(options, [&](const OptionHelp &it) { return it.name == option.name; }))
        options.push_back(std::move(option));
  return options;
}

static std::string optionNames(const Session &session, const VerbWord &word) {
  std::vector<std::string> names;
  for (OptionHelp &option : optionsOf(session, word))
    names.push_back(std::move(option.name));
  return llvm::join(names, " ");
}

static std::string firstWords() {
  std::vector<std::string> words;
  for (const VerbWord &word : verbWords())
    words.push_back(word.word.str());
  return llvm::join(words, " ");
}

static void printBash(Session &session) {
  session.out << "_lathe() {\n"
                 "  local word=${COMP_WORDS[COMP_CWORD]} options='' seconds=''\n"
                 "  if ((COMP_CWORD == 1)); then\n"
              << "    COMPREPLY=($(compgen -W '" << firstWords() << "' -- \"$word\"))\n"
              << "    return\n  fi\n  case ${COMP_WORDS[1]} in\n";
  for (const VerbWord &word : verbWords())
    session.out << "    " << word.word << ") options='" << optionNames(session, word)
                << "' seconds='" << word.seconds() << "' ;;\n";
  session.out << "  esac\n"
                 "  if ((COMP_CWORD == 2)) && [[ -n $seconds && $word != -* ]]; then\n"
                 "    COMPREPLY=($(compgen -W \"$seconds\" -- \"$word\"))\n"
                 "  elif [[ $word == -* ]]; then\n"
                 "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                 "  else\n"
                 "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
                 "  fi\n"
                 "}\n"
                 "complete -o filenames -F _lathe lathe\n";
}

static void printZsh(Session &session) {
  session.out << "#compdef lathe\nautoload -U +X bashcompinit && bashcompinit\n";
  printBash(session);
}

static std::string quoted(StringRef text) {
  std::string out = "'";
  for (char c : text)
    out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

static void printFish(Session &session) {
  for (const VerbWord &word : verbWords()) {
    session.out << "complete -c lathe -n __fish_use_subcommand -a " << word.word << " -d "
                << quoted(word.verbs.front()->summary) << '\n';
    for (const Verb *verb : word.verbs)
      if (verb->name.contains(' '))
        session.out << "complete -c lathe -n '__fish_seen_subcommand_from " << word.word << "' -a "
                    << verb->name.split(' ').second << " -d " << quoted(verb->summary) << '\n';
    for (const OptionHelp &option : optionsOf(session, word))
      session.out << "complete -c lathe -n '__fish_seen_subcommand_from " << word.word << "' -l "
                  << StringRef(option.name).drop_front(2) << " -d " << quoted(option.help) << '\n';
  }
}

ExitCode lathe::cli::runCompletion(Session &session, const Verb &verb, Words words) {
  std::string shell;
  Arguments arguments(session, verb);
  arguments.positionalChoice("SHELL", shell, {"bash", "zsh", "fish"}, "bash, zsh or fish");
  if (auto code = arguments.parse(words))
    return *code;
  if (shell == "bash")
    printBash(session);
  else if (shell == "zsh")
    printZsh(session);
  else
    printFish(session);
  session.json = false; // a script is no object
  return ExitCode::Done;
}
