#include "tests/random/RandomBlock.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <random>
#include <vector>

using namespace lathe;
using llvm::formatv;

namespace {

/// A dimension as it is written, "A" or "A-R+1", and its value.
struct Dimension {
  std::string text;
  int64_t value = 1;
};

struct Operand {
  std::string name, type;
  std::vector<Dimension> shape;

  bool isFloat() const { return type == "f32"; }
  int64_t elements() const {
    int64_t n = 1;
    for (const Dimension &dimension : shape)
      n *= dimension.value;
    return n;
  }
};

class BlockWriter {
public:
  BlockWriter(uint64_t seed, const RandomKernelOptions &options) : options(options), random(seed) {}

  std::string write(unsigned statements) {
    for (unsigned i = 0, n = 1 + below(2); i < n; ++i)
      parameter("i8", {size(), size()});
    for (unsigned attempts = 0; lines < statements && attempts < 20 * statements; ++attempts)
      step();
    return text();
  }

private:
  uint64_t below(uint64_t n) { return random() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename T> T pick(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

  // ---- sizes, parameters, results

  Dimension size() {
    if (!sizes.empty() && chance(50))
      return sizes[below(sizes.size())];
    int64_t value = pick<int64_t>({1, 2, 3, 5, 7, options.dim - 1, options.dim, options.dim + 1,
                                   int64_t(1 + below(options.largest))});
    sizes.push_back({formatv("D{0}", sizes.size()).str(), std::max<int64_t>(1, value)});
    return sizes.back();
  }

  Operand parameter(const std::string &type, std::vector<Dimension> shape) {
    Operand made{formatv("p{0}", parameters.size()).str(), type, std::move(shape)};
    parameters.push_back(made);
    pool.push_back(made);
    return made;
  }

  /// An operand of `type` with `shape`: one that is there, or a new parameter.
  Operand alike(const std::string &type, llvm::ArrayRef<Dimension> shape) {
    std::vector<Operand> found;
    for (const Operand &operand : pool)
      if (operand.type == type && sameShape(operand.shape, shape))
        found.push_back(operand);
    if (!found.empty() && chance(75))
      return found[below(found.size())];
    return parameter(type, shape);
  }

  static bool sameShape(llvm::ArrayRef<Dimension> a, llvm::ArrayRef<Dimension> b) {
    return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](auto pair) {
             return std::get<0>(pair).text == std::get<1>(pair).text;
           });
  }

  /// A name for the next statement's tensor; `declared`: its subscripts do not give its shape.
  Operand result(const std::string &type, std::vector<Dimension> shape, bool declared = false) {
    Operand made{formatv("t{0}", results.size()).str(), type, std::move(shape)};
    results.push_back({made, declared});
    return made;
  }

  void line(const Operand &made, const std::string &subscripts, const std::string &value) {
    body += formatv("  {0} = {1}\n", element(made.name, subscripts), value);
    ++lines;
    reads += value + " ";
    if (!llvm::is_contained(llvm::map_range(pool, [](auto &o) { return o.name; }), made.name))
      pool.push_back(made);
  }

  static std::string element(const std::string &name, const std::string &subscripts) {
    return subscripts.empty() ? name : formatv("{0}[{1}]", name, subscripts).str();
  }

  /// "c0,c1", with `changed` in the place of dimension `at`.
  static std::string loops(size_t rank, size_t at = SIZE_MAX, const std::string &changed = "") {
    std::vector<std::string> names;
    for (size_t d = 0; d < rank; ++d)
      if (d != at)
        names.push_back(formatv("c{0}", d).str());
      else if (!changed.empty())
        names.push_back(changed);
    return llvm::join(names, ",");
  }

  const Operand *some(llvm::function_ref<bool(const Operand &)> suits) {
    std::vector<const Operand *> found;
    for (const Operand &operand : pool)
      if (suits(operand))
        found.push_back(&operand);
    if (found.empty())
      return nullptr;
    // What was computed last and not read most of the time, so that statements depend on each
    // other.
    for (const Operand *operand : llvm::reverse(found))
      if (chance(50) && !isRead(operand->name))
        return operand;
    return found[below(found.size())];
  }

  // ---- statements

  void step() {
    switch (below(14)) {
    case 0:
    case 1:
    case 2:
      return contraction();
    case 3:
    case 4:
      return requantise();
    case 5:
      return elementwise();
    case 6:
      return reduction();
    case 7:
      return hostOnly();
    case 8:
      return gather();
    case 9:
      return guarded();
    case 10:
      return floats();
    case 11:
      return convert();
    case 12:
      return layers();
    default:
      return window();
    }
  }

  /// A product of what was made a byte again: what may stay on chip.
  void layers() {
    contraction();
    requantise();
    contraction();
  }

  void contraction() {
    const Operand *found =
        some([](const Operand &o) { return o.type == "i8" && !o.shape.empty(); });
    if (!found)
      return requantise();
    Operand x = *found;
    size_t at = chance(70) ? x.shape.size() - 1 : below(x.shape.size());
    Dimension depth = x.shape[at], columns = size();
    bool transposed = chance(25);
    Operand w = alike("i8", transposed ? std::vector{columns, depth} : std::vector{depth, columns});
    std::vector<Dimension> shape = x.shape;
    shape.erase(shape.begin() + at);
    shape.push_back(columns);
    if (Operand{"", "", shape}.elements() * depth.value > options.mostWork || shape.size() > 3)
      return;
    std::string outer = loops(x.shape.size(), at);
    Operand y = result("i32", shape);
    std::string product =
        formatv("i32({0}) * i32({1})", element(x.name, loops(x.shape.size(), at, "k")),
                element(w.name, transposed ? "n,k" : "k,n"));
    std::string bias;
    if (chance(30))
      bias = element(alike("i32", {columns}).name, "n") + " + ";
    std::string place = outer.empty() ? "n" : outer + ",n";
    if (chance(25))
      bias = element(alike("i32", shape).name, place) + " + ";
    line(y, place, bias + "sum(k) " + product);
  }

  void requantise() {
    const Operand *found = some([](const Operand &o) { return o.type == "i32"; });
    if (!found)
      return contraction();
    Operand x = *found;
    std::string at = loops(x.shape.size()), value = element(x.name, at);
    if (chance(40))
      value += " + " + element(alike("i32", x.shape).name, at);
    if (chance(50))
      value = formatv("max({0}, {1})", value, int64_t(below(40)) - 10);
    if (chance(80))
      value = formatv("round_shift({0}, {1})", value, below(12));
    line(result("i8", x.shape), at, formatv("sat_i8({0})", value));
  }

  void elementwise() {
    const Operand *found = some([](const Operand &o) { return o.type == "i32"; });
    if (!found)
      return contraction();
    Operand x = *found;
    std::string at = loops(x.shape.size()), a = element(x.name, at);
    std::string b = element(alike("i32", x.shape).name, at);
    std::string narrow = formatv("i32({0})", element(alike("i8", x.shape).name, at));
    std::string value = pick<std::string>(
        {a + " + " + b, formatv("max({0}, {1})", a, b), formatv("{0} * {1}", a, below(9)),
         a + " + " + narrow, formatv("min({0}, {1})", a, narrow), a + " - " + b,
         formatv("max({0} * {1} + {2}, {3})", a, int64_t(below(7)) - 3, narrow, b)});
    line(result("i32", x.shape), at, value);
  }

  void reduction() {
    const Operand *found =
        some([](const Operand &o) { return o.type != "f32" && !o.shape.empty(); });
    if (!found)
      return;
    Operand x = *found;
    size_t at = below(x.shape.size());
    std::string word = pick<std::string>({"sum", "max", "min", "argmax", "argmin"});
    std::vector<Dimension> shape = x.shape;
    shape.erase(shape.begin() + at);
    std::string read = element(x.name, loops(x.shape.size(), at, "k"));
    if (word == "sum" && x.type == "i8")
      read = formatv("i32({0})", read);
    std::string type =
        word == "max" || word == "min" || word == "sum" ? (word == "sum" ? "i32" : x.type) : "i32";
    if (word == "sum" && x.type != "i8")
      type = x.type;
    line(result(type, shape), loops(x.shape.size(), at), formatv("{0}(k) {1}", word, read));
  }

  void hostOnly() {
    const Operand *found = some([](const Operand &o) { return o.type == "i32" || o.type == "i8"; });
    if (!found)
      return;
    Operand x = *found;
    std::string at = loops(x.shape.size()), a = element(x.name, at), type = x.type;
    std::string b = element(alike(type, x.shape).name, at);
    std::string value = pick<std::string>(
        {a + " ^ " + b, formatv("select({0} < {1}, {0}, {1} >> 1)", a, b),
         formatv("{0} % {1}", a, 2 + below(9)), formatv("{0} / {1}", a, 2 + below(9)),
         formatv("abs({0}) & {1}", a, b), formatv("clamp({0}, -100, 90)", a),
         formatv("select({0} == {1} or {0} > 5, {1}, -{0})", a, b)});
    line(result(type, x.shape), at, value);
  }

  /// Another width or sign, and back.
  void convert() {
    const Operand *found = some([](const Operand &o) { return !o.isFloat(); });
    if (!found)
      return;
    Operand x = *found;
    std::string at = loops(x.shape.size()), a = element(x.name, at);
    bool plain = x.type == "i8" || x.type == "i32";
    std::string to = plain ? pick<std::string>({"i16", "u8", "u32", "i64", "u5"})
                           : pick<std::string>({"i8", "i32"});
    line(result(to, x.shape), at,
         formatv("{0}_{1}({2})", pick<std::string>({"wrap", "sat"}), to, a));
  }

  /// Rows by positions that are computed, or given and clamped.
  void gather() {
    const Operand *found = some([](const Operand &o) { return o.shape.size() == 2; });
    if (!found)
      return;
    Operand x = *found;
    Dimension rows = size();
    Operand at = alike("i32", {rows});
    std::string row = formatv("clamp({0}, 0, {1}-1)", element(at.name, "c0"), x.shape[0].text);
    line(result(x.type, {rows, x.shape[1]}), "c0,c1", element(x.name, row + ",c1"));
  }

  /// Two statements on one tensor, the second on a part: a triangle, a border, a shift; or a scan.
  void guarded() {
    const Operand *found =
        some([](const Operand &o) { return !o.shape.empty() && o.type != "f32"; });
    if (!found)
      return;
    Operand x = *found;
    size_t rank = x.shape.size();
    std::string at = loops(rank), last = formatv("c{0}", rank - 1), end = x.shape.back().text;
    Operand y = result(x.type, x.shape, /*declared=*/true);
    if (chance(30))
      return line(y, at,
                  formatv("{0}(k where k <= {1}) {2}", pick<std::string>({"sum", "max", "min"}),
                          last, element(x.name, loops(rank, rank - 1, "k"))));
    line(y, at, chance(50) ? "0" : element(alike(x.type, x.shape).name, at));
    std::string same = element(x.name, at);
    std::string shifted = element(x.name, loops(rank, rank - 1, last + "-1"));
    std::string value =
        pick<std::string>({formatv("{0} where {1} % 2 == 0", same, last),
                           formatv("{0} where 1 <= {1}", shifted, last),
                           formatv("{0} where 1 <= {1} < {2}-1", same, last, end),
                           formatv("{0} where {1} <= {2}", same, rank > 1 ? "c0" : last, last)});
    body += formatv("  {0} {1} {2}\n", element(y.name, at),
                    pick<std::string>({"=", "=", "+=", "max=", "min="}), value);
    ++lines;
    reads += value + " ";
  }

  void floats() {
    const Operand *found = some([](const Operand &o) { return o.isFloat() || o.type == "i32"; });
    if (!found)
      return;
    Operand x = *found;
    size_t rank = x.shape.size();
    std::string at = loops(rank), a = element(x.name, at);
    if (!x.isFloat())
      return line(result("f32", x.shape), at, formatv("f32({0}) * 0.0009765625", a));
    if (chance(30))
      return line(result("i8", x.shape), at, formatv("sat_i8(round_even({0} * 16.0))", a));
    if (chance(30) && rank > 0) {
      std::vector<Dimension> shape(x.shape.begin(), x.shape.end() - 1);
      return line(result("f32", shape), loops(rank - 1),
                  formatv("{0}(k) {1}", pick<std::string>({"sum", "max", "min"}),
                          element(x.name, loops(rank, rank - 1, "k"))));
    }
    std::string b = element(alike("f32", x.shape).name, at);
    line(result("f32", x.shape), at,
         pick<std::string>({formatv("exp(min({0}, 8.0))", a), formatv("tanh({0}) + {1}", a, b),
                            formatv("{0} * {1} + 0.5", a, b), formatv("f32(bf16({0}))", a),
                            formatv("max({0}, {1})", a, b), formatv("rsqrt(abs({0}) + 1.0)", a)}));
  }

  /// A sliding product along one dimension, or each second maximum of two.
  void window() {
    const Operand *found = some([](const Operand &o) {
      return o.type == "i8" && !o.shape.empty() && o.shape.back().value >= 3;
    });
    if (!found)
      return contraction();
    Operand x = *found;
    size_t rank = x.shape.size(), at = rank - 1;
    std::vector<Dimension> shape = x.shape;
    if (chance(30)) {
      shape.back() = {formatv("({0})/2", shape.back().text).str(), shape.back().value / 2};
      std::string last = formatv("2*c{0}", at);
      return line(result("i8", shape, true), loops(rank),
                  formatv("max({0}, {1})", element(x.name, loops(rank, at, last)),
                          element(x.name, loops(rank, at, last + "+1"))));
    }
    Dimension taps{formatv("D{0}", sizes.size()).str(), int64_t(1 + below(3))};
    sizes.push_back(taps);
    shape.back() = {formatv("{0}-{1}+1", shape.back().text, taps.text).str(),
                    shape.back().value - taps.value + 1};
    Operand w = parameter("i8", {taps});
    std::string moved = element(x.name, loops(rank, at, formatv("c{0}+r", at)));
    line(result("i32", shape, chance(50)), loops(rank),
         formatv("sum(r) i32({0}) * i32({1}[r])", moved, w.name));
  }

  // ---- the text

  bool isRead(const std::string &name) const {
    for (size_t at = reads.find(name); at != std::string::npos; at = reads.find(name, at + 1))
      if (!llvm::isDigit(reads[at + name.size()]))
        return true;
    return false;
  }

  static std::string declaration(const Operand &operand) {
    std::vector<std::string> shape;
    for (const Dimension &dimension : operand.shape)
      shape.push_back(dimension.text);
    return operand.name + ": " + element(operand.type, llvm::join(shape, ", "));
  }

  std::string text() {
    // What nothing reads is a result, and now and then another.
    size_t other = chance(40) ? below(results.size()) : results.size();
    std::vector<std::string> given, made, bound, declared;
    for (const Dimension &dimension : sizes)
      bound.push_back(formatv("{0}={1}", dimension.text, dimension.value).str());
    for (const Operand &operand : parameters)
      given.push_back(declaration(operand));
    for (auto [index, entry] : llvm::enumerate(results))
      if (index == other || !isRead(entry.first.name))
        made.push_back(declaration(entry.first));
      else if (entry.second)
        declared.push_back("  " + declaration(entry.first) + "\n");
    return "// sizes: " + llvm::join(bound, " ") + "\nkernel random(" + llvm::join(given, ", ") +
           ") -> (" + llvm::join(made, ", ") + ") {\n" + llvm::join(declared, "") + body + "}\n";
  }

  RandomKernelOptions options;
  std::mt19937_64 random;
  std::vector<Dimension> sizes;
  std::vector<Operand> parameters, pool;
  std::vector<std::pair<Operand, bool>> results; ///< with whether it is declared
  std::string body, reads;
  unsigned lines = 0;
};

} // namespace

std::string lathe::randomBlock(uint64_t seed, unsigned statements,
                               const RandomKernelOptions &options) {
  return BlockWriter(seed * 0x9e3779b97f4a7c15ull + 3, options).write(statements);
}
