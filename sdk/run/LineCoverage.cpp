#include "sdk/run/LineCoverage.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::StringRef;

void LineCoverage::add(const LineCoverage &other) {
  for (const auto &[file, lines] : other.files)
    for (auto [line, count] : lines)
      files[file][line] += count;
}

namespace {
/// `C '<1>key<2>value<1>key<2>value...' count`
struct Point {
  StringRef file, page, lines;
  unsigned line = 0;
  uint64_t count = 0;
};
} // namespace

static std::optional<Point> readPoint(StringRef text) {
  Point point;
  if (!text.consume_front("C '"))
    return std::nullopt;
  auto [keys, count] = text.rsplit("' ");
  if (count.getAsInteger(10, point.count))
    return std::nullopt;
  llvm::SmallVector<StringRef> pairs;
  keys.split(pairs, '\1', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef pair : pairs) {
    auto [key, value] = pair.split('\2');
    if (key == "f")
      point.file = value;
    else if (key == "page")
      point.page = value;
    else if (key == "S")
      point.lines = value;
    else if (key == "l" && value.getAsInteger(10, point.line))
      return std::nullopt;
  }
  return point;
}

// Lines of a point: "12-14,17" where the block has several, else the one it begins in.
static llvm::SmallVector<unsigned> linesOf(const Point &point) {
  llvm::SmallVector<unsigned> lines;
  llvm::SmallVector<StringRef> ranges;
  point.lines.split(ranges, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef range : ranges) {
    auto [first, last] = range.split('-');
    unsigned from = 0, to = 0;
    if (first.getAsInteger(10, from) || (last.empty() ? first : last).getAsInteger(10, to))
      continue;
    for (unsigned line = from; line <= to; ++line)
      lines.push_back(line);
  }
  if (lines.empty())
    lines.push_back(point.line);
  return lines;
}

LineCoverage lathe::readLineCoverage(StringRef text,
                                     llvm::function_ref<std::string(StringRef)> userPath) {
  LineCoverage coverage;
  llvm::SmallVector<StringRef> lines;
  text.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    std::optional<Point> point = readPoint(line);
    if (!point || !(point->page.starts_with("v_line") || point->page.starts_with("v_branch")))
      continue;
    std::map<unsigned, uint64_t> &counts = coverage.files[userPath(point->file)];
    for (unsigned at : linesOf(*point))
      counts[at] += point->count;
  }
  return coverage;
}

std::string lathe::lcov(const LineCoverage &coverage) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const auto &[file, lines] : coverage.files) {
    size_t hit = 0;
    out << "TN:\nSF:" << file << '\n';
    for (auto [line, count] : lines) {
      out << llvm::formatv("DA:{0},{1}\n", line, count);
      hit += count != 0;
    }
    out << llvm::formatv("LF:{0}\nLH:{1}\nend_of_record\n", lines.size(), hit);
  }
  return text;
}
