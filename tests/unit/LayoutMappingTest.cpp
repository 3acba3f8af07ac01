// Kernels on machines whose operands lie as layouts say, or whose lanes are read in another order:
// the copies, and results beside the reference.
#include "tests/unit/LaidOutTarget.h"

#include "core/program/Assembly.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {

constexpr const char *kGemm = "kernel gemm(a: i8[M,K], b: i8[K,N]) -> c: i32[M,N] {\n"
                              "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n}";
constexpr const char *kTransposed = "kernel gemm(a: i8[K,M], b: i8[N,K]) -> c: i32[N,M] {\n"
                                    "  c[j,i] = sum(k) i32(a[k,i]) * i32(b[j,k])\n}";
constexpr const char *kConv =
    "kernel conv(x: i8[H,W,C], w: i8[R,S,C,K]) -> y: i32[H-R+1,W-S+1,K] {\n"
    "  y[p,q,k] = sum(r,s,c) i32(x[p+r,q+s,c]) * i32(w[r,s,c,k])\n}";

struct Run {
  Notation notation;
  std::optional<Semantics> kernel;
  std::optional<Compilation> compilation;
  FunctionalSimulator simulator;
  const Target &target;

  Run(const char *text, std::vector<std::pair<std::string, int64_t>> sizes, const Target &target)
      : kernel(notation.bound(text, std::move(sizes))), simulator(target, jitOfTests()),
        target(target) {
    REQUIRE_MESSAGE(kernel, notation.shown());
    compilation = compile(*kernel, target, {}, notation.diagnostics);
    REQUIRE(compilation);
  }

  bool onTarget() const { return compilation->placements.back().onTarget; }
  size_t hostSteps() const {
    return llvm::count_if(compilation->program.steps, [](const ProgramStep &step) {
      return step.kind == ProgramStep::Kind::Host;
    });
  }
  std::string refusals() const {
    std::string text;
    for (const Refusal &refusal : compilation->placements.back().refusals)
      text += target.intrinsics[refusal.intrinsic].name + ": " + refusal.reason + "\n";
    return text;
  }

  /// The program as it is, as assembly that is read again, and as a file.
  std::string outcome(uint64_t seed = 7) {
    Arrays inputs = cornerInputs(*kernel, seed);
    std::string direct = runBeside(*kernel, *compilation, target, inputs);
    if (direct != "equal")
      return direct;
    Sources sources;
    Diagnostics diagnostics(sources);
    std::string text = printProgram(compilation->program, target);
    auto read = assemble(sources.add("p.lasm", text), target, {}, diagnostics);
    std::string shown;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    if (!read || !shown.empty())
      return "assembly: " + shown + text;
    Compilation again = *compilation;
    again.program = std::move(read->program);
    std::string assembled = runBeside(*kernel, again, target, inputs);
    auto file = deserialize(serialize(compilation->program, target), "p", target, diagnostics);
    if (!file)
      return "no program file";
    again.program = std::move(*file);
    std::string stored = runBeside(*kernel, again, target, inputs);
    return assembled != "equal" ? "assembly: " + assembled
           : stored != "equal"  ? "file: " + stored
                                : "equal";
  }

  /// Bytes of a symbol after a run.
  std::vector<uint8_t> bytesOf(llvm::StringRef name) {
    Arrays arrays = cornerInputs(*kernel, 7);
    REQUIRE_FALSE(simulator.run(compilation->program, arrays));
    const Symbol *symbol = compilation->program.find(name);
    REQUIRE(symbol);
    const uint8_t *begin = simulator.state().memory(kHostSpace).data() + symbol->address;
    return {begin, begin + symbol->bytes()};
  }
};

} // namespace

TEST_CASE("laid out: packed operands hold each bit where a loop by hand puts it") {
  DenseUnit unit;
  unit.loadLayout = "bit(src[i,j], b) in 8: byte b, bit 3 - j";
  unit.storeLayout = "dst[i,j] in 24: byte 5*(3-j) + 1";
  Target target = unit.load();
  Run run(kGemm, {{"M", 3}, {"N", 6}, {"K", 5}}, target);
  REQUIRE(run.onTarget());
  CHECK(run.outcome() == "equal");
  Arrays inputs = cornerInputs(*run.kernel, 7);
  // Which of the two is the stationary operand is the mapper's choice: lanes are i or k.
  const Array &a = inputs.at("a");
  const Symbol &symbol = *run.compilation->program.find("a_packed0");
  bool lanesAreRows = symbol.sizes[1] == 5;
  int64_t lanes = lanesAreRows ? 3 : 5, rows = 8 - lanes;
  std::vector<uint8_t> packed = run.bytesOf("a_packed0");
  REQUIRE(packed.size() == size_t((lanes + 3) / 4 * rows * 8));
  for (int64_t lane = 0; lane < (lanes + 3) / 4 * 4; ++lane)
    for (int64_t row = 0; row < rows; ++row)
      for (int b = 0; b < 8; ++b) {
        int got = packed[((lane / 4) * rows + row) * 8 + b] >> (3 - lane % 4) & 1;
        int64_t element = lanesAreRows ? 5 * lane + row : 5 * row + lane;
        CHECK(got == (lane < lanes ? a.bytes[element] >> b & 1 : 0));
      }
  Arrays results = inputs;
  REQUIRE_FALSE(evaluate(*run.kernel, results, jitOfTests()));
  std::vector<uint8_t> stored = run.bytesOf("c_packed0");
  lanes = lanesAreRows ? 3 : 6, rows = 9 - lanes;
  REQUIRE(stored.size() == size_t((lanes + 3) / 4 * rows * 24));
  for (int64_t lane = 0; lane < lanes; ++lane)
    for (int64_t row = 0; row < rows; ++row)
      for (int byte = 0; byte < 4; ++byte) {
        int64_t element = lanesAreRows ? 6 * lane + row : 6 * row + lane;
        CHECK(stored[((lane / 4) * rows + row) * 24 + 5 * (3 - lane % 4) + 1 + byte] ==
              results.at("c").bytes[4 * element + byte]);
      }
}

TEST_CASE("laid out: random kernels on random layouts and orders of lanes") {
  const char *loads[] = {"",
                         "src[i,j]: byte 3 - j",
                         "src[i,j] in 9: byte j + 5",
                         "src[i,j]: byte 4*(j % 2) + 2*(j / 2)",
                         "src[i,j]: bit 9*j + 3",
                         "bit(src[i,j], b): byte b, bit 2*j + 1"};
  const char *stores[] = {"", "dst[i,j]: byte 12 - 4*j", "dst[i,j] in 64: byte 6*j + 1, else 0",
                          "bit(dst[i,j], b): byte b/2, bit 4*(b % 2) + j"};
  const char *bodies[] = {"sum(k) i32(a[i,k]) * i32(w[k,j])",
                          "sum(k) i32(a[i,k]) * i32(w[k,DIM-1-j])",
                          "sum(k) i32(a[i,(k+1) % DIM]) * i32(w[k,j])",
                          "sum(k) i32(a[i,DIM-1-k]) * i32(w[k,(j+DIM-1) % DIM])"};
  std::mt19937_64 random(42);
  auto any = [&](auto &list) { return list[random() % std::size(list)]; };
  auto size = [&] { return static_cast<int64_t>(1 + random() % 9); };
  int mapped = 0, runs = 0;
  for (int trial = 0; trial < 60; ++trial) {
    DenseUnit unit;
    unit.loadLayout = any(loads);
    unit.storeLayout = any(stores);
    unit.body = any(bodies);
    // Without a layout a store of whole rows takes no ragged ones.
    unit.storeColumns = unit.storeLayout.empty() || random() % 2;
    Target target = unit.load();
    CAPTURE(unit.loadLayout);
    CAPTURE(unit.storeLayout);
    CAPTURE(unit.body);
    const char *text = any((const char *const[]){kGemm, kTransposed, kConv});
    std::vector<std::pair<std::string, int64_t>> sizes{{"M", size()}, {"N", size()}, {"K", size()}};
    if (text == kConv)
      sizes = {{"H", 3 + size()}, {"W", 4 + size()}, {"C", size()},
               {"R", 2},          {"S", 3},          {"K", size()}};
    Run run(text, sizes, target);
    CHECK(run.outcome(random()) == "equal");
    mapped += run.onTarget();
    ++runs;
  }
  CHECK(mapped > runs * 3 / 4);
}

TEST_CASE("laid out: long rows are cut into blocks, and constants are laid out") {
  LaidOutUnit unit;
  unit.loadLayout = LaidOutUnit::layout("src", "bit(src[i,j], b) in 9: byte b, bit j", true);
  unit.storeLayout = LaidOutUnit::layout("dst", "dst[i,j]: byte 32*i + 2*(7-j)");
  Target target = unit.load();
  const char *sum = "kernel plus(x: i8[M,N], z: i8[M,N]) -> y: i16[M,N] {\n"
                    "  y[i,j] = i16(x[i,j]) + i16(z[i,j])\n}";
  for (auto [m, n] : {std::pair(1, 1), {3, 8}, {5, 13}, {2, 40}, {7, 5}}) {
    Run run(sum, {{"M", m}, {"N", n}}, target);
    CHECK(run.onTarget());
    CHECK(run.outcome() == "equal");
  }
  // What the kernel lacks is a constant row, laid out as well.
  DenseUnit dense;
  dense.loadLayout = "bit(src[i,j], b): byte b, bit 3 - j";
  Target array = dense.load();
  Run ones("kernel rows(a: i8[M,K]) -> c: i32[M] {\n  c[i] = sum(k) i32(a[i,k])\n}",
           {{"M", 7}, {"K", 9}}, array);
  CHECK_MESSAGE(ones.onTarget(), ones.refusals());
  CHECK(ones.outcome() == "equal");
  CHECK(llvm::any_of(ones.compilation->program.symbols, [](const Symbol &symbol) {
    return symbol.kind == Symbol::Kind::Constant && symbol.sizes == std::vector<int64_t>{8};
  }));
}

TEST_CASE("laid out: a torus computes a circular shift without a copy, others with one") {
  LaidOutUnit unit;
  unit.addSemantics = "dst[i,j] = i16(a[i,j]) - i16(b[i,(j+1) % N])";
  Target target = unit.load();
  const char *shifted = "kernel ring(x: i8[M,N]) -> y: i16[M,N] {\n"
                        "  y[i,j] = i16(x[i,j]) - i16(x[i,(j+1) % 8])\n}";
  Run ring(shifted, {{"M", 5}, {"N", 8}}, target);
  CHECK_MESSAGE(ring.onTarget(), ring.refusals());
  CHECK(ring.hostSteps() == 0);
  CHECK(ring.outcome() == "equal");
  // Without a shift, the copy turns the lanes the other way.
  Run plain("kernel sub(x: i8[M,N], z: i8[M,N]) -> y: i16[M,N] {\n"
            "  y[i,j] = i16(x[i,j]) - i16(z[i,j])\n}",
            {{"M", 5}, {"N", 16}}, target);
  CHECK(plain.onTarget());
  CHECK(plain.hostSteps() == 1);
  CHECK(plain.outcome() == "equal");
}

TEST_CASE("laid out: reversed and offset columns of a load are a copy's work") {
  LaidOutUnit unit;
  unit.loadShape = R"(["rows", "11"])";
  unit.loadSemantics = "dst[i,j] = src[i, N+1-j]";
  Target target = unit.load();
  Run run("kernel plus(x: i8[M,N], z: i8[M,N]) -> y: i16[M,N] {\n"
          "  y[i,j] = i16(x[i,j]) + i16(z[i,j])\n}",
          {{"M", 3}, {"N", 16}}, target);
  CHECK_MESSAGE(run.onTarget(), run.refusals());
  CHECK(run.outcome() == "equal");
}

TEST_CASE("laid out: results in another order on chip are counted by their lanes") {
  const char *plus = "kernel plus(x: i8[M,N], z: i8[M,N]) -> y: i16[M,N] {\n"
                     "  y[i,j] = i16(x[i,j]) + i16(z[i,j])\n}";
  for (const char *place : {"N-1-j", "(j+3) % N", "(N+1-j) % N"}) {
    LaidOutUnit unit;
    unit.addSemantics = "dst[i," + std::string(place) + "] = i16(a[i,j]) + i16(b[i,j])";
    unit.loadSemantics = "dst[i, N-1-j] = src[i, j]";
    Target target = unit.load();
    CAPTURE(place);
    Run run(plus, {{"M", 3}, {"N", 16}}, target);
    CHECK_MESSAGE(run.onTarget(), run.refusals());
    CHECK(run.outcome() == "equal");
  }
  LaidOutUnit even; // two places of one lane, none of another: no order of lanes
  even.addSemantics = "dst[i,j] = i16(a[i,j]) + i16(b[i, 2*(j/2)])";
  Target target = even.load();
  Run run(plus, {{"M", 3}, {"N", 16}}, target);
  CHECK_FALSE(run.onTarget());
  CHECK(run.outcome() == "equal");
}

TEST_CASE("laid out: an input that two statements take in the same layout is packed once") {
  DenseUnit unit;
  unit.loadLayout = "src[i,j]: byte 3 - j";
  Target target = unit.load();
  Run run("kernel two(a: i8[M,K], d: i8[M,K], b: i8[K,N]) -> (c: i32[M,N], e: i32[M,N]) {\n"
          "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
          "  e[i,j] = sum(k) i32(d[i,k]) * i32(b[k,j])\n}",
          {{"M", 5}, {"N", 6}, {"K", 7}}, target);
  CHECK(run.onTarget());
  size_t packs = llvm::count_if(run.compilation->program.steps,
                                [](const ProgramStep &step) { return step.what == "pack b"; });
  CHECK(packs == 1);
  CHECK(run.outcome() == "equal");
}

TEST_CASE("laid out: what cannot be loaded row by row is refused with the reason") {
  LaidOutUnit unit;
  unit.loadLayout = LaidOutUnit::layout("src", "src[i,j]: byte i + 32*j");
  Target target = unit.load();
  Run run("kernel plus(x: i8[M,N], z: i8[M,N]) -> y: i16[M,N] {\n"
          "  y[i,j] = i16(x[i,j]) + i16(z[i,j])\n}",
          {{"M", 3}, {"N", 8}}, target);
  CHECK_FALSE(run.onTarget());
  CHECK(run.outcome() == "equal");
  bool told = false;
  for (const auto &[intrinsic, why] : deriveRules(target).unused)
    told |= why == "rows that do not lie one after the other";
  CHECK(told);
}
