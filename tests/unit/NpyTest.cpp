#include "core/semantics/Array.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace lathe;

// The files under tests/data/npy were written by numpy 2.4.

namespace {

constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);

struct Files {
  Sources sources;
  Diagnostics diagnostics{sources};

  std::optional<Array> read(const std::string &name, std::optional<ElementType> wanted = {}) {
    return readNpy(LATHE_SOURCE_DIR "/tests/data/npy/" + name + ".npy", wanted, diagnostics);
  }
  /// Reads a file of these bytes.
  std::optional<Array> readBytes(llvm::StringRef content, std::optional<ElementType> wanted = {}) {
    std::string path = LATHE_BUILD_DIR "/npy-test.npy";
    std::error_code error;
    llvm::raw_fd_ostream(path, error) << content;
    return readNpy(path, wanted, diagnostics);
  }
  std::string lastCode() const {
    if (diagnostics.all().empty())
      return "";
    const Diagnostic &last = diagnostics.all().back();
    // Files of numbers have no lines: the place is the file.
    CHECK(last.place.line == 0);
    CHECK(llvm::StringRef(last.place.file).ends_with(".npy"));
    return last.code().str();
  }
};

std::string npy(const std::string &header, const std::string &data, char major = 1) {
  std::string text = std::string("\x93NUMPY") + major + '\0';
  text += char(header.size() & 0xff);
  text += char(header.size() >> 8);
  if (major > 1)
    text += std::string(2, '\0');
  return text + header + data;
}

std::string whole(const std::string &name) {
  auto buffer = llvm::MemoryBuffer::getFile(LATHE_SOURCE_DIR "/tests/data/npy/" + name + ".npy");
  return buffer ? (*buffer)->getBuffer().str() : "";
}

} // namespace

TEST_CASE("npy: what numpy wrote is read, element for element") {
  Files files;
  auto bytes = files.read("i8_2x3");
  REQUIRE(bytes);
  CHECK(bytes->type == i8);
  CHECK(bytes->sizes == std::vector<int64_t>{2, 3});
  CHECK(bytes->integerAt(0) == -128);
  CHECK(bytes->integerAt(5) == 127);
  auto scalar = files.read("i32_scalar");
  REQUIRE(scalar);
  CHECK(scalar->sizes.empty());
  CHECK(scalar->integerAt(0) == -7);
  auto halves = files.read("f16_3");
  REQUIRE(halves);
  CHECK(halves->type == ElementType::f16());
  CHECK(halves->realAt(0) == 1.5);
  CHECK(halves->realAt(1) == -65504);
  CHECK(halves->realAt(2) == std::ldexp(1.0, -24));
  auto floats = files.read("f32_2");
  REQUIRE(floats);
  CHECK(floats->realAt(0) == 0.1f);
  CHECK(std::isinf(floats->realAt(1)));
  auto wide = files.read("u64_2");
  REQUIRE(wide);
  CHECK(uint64_t(wide->integerAt(1)) == UINT64_MAX);
  auto cube = files.read("i16_1x2x1");
  REQUIRE(cube);
  CHECK(cube->sizes == std::vector<int64_t>{1, 2, 1});
  CHECK(cube->integerAt(0) == -300);
}

TEST_CASE("npy: versions 2 and 3") {
  Files files;
  for (const char *name : {"version2", "version3"}) {
    auto array = files.read(name, i32);
    REQUIRE(array);
    CHECK(array->integerAt(2) == 3);
  }
}

TEST_CASE("npy: bool is u1; bf16 comes from V2 or uint16") {
  Files files;
  auto flags = files.read("bool_3");
  REQUIRE(flags);
  CHECK(flags->type == ElementType::condition());
  CHECK(flags->integerAt(2) == 1);
  for (const char *name : {"bf16_2", "u16_2"}) {
    auto array = files.read(name, ElementType::bf16());
    REQUIRE(array);
    CHECK(array->realAt(0) == 1.5);    // 0x3fc0
    CHECK(array->realAt(1) == -123.5); // 0xc2f7
  }
}

TEST_CASE("npy: types below a byte come from bytes whose values are in range") {
  Files files;
  auto nibbles = files.readBytes(
      npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }\n", "\x07\xf8"),
      ElementType::integer(4));
  REQUIRE(nibbles);
  CHECK(nibbles->integerAt(1) == -8);
  CHECK_FALSE(files.read("i8_2x3", ElementType::integer(4)));
  CHECK(files.lastCode() == "L0118");
  CHECK(files.diagnostics.all()[0].text == "element 0 is -128, i4 holds -8 to 7");
  CHECK_FALSE(files.read("i8_2x3", ElementType::integer(8, false)));
  CHECK(files.lastCode() == "L0116");
}

TEST_CASE("npy: what is not supported says what to save instead") {
  Files files;
  CHECK_FALSE(files.read("fortran"));
  CHECK(files.lastCode() == "L0114");
  for (const char *name : {"big_endian", "object", "f64", "record"}) {
    CHECK_FALSE(files.read(name));
    CHECK(files.lastCode() == "L0115");
  }
  CHECK_FALSE(files.read("there_is_none"));
  CHECK(files.lastCode() == "L0101");
}

TEST_CASE("npy: files that lie") {
  Files files;
  auto refused = [&](const std::string &bytes) {
    CHECK_FALSE(files.readBytes(bytes));
    return files.lastCode();
  };
  std::string good = whole("i8_2x3");
  CHECK(refused("") == "L0111");
  CHECK(refused("PK\x03\x04 an archive of arrays") == "L0111");
  CHECK(refused(good.substr(0, 8)) == "L0113");
  CHECK(refused(good.substr(0, 60)) == "L0113");
  CHECK(refused(good.substr(0, good.size() - 1)) == "L0117");
  CHECK(refused(good + "x") == "L0117");
  std::string version = good;
  version[6] = 9;
  CHECK(refused(version) == "L0112");
  std::string longHeader = good;
  longHeader[9] = '\xff';
  CHECK(refused(longHeader) == "L0113");
  auto header = [&](const std::string &text) { return refused(npy(text, "abc")); };
  CHECK(header("{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999,), }") == "L0117");
  CHECK(header("{'descr': '|i1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }") ==
        "L0117");
  CHECK(header("{'descr': '|i1', 'fortran_order': False, 'shape': (-3,), }") == "L0113");
  CHECK(header("{'descr': '|i1', 'fortran_order': False, 'shape': (3 }") == "L0113");
  CHECK(header("{'descr': '|i1', 'shape': (3,), }") == "L0113");
  CHECK(header("{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (3,)}") ==
        "L0113");
  CHECK(header("__import__('os')") == "L0113");
  CHECK(header("") == "L0113");
}

TEST_CASE("npy: every prefix and every flipped byte of a file is read or refused") {
  std::string good = whole("version2");
  for (size_t i = 0; i < good.size(); ++i) {
    Files files;
    CHECK_FALSE(files.readBytes(good.substr(0, i)));
    std::string flipped = good;
    flipped[i] ^= 0x55;
    if (!files.readBytes(flipped))
      CHECK(files.diagnostics.errorCount() == 2);
  }
}

TEST_CASE("npy: what is written is what numpy writes, and nothing partial is left") {
  Files files;
  std::string folder = LATHE_BUILD_DIR "/npy-written 100%";
  llvm::sys::fs::create_directories(folder);
  for (const char *name :
       {"i8_2x3", "i32_scalar", "u64_2", "f16_3", "f32_2", "i16_1x2x1", "bf16_2"}) {
    auto array = files.read(name);
    REQUIRE(array);
    std::string path = folder + "/" + name + ".npy";
    REQUIRE(writeNpy(path, *array, files.diagnostics));
    auto written = llvm::MemoryBuffer::getFile(path);
    REQUIRE(written);
    CHECK((*written)->getBuffer() == whole(name));
  }
  CHECK_FALSE(writeNpy(folder + "/no/such/folder.npy", Array::zeros(i8, {1}), files.diagnostics));
  CHECK(files.lastCode() == "L0102");
  std::error_code error;
  for (llvm::sys::fs::directory_iterator file(folder, error), end; file != end;
       file.increment(error))
    CHECK(llvm::StringRef(file->path()).ends_with(".npy"));
}

TEST_CASE("arrays: elements of every width keep their sign and value") {
  for (unsigned bits = 1; bits <= 64; ++bits)
    for (bool isSigned : {false, true}) {
      ElementType type = ElementType::integer(bits, isSigned);
      Array array = Array::zeros(type, {3});
      array.setInteger(1, type.min());
      array.setInteger(2, type.max());
      CHECK(array.integerAt(0) == 0);
      CHECK(array.integerAt(1) == type.min());
      CHECK(array.integerAt(2) == type.max());
    }
}
