// Located, coded messages for the user: collected as values, printed by the CLI only.
#pragma once

#include "core/support/Place.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SMLoc.h"
#include "llvm/Support/SourceMgr.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm::json {
class Value;
}

namespace lathe {

enum class Severity { Error, Warning };

/// One entry per line of Messages.def.
enum class Message : unsigned {
#define LATHE_MESSAGE(Name, Code, Severity, Text, Help) Name,
#include "core/support/Messages.def"
#undef LATHE_MESSAGE
};

/// The fixed part of a message. `text` and `help` are llvm::formatv patterns over the same
/// arguments.
struct MessageInfo {
  llvm::StringLiteral name;
  llvm::StringLiteral code; ///< "L0712"
  Severity severity;
  llvm::StringLiteral text;
  llvm::StringLiteral help; ///< empty when the text already says what to do
};
const MessageInfo &messageInfo(Message message);
llvm::ArrayRef<MessageInfo> allMessages();

struct Note {
  Place place;
  std::string text;
};

struct Diagnostic {
  Message message;
  Place place;
  std::string text; ///< formatted, without the code
  std::string help; ///< formatted; may be empty
  std::vector<Note> notes;

  llvm::StringRef code() const { return messageInfo(message).code; }
  Severity severity() const { return messageInfo(message).severity; }
};

/// The text of every file read, so that locations can be shown. Outlives the locations it hands
/// out.
class Sources {
public:
  /// Reads `path`, or returns nothing and the reason in `why`.
  std::optional<unsigned> read(llvm::StringRef path, std::string &why);
  /// Takes `text` under the name `name`. The buffer is copied and null-terminated.
  unsigned add(llvm::StringRef name, llvm::StringRef text);
  llvm::StringRef text(unsigned file) const;
  llvm::StringRef name(unsigned file) const;
  llvm::SMLoc location(unsigned file, size_t offset) const;
  /// The file that `loc` is in.
  std::optional<unsigned> fileOf(llvm::SMLoc loc) const;
  /// The place of `loc`; an invalid location gives an empty place.
  Place place(llvm::SMLoc loc) const;
  /// The place of 1-based `line` and `column` in `file`.
  Place place(unsigned file, unsigned line, unsigned column) const;
  Place wholeFile(llvm::StringRef path) const { return {path.str(), 0, 0, {}}; }

private:
  llvm::SourceMgr manager;
};

/// Collects what is wrong. A reader reports every mistake of a file before it gives up.
class Diagnostics {
public:
  explicit Diagnostics(Sources &sources) : sources(sources) {}

  /// Adds a message at `place`. The reference stays valid, so that notes can be attached.
  template <typename... Args> Diagnostic &report(Message message, Place place, Args &&...args) {
    const MessageInfo &info = messageInfo(message);
    return add({message,
                std::move(place),
                llvm::formatv(false, info.text.data(), args...).str(),
                info.help.empty() ? "" : llvm::formatv(false, info.help.data(), args...).str(),
                {}});
  }
  template <typename... Args> Diagnostic &report(Message message, llvm::SMLoc loc, Args &&...args) {
    return report(message, sources.place(loc), std::forward<Args>(args)...);
  }
  void note(Diagnostic &diagnostic, llvm::SMLoc loc, std::string text) {
    diagnostic.notes.push_back({sources.place(loc), std::move(text)});
  }

  Sources &sourceTexts() { return sources; }
  unsigned errorCount() const { return errors; }
  bool hasErrors() const { return errors != 0; }
  const std::deque<Diagnostic> &all() const { return diagnostics; }
  /// Adds a finished message; the reference stays valid.
  Diagnostic &add(Diagnostic diagnostic);
  /// Moves another collection's messages to the end of this one.
  void take(Diagnostics &&other);

private:
  Sources &sources;
  std::deque<Diagnostic> diagnostics;
  unsigned errors = 0;
};

/// `file:line:col: error: text [L0712]`, the source line with a caret, notes and help.
void print(llvm::raw_ostream &out, const Diagnostic &diagnostic, bool color = false);
void print(llvm::raw_ostream &out, const Diagnostics &diagnostics, bool color = false);
llvm::json::Value toJson(const Diagnostic &diagnostic);

/// The candidate nearest to `name` by edit distance, when it is near enough to be meant.
std::optional<llvm::StringRef> nearest(llvm::StringRef name,
                                       llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace lathe
