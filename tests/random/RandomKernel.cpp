#include "tests/random/RandomKernel.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <random>
#include <vector>

using namespace lathe;
using llvm::formatv;

namespace {

/// A named loop of the kernel under construction.
struct Axis {
  std::string name;
  int64_t size;
};

class Writer {
public:
  Writer(uint64_t seed, const RandomKernelOptions &options) : options(options), random(seed) {}

  std::string kernel() {
    switch (below(10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return contraction();
    case 4:
    case 5:
    case 6:
      return convolution();
    default:
      return pointwise();
    }
  }

  std::string plainContraction(int64_t largest) {
    auto size = [&] { return int64_t(1 + below(largest)); };
    return contractionOf({{"m", size()}}, {{"n", size()}}, {{"k", size()}}, {}, false);
  }

private:
  uint64_t below(uint64_t n) { return random() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }

  /// Ones, primes, around the array's size, anything.
  int64_t extent() {
    static const int64_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43};
    int64_t size = 1;
    switch (below(8)) {
    case 0:
      break;
    case 1:
    case 2:
      size = primes[below(14)];
      break;
    case 3:
      size = options.dim - 1;
      break;
    case 4:
      size = options.dim;
      break;
    case 5:
      size = options.dim + 1;
      break;
    default:
      size = 1 + below(options.largest);
    }
    return std::max<int64_t>(1, std::min(size, options.largest));
  }

  static std::string names(const std::vector<Axis> &axes) {
    std::string text;
    for (const Axis &axis : axes)
      text += (text.empty() ? "" : ",") + axis.name;
    return text;
  }
  static std::string sizes(const std::vector<Axis> &axes) {
    std::string text;
    for (const Axis &axis : axes)
      text += (text.empty() ? "" : ",") + std::to_string(axis.size);
    return text;
  }
  static std::vector<Axis> join(std::initializer_list<std::vector<Axis>> lists) {
    std::vector<Axis> all;
    for (const auto &list : lists)
      all.insert(all.end(), list.begin(), list.end());
    return all;
  }
  void shuffle(std::vector<Axis> &axes) {
    for (size_t i = axes.size(); i > 1; --i)
      std::swap(axes[i - 1], axes[below(i)]);
  }

  /// Statements from accumulator `a[axes]` (i32) to result y, and the parameters they need.
  void epilogue(const std::vector<Axis> &axes, std::string &parameters, std::string &result,
                std::string &body, bool mayShuffle) {
    std::string at = names(axes);
    std::string value = "a[" + at + "]";
    unsigned kind = below(6);
    if (kind >= 1 && chance(60) && !axes.empty()) {
      const Axis &last = axes.back();
      parameters += formatv(", bias: i32[{0}]", last.size);
      value = chance(50) ? formatv("{0} + bias[{1}]", value, last.name).str()
                         : formatv("bias[{1}] + {0}", value, last.name).str();
    }
    if (kind == 2) {
      parameters += formatv(", res: i8[{0}]", sizes(axes));
      value = formatv("{0} + i32(res[{1}])", value, at);
    }
    if (kind == 5)
      value = formatv("({0}) * {1}", value, int64_t(below(7)) - 3);
    std::vector<Axis> out = axes;
    if (mayShuffle && chance(25))
      shuffle(out);
    if (kind == 0 || kind == 5) {
      result = formatv("y: i32[{0}]", sizes(out));
      body += formatv("  y[{0}] = {1}\n", names(out), value);
      return;
    }
    result = formatv("y: i8[{0}]", sizes(out));
    if (chance(60))
      value = formatv("max({0}, {1})", value, chance(80) ? 0 : int64_t(below(100)) - 50);
    if (chance(80))
      value = formatv("round_shift({0}, {1})", value, below(14));
    body += formatv("  y[{0}] = sat_i8({1})\n", names(out), value);
  }

  std::string contraction() {
    std::vector<Axis> rows, columns, depth, batch;
    unsigned rank = chance(25) ? 2 : 1;
    for (unsigned i = 0; i < rank; ++i)
      rows.push_back({formatv("m{0}", i).str(), extent()});
    if (!chance(15))
      for (unsigned i = 0, n = chance(20) ? 2 : 1; i < n; ++i)
        columns.push_back({formatv("n{0}", i).str(), extent()});
    for (unsigned i = 0, n = chance(25) ? 2 : 1; i < n; ++i)
      depth.push_back({formatv("k{0}", i).str(), extent()});
    if (chance(25))
      batch.push_back({"bt", int64_t(1 + below(4))});
    return contractionOf(rows, columns, depth, batch, true);
  }

  std::string contractionOf(std::vector<Axis> rows, std::vector<Axis> columns,
                            std::vector<Axis> depth, std::vector<Axis> batch, bool mayShuffle) {
    shrink({&rows, &columns, &depth, &batch});
    std::vector<Axis> x = join({batch, rows, depth}), w = join({batch, depth, columns});
    if (mayShuffle && chance(40))
      shuffle(x);
    if (mayShuffle && chance(40))
      shuffle(w);
    std::vector<Axis> out = join({batch, rows, columns});
    std::string parameters = formatv("x: i8[{0}], w: i8[{1}]", sizes(x), sizes(w));
    std::string body, result;
    std::string product = formatv("i32(x[{0}]) * i32(w[{1}])", names(x), names(w));
    if (chance(30))
      product = formatv("i32(w[{1}]) * i32(x[{0}])", names(x), names(w));
    body += formatv("  a[{0}] = sum({1}) {2}\n", names(out), names(depth), product);
    epilogue(out, parameters, result, body, mayShuffle);
    return text(parameters, result, body);
  }

  void shrink(std::initializer_list<std::vector<Axis> *> groups) {
    while (true) {
      double work = 1;
      Axis *largest = nullptr;
      for (auto *group : groups)
        for (Axis &axis : *group) {
          work *= axis.size;
          if (!largest || axis.size > largest->size)
            largest = &axis;
        }
      if (work <= options.mostWork || !largest)
        return;
      largest->size = (largest->size + 1) / 2;
    }
  }

  std::string convolution() {
    unsigned rank = 1 + below(3);
    static const char *spatial[] = {"p", "q", "o"}, *window[] = {"r", "s", "t"};
    std::vector<Axis> out{{"n", int64_t(1 + below(2))}}, reduce, weight, input{{"n", 0}};
    std::string access = "n", guards;
    std::vector<Axis> in{{"n", out[0].size}};
    for (unsigned d = 0; d < rank; ++d) {
      int64_t taps = 1 + below(rank == 3 ? 2 : 4), stride = 1 + below(2), dilation = 1 + below(2);
      int64_t points = 1 + below(rank == 1 ? 30 : rank == 2 ? 9 : 5);
      int64_t span = (points - 1) * stride + (taps - 1) * dilation + 1;
      int64_t pad = chance(30) ? int64_t(below((taps - 1) * dilation + 1)) : 0;
      int64_t size = std::max<int64_t>(1, span - 2 * pad);
      std::string index = formatv("{0}{1}{2}{3}", stride > 1 ? "2*" : "", spatial[d],
                                  dilation > 1 ? " + 2*" : " + ", window[d]);
      if (pad > 0) {
        index += formatv(" - {0}", pad);
        guards += formatv("{0}0 <= {1} < {2}", guards.empty() ? " where " : ", ", index, size);
      } else if (span < size)
        size = span;
      if (pad > 0 && span > size + 2 * pad) // the last window may only hang over by the padding
        size = span - 2 * pad;
      access += ", " + index;
      in.push_back({"", size});
      out.push_back({spatial[d], points});
      reduce.push_back({window[d], taps});
      weight.push_back({window[d], taps});
    }
    unsigned grouping = below(6);
    int64_t channels = 1 + below(grouping == 0 ? 20 : 40), filters = extent();
    if (grouping == 0) { // depthwise
      out.push_back({"c", channels});
      in.push_back({"c", channels});
      weight.push_back({"c", channels});
      access += ", c";
    } else if (grouping == 1) { // grouped
      int64_t groups = 1 + below(3);
      int64_t depth = std::min<int64_t>(channels, 12), width = std::min<int64_t>(filters, 12);
      out.push_back({"g", groups});
      out.push_back({"k", width});
      in.push_back({"g", groups});
      in.push_back({"c", depth});
      reduce.push_back({"c", depth});
      weight.insert(weight.begin(), {"g", groups});
      weight.push_back({"c", depth});
      weight.push_back({"k", width});
      access += ", g, c";
    } else {
      out.push_back({"k", filters});
      in.push_back({"c", channels});
      reduce.push_back({"c", channels});
      weight.push_back({"c", channels});
      weight.push_back({"k", filters});
      access += ", c";
    }
    std::string parameters = formatv("x: i8[{0}], w: i8[{1}]", sizes(in), sizes(weight));
    std::string body = formatv("  a: i32[{0}]\n", sizes(out)), result;
    body += formatv("  a[{0}] = sum({1}{2}) i32(x[{3}]) * i32(w[{4}])\n", names(out), names(reduce),
                    guards, access, names(weight));
    epilogue(out, parameters, result, body, false);
    return text(parameters, result, body);
  }

  std::string pointwise() {
    std::vector<Axis> axes;
    for (unsigned i = 0, n = 1 + below(3); i < n; ++i)
      axes.push_back({formatv("m{0}", i).str(), extent()});
    shrink({&axes});
    std::string parameters, body, result, at = names(axes);
    std::string sum;
    for (unsigned t = 0, n = 1 + below(4); t < n; ++t) {
      std::string name(1, "pqrs"[t]), type = chance(60) ? "i8" : "i32";
      std::vector<Axis> own = axes;
      if (t > 0 && chance(20))
        own = {axes.back()}; // broadcast along the others
      else if (t > 0 && chance(15))
        shuffle(own);
      parameters +=
          formatv("{0}{1}: {2}[{3}]", parameters.empty() ? "" : ", ", name, type, sizes(own));
      std::string term = formatv(type == "i8" ? "i32({0}[{1}])" : "{0}[{1}]", name, names(own));
      if (chance(30))
        term = formatv("{0} * {1}", term, int64_t(below(9)) - 4);
      if (sum.empty())
        sum = term;
      else
        sum = chance(30) ? formatv("max({0}, {1})", sum, term).str()
                         : formatv("{0} + {1}", sum, term).str();
    }
    body += formatv("  a[{0}] = {1}\n", at, sum);
    epilogue(axes, parameters, result, body, true);
    return text(parameters, result, body);
  }

  static std::string text(const std::string &parameters, const std::string &result,
                          const std::string &body) {
    return "kernel random(" + parameters + ") -> " + result + " {\n" + body + "}\n";
  }

  RandomKernelOptions options;
  std::mt19937_64 random;
};

} // namespace

std::string lathe::randomKernel(uint64_t seed, const RandomKernelOptions &options) {
  return Writer(seed * 0x9e3779b97f4a7c15ull + 1, options).kernel();
}

std::string lathe::randomContraction(uint64_t seed, int64_t largest) {
  RandomKernelOptions options;
  options.mostWork = 1e12;
  return Writer(seed * 0x9e3779b97f4a7c15ull + 2, options).plainContraction(largest);
}
