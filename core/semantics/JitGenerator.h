// Statements to LLVM IR: loop nests, guarded evaluation in lanes, addresses and run-time checks.
#pragma once

#include "core/semantics/JitArithmetic.h"
#include "core/semantics/JitPlan.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe::jit {

/// A value while a statement is evaluated for `lanes` neighbouring points at once.
struct Lanes {
  enum class Form : uint8_t {
    Uniform, ///< `value` is a scalar, the same in all lanes
    Strided, ///< an index: lane l has value + l * stride
    Varying, ///< `value` is a vector
  };
  llvm::Value *value = nullptr;
  Form form = Form::Uniform;
  int64_t stride = 0;
};

/// Where an expression is evaluated: the loops' values, and the lanes that take part.
struct Point {
  std::vector<Lanes> loops;     ///< by loop of the statement
  llvm::Value *tail = nullptr;  ///< vector: lanes inside the loop's extent; null: all
  Lanes guard;                  ///< u1; no value: all
  unsigned row = 0, column = 0; ///< in the register tile
};

/// Emits one function, `int64_t name(bases, steps, sizes, fault)`, into a module.
class Generator {
public:
  /// `brief`: it runs so few iterations that short code, which compiles fast, is better than fast
  /// code.
  Generator(llvm::Module &module, const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts,
            unsigned vectorBits, bool brief);
  /// Returns the sentence of every check, in the order of their numbers.
  std::vector<std::string> emit(llvm::StringRef name);

private:
  using Points = std::vector<Point>;
  using Values = llvm::SmallVector<Lanes>;
  using Carried = llvm::SmallVector<llvm::Value *>;
  using LoopBody = llvm::function_ref<Carried(llvm::Value *counter, llvm::ArrayRef<llvm::Value *>)>;

  // Function frame
  void emitEntry(llvm::Function &function);
  void loadSizes(llvm::Value *sizes);
  void loadBases(llvm::Value *bases, llvm::Value *steps);
  void nameScopes();

  // Statements
  struct Tile;
  void statement(const Statement &statement);
  void nest(unsigned position, Tile &tile);
  void plainLoop(unsigned loop, unsigned position, Tile &tile);
  void rowLoop(unsigned position, Tile &tile);
  void laneLoop(unsigned position, Tile &tile);
  void computeTile(Tile &tile);
  void store(const Statement &statement, const Point &point, Lanes value);
  void storeScalar(unsigned tensor, llvm::Value *offset, const Point &point, Lanes value);
  llvm::Value *tailMask(llvm::Value *first, llvm::Value *extent);
  llvm::Value *extentOf(unsigned loop);
  /// for (counter = begin; counter < end; counter += step), with values carried around.
  Carried loop(llvm::Value *begin, llvm::Value *end, int64_t step, Carried initial, LoopBody body);

  // Expressions; one value per point
  Values evaluate(const Expr &expr, const Points &points);
  Values evaluateShared(const Expr &expr, const Points &points);
  Values evaluateEach(const Expr &expr, const Points &points);
  Values constant(const Expr &expr, const Points &points);
  Values binary(const Expr &expr, const Points &points);
  Values divide(const Expr &expr, const Points &points);
  Values select(const Expr &expr, const Points &points);
  bool mayFail(const Expr &expr) const;
  Values logical(const Expr &expr, const Points &points);
  Values load(const Expr &expr, const Points &points);
  Values lookUp(const Expr &expr, const Points &points);
  Lanes apply(const Expr &expr, llvm::ArrayRef<Lanes> operands);
  std::optional<Lanes> index(Op op, const Lanes &x, const Lanes &y);
  Points guarded(const Points &points, llvm::ArrayRef<Lanes> conditions, bool inverted);
  Lanes scalarIndex(const Expr &expr);

  // Reductions
  struct ReduceState;
  Values reduce(const Expr &expr, const Points &points);
  Carried reduceOver(unsigned position, ReduceState &state, Carried sums);
  Carried reduceLane(unsigned loop, unsigned position, ReduceState &state, Carried sums);
  Carried accumulate(ReduceState &state, Carried sums);
  bool unrolls(const ReduceState &state, unsigned position) const;
  void accumulateValue(ReduceState &state, llvm::Value *body, llvm::Value *where,
                       llvm::Value *&sum);
  void accumulateIndex(ReduceState &state, const Point &point, llvm::Value *body,
                       llvm::Value *where, llvm::MutableArrayRef<llvm::Value *> sums);

  // Pairs of products
  using PairFactors = std::vector<llvm::SmallVector<llvm::Value *>>;
  bool pairsApply(const ReduceState &state, unsigned position) const;
  Carried reducePairs(unsigned loop, int64_t extent, ReduceState &state, Carried sums);
  PairFactors pairFactors(const Expr &factor, unsigned loop, int64_t extent, Points points);
  PairFactors rowFactors(const Expr &factor, unsigned loop, int64_t extent, Points points);
  bool isRow(const Expr &factor, unsigned loop) const;
  llvm::Value *interleave(const Lanes &low, const Lanes &high, ElementType type);
  llvm::Value *multiplyPairs(llvm::Value *x, llvm::Value *y);
  llvm::Value *splatPair(llvm::Value *word);

  // Memory
  llvm::Value *address(unsigned tensor, llvm::Value *offset);
  Lanes offset(unsigned tensor, llvm::ArrayRef<Lanes> subscripts);
  Lanes loadAt(unsigned tensor, llvm::ArrayRef<Lanes> subscripts, const Point &point,
               bool guardNeeded);
  Lanes loadScalar(unsigned tensor, llvm::Value *offset, const Point &point, bool guardNeeded);
  Lanes loadVector(unsigned tensor, llvm::Value *offset, llvm::Value *mask);
  Lanes loadScattered(unsigned tensor, llvm::Value *offsets, llvm::Value *mask);
  llvm::Instruction *annotate(llvm::Value *access, unsigned tensor);
  Values checkedSubscripts(const Statement &statement, unsigned tensor,
                           llvm::ArrayRef<ExprRef> subscripts, const Point &point,
                           llvm::ArrayRef<Lanes> values);

  // Lanes and masks
  llvm::Value *vector(const Lanes &value);
  Lanes varying(llvm::Value *value) { return {value, Lanes::Form::Varying, 0}; }
  static Lanes uniform(llvm::Value *value) { return {value, Lanes::Form::Uniform, 0}; }
  Lanes times(const Lanes &value, llvm::Value *factor);
  Lanes plus(const Lanes &x, const Lanes &y);
  Lanes both(const Lanes &x, const Lanes &y);
  /// All lanes that take part, as a vector; null: all of them.
  llvm::Value *mask(const Point &point, bool guardNeeded = true);
  llvm::Value *anyLane(llvm::Value *condition);
  /// Stops the function with `fault` where `ok` is false and the lane takes part.
  void check(const Lanes &ok, const Lanes &value, const Point &point, std::string sentence);

  llvm::IRBuilder<> b;
  Arithmetic arithmetic;
  const Semantics &semantics;
  llvm::ArrayRef<JitLayout> layouts;
  unsigned vectorBits;
  bool brief;
  llvm::Function *function = nullptr;
  llvm::Value *faultSlot = nullptr;
  llvm::GlobalVariable *zeros = nullptr; ///< what a masked-off access reads instead
  std::vector<llvm::Value *> sizeValues, bases;
  std::vector<std::vector<llvm::Value *>> strides; ///< in bytes, by tensor and dimension
  std::vector<bool> written;
  std::vector<llvm::MDNode *> aliasScope, noAlias;
  std::vector<std::string> faultTexts;
  // Of the statement at work
  const Statement *current = nullptr;
  Plan plan;
};

} // namespace lathe::jit
