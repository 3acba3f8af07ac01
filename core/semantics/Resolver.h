// Syntax to Semantics: what the names mean and what types the expressions have.
#pragma once

#include "core/semantics/Literals.h"

#include "llvm/ADT/StringMap.h"

namespace lathe {

/// What the names of one kernel or intrinsic stand for, while it is being built.
class Names {
public:
  /// A mistake in a tensor's definition makes it Broken: its uses are not reported again.
  enum class State : uint8_t { Declared, Defined, Broken };

  Names(Semantics &semantics, Reporter &reporter, bool isKernel);

  Semantics &semantics;
  Reporter &reporter;
  const bool isKernel;

  std::optional<unsigned> tensor(llvm::StringRef name) const { return find(tensors, name); }
  std::optional<unsigned> size(llvm::StringRef name) const { return find(sizes, name); }
  /// Reports a name that is taken, with a note at its owner.
  std::optional<unsigned> addTensor(Tensor tensor, State state);
  unsigned addSize(llvm::StringRef name, llvm::SMLoc loc);
  State &state(unsigned tensor) { return states[tensor]; }

  /// "did you mean 'x'?" or nothing; `extra` are names that only the caller knows.
  std::string suggest(llvm::StringRef name, std::vector<llvm::StringRef> extra = {}) const;

private:
  static std::optional<unsigned> find(const llvm::StringMap<unsigned> &map, llvm::StringRef name) {
    auto found = map.find(name);
    return found == map.end() ? std::nullopt : std::optional<unsigned>(found->second);
  }

  llvm::StringMap<unsigned> tensors, sizes;
  std::vector<State> states;
};

/// A shape's dimension: sizes, integers, `+ - * / %`. Unknown names become sizes.
ExprRef resolveShape(const Syntax &node, Names &names);

/// Resolves one statement and appends it. False: reported.
bool resolveStatement(StatementSyntax &syntax, Names &names);

/// Expressions of one statement.
class ExprResolver {
public:
  struct Context {
    std::optional<ElementType> hint; ///< what a literal becomes
    bool subscript = false;          ///< integers convert to index by themselves
  };

  ExprResolver(Names &names, std::vector<Loop> &loops) : names(names), loops(loops) {}

  /// Makes a loop visible until `leaveLoops(before)`. Reports a name that is taken.
  bool enterLoop(const Word &word, bool isReduction);
  size_t visibleLoops() const { return scope.size(); }
  void leaveLoops(size_t before) { scope.resize(before); }

  /// Null: reported.
  ExprRef resolve(const Syntax &node, Context context);
  ExprRef resolveSubscript(const Syntax &node) {
    return resolve(node, {ElementType::index(), /*subscript=*/true});
  }
  /// Flattens `and`; false: reported.
  bool resolveConditions(llvm::ArrayRef<SyntaxRef> nodes, std::vector<ExprRef> &conditions);

private:
  ExprRef resolveValue(const Syntax &node, Context context);
  ExprRef resolveName(const Syntax &node);
  ExprRef resolveAccess(const Syntax &node);
  ExprRef resolveUnary(const Syntax &node, Context context);
  ExprRef resolveBinary(const Syntax &node, Context context);
  ExprRef resolveShift(Op op, const Syntax &node, Context context);
  ExprRef resolveAmount(const Syntax &node, const Expr &value);
  ExprRef resolveLogical(const Syntax &node);
  ExprRef resolveChain(const Syntax &node);
  ExprRef resolveReduce(const Syntax &node, Context context);
  ExprRef resolveCall(const Syntax &node, Context context);
  ExprRef resolveFunction(const Syntax &node, Context context);
  ExprRef resolveConversion(const Syntax &node, llvm::StringRef how, ElementType to);
  ExprRef resolveSelect(const Syntax &node, Context context);
  ExprRef resolveLut(const Syntax &node);
  ExprRef resolveBit(const Syntax &node);
  ExprRef resolveMinMax(const Syntax &node, Op op, Context context);
  ExprRef resolveCondition(const Syntax &node);

  /// All of one type, given by the first that is no literal, else by the hint.
  bool resolveSame(llvm::ArrayRef<SyntaxRef> nodes, Context context, std::vector<ExprRef> &values,
                   llvm::SMLoc loc, llvm::StringRef what);
  ExprRef compare(const Word &word, ExprRef left, ExprRef right);
  bool checkArithmetic(const Expr &value, llvm::StringRef what, llvm::SMLoc loc);
  bool checkCount(const Syntax &node, size_t count);
  ExprRef wrongType(llvm::SMLoc loc, llvm::StringRef what, llvm::StringRef needs,
                    const Expr &found);
  const unsigned *findLoop(llvm::StringRef name) const;

  Names &names;
  std::vector<Loop> &loops;
  std::vector<std::pair<llvm::StringRef, unsigned>> scope;
};

/// What to write when values of these types meet: "write 'i32(...)' around the i8".
std::string conversionHelp(ElementType a, ElementType b);

} // namespace lathe
