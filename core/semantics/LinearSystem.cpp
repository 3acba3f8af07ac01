#include "core/semantics/LinearSystem.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

using namespace lathe;

using Rows = llvm::SmallVector<LinearRow, 16>;

static constexpr size_t kMostRows = 600;

void LinearSystem::add(LinearRow row) { rows.push_back(std::move(row)); }

static int64_t coefficientOf(const LinearRow &row, size_t variable) {
  return variable < row.coefficients.size() ? row.coefficients[variable] : 0;
}

static int64_t floorDivide(__int128 a, int64_t b) {
  __int128 quotient = a / b;
  return static_cast<int64_t>(quotient - (a % b != 0 && a < 0));
}

/// Divides by the common divisor of the coefficients; the constant rounds down, since only integers
/// count.
static bool normalize(llvm::ArrayRef<__int128> wide, __int128 constant, LinearRow &row) {
  constexpr __int128 kLimit = __int128(1) << 62;
  __int128 divisor = 0;
  for (__int128 value : wide) {
    __int128 a = divisor, b = value < 0 ? -value : value;
    while (b != 0)
      std::swap(a %= b, b);
    divisor = a;
  }
  if (divisor == 0)
    divisor = 1;
  row.coefficients.clear();
  for (__int128 value : wide) {
    __int128 reduced = value / divisor;
    if (reduced >= kLimit || reduced <= -kLimit)
      return false;
    row.coefficients.push_back(static_cast<int64_t>(reduced));
  }
  if (divisor >= kLimit || constant / divisor >= kLimit || constant / divisor <= -kLimit)
    return false;
  row.constant = floorDivide(constant, static_cast<int64_t>(divisor));
  return true;
}

/// Adds the positive combination of a lower and an upper bound of `variable` in which it cancels.
static bool combine(const LinearRow &lower, const LinearRow &upper, size_t variable,
                    size_t variables, LinearRow &row) {
  __int128 up = coefficientOf(lower, variable), down = -__int128(coefficientOf(upper, variable));
  llvm::SmallVector<__int128, 8> wide;
  for (size_t v = 0; v < variables; ++v)
    wide.push_back(down * coefficientOf(lower, v) + up * coefficientOf(upper, v));
  return normalize(wide, down * lower.constant + up * upper.constant, row);
}

/// The variable whose elimination adds fewest rows.
static std::optional<size_t> cheapestVariable(const Rows &rows, size_t variables) {
  std::optional<size_t> best;
  size_t bestCost = SIZE_MAX;
  for (size_t v = 0; v < variables; ++v) {
    size_t lower = 0, upper = 0;
    for (const LinearRow &row : rows) {
      lower += coefficientOf(row, v) > 0;
      upper += coefficientOf(row, v) < 0;
    }
    if (lower + upper > 0 && lower * upper < bestCost) {
      best = v;
      bestCost = lower * upper;
    }
  }
  return best;
}

static bool isContradiction(const LinearRow &row) {
  return row.constant < 0 && llvm::all_of(row.coefficients, [](int64_t c) { return c == 0; });
}

static Rows eliminate(const Rows &rows, size_t variable, size_t variables) {
  Rows rest;
  for (const LinearRow &row : rows)
    if (coefficientOf(row, variable) == 0)
      rest.push_back(row);
  for (const LinearRow &lower : rows) {
    if (coefficientOf(lower, variable) <= 0)
      continue;
    for (const LinearRow &upper : rows) {
      LinearRow row;
      // A row that does not fit 64 bits is left out: fewer rows never prove too much.
      if (coefficientOf(upper, variable) < 0 && combine(lower, upper, variable, variables, row))
        rest.push_back(std::move(row));
    }
  }
  return rest;
}

bool LinearSystem::isEmpty() const {
  size_t variables = 0;
  for (const LinearRow &row : rows)
    variables = std::max(variables, row.coefficients.size());
  Rows left = rows;
  while (true) {
    if (llvm::any_of(left, isContradiction))
      return true;
    auto variable = cheapestVariable(left, variables);
    if (!variable || left.size() > kMostRows)
      return false;
    left = eliminate(left, *variable, variables);
  }
}

bool LinearSystem::implies(const LinearRow &row) const {
  LinearSystem negated = *this;
  LinearRow opposite;
  if (row.constant == INT64_MIN)
    return false;
  opposite.constant = -1 - row.constant;
  for (int64_t coefficient : row.coefficients)
    opposite.coefficients.push_back(-coefficient);
  negated.add(std::move(opposite));
  return negated.isEmpty();
}
