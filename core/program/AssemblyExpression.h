// Numbers in assembly: constants, sizes, addresses and elements of symbols, loops.
#pragma once

#include "core/program/Program.h"
#include "core/program/TextCursor.h"

#include "llvm/ADT/StringMap.h"

namespace lathe {

struct AssemblyExpr;
using AssemblyExprRef = std::unique_ptr<AssemblyExpr>;

/// `text` is the operator, the function or the name; it points into the text, as `loc` does.
struct AssemblyExpr {
  enum class Kind : uint8_t {
    Number,  ///< `number`
    Name,    ///< a constant's value, or a symbol's address
    Element, ///< text[operands]: the address of an element
    Call,    ///< min or max of operands
    Unary,   ///< - ~ not
    Binary,
  };
  Kind kind = Kind::Number;
  llvm::SMLoc loc;
  llvm::StringRef text;
  int64_t number = 0;
  std::vector<AssemblyExprRef> operands;
};

/// Operators and their order are those of the notation; comparisons give 1 or 0. Null: reported.
AssemblyExprRef parseAssemblyExpr(TextCursor &cursor, Diagnostics &diagnostics);

/// What names stand for where an expression is evaluated.
class AssemblyNames {
public:
  AssemblyNames(const Target &target, const Program &program);

  /// False when the name is taken by a constant or a symbol.
  bool declare(llvm::StringRef name, int64_t value);
  /// `program.symbols` has a new last one.
  bool declareSymbol();
  /// Names declared after `scope()` are forgotten by `leave`.
  size_t scope() const { return declared.size(); }
  void leave(size_t scope);

  /// A constant, a symbol's address, or a number of the machine; the first hides the last.
  std::optional<int64_t> find(llvm::StringRef name) const;
  const Symbol *findSymbol(llvm::StringRef name) const;
  std::vector<llvm::StringRef> all() const;

private:
  const Program &program;
  llvm::StringMap<int64_t> machine, constants;
  llvm::StringMap<size_t> symbols;
  std::vector<std::string> declared;
};

/// The value, in 64-bit numbers; quotients are rounded down. Nothing: reported.
std::optional<int64_t> evaluate(const AssemblyExpr &expr, const AssemblyNames &names,
                                Diagnostics &diagnostics);

} // namespace lathe
