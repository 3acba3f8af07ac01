// Options of one verb: declared, parsed into the verb's own variables, explained by --help.
#pragma once

#include "sdk/cli/Verb.h"

#include <memory>
#include <optional>

namespace CLI {
class App;
}

namespace lathe::cli {

/// What a number on the command line may be; `text` says it, as in "from 0 to 100".
struct RealRange {
  double least, most;
  const char *text;
};

/// Every verb also has --json, --plugin DIR, --quiet and --help. References must outlive `parse`.
class Arguments {
public:
  Arguments(Session &session, const Verb &verb);
  ~Arguments();

  // `names` is "-t,--target"; `help` a phrase; `value` stands for the value in --help ("FILE").
  void flag(const char *names, bool &given, const char *help);
  void text(const char *names, std::string &value, const char *placeholder, const char *help);
  /// Every occurrence adds a word: `--in a=x --in b=y`.
  void texts(const char *names, std::vector<std::string> &values, const char *placeholder,
             const char *help);
  /// A whole number of at least `least`.
  void number(const char *name, std::optional<int64_t> &value, int64_t least, const char *help);
  void real(const char *name, std::optional<double> &value, RealRange range, const char *help);
  /// A word that must be one of `choices`.
  void choice(const char *name, std::string &value, std::vector<std::string> choices,
              const char *help);
  void positional(const char *name, std::string &value, const char *help);
  void positionalChoice(const char *name, std::string &value, std::vector<std::string> choices,
                        const char *help);
  void optionalPositional(const char *name, std::string &value, const char *help);
  void positionals(const char *name, std::vector<std::string> &values, const char *help);

  /// Nothing when the verb shall go on; otherwise (help was asked for, or a mistake was reported)
  /// the exit code.
  std::optional<ExitCode> parse(Words words);

private:
  ExitCode reportUnknown(llvm::StringRef word);
  std::string helpText() const;

  Session &session;
  const Verb &verb;
  std::unique_ptr<CLI::App> app;
};

} // namespace lathe::cli
