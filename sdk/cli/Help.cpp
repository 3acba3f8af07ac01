// lathe help, lathe help VERB, lathe help CODE; lathe version.
#include "core/support/MessageReference.h"
#include "sdk/cli/Arguments.h"

using namespace lathe;
using namespace lathe::cli;

void lathe::cli::listVerbs(llvm::raw_ostream &out) {
  out << "lathe: compiles kernels for described accelerators and checks them on their RTL\n\n"
         "usage: lathe VERB [OPTION...]\n\nverbs:\n";
  for (const Verb &verb : verbs())
    out << llvm::formatv("  {0,-13}{1}\n", verb.name, verb.summary);
  out << "\n'lathe VERB --help' has options and examples; 'lathe help CODE' explains a message.\n"
         "exit codes: 0 done, 1 the answer is no, 2 usage, 3 invalid input, 4 not mappable,\n"
         "  5 simulator, 6 environment, 70 our defect, 77 skipped, 130 interrupted\n";
}

static const MessageInfo *findMessage(llvm::StringRef code) {
  for (const MessageInfo &info : allMessages())
    if (info.code.equals_insensitive(code))
      return &info;
  return nullptr;
}

static void explain(Session &session, const MessageInfo &info) {
  std::string help = readablePattern(info.help);
  session.result["code"] = info.code;
  session.result["text"] = readablePattern(info.text);
  session.result["help"] = help;
  session.result["area"] = messageArea(info.code);
  if (session.json)
    return;
  session.out << info.code << (info.severity == Severity::Error ? " (error, " : " (warning, ")
              << messageArea(info.code) << ")\n  " << readablePattern(info.text) << '\n';
  if (!help.empty())
    session.out << "help: " << help << '\n';
}

ExitCode lathe::cli::runHelp(Session &session, const Verb &verb, Words words) {
  std::string topic, second;
  Arguments arguments(session, verb);
  arguments.optionalPositional("TOPIC", topic, "a verb or a message's code");
  arguments.optionalPositional("SECOND", second, "the verb's second word");
  if (auto code = arguments.parse(words))
    return *code;
  if (topic.empty()) {
    listVerbs(session.out);
    return ExitCode::Done;
  }
  std::string name = second.empty() ? topic : topic + " " + second;
  if (const Verb *found = findVerb(name))
    return found->run(session, *found, {"--help"});
  if (const MessageInfo *info = findMessage(topic)) {
    explain(session, *info);
    return ExitCode::Done;
  }
  session.diagnostics.report(Message::UnknownTopic, Place{}, name);
  return ExitCode::Usage;
}

ExitCode lathe::cli::runVersion(Session &session, const Verb &verb, Words words) {
  Arguments arguments(session, verb);
  if (auto code = arguments.parse(words))
    return *code;
  session.result["version"] = LATHE_VERSION;
  if (!session.json)
    session.out << "lathe " LATHE_VERSION "\n";
  return ExitCode::Done;
}
