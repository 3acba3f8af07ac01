// Layouts of operands in host memory: what is checked, and what the functional simulator makes of
// them. Expected bytes are computed by loops written here.
#include "core/semantics/Reporter.h"
#include "tests/unit/LaidOutTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {

constexpr ElementType kI8 = ElementType::integer(8), kI4 = ElementType::integer(4),
                      kU2 = ElementType::integer(2, false), kI32 = ElementType::integer(32);

struct Reading {
  Sources sources;
  Diagnostics diagnostics{sources};
  std::optional<Layout> layout;

  Reading(const char *text, ElementType element, std::vector<int64_t> sizes, bool stepped = false) {
    LayoutScope scope;
    scope.name = "x";
    scope.element = element;
    scope.sizes = std::move(sizes);
    scope.stepped = stepped;
    scope.parameters = {{"N", 8}};
    unsigned file = sources.add("layout", text);
    Reporter reporter(diagnostics);
    layout = readLayout(sources.text(file), scope, reporter);
  }
  std::string code() const {
    return diagnostics.all().empty() ? "" : diagnostics.all().front().code().str();
  }
  std::string text() const {
    return diagnostics.all().empty() ? "" : diagnostics.all().front().text;
  }
};

/// The places of an element's first bits, flat.
std::vector<int64_t> placesOf(const Layout &layout, int64_t rows, int64_t columns) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      places.push_back(layout.positionOf({i, j}, 0));
  return places;
}

} // namespace

TEST_CASE("layouts: places are those of the text, rows are found, blocks are as large as needed") {
  Reading reversed("x[i,j]: byte 16*i + 7 - j", kI8, {5, 8});
  REQUIRE(reversed.layout);
  CHECK(reversed.layout->rowBytes == 16);
  CHECK(reversed.layout->bytes() == 16);
  CHECK(placesOf(*reversed.layout, 2, 3) == std::vector<int64_t>{56, 48, 40, 184, 176, 168});

  Reading lanes("x[i,j]: byte 32*i + 4*(j % 8) + j/8", kI8, {3, 32});
  REQUIRE(lanes.layout);
  CHECK(lanes.layout->positionOf({1, 9}, 3) == 8 * (32 + 4 + 1) + 3);

  Reading planes("bit(x[j], b) in 4*N: byte b, bit j", kI8, {8});
  REQUIRE(planes.layout);
  CHECK(planes.layout->bytes() == 32);
  CHECK(planes.layout->positionOf({5}, 7) == 61);
  CHECK_FALSE(planes.layout->rowBytes);

  Reading cells("x[i,j]: byte N*i, bit 2*j", kU2, {4, 17});
  REQUIRE(cells.layout);
  CHECK(cells.layout->rowBytes == 8);

  Reading columns("x[i,j]: byte i + 4*j", kI8, {4, 3});
  REQUIRE(columns.layout);
  CHECK_FALSE(columns.layout->rowBytes); // rows interleave
  CHECK(columns.layout->bytes() == 12);

  Reading quotient("x[i,j]: byte (64*i + j)/8*8 + j % 8", kI8, {3, 20});
  REQUIRE(quotient.layout);
  CHECK(quotient.layout->rowBytes == 64);
}

TEST_CASE("layouts: what overlaps, lies outside, or is no function of the index is refused") {
  auto code = [](const char *text, ElementType type, std::vector<int64_t> sizes,
                 bool stepped = false) { return Reading(text, type, sizes, stepped).code(); };
  CHECK(code("x[i,j]: byte 4*i + j", kI8, {4, 8}) == "L0369");
  CHECK(code("x[i,j]: byte 8*i + j/2", kI8, {4, 8}) == "L0369");
  CHECK(code("x[j]: bit 3*j", kI4, {8}) == "L0369");
  CHECK(code("bit(x[j], b): byte b/2, bit j", kI8, {8}) == "L0369");
  CHECK(code("x[j]: byte 7*j", kI8, {1}) == "");
  CHECK(code("x[j]: byte 6 - j", kI8, {8}) == "L0370");
  CHECK(code("x[j] in 7: byte j", kI8, {8}) == "L0370");
  CHECK(code("x[i,j] in 31: byte 8*i + j", kI8, {4, 8}) == "L0370");
  CHECK(code("x[i,j] in 32: byte 8*i + j", kI8, {4, 8}) == "");
  CHECK(code("x[j] in 0: byte j", kI8, {8}) == "L0371");
  CHECK(code("x[i,j]: byte 8*i + j", kI8, {1 << 12, 1 << 12}) == "L0371");
  CHECK(code("x[j]: byte j/j", kI8, {8}) == "L0366");
  CHECK(code("x[j]: byte j/0", kI8, {8}) == "L0366");
  CHECK(code("x[j]: byte j%(3-4)", kI8, {8}) == "L0366");
  CHECK(code("x[j]: byte j*j", kI8, {8}) == "L0365");
  CHECK(code("x[j]: byte max(j, 3)", kI8, {8}) == "L0365");
  CHECK(code("x[j]: byte 99999999999*j", kI8, {8}) == "L0365");
  CHECK(code("x[j]: byte M*j", kI8, {8}) == "L0364");
  CHECK(code("y[j]: byte j", kI8, {8}) == "L0363");
  CHECK(code("x[i,j]: byte j", kI8, {8}) == "L0363");
  CHECK(code("x[i,i]: byte i", kI8, {8, 8}) == "L0363");
  CHECK(code("bit(x[j], j): byte j", kI8, {8}) == "L0363");
  CHECK(code("x[j]: else 0", kI8, {8}) == "L0367");
  CHECK(code("x[j]: byte j, else 2", kI8, {8}) == "L0372");
  CHECK(code("x[j]: byte j, byte j", kI8, {8}) == "L0504");
  CHECK(code("x[j] byte j", kI8, {8}) == "L0504");
  CHECK(code("x[i,j]: byte 16*i + j", kI8, {4, 8}, true) == "L0368");
  CHECK(code("x[i,j]: byte 7 - j", kI8, {4, 8}, true) == "");
  CHECK(Reading("x[i,j]: byte 4*i + j", kI8, {4, 8}).text() ==
        "bit 0 of x[0,4] and bit 0 of x[1,0] lie at the same place, bit 0 of byte 4");
  CHECK(Reading("x[j] in 7: byte j", kI8, {8}).text() ==
        "bit 0 of x[7] lies at bit 0 of byte 7, outside of a block of 56 bits");
}

TEST_CASE("layouts: elements are read from and written to where a loop by hand finds them") {
  uint8_t memory[256], before[256];
  for (int i = 0; i < 256; ++i)
    memory[i] = before[i] = static_cast<uint8_t>(37 * i + 11);

  SUBCASE("bit planes of signed nibbles") {
    Reading planes("bit(x[i,j], b): byte 8*i + 2*b + j/8, bit j % 8", kI4, {3, 13});
    REQUIRE(planes.layout);
    LayoutMap map(*planes.layout);
    std::vector<int64_t> sizes{3, 13};
    std::vector<uint8_t> dense(39);
    map.read(memory, 8, sizes, dense.data());
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 13; ++j) {
        int value = 0;
        for (int b = 0; b < 4; ++b)
          value |= (memory[8 * i + 2 * b + j / 8] >> (j % 8) & 1) << b;
        CHECK(static_cast<int8_t>(dense[13 * i + j]) == (value >= 8 ? value - 16 : value));
      }
    for (uint8_t &element : dense)
      element = ~element;
    map.write(memory, 8, sizes, dense.data());
    for (int byte = 0; byte < 256; ++byte) { // bits of lanes 13 to 15 stay
      bool used = byte < 24, half = byte % 2;
      uint8_t flipped = !used ? 0 : half ? 0x1f : 0xff;
      CHECK(memory[byte] == (before[byte] ^ flipped));
    }
  }
  SUBCASE("padded words at a step of their own, fewer columns than there may be") {
    Reading padded("x[i,j]: byte 6*j + 1", kI32, {4, 5}, true);
    REQUIRE(padded.layout);
    CHECK(padded.layout->bytes() == 29);
    LayoutMap map(*padded.layout);
    std::vector<int64_t> sizes{2, 3};
    std::vector<uint8_t> dense(24);
    map.read(memory + 100, -40, sizes, dense.data());
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 4; ++k)
          CHECK(dense[4 * (3 * i + j) + k] == memory[100 - 40 * i + 6 * j + 1 + k]);
    map.fillRest(memory + 100, -40, sizes, true);
    for (int i = 0; i < 2; ++i)
      for (int at = 0; at < 29; ++at) {
        bool used = at < 18 && at % 6 >= 1 && at % 6 <= 4;
        int byte = 100 - 40 * i + at;
        CHECK(memory[byte] == (used ? before[byte] : 0xff));
      }
  }
}

// ---- in the functional simulator

namespace {

constexpr int64_t kBytes = 4096;

struct Bench {
  Target target;
  Machine machine;
  std::vector<Symbol> symbols{
      {"window", Symbol::Kind::Internal, ElementType::integer(8, false), {kBytes}, 0, {}}};

  explicit Bench(const LaidOutUnit &unit) : target(unit.load()), machine(target, jitOfTests()) {
    REQUIRE_FALSE(machine.reset(symbols, kBytes));
  }
  void write(int64_t address, llvm::ArrayRef<uint8_t> bytes) {
    machine.write(kHostSpace, address, bytes);
  }
  std::string run(const char *name, std::vector<int64_t> values) {
    return machine.execute(*target.findIntrinsic(name), values).value_or("");
  }
  Machine::Rows rows(const char *space, int64_t address, int64_t count) {
    return machine.read(*target.findSpace(space), address, count);
  }
  uint8_t host(int64_t byte) { return machine.memory(kHostSpace).data()[byte]; }
  uint8_t shadow(int64_t byte) { return machine.memory(kHostSpace).shadow()[byte]; }
};

std::vector<uint8_t> pattern(size_t count) {
  std::vector<uint8_t> bytes(count);
  for (size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<uint8_t>(91 * i + 5);
  return bytes;
}

} // namespace

TEST_CASE("functional: loads and stores follow their layouts, and padding keeps what it holds") {
  LaidOutUnit unit;
  unit.loadLayout = LaidOutUnit::layout("src", "src[i,j]: byte 12*i + 7 - j");
  unit.storeLayout = LaidOutUnit::layout("dst", "dst[i,j] in 1280: byte 40*i + 4*j");
  Bench b(unit);
  std::vector<uint8_t> in = pattern(64);
  b.write(100, in);
  REQUIRE(b.run("LOAD", {100, 3, 4}) == "");
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 8; ++j)
      CHECK(b.rows("mem", 3 + i, 1).elements.bytes[j] == in[12 * i + 7 - j]);
  REQUIRE(b.run("ADD", {3, 4, 0, 3}) == "");
  b.write(1000, std::vector<uint8_t>(200, 0xee));
  REQUIRE(b.run("STORE", {0, 1000, 3}) == "");
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 10; ++j) {
      int16_t sum = j < 8 ? int8_t(in[12 * i + 7 - j]) + int8_t(in[12 * (i + 1) + 7 - j]) : 0;
      int64_t at = 1000 + 40 * i + 4 * j;
      CHECK(b.host(at) == (j < 8 ? uint8_t(sum) : 0xee));
      CHECK(b.host(at + 1) == (j < 8 ? uint8_t(sum >> 8) : 0xee));
      CHECK(b.host(at + 2) == 0xee);
    }
}

TEST_CASE("functional: a bit plane has undefined bits of its own, and 'else' defines the rest") {
  LaidOutUnit unit;
  unit.in = unit.out = "i4";
  unit.addSemantics = "dst[i,j] = a[i,j] + b[i,j]";
  unit.loadLayout = LaidOutUnit::layout("src", "bit(src[i,j], b): byte 4*i + b, bit j");
  unit.storeLayout =
      LaidOutUnit::layout("dst", "bit(dst[i,j], b) in 16: byte 2*b + j/4, bit j % 4, else 1", true);
  unit.loadSemantics = "dst[i,j] = select(j < 6, src[i,j], 0)";
  Bench b(unit);
  // Planes 0 to 3 of one row; the bits of lane 7 in plane 2 stay undefined.
  b.write(0, {0x35, 0xc2, 0x00, 0x81});
  REQUIRE(b.run("LOAD", {0, 0, 1}) == "");
  int expected[8];
  for (int j = 0; j < 8; ++j) {
    int value = (0x35 >> j & 1) | (0xc2 >> j & 1) << 1 | (0x81 >> j & 1) << 3;
    expected[j] = j < 6 ? (value >= 8 ? value - 16 : value) : 0;
    CHECK(static_cast<int8_t>(b.rows("mem", 0, 1).elements.bytes[j]) == expected[j]);
  }
  REQUIRE(b.run("PITCH", {24}) == "");
  REQUIRE(b.run("ADD", {0, 0, 0, 1}) == "");
  REQUIRE(b.run("STORE", {0, 200, 1}) == "");
  for (int byte = 0; byte < 16; ++byte)
    CHECK(b.shadow(200 + byte) == 0);
  for (int plane = 0; plane < 4; ++plane)
    for (int half = 0; half < 2; ++half) {
      uint8_t bits = 0xf0;
      for (int j = 0; j < 4; ++j)
        bits |= (2 * expected[4 * half + j] >> plane & 1) << j;
      CHECK(b.host(200 + 2 * plane + half) == bits);
    }
  for (int byte = 8; byte < 16; ++byte)
    CHECK(b.host(200 + byte) == 0xff);
}

TEST_CASE("functional: only the elements of undefined bits are undefined") {
  LaidOutUnit unit;
  unit.loadLayout = LaidOutUnit::layout("src", "bit(src[i,j], b) in 20*32: byte 20*i + 2*b, bit j");
  unit.storeLayout = LaidOutUnit::layout("dst", "dst[i,j]: byte 17*i + 14 - 2*j");
  Bench b(unit);
  // STORE leaves undefined elements where the planes are read: byte 4 of plane 2 is never written.
  for (int plane = 0; plane < 8; ++plane)
    if (plane != 2)
      b.write(2 * plane, {uint8_t(0x11 << (plane % 4))});
  REQUIRE(b.run("LOAD", {0, 0, 1}) == "");
  Machine::Rows got = b.rows("mem", 0, 1);
  for (int j = 0; j < 8; ++j)
    CHECK(got.undefined[j]);
  b.write(4, {0x44});
  REQUIRE(b.run("LOAD", {0, 0, 1}) == "");
  got = b.rows("mem", 0, 1);
  for (int j = 0; j < 8; ++j)
    CHECK_FALSE(got.undefined[j]);
  // The padding between planes was never written and does not matter.
  CHECK(b.shadow(1) == 0xff);
  REQUIRE(b.run("ADD", {0, 0, 5, 1}) == "");
  REQUIRE(b.run("STORE", {5, 500, 2}) == ""); // row 6 is undefined
  for (int byte = 0; byte < 17; ++byte)
    CHECK(b.shadow(500 + byte) == (byte < 16 ? 0 : 0xff));
  for (int byte = 17; byte < 33; ++byte)
    CHECK(b.shadow(500 + byte) == 0xff);
}

TEST_CASE("functional: torus neighbours, reversed and offset subscripts, blocks that mix rows") {
  LaidOutUnit unit;
  unit.loadShape = R"(["rows", "12"])";
  unit.loadSemantics = "dst[i, N-1-j] = src[i, j+3]";
  unit.loadLayout = "let Strides = (strides Pitch:$src);";
  unit.addSemantics = "dst[i,j] = i16(a[i,j]) - i16(b[i, (j+1) % N])";
  unit.storeLayout = LaidOutUnit::layout("dst", "dst[i,j] in 512: byte 2*i + 64*j");
  Bench b(unit);
  std::vector<uint8_t> in = pattern(100);
  b.write(0, in);
  REQUIRE(b.run("PITCH", {20}) == "");
  REQUIRE(b.run("LOAD", {0, 0, 3}) == "");
  REQUIRE(b.run("ADD", {0, 1, 0, 2}) == "");
  REQUIRE(b.run("STORE", {0, 600, 2}) == "");
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 8; ++j) {
      auto loaded = [&](int row, int lane) { return int8_t(in[20 * row + (7 - lane) + 3]); };
      int16_t value = loaded(i, j) - loaded(i + 1, (j + 1) % 8);
      CHECK(b.host(600 + 2 * i + 64 * j) == uint8_t(value));
      CHECK(b.host(600 + 2 * i + 64 * j + 1) == uint8_t(value >> 8));
    }
  CHECK(b.shadow(600 + 2 * 2) == 0xff); // rows beyond the two are not written
  CHECK(b.run("STORE", {0, kBytes - 511, 2}).find("host bytes 3585 to 4096") != std::string::npos);
}

TEST_CASE("notation: bit planes and cells of two bits put together again are the product") {
  Notation notation;
  auto kernel = notation.bound(
      "kernel cells(x: i8[K], w: i8[K,N]) -> y: i32[N] {\n"
      "  planes: u1[8,K]\n"
      "  planes[b,k] = bit(x[k], b)\n"
      "  slices: u2[4,K,N]\n"
      "  slices[s,k,n] = wrap_u2(w[k,n] >> (2*s))\n"
      "  y[n] = sum(b < 8, s < 4) clamp(sum(k) i32(planes[b,k]) * i32(slices[s,k,n]), 0, 63)\n"
      "    * select(b == 7, i32(-128), i32(1) << b) * (i32(1) << (2*s))\n}",
      {{"K", 9}, {"N", 3}});
  REQUIRE_MESSAGE(kernel, notation.shown());
  Arrays arrays = cornerInputs(*kernel, 3);
  REQUIRE_FALSE(evaluate(*kernel, arrays, jitOfTests()));
  auto x = reinterpret_cast<const int8_t *>(arrays.at("x").bytes.data());
  auto w = arrays.at("w").bytes.data();
  auto y = reinterpret_cast<const int32_t *>(arrays.at("y").bytes.data());
  for (int n = 0; n < 3; ++n) {
    int32_t product = 0; // offset binary without its correction: cells hold the low bits
    for (int k = 0; k < 9; ++k)
      product += x[k] * w[3 * k + n];
    CHECK(y[n] == product);
  }
}
