#include "core/semantics/Coverage.h"

#include "core/semantics/Accesses.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallBitVector.h"

#include <set>

using namespace lathe;

namespace {

/// Where one statement writes along each dimension; the written set is the product.
struct Box {
  std::vector<llvm::SmallBitVector> dimensions; ///< empty when `whole`
  bool whole = false;
};

// Larger dimensions are not looked at coordinate by coordinate.
constexpr int64_t kLargestDimension = int64_t(1) << 26;

/// Conditions over one loop are evaluated for each of its values.
std::optional<bool> holds(const Expr &condition, unsigned loop, int64_t value,
                          const Semantics &kernel) {
  auto operand = [&](size_t i) { return holds(*condition.operands[i], loop, value, kernel); };
  if (condition.op == Op::Not) {
    auto inner = operand(0);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (condition.op == Op::LogicalAnd || condition.op == Op::LogicalOr) {
    auto a = operand(0), b = operand(1);
    if (!a || !b)
      return std::nullopt;
    return condition.op == Op::LogicalAnd ? *a && *b : *a || *b;
  }
  if (condition.op < Op::Less || condition.op > Op::NotEqual)
    return std::nullopt;
  auto left = affineForm(*condition.operands[0], kernel);
  auto right = affineForm(*condition.operands[1], kernel);
  if (!left || !right)
    return std::nullopt;
  int64_t a = left->constant + left->coefficient(loop) * value;
  int64_t b = right->constant + right->coefficient(loop) * value;
  return condition.op == Op::Less        ? a < b
         : condition.op == Op::LessEqual ? a <= b
         : condition.op == Op::Equal     ? a == b
                                         : a != b;
}

class BoxBuilder {
public:
  BoxBuilder(const Statement &statement, const Semantics &kernel)
      : statement(statement), kernel(kernel), used(statement.loops.size()) {}

  std::optional<Box> run() {
    Box box;
    llvm::ArrayRef<int64_t> sizes = kernel.tensors[statement.tensor].sizes;
    if (statement.assign != Assign::Set)
      return std::nullopt;
    box.whole = isWhole(sizes);
    if (box.whole)
      return box;
    auto isLarge = [](int64_t size) { return size > kLargestDimension; };
    if (llvm::any_of(sizes, isLarge) || !restrictLoops())
      return std::nullopt;
    for (auto [subscript, size] : llvm::zip(statement.subscripts, sizes)) {
      llvm::SmallBitVector written(size);
      if (!mark(*subscript, written))
        return std::nullopt;
      box.dimensions.push_back(std::move(written));
    }
    return box;
  }

private:
  /// y[i, j] = ... for all i and j: the common case, without a look at coordinates.
  bool isWhole(llvm::ArrayRef<int64_t> sizes) const {
    std::vector<bool> seen(statement.loops.size());
    for (auto [subscript, size] : llvm::zip(statement.subscripts, sizes)) {
      if (subscript->op != Op::Loop || seen[subscript->id] ||
          statement.loops[subscript->id].size != size)
        return false;
      seen[subscript->id] = true;
    }
    return statement.conditions.empty();
  }

  /// The values of each loop that pass the conditions; false when a condition couples loops.
  bool restrictLoops() {
    for (const Loop &loop : statement.loops) {
      if (!loop.reduction && loop.size > kLargestDimension)
        return false;
      allowed.emplace_back(loop.reduction ? 0 : loop.size, true);
    }
    for (const ExprRef &condition : statement.conditions) {
      std::optional<unsigned> loop;
      for (unsigned id = 0; id < statement.loops.size(); ++id) {
        if (!mentionsLoop(*condition, id))
          continue;
        if (loop)
          return false;
        loop = id;
      }
      if (!loop || hasLoad(*condition))
        return false;
      for (unsigned value = 0; value < allowed[*loop].size(); ++value) {
        auto passes = holds(*condition, *loop, value, kernel);
        if (!passes)
          return false;
        allowed[*loop][value] = allowed[*loop][value] && *passes;
      }
    }
    return true;
  }

  bool mark(const Expr &subscript, llvm::SmallBitVector &written) {
    auto form = affineForm(subscript, kernel);
    if (!form || form->loops.size() > 1)
      return form && markSum(*form, written);
    if (form->loops.empty()) {
      written.set(form->constant);
      return true;
    }
    auto [loop, factor] = form->loops[0];
    if (used[loop]) // y[i, i] writes a diagonal, not a product
      return false;
    used[loop] = true;
    for (unsigned value = 0; value < allowed[loop].size(); ++value)
      if (allowed[loop][value])
        written.set(form->constant + factor * int64_t(value));
    return true;
  }

  /// Sums of several loops, y[2*p + q]: every value of one beside every value of the others.
  bool markSum(const Affine &form, llvm::SmallBitVector &written) {
    int64_t low = form.constant, high = form.constant, steps = 0;
    for (auto [loop, factor] : form.loops) {
      if (used[loop])
        return false;
      used[loop] = true;
      int64_t reach = factor * (int64_t(allowed[loop].size()) - 1);
      (factor < 0 ? low : high) += reach;
      steps += allowed[loop].size();
    }
    if (low < 0 || high >= int64_t(written.size()) || steps * (high / 64 + 1) > kMostSteps)
      return false;
    llvm::SmallBitVector sums(written.size());
    sums.set(form.constant);
    for (auto [loop, factor] : form.loops) {
      llvm::SmallBitVector next(written.size());
      for (unsigned value = 0; value < allowed[loop].size(); ++value) {
        if (!allowed[loop][value])
          continue;
        llvm::SmallBitVector moved = sums;
        int64_t by = factor * int64_t(value);
        by < 0 ? moved >>= -by : moved <<= by;
        next |= moved;
      }
      sums = std::move(next);
    }
    written |= sums;
    return true;
  }

  static constexpr int64_t kMostSteps = int64_t(1) << 24; ///< words that sums of loops are moved by

  const Statement &statement;
  const Semantics &kernel;
  std::vector<bool> used;
  std::vector<llvm::SmallBitVector> allowed;
};

/// Whether the boxes together fill the tensor. Coordinates of a dimension that lie in the same
/// boxes are one case, so only a product of few cases is looked at.
class Union {
public:
  Union(const std::vector<Box> &boxes, size_t rank) : boxes(boxes), rank(rank) {}

  bool fills() {
    if (llvm::any_of(boxes, [](const Box &box) { return box.whole; }))
      return true;
    if (boxes.empty() || boxes.size() > 64)
      return false;
    for (size_t dimension = 0; dimension < rank; ++dimension) {
      std::set<uint64_t> cases;
      for (unsigned i = 0; i < boxes[0].dimensions[dimension].size(); ++i)
        cases.insert(boxesAt(dimension, i));
      signatures.emplace_back(cases.begin(), cases.end());
    }
    uint64_t all = boxes.size() == 64 ? ~uint64_t(0) : (uint64_t(1) << boxes.size()) - 1;
    return covered(0, all);
  }

private:
  uint64_t boxesAt(size_t dimension, unsigned coordinate) const {
    uint64_t set = 0;
    for (size_t box = 0; box < boxes.size(); ++box)
      set |= uint64_t(boxes[box].dimensions[dimension].test(coordinate)) << box;
    return set;
  }

  bool covered(size_t dimension, uint64_t alive) {
    constexpr unsigned kMostSteps = 100000;
    if (alive == 0 || ++steps > kMostSteps)
      return false;
    if (dimension == rank)
      return true;
    return llvm::all_of(signatures[dimension],
                        [&](uint64_t set) { return covered(dimension + 1, alive & set); });
  }

  const std::vector<Box> &boxes;
  size_t rank;
  std::vector<std::vector<uint64_t>> signatures;
  unsigned steps = 0;
};

class CoverageCheck {
public:
  CoverageCheck(const Semantics &kernel, Reporter &reporter) : kernel(kernel), reporter(reporter) {}

  bool run() {
    for (unsigned id = 0; id < kernel.tensors.size(); ++id)
      if (kernel.tensors[id].role != Role::Input)
        check(id);
    return fine;
  }

private:
  void check(unsigned id) {
    const Tensor &tensor = kernel.tensors[id];
    std::vector<Box> boxes;
    for (const Statement &statement : kernel.statements) {
      if (auto loc = firstRead(statement, id))
        return require(tensor, boxes, *loc);
      if (statement.tensor != id)
        continue;
      if (auto box = BoxBuilder(statement, kernel).run())
        boxes.push_back(std::move(*box));
    }
    if (tensor.role == Role::Output)
      require(tensor, boxes, tensor.loc);
  }

  std::optional<llvm::SMLoc> firstRead(const Statement &statement, unsigned id) const {
    std::optional<llvm::SMLoc> loc;
    if (statement.tensor == id && statement.assign != Assign::Set)
      return statement.loc;
    forEachAccess(statement, [&](const Access &access, llvm::ArrayRef<Guard>) {
      if (!access.isWrite && access.tensor == id && !loc)
        loc = access.loc;
    });
    return loc;
  }

  void require(const Tensor &tensor, const std::vector<Box> &boxes, llvm::SMLoc loc) {
    if (Union(boxes, tensor.sizes.size()).fills())
      return;
    fine = false;
    std::string subscripts;
    for (size_t i = 0; i < tensor.sizes.size(); ++i)
      subscripts += (i == 0 ? "" : ", ") + ("i" + std::to_string(i));
    reporter.error(Message::NotFullyWritten, loc, tensor.name,
                   tensor.name + (subscripts.empty() ? "" : "[" + subscripts + "]"));
  }

  const Semantics &kernel;
  Reporter &reporter;
  bool fine = true;
};

} // namespace

bool lathe::checkCoverage(const Semantics &kernel, Reporter &reporter) {
  return CoverageCheck(kernel, reporter).run();
}
