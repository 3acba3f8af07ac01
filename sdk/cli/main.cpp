// The `lathe` command: finds the verb, runs it, prints what it found, and turns every way of ending
// into an exit code.
#include "sdk/cli/Interrupt.h"
#include "sdk/cli/Verb.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <unistd.h>

using namespace lathe;
using namespace lathe::cli;

// In signal handlers only write and _exit are safe.
static void onCrash(void *) {
  static constexpr llvm::StringLiteral kText =
      "\nlathe: internal error: this is a defect of lathe; please report the command line\n";
  (void)!write(STDERR_FILENO, kText.data(), kText.size());
  _exit(static_cast<int>(ExitCode::Bug));
}

static void onMemoryShort(void *, const char *, bool) {
  static constexpr llvm::StringLiteral kText = "\nlathe: error: there is not enough memory\n";
  (void)!write(STDERR_FILENO, kText.data(), kText.size());
  _exit(static_cast<int>(ExitCode::Environment));
}

static void reportUnknownVerb(Session &session, llvm::StringRef word) {
  std::vector<llvm::StringRef> names;
  for (const Verb &verb : verbs())
    names.push_back(verb.name);
  std::optional<llvm::StringRef> meant = nearest(word, names);
  session.diagnostics.report(Message::UnknownVerb, Place{}, word,
                             meant ? ("did you mean '" + *meant + "'?").str()
                                   : std::string("'lathe help' lists the verbs"));
}

static ExitCode dispatch(Session &session, Words words) {
  if (words.empty()) {
    listVerbs(session.err);
    return ExitCode::Usage;
  }
  if (words[0] == "--help" || words[0] == "-h")
    return runHelp(session, *findVerb("help"), {});
  if (words[0] == "--version")
    return runVersion(session, *findVerb("version"), {});
  if (words.size() >= 2)
    if (const Verb *verb = findVerb(words[0] + " " + words[1]))
      return verb->run(session, *verb, words.drop_front(2));
  if (const Verb *verb = findVerb(words[0]))
    return verb->run(session, *verb, words.drop_front(1));
  reportUnknownVerb(session, words[0]);
  return ExitCode::Usage;
}

static void printJson(Session &session, ExitCode code) {
  llvm::json::Array diagnostics;
  for (const Diagnostic &diagnostic : session.diagnostics.all())
    diagnostics.push_back(toJson(diagnostic));
  session.result["exit"] = static_cast<int>(code);
  session.result["diagnostics"] = std::move(diagnostics);
  session.out << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(session.result)));
}

static ExitCode finish(Session &session, ExitCode code) {
  print(session.err, session.diagnostics, session.environment.color);
  if (session.json)
    printJson(session, code);
  session.out.flush();
  auto &out = static_cast<llvm::raw_fd_ostream &>(session.out);
  if (!out.has_error())
    return code;
  session.err << "lathe: error: cannot write the result: " << out.error().message() << '\n';
  out.clear_error();
  return ExitCode::Environment;
}

int main(int argc, char **argv) {
  catchInterrupts();
  llvm::sys::AddSignalHandler(onCrash, nullptr);
  llvm::install_bad_alloc_error_handler(onMemoryShort);
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of the write
  Session session(readEnvironment(argv[0]));
  std::vector<std::string> words(argv + 1, argv + argc);
  try {
    return static_cast<int>(finish(session, dispatch(session, words)));
  } catch (const std::bad_alloc &) {
    onMemoryShort(nullptr, nullptr, false);
  } catch (const std::exception &error) {
    session.err << "lathe: internal error: " << error.what() << '\n';
    return static_cast<int>(ExitCode::Bug);
  }
}
