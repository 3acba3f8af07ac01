// The first target is read as its files say; expected values are worked out by hand from them.
#include "core/description/Plugin.h"
#include "core/description/Generate.h"
#include "core/target/Encoding.h"
#include "tests/unit/Snapshot.h"

#include "llvm/Support/raw_ostream.h"

#include <doctest/doctest.h>

using namespace lathe;

namespace {
struct Loaded {
  Sources sources;
  Diagnostics diagnostics{sources};
  std::optional<Plugin> plugin;
  std::optional<Target> target;

  explicit Loaded(llvm::StringRef machine = "") {
    plugin = readManifest(LATHE_SOURCE_DIR "/targets/systolic_array", diagnostics);
    if (plugin)
      target = loadTarget(*plugin, machine, diagnostics);
    if (diagnostics.hasErrors())
      print(llvm::errs(), diagnostics);
  }
  const Intrinsic &intrinsic(llvm::StringRef name) const {
    return target->intrinsics[*target->findIntrinsic(name)];
  }
};
} // namespace

TEST_CASE("a plugin gives a target with the machine's sizes") {
  Loaded loaded;
  REQUIRE(loaded.target);
  const Target &target = *loaded.target;
  CHECK(target.name == "systolic_array");
  CHECK(target.machine == "default");
  CHECK(target.clockHz == 500e6);
  CHECK(target.instructionWidth == 64);
  REQUIRE(target.spaces.size() == 5);
  CHECK(target.spaces[kHostSpace].isHost);
  CHECK(target.spaces[kHostSpace].readBytes == 16);
  const Space &spm = target.spaces[*target.findSpace("spm")];
  CHECK(spm.addresses == 16384); // 256 KiB in rows of 16 bytes
  CHECK(spm.banks == 4);
  const Space &wreg = target.spaces[*target.findSpace("wreg")];
  CHECK(wreg.rowBytes() == 256);
  CHECK(wreg.addresses == 2);
}

TEST_CASE("arguments have the range of the field, the machine and the type") {
  Loaded loaded;
  REQUIRE(loaded.target);
  const Intrinsic &load = loaded.intrinsic("LOAD_ACC_I8");
  REQUIRE(load.arguments.size() == 4);
  CHECK(load.arguments[0].max == 0xffffffff); // 32 bits of host address
  CHECK(load.arguments[1].max == 1023);       // 64 KiB of accumulators in rows of 64 bytes
  CHECK(load.arguments[2].min == 1);
  CHECK(load.arguments[2].max == 256);
  CHECK(load.arguments[2].minusOne);
  CHECK(load.arguments[3].max == 16); // DIM
  const Intrinsic &epilogue = loaded.intrinsic("SET_EPILOGUE");
  CHECK(epilogue.arguments[0].min == -2147483648ll);
  CHECK(epilogue.arguments[1].max == 31);
}

TEST_CASE("masks cover constants and reserved bits") {
  Loaded loaded;
  REQUIRE(loaded.target);
  const Intrinsic &preload = loaded.intrinsic("PRELOAD");
  // opcode 63-60, rows 51-47, dst 32, src 14-0; everything else is zero
  CHECK(preload.mask[0] == 0xfff07ffeffff8000ull);
  CHECK(preload.match[0] == 0x6000000000000000ull);
  Word word = encode(preload, {5, 1, 16});
  CHECK(word[0] == (0x6000000000000000ull | 15ull << 47 | 1ull << 32 | 5));
  CHECK(!decode(*loaded.target, {0x6000000000008000ull, 0, 0, 0})); // a reserved bit is set
  const Intrinsic &move = loaded.intrinsic("MOVE_I8");
  // opcode 63-60, sub opcode 59-56, rows 54-47, bias 46-43, src 42-32, dst 14-0
  CHECK(move.mask[0] == 0xff800000ffff8000ull);
  CHECK(encode(move, {3, 2, 5, 16})[0] ==
        (0xf200000000000000ull | 15ull << 47 | 2ull << 43 | 3ull << 32 | 5));
}

TEST_CASE("what is read, written and stepped follows from the semantics and the strides") {
  Loaded loaded;
  REQUIRE(loaded.target);
  const Intrinsic &multiply = loaded.intrinsic("MATMUL");
  CHECK(multiply.tiles[2].name == "acc");
  CHECK(multiply.tiles[2].written);
  CHECK(!multiply.tiles[2].read);
  CHECK(loaded.intrinsic("MATMUL_ACC").tiles[2].read);
  CHECK(multiply.tiles[0].step.kind == Step::Kind::Argument);
  CHECK(multiply.tiles[0].step.id == 4);
  const Intrinsic &store = loaded.intrinsic("STORE_I8");
  CHECK(store.statesRead == std::vector<unsigned>{1, 2, 3}); // StStride, Shift, Floor
  CHECK(loaded.intrinsic("SET_EPILOGUE").statesWritten == std::vector<unsigned>{2, 3});
}

TEST_CASE("one ISA serves several machines") {
  Loaded loaded;
  REQUIRE(loaded.plugin);
  auto isa = readIsa(*loaded.plugin, loaded.diagnostics);
  REQUIRE(isa);
  CHECK(isa->intrinsics.size() == 17);
  CHECK(loadTarget(*loaded.plugin, *isa, "", loaded.diagnostics));
  CHECK(loadTarget(*loaded.plugin, *isa, "default", loaded.diagnostics));
  CHECK(!loadTarget(*loaded.plugin, *isa, "defualt", loaded.diagnostics));
  CHECK(loaded.diagnostics.all().back().code() == "L0237");
  CHECK(loaded.diagnostics.all().back().help == "did you mean 'default'?");
}

TEST_CASE("the package has masks and fields in file order") {
  Loaded loaded;
  REQUIRE(loaded.target);
  std::string text = systemVerilogPackage(*loaded.target, loaded.plugin->isaFile);
  llvm::StringRef begin = "// Generated from isa/systolic_array.td by 'lathe show systolic_array "
                          "isa --format sv'. Do not edit.\n"
                          "package systolic_array_pkg;\n"
                          "  localparam int unsigned InstWidth = 64;\n"
                          "  localparam logic [63:0] LoadMask = 64'hf000000000000000;\n"
                          "  localparam logic [63:0] LoadMatch = 64'h1000000000000000;\n"
                          "  localparam int unsigned LoadSrcLsb = 0;\n"
                          "  localparam int unsigned LoadSrcWidth = 32;\n"
                          "  localparam int unsigned LoadDstLsb = 32;\n";
  CHECK(llvm::StringRef(text).starts_with(begin));
  CHECK(llvm::StringRef(text).ends_with("endpackage\n"));
  test::checkSnapshot("targets/systolic_array/rtl/systolic_array_pkg.sv", text);
}
