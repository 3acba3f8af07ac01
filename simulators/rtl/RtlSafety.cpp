#include "simulators/rtl/RtlSafety.h"

#include "simulators/rtl/RtlScanner.h"

#include "llvm/ADT/SmallVector.h"

using namespace lathe;
using llvm::StringRef;

namespace {
/// A line of the preprocessed text and where it came from.
struct Origin {
  size_t offset;
  StringRef file;
  unsigned line;
};
} // namespace

// `line 12 "rtl.0/a.sv" 0
static bool parseLineDirective(StringRef text, StringRef &file, unsigned &line) {
  if (!text.consume_front("`line ") || text.consumeInteger(10, line))
    return false;
  file = text.split('"').second.split('"').first;
  return true;
}

static std::vector<Origin> mapLines(StringRef preprocessed) {
  std::vector<Origin> origins;
  StringRef file;
  unsigned line = 0;
  for (size_t at = 0; at < preprocessed.size();) {
    size_t end = std::min(preprocessed.find('\n', at), preprocessed.size());
    if (!parseLineDirective(preprocessed.slice(at, end), file, line))
      origins.push_back({at, file, line++});
    at = end + 1;
  }
  return origins;
}

static Place placeOf(const RtlToken &token, llvm::ArrayRef<Origin> origins,
                     const RtlSources &sources, Diagnostics &diagnostics) {
  auto after = llvm::upper_bound(origins, token.offset,
                                 [](size_t offset, const Origin &o) { return offset < o.offset; });
  if (after == origins.begin())
    return {};
  const Origin &origin = *std::prev(after);
  Place place = sources.place(origin.file, origin.line, 1, diagnostics);
  size_t column = StringRef(place.sourceLine).find(token.text);
  if (column != StringRef::npos)
    place.column = column + 1;
  return place;
}

// Files that Verilator read by itself.
static void reportForeignFiles(llvm::ArrayRef<Origin> origins, const RtlSources &sources,
                               Diagnostics &diagnostics) {
  const Origin *from = nullptr;
  for (const Origin &origin : origins) {
    if (sources.findPrivate(origin.file)) {
      from = &origin;
      continue;
    }
    if (from)
      diagnostics.report(Message::RtlForbidden,
                         sources.place(from->file, from->line, 1, diagnostics), origin.file);
    from = nullptr; // one report for each way out
  }
}

bool lathe::reportUnsafeRtl(StringRef preprocessed, const RtlSources &sources,
                            Diagnostics &diagnostics) {
  std::vector<Origin> origins = mapLines(preprocessed);
  RtlScan scan = scanRtl(preprocessed);
  unsigned errorsBefore = diagnostics.errorCount();
  for (const RtlToken &token : scan.forbidden)
    diagnostics.report(Message::RtlForbidden, placeOf(token, origins, sources, diagnostics),
                       token.text);
  for (const RtlToken &token : scan.silenced)
    diagnostics.report(Message::RtlSilenced, placeOf(token, origins, sources, diagnostics),
                       token.text);
  reportForeignFiles(origins, sources, diagnostics);
  return diagnostics.errorCount() == errorsBefore;
}
