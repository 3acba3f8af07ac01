#include "core/support/Diagnostic.h"

#include "core/support/WholeFile.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::StringRef;

static constexpr MessageInfo kMessages[] = {
#define LATHE_MESSAGE(Name, Code, Level, Text, Help) {#Name, Code, Severity::Level, Text, Help},
#include "core/support/Messages.def"
#undef LATHE_MESSAGE
};

const MessageInfo &lathe::messageInfo(Message message) {
  return kMessages[static_cast<unsigned>(message)];
}

llvm::ArrayRef<MessageInfo> lathe::allMessages() { return kMessages; }

std::optional<unsigned> Sources::read(StringRef path, std::string &why) {
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(path, why);
  if (!buffer)
    return std::nullopt;
  return manager.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
}

unsigned Sources::add(StringRef name, StringRef text) {
  return manager.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name),
                                    llvm::SMLoc());
}

StringRef Sources::text(unsigned file) const { return manager.getMemoryBuffer(file)->getBuffer(); }

StringRef Sources::name(unsigned file) const {
  return manager.getMemoryBuffer(file)->getBufferIdentifier();
}

llvm::SMLoc Sources::location(unsigned file, size_t offset) const {
  StringRef buffer = text(file);
  return llvm::SMLoc::getFromPointer(buffer.data() + std::min(offset, buffer.size()));
}

static std::string lineAround(StringRef text, size_t offset) {
  size_t newline = text.rfind('\n', offset); // before `offset`, which may be one itself
  size_t begin = newline == StringRef::npos ? 0 : newline + 1;
  return text.slice(begin, text.find('\n', offset)).str();
}

std::optional<unsigned> Sources::fileOf(llvm::SMLoc loc) const {
  unsigned file = loc.isValid() ? manager.FindBufferContainingLoc(loc) : 0;
  return file ? std::optional(file) : std::nullopt;
}

Place Sources::place(llvm::SMLoc loc) const {
  unsigned file = loc.isValid() ? manager.FindBufferContainingLoc(loc) : 0;
  if (file == 0)
    return {};
  auto [line, column] = manager.getLineAndColumn(loc, file);
  size_t offset = loc.getPointer() - text(file).data();
  return {name(file).str(), line, column, lineAround(text(file), offset)};
}

Place Sources::place(unsigned file, unsigned line, unsigned column) const {
  // The line table is a cache inside the manager; looking a place up does not change the sources.
  if (file == 0 || file > manager.getNumBuffers())
    return {}; // of other sources
  auto &lookup = const_cast<llvm::SourceMgr &>(manager);
  llvm::SMLoc loc = lookup.FindLocForLineAndColumn(file, line, column);
  if (loc.isValid())
    return place(loc);
  return {name(file).str(), line, column, {}};
}

Diagnostic &Diagnostics::add(Diagnostic diagnostic) {
  errors += diagnostic.severity() == Severity::Error;
  return diagnostics.emplace_back(std::move(diagnostic));
}

void Diagnostics::take(Diagnostics &&other) {
  for (Diagnostic &diagnostic : other.diagnostics)
    add(std::move(diagnostic));
  other.diagnostics.clear();
  other.errors = 0;
}

// A line longer than this (generated or hostile text) is shown in part, around the column.
static constexpr size_t kLongestLineShown = 160;

static void printCaret(llvm::raw_ostream &out, const Place &place) {
  if (place.line == 0 || place.column == 0 || place.sourceLine.empty())
    return;
  size_t first = place.column <= kLongestLineShown ? 0 : place.column - kLongestLineShown / 2;
  StringRef shown = StringRef(place.sourceLine).substr(first, kLongestLineShown);
  out << "  " << shown << "\n  ";
  for (size_t i = first; i + 1 < place.column; ++i)
    out << (i - first < shown.size() && shown[i - first] == '\t' ? '\t' : ' ');
  out << "^\n";
}

static void printPlace(llvm::raw_ostream &out, const Place &place) {
  if (place.file.empty())
    out << "lathe: ";
  else if (place.line == 0)
    out << place.file << ": ";
  else
    out << place.file << ':' << place.line << ':' << place.column << ": ";
}

void lathe::print(llvm::raw_ostream &out, const Diagnostic &diagnostic, bool color) {
  using Colors = llvm::raw_ostream::Colors;
  printPlace(out, diagnostic.place);
  bool isError = diagnostic.severity() == Severity::Error;
  if (color)
    out.changeColor(isError ? Colors::RED : Colors::MAGENTA, /*Bold=*/true);
  out << (isError ? "error: " : "warning: ");
  if (color)
    out.resetColor();
  out << diagnostic.text << " [" << diagnostic.code() << "]\n";
  printCaret(out, diagnostic.place);
  for (const Note &note : diagnostic.notes) {
    printPlace(out, note.place);
    out << "note: " << note.text << '\n';
    printCaret(out, note.place);
  }
  if (!diagnostic.help.empty())
    out << "help: " << diagnostic.help << '\n';
}

void lathe::print(llvm::raw_ostream &out, const Diagnostics &diagnostics, bool color) {
  for (const Diagnostic &diagnostic : diagnostics.all())
    print(out, diagnostic, color);
}

static llvm::json::Object placeToJson(const Place &place) {
  return llvm::json::Object{{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

llvm::json::Value lathe::toJson(const Diagnostic &diagnostic) {
  llvm::json::Array notes;
  for (const Note &note : diagnostic.notes)
    notes.push_back(llvm::json::Object{{"place", placeToJson(note.place)}, {"text", note.text}});
  return llvm::json::Object{
      {"code", diagnostic.code()},
      {"severity", diagnostic.severity() == Severity::Error ? "error" : "warning"},
      {"place", placeToJson(diagnostic.place)},
      {"text", diagnostic.text},
      {"help", diagnostic.help},
      {"notes", std::move(notes)}};
}

std::optional<StringRef> lathe::nearest(StringRef name, llvm::ArrayRef<StringRef> candidates) {
  std::optional<StringRef> best;
  unsigned bestDistance = std::max<unsigned>(1, name.size() / 3) + 1;
  for (StringRef candidate : candidates) {
    unsigned distance =
        name.edit_distance_insensitive(candidate, /*AllowReplacements=*/true, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
