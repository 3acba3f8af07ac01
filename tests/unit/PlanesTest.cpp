#include "core/mapping/Planes.h"
#include "core/mapping/Validate.h"
#include "core/semantics/Interpreter.h"
#include "tests/unit/LaidOutTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {

/// Made up: bit planes of an int16 buffer against cells of CELL bits, summed over an enabled group
/// of rows, clamped at ADC, shifted into accumulators. 8 rows of 4 columns a macro.
const char *const kBitUnit = R"td(
include "lathe/Isa.td"
def ROWS : Param<8, "rows of a macro">;
def COLS : Param<4, "columns of a macro">;
def ADC  : Param<3, "bits of what a sum is clamped to, where the text says so">;
def Buf  : Space<"buf", i16, [ROWS]>;
def Cell : Space<"cell", CELL, [COLS]>;
def Acc  : Space<"acc", i32, [COLS]>;
def LdStride : State<i32, "bytes from one loaded row to the next">;
def StStride : State<i32, "bytes from one stored row to the next">;
def LoadUnit : Unit<"load">;
def ReadUnit : Unit<"read">;
def StoreUnit : Unit<"store">;
class Op<bits<4> op, Unit unit> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = unit; }
class LoadRow<bits<4> op, Element from, Space to, Element as, string lanes> : Op<op, LoadUnit> {
  let Operands = (ops Tile<Host, from, ["rows", "cols"]>:$src, Tile<to, as, ["rows", lanes]>:$dst,
                      Extent<1, Int<64>>:$rows, Extent<1, Int<8>>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, " # as.Notation # "(src[i,j]), 0)";
  let Strides = (strides LdStride:$src);
  bits<24> src; bits<10> dst; bits<7> rows; bits<4> cols;
  let Inst{23-0} = src; let Inst{33-24} = dst; let Inst{40-34} = rows; let Inst{44-41} = cols;
}
def LOAD_I8 : LoadRow<1, i8, Buf, i16, "ROWS">;
def LOAD_U8 : LoadRow<2, u8, Buf, i16, "ROWS">;
def LOAD_I16 : LoadRow<3, i16, Buf, i16, "ROWS">;
class WriteRow<bits<4> op> : Op<op, LoadUnit> {
  let Operands = (ops Tile<Host, CELL, ["rows", "cols"]>:$src, Tile<Cell, CELL, ["rows", "COLS"]>:$dst,
                      Extent<1, Int<64>>:$rows, Extent<1, COLS>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, src[i,j], 0)";
  let Strides = (strides LdStride:$src);
  bits<24> src; bits<10> dst; bits<7> rows; bits<4> cols;
  let Inst{23-0} = src; let Inst{33-24} = dst; let Inst{40-34} = rows; let Inst{44-41} = cols;
}
def WRITE : WriteRow<4>;
class ReadPlane<bits<4> op> : Op<op, ReadUnit> {
  let Operands = (ops Tile<Buf, i16, ["rows", "ROWS"]>:$x, Tile<Cell, CELL, ["ROWS", "COLS"]>:$g,
                      Tile<Acc, i32, ["rows", "COLS"]>:$acc, Extent<1, Int<64>>:$rows,
                      Immediate<u3>:$first, Immediate<u4>:$count, Immediate<u4>:$plane, Immediate<u5>:$shift);
  bits<9> x; bits<9> g; bits<8> acc; bits<7> rows; bits<3> first; bits<4> count; bits<4> plane; bits<5> shift;
  let Inst{8-0} = x; let Inst{17-9} = g; let Inst{25-18} = acc; let Inst{32-26} = rows; let Inst{35-33} = first;
  let Inst{39-36} = count; let Inst{43-40} = plane; let Inst{48-44} = shift;
}
defvar Sum = "(clamp(sum(r where i32(first) <= i32(r) and i32(r) < i32(first) + i32(count)) "
           # "i32(bit(x[i,r], plane)) * i32(g[r,c]), 0, LIMIT) << shift)";
def READ     : ReadPlane<5> { let Semantics = !strconcat("acc[i,c] = ", Sum); }
def READ_ADD : ReadPlane<6> { let Semantics = !strconcat("acc[i,c] += ", Sum); }
def READ_SUB : ReadPlane<7> { let Semantics = !strconcat("acc[i,c] = acc[i,c] - ", Sum); }
def VSUB : Op<11, ReadUnit> {
  let Operands = (ops Tile<Acc, i32, ["rows", "COLS"]>:$dst, Tile<Acc, i32, ["rows", "COLS"]>:$src, Extent<1, Int<64>>:$rows);
  let Semantics = "dst[i,j] = dst[i,j] - src[i,j]";
  bits<8> dst; bits<8> src; bits<7> rows;
  let Inst{7-0} = dst; let Inst{15-8} = src; let Inst{22-16} = rows;
}
def STORE : Op<8, StoreUnit> {
  let Operands = (ops Tile<Acc, i32, ["rows", "COLS"]>:$src, Tile<Host, i32, ["rows", "cols"]>:$dst,
                      Extent<1, Int<64>>:$rows, Extent<1, COLS>:$cols);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides StStride:$dst);
  bits<24> dst; bits<8> src; bits<7> rows; bits<3> cols;
  let Inst{23-0} = dst; let Inst{31-24} = src; let Inst{38-32} = rows; let Inst{41-39} = cols;
}
def SET_LOAD : Op<9, LoadUnit> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "LdStride = value";
  bits<32> value; let Inst{31-0} = value;
}
def SET_STORE : Op<10, StoreUnit> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "StStride = value";
  bits<32> value; let Inst{31-0} = value;
}
)td";

const char *const kBitMachine = R"(lathe: machine/1
isa: base
clock: 100 MHz
spaces:
  host: {read: 8 B/cycle, write: 8 B/cycle, latency: 10 cycles}
  buf: {capacity: 4 KiB}
  cell: {capacity: CAPACITY B}
  acc: {capacity: 4 KiB}
units:
  load: {queue: 4, interval: {LOAD_I8: rows, LOAD_U8: rows, LOAD_I16: rows, WRITE: 4*rows}}
  read: {queue: 4, interval: {READ: 2*rows, READ_ADD: 2*rows, READ_SUB: 2*rows, VSUB: rows}}
  store: {queue: 4, interval: {STORE: rows}}
)";

struct BitUnit {
  std::string cell = "u2";
  int limit = 7;

  bool nibbles = false; ///< see makeNibbles
  bool moved = false;   ///< the row group by where operands begin, not by a guard

  /// Another made-up machine: a vector unit that multiplies 4-bit digits of a row by int8, without
  /// planes, groups and limits; what it holds of the weights is an address a row.
  static void makeNibbles(std::string &text, std::string &machine) {
    auto cut = [](std::string &in, const char *from, const char *to, const std::string &with) {
      size_t first = in.find(from), last = in.find(to, first);
      REQUIRE(last != std::string::npos);
      in.replace(first, last - first, with);
    };
    cut(text, "def LOAD_I8", "class WriteRow",
        "def LOAD_U4 : LoadRow<1, u4, Buf, u4, \"ROWS\">;\n");
    cut(text, "def Buf", "def Acc",
        "def Buf : Space<\"buf\", u4, [ROWS]>;\n"
        "def Cell : Space<\"cell\", i8, [COLS]>;\n");
    cut(text, "as.Notation # \"(src[i,j])", ", 0)", "\"src[i,j]");
    cut(text, "Tile<Buf, i16", "Tile<Acc",
        "Tile<Buf, u4, [\"rows\", \"ROWS\"]>:$x, "
        "Tile<Cell, i8, [\"ROWS\", \"COLS\"]>:$g,\n");
    cut(text, "Immediate<u3>:$first", "Immediate<u5>", "");
    cut(text, "bits<3> first", "bits<5>", "");
    cut(text, "let Inst{35-33} = first", "let Inst{48-44}", "");
    cut(text, "defvar Sum", "def READ ",
        "defvar Sum = \"(sum(r) i32(x[i,r]) * i32(g[r,c]) << shift)\";\n");
    cut(machine, "LOAD_I8: rows", "WRITE", "LOAD_U4: rows, ");
  }

  Target load() const {
    std::string text = kBitUnit, machine = kBitMachine;
    auto put = [](std::string &in, const std::string &word, const std::string &with) {
      for (size_t at; (at = in.find(word)) != std::string::npos;)
        in.replace(at, word.size(), with);
    };
    auto once = [](std::string &in, const std::string &word, const std::string &with) {
      size_t at = in.find(word);
      REQUIRE(at != std::string::npos);
      in.replace(at, word.size(), with);
    };
    if (moved)
      put(text,
          "sum(r where i32(first) <= i32(r) and i32(r) < i32(first) + i32(count)) \"\n"
          "           # \"i32(bit(x[i,r]",
          "sum(r where first + r < ROWS) i32(bit(x[i, first + r]"),
          put(text, "[\"ROWS\", \"COLS\"]>:$g", "[\"count\", \"COLS\"]>:$g"),
          put(text, "Immediate<u3>:$first, Immediate<u4>:$count",
              "Extent<0, ROWS>:$first, Extent<1, ROWS>:$count"),
          put(text, "bits<3> first", "bits<4> first"),
          put(text, "let Inst{35-33} = first", "let Inst{52-49} = first"),
          once(text, "def LdStride", "def Count : Space<\"count\", u16, [Int<1>]>;\ndef LdStride"),
          once(text,
               "$dst,\n                      Extent<1, Int<64>>:$rows, Extent<1, COLS>:$cols);\n"
               "  let Semantics = \"dst[i,j] = select(j < cols, src[i,j], 0)",
               "$dst, TileAt<\"dst\", Count, u16, [\"rows\", \"1\"]>:$count,\n"
               "                      Extent<1, Int<64>>:$rows, Extent<1, COLS>:$cols);\n"
               "  let Semantics = \"dst[i,j] = select(j < cols, src[i,j], 0); "
               "count[i,j] = count[i,j] + 1"),
          once(machine, "  acc: {", "  count: {capacity: 128 B}\n  acc: {");
    if (nibbles)
      makeNibbles(text, machine);
    put(text, "CELL", cell);
    put(text, "LIMIT", moved ? "(1 << i32(ADC)) - 1" : std::to_string(limit));
    put(machine, "CAPACITY", "256");
    ScratchPlugin plugin;
    plugin.write("isa/base.td", text);
    plugin.write("machines/base.yaml", machine);
    Sources sources;
    Diagnostics diagnostics(sources);
    auto manifest = readManifest(plugin.folder, diagnostics);
    auto target = manifest ? loadTarget(*manifest, "", diagnostics) : std::nullopt;
    std::string shown;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    REQUIRE_MESSAGE(target, shown);
    return *target;
  }
};

constexpr const char *kGemm = "kernel gemm(a: X[M,K], b: W[K,N]) -> c: i32[M,N] {\n"
                              "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n}";

std::string gemmOf(const std::string &x, const std::string &w) {
  std::string text = kGemm;
  text.replace(text.find("X["), 1, x);
  text.replace(text.find("W["), 1, w);
  return text;
}

/// "equal" when the kernel maps, and the functional simulator's results are the reference's.
std::string outcomeOf(const std::string &text, std::vector<std::pair<std::string, int64_t>> sizes,
                      const Target &target) {
  Notation notation;
  auto kernel = notation.bound(text.c_str(), std::move(sizes));
  REQUIRE_MESSAGE(kernel, notation.shown());
  auto compilation = compile(*kernel, target, {}, notation.diagnostics);
  REQUIRE_MESSAGE(compilation, notation.shown());
  const Placement &last = compilation->placements.back();
  if (!last.onTarget) {
    std::string why = "host";
    for (const Refusal &refusal : last.refusals)
      why += "; " + target.intrinsics[refusal.intrinsic].name + ": " + refusal.reason;
    return why;
  }
  return runBeside(*kernel, *compilation, target, cornerInputs(*kernel, 7));
}

} // namespace

TEST_CASE("a read of bit planes is a contraction with a window, a limit and a shift") {
  Target target = BitUnit().load();
  Rules rules = deriveRules(target);
  for (auto &[intrinsic, why] : rules.unused)
    MESSAGE(target.intrinsics[intrinsic].name, ": ", why);
  REQUIRE(rules.unused.empty());
  unsigned reads = 0;
  for (const Rule &rule : rules.rules) {
    // A difference without a sum is as element-wise as any.
    if (target.intrinsics[rule.intrinsic].name == "VSUB")
      CHECK(rule.kind == Rule::Kind::Pointwise);
    if (rule.kind != Rule::Kind::Contract)
      continue;
    ++reads;
    CHECK(rule.part == RuleLimits{0, 7});
    CHECK(rule.shift.has_value());
    CHECK(rule.window.has_value());
    CHECK(rule.subtracts == (target.intrinsics[rule.intrinsic].name == "READ_SUB"));
  }
  CHECK(reads == 3);
}

TEST_CASE("planes and digits: products of every width and signedness are exact") {
  Target target = BitUnit().load();
  for (const char *x : {"i8", "u8", "i16"})
    for (const char *w : {"i8", "u8", "i4", "i2", "u1", "u2", "i16"}) {
      std::string types = std::string(x) + " times " + w;
      INFO(types);
      CHECK(outcomeOf(gemmOf(x, w), {{"M", 3}, {"N", 5}, {"K", 21}}, target) == "equal");
    }
}

TEST_CASE("planes and digits: only sizes and limits change") {
  for (const char *cell : {"u1", "u2", "u4"})
    for (int limit : {3, 7, 15, 63}) {
      Target target = BitUnit{cell, limit}.load();
      std::string unit = std::string(cell) + " cells, clamped at " + std::to_string(limit);
      INFO(unit);
      std::string outcome = outcomeOf(gemmOf("i8", "i8"), {{"M", 9}, {"N", 6}, {"K", 30}}, target);
      bool canHold = cell[1] != '4' || limit >= 15;
      if (canHold)
        CHECK(outcome == "equal");
      else
        CHECK(outcome.find("one point adds [0, 15]") != std::string::npos);
    }
}

TEST_CASE("planes and digits: groups of rows by where operands begin") {
  BitUnit unit;
  unit.moved = true;
  Target target = unit.load();
  for (const char *w : {"i8", "u2", "i4"}) {
    INFO(std::string(w));
    CHECK(outcomeOf(gemmOf("i8", w), {{"M", 3}, {"N", 9}, {"K", 21}}, target) == "equal");
  }
}

TEST_CASE("planes and digits: 4-bit digits of the moving operand, no planes and no limit") {
  BitUnit unit{"i8"};
  unit.nibbles = true;
  Target target = unit.load();
  for (const char *x : {"i8", "u8", "i16", "u12"}) {
    INFO(std::string(x));
    CHECK(outcomeOf(gemmOf(x, "i8"), {{"M", 7}, {"N", 6}, {"K", 16}}, target) == "equal");
  }
}

TEST_CASE("planes and digits: one plane that the kernel asks for, and rows outside of a tensor") {
  Target target = BitUnit().load();
  CHECK(outcomeOf("kernel f(a: i16[M,K], b: u2[K,N]) -> c: i32[M,N] {\n"
                  "  c[i,j] = sum(k) i32(bit(a[i,k], 3)) * i32(b[k,j])\n}",
                  {{"M", 3}, {"N", 5}, {"K", 21}}, target) == "equal");
  CHECK(outcomeOf("kernel f(x: i8[H], w: i8[R,K]) -> y: i32[H,K] {\n"
                  "  y[p,k] = sum(r) i32(x[p+r-1]) * i32(w[r,k]) where 0 <= p+r-1 < H\n}",
                  {{"H", 9}, {"R", 3}, {"K", 5}}, target) == "equal");
}

TEST_CASE("planes and digits: rows of a call are rows of the moving operand") {
  Target target = BitUnit().load();
  Notation notation;
  auto kernel = notation.bound(gemmOf("i8", "u2").c_str(), {{"M", 32}, {"N", 4}, {"K", 8}});
  auto compilation = compile(*kernel, target, {}, notation.diagnostics);
  REQUIRE(compilation);
  // 8 planes, one digit, 8 rows of cells in groups of 2, since 2 * 3 is the most below 7: each for
  // 32 rows.
  int64_t calls = 0, rows = 0;
  for (const ProgramStep &step : compilation->program.steps)
    for (size_t i = 0; i < step.instructions.size(); ++i) {
      const Intrinsic &intrinsic = target.intrinsics[step.instructions.intrinsic(i)];
      if (!llvm::StringRef(intrinsic.name).starts_with("READ"))
        continue;
      ++calls;
      rows += step.instructions.values(i)[*intrinsic.findArgument("rows")];
    }
  CHECK(rows == 8 * 4 * 32);
  CHECK(calls <= rows / 8);
}
