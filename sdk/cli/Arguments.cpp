#include "sdk/cli/Arguments.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <CLI/CLI.hpp>

#include <cmath>

using namespace lathe;
using namespace lathe::cli;

Arguments::Arguments(Session &session, const Verb &verb)
    : session(session), verb(verb), app(std::make_unique<CLI::App>()) {
  app->set_help_flag("-h,--help", "this text");
  flag("--json", session.json, "print the result as one JSON object");
  flag("-q,--quiet", session.quiet, "no progress");
  texts("--plugin", session.plugins, "DIR", "a plugin folder, or a folder of them; searched first");
}
Arguments::~Arguments() = default;

void Arguments::flag(const char *names, bool &given, const char *help) {
  app->add_flag(names, given, help);
}

void Arguments::text(const char *names, std::string &value, const char *placeholder,
                     const char *help) {
  app->add_option(names, value, help)->type_name(placeholder)->take_last();
}

void Arguments::texts(const char *names, std::vector<std::string> &values, const char *placeholder,
                      const char *help) {
  app->add_option(names, values, help)->type_name(placeholder)->expected(1)->take_all();
}

[[noreturn]] static void refuse(const std::string &option, const std::string &word,
                                const std::string &wanted) {
  throw CLI::ParseError("'" + option + "' takes " + wanted + ", not '" + word + "'",
                        static_cast<int>(ExitCode::Usage));
}

void Arguments::number(const char *name, std::optional<int64_t> &value, int64_t least,
                       const char *help) {
  auto read = [=, &value](const std::string &word) {
    int64_t given = 0;
    if (llvm::StringRef(word).getAsInteger(10, given) || given < least)
      refuse(name, word, "a whole number from " + std::to_string(least) + " to 2^63-1");
    value = given;
  };
  app->add_option_function<std::string>(name, read, help)->type_name("N");
}

void Arguments::real(const char *name, std::optional<double> &value, RealRange range,
                     const char *help) {
  auto read = [=, &value](const std::string &word) {
    double given = 0;
    bool isNumber = !llvm::StringRef(word).getAsDouble(given) && std::isfinite(given);
    if (!isNumber || given < range.least || given > range.most)
      refuse(name, word, "a number " + std::string(range.text));
    value = given;
  };
  app->add_option_function<std::string>(name, read, help)->type_name("X");
}

void Arguments::choice(const char *name, std::string &value, std::vector<std::string> choices,
                       const char *help) {
  auto read = [=, &value](const std::string &word) {
    if (!llvm::is_contained(choices, word))
      refuse(name, word, llvm::join(choices, ", "));
    value = word;
  };
  app->add_option_function<std::string>(name, read, help)->type_name(llvm::join(choices, "|"));
}

void Arguments::positional(const char *name, std::string &value, const char *help) {
  app->add_option(name, value, help)->required();
}

void Arguments::positionalChoice(const char *name, std::string &value,
                                 std::vector<std::string> choices, const char *help) {
  choice(name, value, std::move(choices), help);
  app->get_option(name)->required();
}

void Arguments::optionalPositional(const char *name, std::string &value, const char *help) {
  app->add_option(name, value, help);
}

void Arguments::positionals(const char *name, std::vector<std::string> &values, const char *help) {
  app->add_option(name, values, help)->expected(-1);
}

std::string Arguments::helpText() const {
  std::string text = "lathe " + verb.name.str() + ": " + verb.summary.str() + "\n\nusage: lathe " +
                     verb.usage.str() + "\n\noptions:\n";
  for (const CLI::Option *option : app->get_options()) {
    std::string left = option->get_name(/*positional=*/option->get_positional(), /*all=*/true);
    if (!option->get_type_name().empty() && option->nonpositional())
      left += " " + option->get_type_name();
    left.resize(std::max<size_t>(left.size() + 2, 26), ' ');
    text += "  " + left + option->get_description() + "\n";
  }
  text += "\nexamples:\n";
  llvm::SmallVector<llvm::StringRef> examples;
  verb.examples.split(examples, '\n');
  for (llvm::StringRef example : examples)
    text += "  " + example.str() + "\n";
  return text;
}

static std::string didYouMean(std::optional<llvm::StringRef> meant, const Verb &verb) {
  return meant ? ("did you mean '" + *meant + "'?").str()
               : ("'lathe " + verb.name + " --help' shows how").str();
}

ExitCode Arguments::reportUnknown(llvm::StringRef word) {
  word = word.take_until([](char c) { return c == '='; });
  std::vector<std::string> names;
  for (const CLI::Option *option : app->get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
  std::vector<llvm::StringRef> candidates(names.begin(), names.end());
  session.diagnostics.report(word.starts_with("-") ? Message::UnknownOption : Message::ExtraWord,
                             Place{}, verb.name, word, didYouMean(nearest(word, candidates), verb));
  return ExitCode::Usage;
}

std::optional<ExitCode> Arguments::parse(Words words) {
  try {
    app->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp &) {
    session.out << helpText();
    session.json = false;
    return ExitCode::Done;
  } catch (const CLI::ExtrasError &) {
    return reportUnknown(app->remaining().front());
  } catch (const CLI::ParseError &error) {
    session.diagnostics.report(Message::BadUsage, Place{}, error.what(), verb.name);
    return ExitCode::Usage;
  }
  return std::nullopt;
}
