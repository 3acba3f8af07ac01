#include "simulators/rtl/VerilatorLog.h"

#include "llvm/Support/Regex.h"

using namespace lathe;
using llvm::StringRef;

namespace {
/// `%Warning-WIDTH: rtl.0/a.sv:3:14: text`, or a further line `rtl.0/a.sv:3:14:  ... text`.
struct Entry {
  bool isError = false;
  StringRef kind; ///< "WIDTH"; empty for plain errors
  StringRef file; ///< empty when it is about no file
  unsigned line = 0, column = 0;
  StringRef text;
};
} // namespace

// Takes `file:line:column: ` off the front of `text`. False, and nothing taken, when it is not
// there.
static bool takePlace(StringRef &text, Entry &entry) {
  static const llvm::Regex pattern("^([^: ]+):([0-9]+):([0-9]+): *");
  llvm::SmallVector<StringRef> match;
  if (!pattern.match(text, &match))
    return false;
  entry.file = match[1];
  match[2].getAsInteger(10, entry.line);
  match[3].getAsInteger(10, entry.column);
  text = text.drop_front(match[0].size());
  return true;
}

static std::optional<Entry> parseFirstLine(StringRef line) {
  static const llvm::Regex pattern("^%(Error|Warning)(-[A-Z0-9]+)?: ");
  llvm::SmallVector<StringRef> match;
  if (!pattern.match(line, &match))
    return std::nullopt;
  Entry entry;
  entry.isError = match[1] == "Error";
  entry.kind = match[2].drop_while([](char c) { return c == '-'; });
  StringRef rest = line.drop_front(match[0].size());
  takePlace(rest, entry);
  entry.text = rest;
  return entry;
}

// "Exiting due to 1 error(s)" and the like count what was already said.
static bool isSummary(const Entry &entry) {
  return entry.text.starts_with("Exiting due to") || entry.text.starts_with("Command Failed");
}

static StringRef quoted(StringRef text) { return text.split('\'').second.split('\'').first; }

static Diagnostic &report(const Entry &entry, const RtlSources &sources, Diagnostics &diagnostics) {
  Place place;
  if (!entry.file.empty())
    place = sources.place(entry.file, entry.line, entry.column, diagnostics);
  else if (!sources.files().empty())
    place.file = sources.files().front().path;
  std::string text = sources.withUserPaths(entry.text);
  if (!text.empty() && text.back() == '.')
    text.pop_back();
  if (entry.isError && entry.kind == "UNOPTFLAT")
    return diagnostics.report(Message::RtlLoop, place, quoted(entry.text));
  if (entry.isError)
    return diagnostics.report(Message::RtlRejected, place, text);
  return diagnostics.report(Message::RtlWarning, place, text, entry.kind);
}

// "   rtl.0/a.sv:3:14: ... Location of async usage" belongs to the message above it.
static void attachNote(StringRef line, Diagnostic &diagnostic, const RtlSources &sources,
                       Diagnostics &diagnostics) {
  Entry entry;
  StringRef text = line.ltrim();
  if (!takePlace(text, entry))
    return;
  text.consume_front("... ");
  text.consume_front("note: ");
  diagnostic.notes.push_back(
      {sources.place(entry.file, entry.line, entry.column, diagnostics), text.str()});
}

void lathe::reportVerilatorLog(StringRef log, const RtlSources &sources, Diagnostics &diagnostics) {
  llvm::SmallVector<StringRef> lines;
  log.split(lines, '\n');
  Diagnostic *last = nullptr;
  for (StringRef line : lines) {
    std::optional<Entry> entry = parseFirstLine(line);
    if (entry && !isSummary(*entry))
      last = &report(*entry, sources, diagnostics);
    else if (!entry && last && line.starts_with(" "))
      attachNote(line, *last, sources, diagnostics);
  }
}
