// The parts of lathe verify, without RTL.
#include "sdk/verify/Verification.h"

#include "core/description/Plugin.h"
#include "tests/unit/LaidOutTarget.h"

#include <doctest/doctest.h>
#include <set>

using namespace lathe;
using namespace lathe::verify;

namespace {
Target loadTiny() {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto plugin = readManifest(LATHE_SOURCE_DIR "/targets/systolic_array", diagnostics);
  REQUIRE(plugin);
  auto target = loadTarget(*plugin, "tiny", diagnostics);
  REQUIRE(target);
  return *target;
}

/// An array of 8 x 8 with a scratchpad of 256 rows.
struct Small {
  Target target = loadTiny();
  std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create(""));
  Routes routes = Routes::find(target, *jit);

  unsigned space(const char *name) const { return *target.findSpace(name); }
  const Intrinsic &writer(const char *name) const {
    return target.intrinsics[routes.writes[space(name)]->intrinsic];
  }
  const Intrinsic &viewer(const char *name) const {
    return target.intrinsics[routes.sees[space(name)]->intrinsic];
  }
};
} // namespace

TEST_CASE("routes: memories are filled by what copies, and seen through what keeps every bit") {
  Small m;
  CHECK(m.writer("spm").name == "LOAD");
  CHECK(m.writer("wreg").name == "PRELOAD");
  CHECK(m.viewer("acc").name == "STORE_I32");
  CHECK(m.routes.sees[m.space("acc")]->fixtures.empty());
  for (const char *name : {"spm", "acc", "bias", "wreg"}) {
    CAPTURE(name);
    REQUIRE(m.routes.sees[m.space(name)]);
    CHECK(m.routes.sees[m.space(name)]->seen == 1.0);
  }
  // What is multiplied is seen only beside something that is not zero.
  CHECK_FALSE(m.routes.sees[m.space("wreg")]->fixtures.empty());
}

TEST_CASE("scripts: prepared rows are in the model, and an observation stores what they hold") {
  Small m;
  Script script(m.target, m.routes, *m.jit, {1, 1 << 16, SIZE_MAX});
  std::vector<uint8_t> rows = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 0xff, 0x80, 0x7f, 0};
  REQUIRE(script.prepare(m.space("spm"), 10, rows));
  Machine::Rows got = script.model().read(m.space("spm"), 10, 2);
  CHECK(got.elements.bytes == rows);
  REQUIRE(script.observe(m.space("spm"), 10, 2));
  CHECK(script.isSound());
  REQUIRE_FALSE(script.observations().empty());
  const Observation &seen = script.observations().back();
  CHECK(seen.space == m.space("spm"));
  CHECK(seen.address == 10);
  CHECK(seen.rows == 2);
  // Another value at one place, and something else is stored.
  auto stored = [&](uint8_t changed) {
    Script other(m.target, m.routes, *m.jit, {1, 1 << 16, SIZE_MAX});
    rows[13] = changed;
    REQUIRE(other.prepare(m.space("spm"), 10, rows));
    REQUIRE(other.observe(m.space("spm"), 10, 2));
    const Observation &last = other.observations().back();
    return other.after().slice(last.modelAddress, last.bytes).vec();
  };
  CHECK(stored(0x80) != stored(0x81));
}

TEST_CASE("scripts: undefined memory that reaches host memory is not sound") {
  Small m;
  Script script(m.target, m.routes, *m.jit, {1, 1 << 16, SIZE_MAX});
  REQUIRE(script.observe(m.space("acc"), 3, 1));
  CHECK_FALSE(script.isSound());
}

TEST_CASE("scripts: after a reset only host memory is known") {
  Small m;
  Script script(m.target, m.routes, *m.jit, {1, 1 << 16, SIZE_MAX});
  REQUIRE(script.prepareRandom(m.space("acc"), 0, 4));
  CHECK(script.isDefined({m.space("acc"), 0, 4}));
  std::vector<uint8_t> host = script.after().vec();
  script.restart();
  CHECK_FALSE(script.isDefined({m.space("acc"), 0, 1}));
  CHECK(script.after().vec() == host);
  CHECK_FALSE(script.state(0).has_value());
}

TEST_CASE("windows: every power of two and both ends of the address space, apart from each other") {
  Small m;
  HostWindows windows(m.target, 1 << 20);
  CHECK(windows.toModel(0));
  for (unsigned bit = 0; bit < 32; ++bit)
    CHECK_MESSAGE(windows.toModel(uint64_t(1) << bit, 4096), "bit ", bit);
  uint64_t end = 0;
  for (const HostWindow &window : windows.all()) {
    CHECK(window.address >= end);
    end = window.address + window.bytes;
    CHECK(windows.fromModel(*windows.toModel(window.address + 7)) == window.address + 7);
  }
}

TEST_CASE("cases: names are unique, and the field points have the field values they name") {
  Small m;
  HostWindows windows(m.target, 1 << 20);
  Cases cases = casesOf(m.target, windows);
  std::set<std::string> names;
  for (const Case &one : cases)
    for (const std::string &point : one.points)
      CHECK_MESSAGE(names.insert(point).second, point);
  // The largest extent of a load is 256 rows, and the scratchpad has as many.
  for (const Case &one : cases) {
    if (one.name() != "field/LOAD/rows=max")
      continue;
    Script script(m.target, m.routes, *m.jit, {1, 8 << 20, SIZE_MAX});
    REQUIRE_MESSAGE(one.build(script), script.reason());
    REQUIRE(script.tested().size() == 1);
    const Call &call = *script.callOf(script.tested()[0]);
    const Intrinsic &load = m.target.intrinsics[call.intrinsic];
    CHECK(load.name == "LOAD");
    CHECK(call.values[*load.findArgument("rows")] == 256);
  }
  CHECK(names.count("field/LOAD/rows=max"));
}

TEST_CASE("waivers: what cannot be reached has a reason, what is reached may have none") {
  Target target;
  target.waivers = {{"limit/MAC/*", "sums are narrow"}, {"tie/*", "rounds down"}};
  std::vector<PointResult> points{
      {"limit/MAC/max", PointClass::Limit, Verdict::Unreached, "cannot be set"},
      {"limit/MAC/min", PointClass::Limit, Verdict::Passed, ""},
      {"lane/MAC/0", PointClass::Lane, Verdict::Unreached, "cannot be set"}};
  auto wrong = applyWaivers(target, points);
  CHECK(points[0].verdict == Verdict::Waived);
  CHECK(points[0].detail == "sums are narrow");
  CHECK(points[2].verdict == Verdict::Unreached);
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].second == "'limit/MAC/min' is reached");
  CHECK(wrong[1].second == "no point has such a name");
}

TEST_CASE("random: corners are the ends of a type and their neighbours") {
  std::vector<int64_t> i8;
  for (uint64_t bits : cornersOf(ElementType::integer(8)))
    i8.push_back(static_cast<int64_t>(bits));
  llvm::sort(i8);
  CHECK(i8 == std::vector<int64_t>{-128, -127, -1, 0, 1, 126, 127});
  // 1, -1, the largest and the smallest normal number of bf16 and both zeros, by IEEE 754.
  std::set<uint64_t> expected{0x0000, 0x8000, 0x3f80, 0xbf80, 0x7f7f, 0xff7f, 0x0080, 0x8080};
  std::vector<uint64_t> bf16 = cornersOf(ElementType::bf16());
  CHECK(std::set<uint64_t>(bf16.begin(), bf16.end()) == expected);
}

TEST_CASE("scripts: memories behind layouts and turned subscripts are filled, and seen") {
  test::LaidOutUnit unit;
  unit.loadSemantics = "dst[i, N-1-j] = src[i,j]";
  unit.loadLayout = test::LaidOutUnit::layout("src", "bit(src[i,j], b) in 9: byte b, bit j", true);
  unit.storeLayout = test::LaidOutUnit::layout("dst", "dst[i,j]: byte 40*i + 5*(7 - j), else 0");
  Target target = unit.load();
  auto jit = llvm::cantFail(Jit::create(""));
  Routes routes = Routes::find(target, *jit);
  unsigned mem = *target.findSpace("mem"), out = *target.findSpace("out");
  REQUIRE(routes.writes[mem]);
  CHECK(target.intrinsics[routes.writes[mem]->intrinsic].name == "LOAD");
  REQUIRE(routes.sees[out]);
  REQUIRE(routes.sees[mem]);
  CHECK(routes.sees[out]->seen == 1.0);
  CHECK(routes.sees[mem]->seen == 1.0);

  Script script(target, routes, *jit, {1, 1 << 16, SIZE_MAX});
  std::vector<uint8_t> rows;
  for (int i = 0; i < 16; ++i)
    rows.push_back(static_cast<uint8_t>(29 * i + 3));
  REQUIRE(script.prepare(mem, 10, rows));
  CHECK(script.model().read(mem, 10, 2).elements.bytes == rows);
  REQUIRE(script.observe(mem, 10, 2));
  CHECK(script.isSound());
}
