// Elements of as many bits as a parameter says, operands at the address of another one, and what
// verify makes of both: a memory whose rows are counted as they are written, and seen as sums of
// rows alone.
#include "sdk/verify/Calls.h"
#include "tests/unit/DescribedTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::verify;

namespace {
const char *const kCountedUnit = R"td(
include "lathe/Isa.td"
def N : Param<4, "cells of a row">;
def CELL : Param<3, "bits of a cell">;
def Mem : Space<"mem", Unsigned<CELL>, [N]>;
def Count : Space<"count", u16, [Int<1>]>;
def Out : Space<"out", i32, [N]>;
def Pitch : State<i32, "bytes from row to row">;
def Core : Unit<"core">;
class Op<bits<4> op> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = Core; }
class Rows<bits<4> op> : Op<op> {
  let Strides = (strides Pitch:$host);
  bits<24> host; bits<6> mem; bits<5> rows;
  let Inst{23-0} = host; let Inst{29-24} = mem; let Inst{34-30} = rows;
}
def FILL : Rows<1> {
  let Operands = (ops Tile<Host, Unsigned<CELL>, ["rows", "N"]>:$host, Tile<Mem, Unsigned<CELL>, ["rows", "N"]>:$mem,
                      TileAt<"AT", Count, u16, ["rows", "1"]>:$count, Extent<1, Int<16>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]; count[i,j] = count[i,j] + 1";
}
def RESTORE : Rows<2> {
  let Operands = (ops Tile<Host, u16, ["rows", "1"]>:$host, Tile<Count, u16, ["rows", "1"]>:$mem, Extent<1, Int<16>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
}
def SUM : Op<3> {
  let Operands = (ops Tile<Mem, Unsigned<CELL>, ["rows", "N"]>:$mem, Tile<Out, i32, ["N"]>:$out, Extent<1, Int<16>>:$rows,
                      Extent<0, Int<16>>:$skipped);
  let Semantics = "out[j] = sum(r where skipped <= r) i32(mem[r,j])";
  bits<6> mem; bits<4> out; bits<5> rows; bits<5> skipped;
  let Inst{5-0} = mem; let Inst{9-6} = out; let Inst{14-10} = rows; let Inst{19-15} = skipped;
}
class Store<bits<4> op, Space from, Element element, string columns> : Rows<op> {
  let Operands = (ops Tile<from, element, ["rows", columns]>:$mem, Tile<Host, element, ["rows", columns]>:$host,
                      Extent<1, Int<16>>:$rows);
  let Semantics = "host[i,j] = mem[i,j]";
}
def STORE : Store<4, Out, i32, "N">;
def STORE_COUNT : Store<5, Count, u16, "1">;
def PITCH : Op<6> {
  let Operands = (ops Immediate<i16>:$value);
  let Semantics = "Pitch = i32(value)";
  bits<16> value; let Inst{15-0} = value;
}
)td";

const char *const kCountedMachine = R"(lathe: machine/1
isa: base
clock: 100 MHz
parameters: {CELL: BITS}
spaces:
  host: {read: 8 B/cycle, write: 8 B/cycle, latency: 10 cycles}
  mem: {capacity: 128 B}
  count: {capacity: COUNTS B}
  out: {capacity: 256 B}
units:
  core: {queue: 4, interval: {FILL: rows, RESTORE: rows, SUM: rows, STORE: rows, STORE_COUNT: rows}}
)";

struct CountedUnit {
  std::string bits = "3", counts = "64", at = "mem";

  std::optional<Target> tryLoad(std::string &shown) const {
    auto with = [](std::string text, llvm::StringRef word, const std::string &value) {
      text.replace(text.find(word.str()), word.size(), value);
      return text;
    };
    test::ScratchPlugin plugin;
    plugin.write("isa/base.td", with(kCountedUnit, "AT\"", at + "\""));
    plugin.write("machines/base.yaml", with(with(kCountedMachine, "BITS", bits), "COUNTS", counts));
    Sources sources;
    Diagnostics diagnostics(sources);
    auto manifest = readManifest(plugin.folder, diagnostics);
    auto target = manifest ? loadTarget(*manifest, "", diagnostics) : std::nullopt;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    return target;
  }

  Target load() const {
    std::string shown;
    auto target = tryLoad(shown);
    REQUIRE_MESSAGE(target, shown);
    return std::move(*target);
  }
};

const Intrinsic &intrinsicOf(const Target &target, const char *name) {
  return target.intrinsics[*target.findIntrinsic(name)];
}
} // namespace

TEST_CASE("elements have the bits that a machine's parameter says") {
  for (const char *bits : {"1", "3", "8", "16"}) {
    CountedUnit unit;
    unit.bits = bits;
    if (unit.bits == "16")
      unit.counts = "32"; // 16 rows of 8 bytes are left of 128
    Target target = unit.load();
    ElementType type = ElementType::integer(std::stoi(bits), /*isSigned=*/false);
    CHECK(target.spaces[*target.findSpace("mem")].element == type);
    CHECK(intrinsicOf(target, "SUM").tiles[0].element == type);
  }
  std::string shown;
  CountedUnit wrong;
  wrong.bits = "9";
  CHECK_FALSE(wrong.tryLoad(shown));
  CHECK(shown.find("L0342") != std::string::npos);
}

TEST_CASE("an operand at the address of another one has no field, and both stay inside") {
  Target target = CountedUnit().load();
  const Intrinsic &fill = intrinsicOf(target, "FILL");
  CHECK(fill.arguments.size() == 3); // host, mem, rows
  CHECK(fill.tiles.size() == 3);
  CHECK(fill.tiles[2].argument == fill.tiles[1].argument);
  CHECK(fill.arguments[fill.tiles[1].argument].max == 31);
  CountedUnit fewer;
  fewer.counts = "32";
  Target small = fewer.load();
  const Intrinsic &other = intrinsicOf(small, "FILL");
  CHECK(other.arguments[other.tiles[1].argument].max == 15);
}

TEST_CASE("an operand at the address of nothing on chip lacks a field") {
  for (const char *at : {"host", "rows", "count", "nothing"}) {
    CAPTURE(at);
    CountedUnit unit;
    unit.at = at;
    std::string shown;
    CHECK_FALSE(unit.tryLoad(shown));
    CHECK(shown.find("L0332") != std::string::npos);
  }
}

TEST_CASE("routes: one of several statements fills a memory, and sums show one address at a time") {
  Target target = CountedUnit().load();
  auto jit = llvm::cantFail(Jit::create(""));
  Routes routes = Routes::find(target, *jit);
  unsigned mem = *target.findSpace("mem"), count = *target.findSpace("count");
  REQUIRE(routes.writes[mem]);
  CHECK(target.intrinsics[routes.writes[mem]->intrinsic].name == "FILL");
  REQUIRE(routes.sees[mem]);
  CHECK(routes.sees[mem]->seen == 1.0); // `skipped` is 0, not its largest
  CHECK(routes.sees[mem]->mostRows == 1);
  CHECK(routes.sees[count]->mostRows == 16);

  // Rows that hold each other's cells are not the same to who looks.
  auto stored = [&](std::vector<uint8_t> rows) {
    Script script(target, routes, *jit, {1, 1 << 16, SIZE_MAX});
    REQUIRE(script.prepareRandom(count, 0, 32));
    REQUIRE(script.prepare(mem, 4, rows));
    size_t before = script.observations().size();
    REQUIRE(script.observe(mem, 4, 2));
    CHECK(script.isSound());
    std::vector<uint8_t> all;
    for (const Observation &one : script.observations().drop_front(before))
      llvm::append_range(all, script.after().slice(one.modelAddress, one.bytes));
    return all;
  };
  CHECK(stored({1, 2, 3, 4, 5, 6, 7, 0}) != stored({5, 6, 7, 0, 1, 2, 3, 4}));
}

TEST_CASE(
    "calls: what is written beside an operand is touched, too, and apart from what is avoided") {
  Target target = CountedUnit().load();
  auto jit = llvm::cantFail(Jit::create(""));
  Routes routes = Routes::find(target, *jit);
  unsigned count = *target.findSpace("count");
  Script script(target, routes, *jit, {1, 1 << 16, SIZE_MAX});
  CallWish wish;
  wish.intrinsic = *target.findIntrinsic("FILL");
  wish.mostRows = 1;
  wish.avoid = {{count, 0, 20}, {count, 21, 11}};
  std::optional<Call> call = arrange(script, wish);
  REQUIRE(call);
  const Intrinsic &fill = target.intrinsics[wish.intrinsic];
  CHECK(call->values[fill.tiles[2].argument] == 20);
  CHECK(touched(script, *call, Touch::Written).size() == 2);
}
