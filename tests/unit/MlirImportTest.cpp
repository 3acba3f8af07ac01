#include "core/kernel/KernelFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <doctest/doctest.h>

using namespace lathe;

namespace {

struct Import {
  Sources sources;
  Diagnostics diagnostics{sources};

  std::optional<KernelFile> read(llvm::StringRef text, const MlirReaderOptions &options = {}) {
    return importMlir(sources.add("test.mlir", text), diagnostics, options);
  }

  std::string first() const {
    return diagnostics.all().empty() ? "" : diagnostics.all().front().code().str();
  }
};

constexpr const char *kDouble =
    "func.func @twice(%x: tensor<?xi8>) -> tensor<?xi8> {\n"
    "  %c0 = arith.constant 0 : index\n"
    "  %n = tensor.dim %x, %c0 : tensor<?xi8>\n"
    "  %e = tensor.empty(%n) : tensor<?xi8>\n"
    "  %y = linalg.map { arith.addi } ins(%x, %x : tensor<?xi8>, tensor<?xi8>)\n"
    "      outs(%e : tensor<?xi8>)\n"
    "  return %y : tensor<?xi8>\n"
    "}\n";

} // namespace

TEST_CASE("mlir: a kernel's statements keep the places of their operations") {
  Import import;
  auto file = import.read(kDouble);
  REQUIRE(file);
  REQUIRE(file->kernels.size() == 1);
  const Semantics &kernel = file->kernels[0].semantics;
  CHECK(file->kernels[0].text == "kernel twice(x: i8[x_0]) -> y: i8[x_0] {\n"
                                 "  y[i] = x[i] + x[i]\n"
                                 "}\n");
  Place place = import.sources.place(kernel.statements[0].value->operands[0]->loc);
  CHECK(place.file == "test.mlir");
  CHECK(place.line == 5);
}

TEST_CASE("mlir: constants come with the kernel") {
  Import import;
  auto file = import.read("func.func @f() -> tensor<3xi16> {\n"
                          "  %w = arith.constant dense<[1, -2, 300]> : tensor<3xi16>\n"
                          "  return %w : tensor<3xi16>\n"
                          "}\n");
  REQUIRE(file);
  const Array &array = file->kernels[0].constants.at("w");
  CHECK(array.type == ElementType::integer(16));
  CHECK(array.sizes == std::vector<int64_t>{3});
  CHECK(array.integerAt(1) == -2);
  CHECK(array.integerAt(2) == 300);
}

TEST_CASE("mlir: a reader that is missing or ends early is a message, not an end") {
  for (auto [program, code] : {std::pair("/nonexistent/reader", "L0670"),
                               {"/bin/false", "L0671"},
                               {"/bin/true", "L0671"},
                               {"/bin/echo", "L0671"}}) {
    Import import;
    MlirReaderOptions options;
    options.program = program;
    CHECK_FALSE(import.read(kDouble, options));
    CHECK(import.first() == code);
  }
}

TEST_CASE("mlir: what the reader reports gets its words and its place") {
  int descriptor = 0;
  llvm::SmallString<128> path;
  REQUIRE(!llvm::sys::fs::createTemporaryFile("reader", "sh", descriptor, path));
  llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true)
      << "#!/bin/sh\n"
         "echo '{\"kernels\": [], \"reports\": [{\"kind\": \"warning\", \"at\": [2, 3], "
         "\"arguments\": [\"odd\"], \"notes\": [{\"at\": [1, 1], \"text\": \"here\"}]}]}'\n";
  REQUIRE(!llvm::sys::fs::setPermissions(path, llvm::sys::fs::all_all));
  Import import;
  MlirReaderOptions options;
  options.program = path.str().str();
  CHECK(import.read(kDouble, options));
  CHECK(import.first() == "L0652");
  const Diagnostic &warning = import.diagnostics.all().front();
  CHECK(warning.text == "odd");
  CHECK(warning.place.line == 2);
  CHECK(warning.place.column == 3);
  REQUIRE(warning.notes.size() == 1);
  CHECK(warning.notes[0].place.line == 1);
  llvm::sys::fs::remove(path);
}

TEST_CASE("mlir: the reader keeps its limits") {
  Import import;
  MlirReaderOptions options;
  options.limits.memoryBytes = 1 << 20;
  CHECK_FALSE(import.read(kDouble, options));
  CHECK(import.first() == "L0671");
  Import late;
  options = {};
  options.limits.wallMilliseconds = 0;
  CHECK_FALSE(late.read(kDouble, options));
  CHECK(late.first() == "L0671");
}

TEST_CASE("mlir: every prefix of a file is read or refused") {
  llvm::StringRef text = kDouble;
  for (size_t size = 0; size < text.size(); size += 7) {
    Import import;
    if (!import.read(text.take_front(size)))
      CHECK(import.diagnostics.hasErrors());
  }
}
