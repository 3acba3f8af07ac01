// The file of conformance vectors: what is written is read, and nothing else is.
#include "sdk/verify/Vectors.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::verify;

static VectorSet sample() {
  Vector vector;
  vector.cases = {"field/ADD/a=min", "field/ADD/a=max"};
  vector.windows = {{0, 64}, {0x1000, 32}};
  vector.commands = {{{1, 2, 3, 4}, 5}, {{6, 0, 0, 0}, 0}};
  vector.parts = {{1, std::nullopt, false, false, 0, 77}, {1, 9, true, true, 3, 0}};
  vector.before = {{0x1000, {1, 2, 3}}};
  vector.after = {{0, {9}}, {0x101f, {8}}};
  vector.ignored = {{16, 4}};
  vector.counters = {{"retired_ADD", 2}};
  vector.ports.stall[1] = 0.25;
  vector.ports.pattern[2] = {3, 8};
  vector.registerSeed = 11;
  return {"unit@default", true, {vector}};
}

static std::optional<VectorSet> read(llvm::StringRef bytes, std::string *code = nullptr) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto set = readVectors(bytes, "some.vectors", diagnostics);
  CHECK(set.has_value() != diagnostics.hasErrors());
  if (code && diagnostics.hasErrors())
    *code = diagnostics.all().front().code().str();
  return set;
}

TEST_CASE("vectors read back as they were written") {
  VectorSet set = sample();
  std::string bytes = serialize(set);
  auto back = read(bytes);
  REQUIRE(back);
  CHECK(back->target == "unit@default");
  CHECK(back->whole);
  REQUIRE(back->vectors.size() == 1);
  const Vector &got = back->vectors.front(), &wanted = set.vectors.front();
  CHECK(got.cases == wanted.cases);
  REQUIRE(got.commands.size() == 2);
  CHECK(got.commands[0].word == wanted.commands[0].word);
  CHECK(got.commands[0].gap == 5);
  REQUIRE(got.parts.size() == 2);
  CHECK(!got.parts[0].cut);
  CHECK(got.parts[0].cycles == 77);
  CHECK(got.parts[1].cut == 9);
  CHECK(got.parts[1].restarts);
  CHECK(got.parts[1].refused);
  CHECK(got.parts[1].errorCode == 3);
  REQUIRE(got.after.size() == 2);
  CHECK(got.after[1].address == 0x101f);
  CHECK(got.after[1].bytes == std::vector<uint8_t>{8});
  CHECK(got.ignored[0].bytes == 4);
  CHECK(got.counters[0].name == "retired_ADD");
  CHECK(got.ports.stall[1] == 0.25);
  CHECK(got.ports.pattern[2].period == 8);
  CHECK(got.registerSeed == 11);
  CHECK(serialize(*back) == bytes);
  CHECK(back->find("field/ADD/a=max") == &back->vectors.front());
  CHECK(back->find("field/ADD/a=mid") == nullptr);
}

TEST_CASE("vectors cut off or with a byte changed are refused") {
  std::string bytes = serialize(sample()), code;
  for (size_t length = 0; length < bytes.size(); length += 7) {
    CHECK_FALSE(read(llvm::StringRef(bytes).take_front(length), &code));
    CHECK(code == "L0952");
  }
  for (size_t at = 0; at < bytes.size(); at += 5) {
    std::string damaged = bytes;
    damaged[at] ^= 0x40;
    if (at < 12 || at >= 16) // the reserved number may be anything
      CHECK_FALSE(read(damaged, &code));
  }
}

TEST_CASE("vectors whose memory lies outside of their windows are refused") {
  VectorSet set = sample();
  set.vectors[0].after[1].address = 0x1020;
  CHECK_FALSE(read(serialize(set)));
  set = sample();
  set.vectors[0].parts[0].count = 2;
  CHECK_FALSE(read(serialize(set)));
  set = sample();
  set.vectors[0].windows[0].bytes = uint64_t(1) << 40;
  CHECK_FALSE(read(serialize(set)));
}
