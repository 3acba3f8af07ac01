// Lines of a device step: instructions, constants, loops and conditions, before they are unrolled.
#pragma once

#include "core/program/AssemblyExpression.h"

namespace lathe {

/// A text line by line, without comments; a mistake in one does not hide the next.
class AssemblyText {
public:
  AssemblyText(unsigned file, Diagnostics &diagnostics)
      : diagnostics(diagnostics), rest(diagnostics.sourceTexts().text(file)),
        current(rest.take_front(0)) {}

  /// False at the end, or after so many mistakes that more help nobody.
  bool next();
  /// The line, without its end and comment.
  llvm::StringRef line() const { return current; }
  TextCursor cursor() const { return TextCursor(current); }
  /// Where the line begins in the text.
  const char *begin() const { return current.data(); }
  /// Where the next line begins.
  const char *end() const { return rest.data(); }
  bool closesBlock() const { return current.ltrim().starts_with("}"); }

  // Each reports what is missing, and is false then.
  bool wanted(TextCursor &cursor, llvm::StringRef what);
  bool expect(TextCursor &cursor, char c);
  bool expectEnd(TextCursor &cursor);
  /// A block that is open at the end of the file.
  void unclosed(llvm::SMLoc opened);

private:
  Diagnostics &diagnostics;
  llvm::StringRef rest;
  llvm::StringRef current;
};

struct AssemblyArgument {
  unsigned argument = 0; ///< of the intrinsic
  llvm::SMLoc loc;       ///< of the value
  AssemblyExprRef value;
};

struct AssemblyLine {
  enum class Kind : uint8_t {
    Nothing, ///< a label alone
    Instruction,
    Let,     ///< name = value
    Require, ///< value, or the program is not for these sizes
    For,     ///< name in value..end step `step`: body
    If,      ///< value: body, else `otherwise`
  };
  Kind kind = Kind::Nothing;
  llvm::SMLoc loc;
  llvm::StringRef label; ///< of the place before the line; empty: none
  llvm::StringRef name;
  unsigned intrinsic = 0;
  std::vector<AssemblyArgument> arguments;
  AssemblyExprRef value, end, step;
  std::vector<AssemblyLine> body, otherwise;
};

/// `let NAME = VALUE` and `require VALUE`, which stand outside of steps as well. Nothing: it is
/// another line, or reported: the line's kind is Nothing then.
std::optional<AssemblyLine> parseAssemblyConstant(TextCursor &cursor, AssemblyText &text,
                                                  Diagnostics &diagnostics);

/// Parses lines of device steps for one target.
class AssemblyBlockParser {
public:
  AssemblyBlockParser(AssemblyText &text, const Target &target, Diagnostics &diagnostics);

  /// The text's current line, with the block that it opens. Nothing: reported.
  std::optional<AssemblyLine> parse();

private:
  bool parseInstruction(llvm::StringRef mnemonic, TextCursor &cursor, AssemblyLine &line);
  bool parseArgument(TextCursor &cursor, AssemblyLine &line);
  bool addDefaults(AssemblyLine &line);
  bool parseFor(TextCursor &cursor, AssemblyLine &line);
  bool parseIf(TextCursor &cursor, AssemblyLine &line);
  bool parseElse(AssemblyLine &line);
  bool parseBody(TextCursor &cursor, std::vector<AssemblyLine> &body, bool headIsValid);
  bool deeper(llvm::SMLoc loc);
  void unknownMnemonic(llvm::StringRef mnemonic, TextCursor &cursor);

  AssemblyText &text;
  const Target &target;
  Diagnostics &diagnostics;
  llvm::StringMap<unsigned> intrinsics;
  unsigned depth = 0;
};

} // namespace lathe
