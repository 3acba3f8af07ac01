// What the RTL says and how it stops, kept as values of the model instead of printed or exited.
#pragma once

#include <string>

namespace lathe::model {

/// Thrown out of an evaluation by the hooks that replace Verilator's exits; caught at the C
/// interface. The model is unusable until it is made anew.
struct RtlStopped {
  std::string file;
  unsigned line;
  std::string text;
};

/// The end of the printed text: at most kKept bytes, whole lines where possible.
class ModelLog {
public:
  void append(const char *text, size_t size);
  void clear() { tail.clear(); }
  const std::string &text() const { return tail; }
  /// The last line that reports an error, without Verilator's prefix; empty when there is none.
  std::string lastError() const;

private:
  static constexpr size_t kKept = 16384;
  std::string tail;
};

/// Says which log this thread's RTL writes to while it lives.
class LogScope {
public:
  explicit LogScope(ModelLog &log);
  ~LogScope();
  LogScope(const LogScope &) = delete;
  LogScope &operator=(const LogScope &) = delete;

private:
  ModelLog *outer;
};

} // namespace lathe::model
