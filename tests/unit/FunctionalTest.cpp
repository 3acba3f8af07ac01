#include "simulators/functional/FunctionalSimulator.h"
#include "tests/unit/HandBuilt.h"
#include "tests/unit/NotationTools.h"
#include "tests/unit/SmallTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {

Jit &sharedJit() {
  static std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create(""));
  return *jit;
}

constexpr int64_t kDim = 4;

/// A program on the small machine, x: i8[6,4] and w: i8[4,4] in, y: i8[6,4] out, t: i8[6,4]
/// between.
struct Bench {
  SmallTarget small{kDim};
  Program program;
  FunctionalSimulator simulator{small.target, sharedJit()};
  Arrays arrays;
  static constexpr int64_t x = 0, w = 64, y = 128, t = 192;

  Bench() {
    program.symbols = {{"x", Symbol::Kind::Input, i8, {6, 4}, x, {}},
                       {"w", Symbol::Kind::Input, i8, {4, 4}, w, {}},
                       {"y", Symbol::Kind::Output, i8, {6, 4}, y, {}},
                       {"t", Symbol::Kind::Internal, i8, {6, 4}, t, {}}};
    program.imageBytes = 256;
    std::vector<int8_t> xs(24), ws(16);
    for (int i = 0; i < 24; ++i)
      xs[i] = static_cast<int8_t>(11 * i - 128);
    for (int i = 0; i < 16; ++i)
      ws[i] = static_cast<int8_t>(127 - 17 * i);
    arrays = {{"x", array(i8, {6, 4}, xs)}, {"w", array(i8, {4, 4}, ws)}};
  }
  void add(const char *intrinsic, std::vector<int64_t> values) {
    if (program.steps.empty() || program.steps.back().kind != ProgramStep::Kind::Device)
      program.steps.emplace_back().what = "device";
    program.steps.back().instructions.add(small[intrinsic], values);
  }
  void addHost(const char *text) {
    Notation notation;
    auto kernel = notation.bound(text);
    REQUIRE_MESSAGE(kernel, notation.shown());
    ProgramStep &step = program.steps.emplace_back();
    step.kind = ProgramStep::Kind::Host;
    step.semantics = *kernel;
    step.what = kernel->name;
  }
  void configure() {
    add("SET_LOAD", {4});
    add("SET_STORE", {4});
    add("SET_SHIFT", {0});
  }
  std::string run() {
    auto fault = simulator.run(program, arrays);
    return fault ? fault->text : "";
  }
};

int8_t clampToByte(int32_t value) {
  return static_cast<int8_t>(std::min(std::max(value, -128), 127));
}

} // namespace

TEST_CASE("functional: a padded product with a shift") {
  Bench b;
  b.add("SET_LOAD", {4});
  b.add("SET_STORE", {4});
  b.add("SET_SHIFT", {5});
  b.add("LOAD", {Bench::x, 0, 6, 3}); // only three of the four columns
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 1, 3});
  b.add("MATMUL", {0, 1, 10, 6, 1});
  b.add("MATMUL_ACC", {0, 1, 10, 6, 1});
  b.add("STORE", {10, Bench::y, 6, 4});
  CHECK(b.run() == "");
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 4; ++j) {
      int32_t sum = 0;
      for (int k = 0; k < 3; ++k)
        sum += 2 * b.arrays["x"].integerAt(4 * i + k) * b.arrays["w"].integerAt(4 * k + j);
      CHECK(b.arrays["y"].integerAt(4 * i + j) == clampToByte((sum + 16) >> 5));
    }
}

TEST_CASE("functional: rows may stand in any order, and one row may be read many times") {
  Bench b;
  b.configure();
  b.add("LOAD", {Bench::x, 0, 6, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {2, 0, 0, 6, 0}); // row 2, six times
  b.add("STORE", {0, Bench::y, 6, 4});
  CHECK(b.run() == "");
  for (int i = 0; i < 6; ++i) {
    int32_t sum = 0;
    for (int k = 0; k < 4; ++k)
      sum += b.arrays["x"].integerAt(4 * 2 + k) * b.arrays["w"].integerAt(4 * k);
    CHECK(b.arrays["y"].integerAt(4 * i) == clampToByte(sum));
  }
}

TEST_CASE("functional: an undefined element stored to an output names its origin") {
  Bench b;
  b.configure();
  b.add("LOAD", {Bench::x, 0, 5, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 10, 6, 1}); // row 5 of the scratchpad holds nothing
  b.add("STORE", {10, Bench::y, 6, 4});
  CHECK(b.run() == "instruction 7 (STORE src=10 dst=y rows=6 cols=4): stores an undefined element "
                   "to 'y'[5,0]: address 15 of 'acc' was left undefined by instruction 6 (MATMUL "
                   "a=0 w=0 acc=10 rows=6 step=1)");
}

TEST_CASE("functional: rows that are defined can be stored although others are not") {
  Bench b;
  b.configure();
  b.add("LOAD", {Bench::x, 0, 5, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 10, 6, 1});
  b.add("STORE", {10, Bench::y, 5, 4});
  b.add("STORE", {10, Bench::y + 20, 1, 4});
  CHECK(b.run() == "");
}

TEST_CASE("functional: memory that was never written is named") {
  Bench b;
  b.configure();
  b.add("STORE", {10, Bench::y, 6, 4});
  CHECK(b.run() == "instruction 3 (STORE src=10 dst=y rows=6 cols=4): stores an undefined element "
                   "to 'y'[0,0]: address 10 of 'acc' was never written");
}

TEST_CASE("functional: columns that were not written stay undefined, the others do not") {
  Bench b;
  b.configure();
  b.add("LOAD_PART", {Bench::x, 0, 6, 2});
  b.add("LOAD_PART", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 2}); // rows 2 and 3 are zero, and yet 0 * undefined is undefined
  b.add("MATMUL", {0, 0, 0, 6, 1});
  b.add("STORE", {0, Bench::y, 6, 4});
  CHECK(b.run().find("'y'[0,0]: address 0 of 'acc' was left undefined by instruction 6") !=
        std::string::npos);
  Machine::Rows rows = b.simulator.state().read(1, 0, 1);
  CHECK(rows.undefined == std::vector<bool>{false, false, true, true});
  CHECK(rows.elements.integerAt(1) == 11 - 128);
}

TEST_CASE("functional: a row written in two parts is defined") {
  Bench b;
  b.configure();
  b.add("LOAD_PART", {Bench::x, 0, 6, 2});
  b.add("LOAD_PART", {Bench::x, 0, 6, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 0, 6, 1});
  b.add("STORE", {0, Bench::y, 6, 4});
  CHECK(b.run() == "");
}

TEST_CASE("functional: addresses out of range name both numbers") {
  auto faultOf = [](const char *intrinsic, std::vector<int64_t> values) {
    Bench b;
    b.configure();
    b.add(intrinsic, std::move(values));
    std::string text = b.run();
    return text.substr(std::min(text.find("): ") + 3, text.size()));
  };
  CHECK(faultOf("LOAD", {Bench::x, 1020, 6, 4}) ==
        "'dst' takes addresses 1020 to 1025, 'spm' ends at 1023");
  CHECK(faultOf("LOAD", {Bench::x + 4, 0, 6, 4}) ==
        "'src' takes host bytes 4 to 27, 'x' ends at 23");
  CHECK(faultOf("LOAD", {40, 0, 1, 4}) ==
        "'src' takes host bytes 40 to 43, outside of every symbol");
  CHECK(faultOf("STORE", {0, Bench::x, 6, 4}) == "'dst' writes host bytes 0 to 23 of input 'x'");
  CHECK(faultOf("LOAD", {Bench::x, 0, 513, 4}) == "'rows' is 513, allowed are 1 to 512");
  CHECK(faultOf("LOAD", {Bench::x, 0, 6, 5}) == "'cols' is 5, allowed are 1 to 4");
}

TEST_CASE("functional: states are undefined until they are set") {
  Bench stride;
  stride.add("LOAD", {Bench::x, 0, 6, 4});
  CHECK(stride.run() == "instruction 0 (LOAD src=x dst=0 rows=6 cols=4): state 'LdStride' is used "
                        "before it is set");
  Bench shift;
  shift.add("SET_LOAD", {4});
  shift.add("SET_STORE", {4});
  shift.add("LOAD", {Bench::x, 0, 6, 4});
  shift.add("LOAD", {Bench::w, 100, 4, 4});
  shift.add("PRELOAD", {100, 0, 4});
  shift.add("MATMUL", {0, 0, 0, 6, 1});
  shift.add("STORE", {0, Bench::y, 6, 4});
  CHECK(shift.run().find("'y'[0,0]: state 'Shift' was never set") != std::string::npos);
  CHECK(shift.simulator.state().state(0) == 4);
  CHECK(!shift.simulator.state().state(2));
}

TEST_CASE("functional: a source that overlaps the result is read as it was") {
  SmallTarget small(kDim);
  Machine machine(small.target, sharedJit());
  std::vector<int32_t> numbers(40);
  for (int i = 0; i < 40; ++i)
    numbers[i] = i;
  auto bytes = llvm::ArrayRef(reinterpret_cast<uint8_t *>(numbers.data()), 160);
  auto acc = [&](int64_t row) { return machine.read(2, row, 1).elements.integerAt(0); };

  machine.write(2, 0, bytes);
  REQUIRE(!machine.execute(small["VADD"], {1, 0, 5})); // row i+1 += row i
  for (int row = 1; row <= 5; ++row)
    CHECK(acc(row) == 4 * row + 4 * (row - 1));
  machine.write(2, 0, bytes);
  REQUIRE(!machine.execute(small["VADD"], {0, 0, 5})); // doubles
  CHECK(acc(4) == 32);
  machine.write(2, 0, bytes);
  REQUIRE(!machine.execute(small["VREVERSE"], {0, 0, 7}));
  for (int row = 0; row < 7; ++row)
    CHECK(acc(row) == 4 * (6 - row));
}

TEST_CASE("functional: gathers fault when out of bounds, and are undefined when their index is") {
  SmallTarget small(kDim);
  Machine machine(small.target, sharedJit());
  std::vector<int32_t> table{10, 20, 30, 40};
  machine.write(2, 8, llvm::ArrayRef(reinterpret_cast<uint8_t *>(table.data()), 16));
  machine.write(1, 0, {3, 0, 1, 2});
  REQUIRE(!machine.execute(small["VGATHER"], {0, 0, 8, 1}));
  CHECK(values<int32_t>(machine.read(2, 0, 1).elements) == std::vector<int32_t>{40, 10, 20, 30});
  REQUIRE(!machine.execute(small["VGATHER"], {0, 0, 8, 2}));
  CHECK(machine.read(2, 0, 1).undefined == std::vector<bool>(4, false));
  CHECK(machine.read(2, 1, 1).undefined == std::vector<bool>(4, true));
  machine.write(1, 1, {0, 4, 0, 0});
  CHECK(machine.execute(small["VGATHER"], {0, 0, 8, 2}).value_or("") ==
        "subscript 1 of 'table' is 4, out of bounds");
}

TEST_CASE("functional: the host's share sees the same memory") {
  Bench b;
  b.configure();
  b.addHost("kernel pack(x: i8[6,4]) -> t: i8[6,4] { t[i,j] = wrap_i8(i32(x[5-i,j]) + 1) }");
  b.configure();
  b.add("LOAD", {Bench::t, 0, 6, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 0, 6, 1});
  b.add("STORE", {0, Bench::y, 6, 4});
  CHECK(b.run() == "");
  int32_t sum = 0;
  for (int k = 0; k < 4; ++k)
    sum += static_cast<int8_t>(b.arrays["x"].integerAt(4 * 5 + k) + 1) *
           b.arrays["w"].integerAt(4 * k + 3);
  CHECK(b.arrays["y"].integerAt(3) == clampToByte(sum));
}

TEST_CASE("functional: a host step that uses an undefined element is an error, one that guards it "
          "is not") {
  Bench uses;
  uses.configure();
  uses.add("LOAD", {Bench::x, 0, 5, 4});
  uses.addHost("kernel copy(t: i8[6,4]) -> y: i8[6,4] { y[i,j] = t[i,j] }");
  CHECK(uses.run() == "host step 1 (copy): 'y'[0,0] depends on an undefined element: 't'[0,0] was "
                      "never written");
  Bench guards;
  guards.configure();
  guards.add("LOAD", {Bench::x, 0, 5, 4});
  guards.add("LOAD", {Bench::w, 100, 4, 4});
  guards.add("PRELOAD", {100, 0, 4});
  guards.add("MATMUL", {0, 0, 0, 5, 1});
  guards.add("STORE", {0, Bench::t, 5, 4});
  guards.addHost("kernel take(t: i8[6,4]) -> y: i8[6,4] { y[i,j] = select(i < 5, t[i,j], 1) }");
  CHECK(guards.run() == "");
  CHECK(guards.arrays["y"].integerAt(4 * 5) == 1);
}

TEST_CASE("functional: an output that nothing wrote is an error with its first element") {
  Bench b;
  b.configure();
  b.add("LOAD", {Bench::x, 0, 6, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 0, 6, 1});
  b.add("STORE", {0, Bench::y, 6, 3});
  CHECK(b.run() == "'y'[0,3] was never written");
}

TEST_CASE("functional: the last writer of an element, across device and host steps") {
  Bench b;
  b.configure();
  b.add("LOAD", {Bench::x, 0, 6, 4});
  b.add("LOAD", {Bench::w, 100, 4, 4});
  b.add("PRELOAD", {100, 0, 4});
  b.add("MATMUL", {0, 0, 0, 6, 1});
  b.add("STORE", {0, Bench::y, 6, 4});
  b.add("STORE", {2, Bench::y + 8, 1, 2});
  auto writer = [&](int64_t element) {
    auto found = b.simulator.lastWriter(b.program, b.arrays, "y", element);
    return found ? found->text : "";
  };
  CHECK(writer(4 * 2 + 1) == "instruction 8 (STORE src=2 dst=y+0x8 rows=1 cols=2)");
  CHECK(writer(4 * 2 + 2) == "instruction 7 (STORE src=0 dst=y rows=6 cols=4)");
  b.addHost("kernel last(x: i8[6,4]) -> y: i8[6,4] { y[i,j] = x[i,j] }");
  CHECK(writer(0) == "host step 1 (last)");
  CHECK(!b.simulator.lastWriter(b.program, b.arrays, "t", 0));
}

TEST_CASE("functional: a program without its input, or with another shape, says so") {
  Bench b;
  b.arrays.erase("w");
  CHECK(b.run() == "no array is given for 'w'");
  b.arrays["w"] = Array::zeros(i32, {4, 4});
  CHECK(b.run() == "'w' is 16 bytes of i8, not 64 of i32");
}
