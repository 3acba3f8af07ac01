#include "ModelLog.h"
#include "ModelPrint.h"

#include <cstdarg>
#include <cstdio>
#include <utility>
#include <vector>

using namespace lathe::model;

// The one piece of state outside a model: Verilator's hooks get no argument that says whose they
// are.
static thread_local ModelLog *currentLog = nullptr;

LogScope::LogScope(ModelLog &log) : outer(std::exchange(currentLog, &log)) {}
LogScope::~LogScope() { currentLog = outer; }

void ModelLog::append(const char *text, size_t size) {
  tail.append(text, size);
  if (tail.size() <= 2 * kKept)
    return;
  size_t cut = tail.find('\n', tail.size() - kKept);
  tail.erase(0, cut == std::string::npos ? tail.size() - kKept : cut + 1);
}

// "[120] %Error: a.sv:12: Assertion failed in top.name: text" -> "top.name: text"
static std::string withoutPrefix(std::string line) {
  static const std::string failed = "Assertion failed in ";
  size_t at = line.find(failed);
  if (at != std::string::npos)
    return line.substr(at + failed.size());
  at = line.find("%Error: ");
  return at == std::string::npos ? line : line.substr(at + 8);
}

std::string ModelLog::lastError() const {
  size_t at = tail.rfind("%Error");
  if (at == std::string::npos)
    return {};
  size_t begin = tail.rfind('\n', at);
  begin = begin == std::string::npos ? 0 : begin + 1;
  return withoutPrefix(tail.substr(begin, tail.find('\n', at) - begin));
}

int latheModelPrint(const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int size = std::vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  if (size > 0 && currentLog) {
    std::vector<char> text(size + 1);
    std::vsnprintf(text.data(), text.size(), format, again);
    currentLog->append(text.data(), size);
  }
  va_end(again);
  return size;
}

static std::string said(const char *otherwise) {
  std::string text = currentLog ? currentLog->lastError() : std::string();
  return text.empty() ? otherwise : text;
}

// The hooks that Verilator's runtime calls instead of printing and leaving the process.
void vl_finish(const char *file, int line, const char *) {
  throw RtlStopped{file, unsigned(line), "the RTL called $finish"};
}
void vl_stop(const char *file, int line, const char *) {
  throw RtlStopped{file, unsigned(line), said("the RTL called $stop")};
}
void vl_fatal(const char *file, int line, const char *, const char *text) {
  throw RtlStopped{file ? file : "", unsigned(line), text};
}
