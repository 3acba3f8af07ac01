// The tree of a notation text before names and types are known.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

struct Syntax;
using SyntaxRef = std::unique_ptr<Syntax>;

/// A word of the text with its place.
struct Word {
  llvm::StringRef text;
  llvm::SMLoc loc;
};

/// An expression. `loc` is the operator's place, or the first character of everything else.
struct Syntax {
  enum class Kind : uint8_t {
    Integer,   ///< `integer`, negated when `negative`
    Real,      ///< `real`
    Name,      ///< `text`
    Subscript, ///< text[operands]
    Call,      ///< text(operands)
    Unary,     ///< `-` or `~` operand
    Binary,    ///< operand `text` operand; also `and`, `or`
    Not,       ///< not operand
    Chain,     ///< operands[0] words[0] operands[1] words[1] ...: comparisons
    Reduce,    ///< text(words < limits where operands[1..]) operands[0]
  };
  Kind kind;
  llvm::SMLoc loc;
  llvm::StringRef text;
  uint64_t integer = 0;
  bool negative = false;
  double real = 0;
  unsigned depth = 1; ///< of the tree; bounded by the parser, so recursion over it is safe
  std::vector<Word> words;
  std::vector<SyntaxRef> operands;
  std::vector<SyntaxRef> limits; ///< of a Reduce: one for each word, null where none is written
};

struct DeclarationSyntax {
  Word name;
  ElementType type;
  std::vector<SyntaxRef> shape;
  std::vector<LevelFormat> sparse;
  std::vector<llvm::SMLoc> sparseLocs; ///< of each level's dimension
};

struct StatementSyntax {
  llvm::SMLoc loc;
  SyntaxRef target; ///< Name or Subscript
  Word assign;      ///< "=", "+=", "max", "min"
  SyntaxRef value;
  std::vector<SyntaxRef> conditions;
};

/// One line of a body: a declaration, a statement, or the name that a line with a mistake begins
/// with.
struct ItemSyntax {
  std::optional<DeclarationSyntax> declaration;
  std::optional<StatementSyntax> statement;
  std::optional<Word> broken;
};

struct KernelSyntax {
  Word name;
  std::vector<DeclarationSyntax> parameters, results;
  std::vector<ItemSyntax> body;
  bool reassociate = false;
};

/// `element in bytes: byte byte, bit bit, else rest`; what is not written is null.
struct LayoutSyntax {
  SyntaxRef element, bytes, byte, bit, rest;
};

} // namespace lathe
