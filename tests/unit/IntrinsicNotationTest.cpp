#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using lathe::test::Notation;

namespace {

Size extent(const char *name, int64_t max) {
  Size size;
  size.name = name;
  size.max = max;
  return size;
}

/// A scope with DIM = 16, rows <= 256, cols <= DIM.
struct Scope {
  IntrinsicScope scope;

  Scope() {
    Size dim = extent("DIM", 16);
    dim.value = 16;
    scope.sizes = {dim, extent("rows", 256), extent("cols", 16)};
  }

  ExprRef size(const std::string &name) {
    for (unsigned i = 0; i < scope.sizes.size(); ++i)
      if (scope.sizes[i].name == name)
        return makeSize(i);
    return nullptr;
  }

  Scope &tile(const char *name, ElementType type, std::vector<std::string> shape,
              Role role = Role::Input) {
    Tensor tensor;
    tensor.name = name;
    tensor.type = type;
    tensor.role = role;
    for (const std::string &entry : shape)
      tensor.shape.push_back(size(entry));
    scope.tensors.push_back(tensor);
    return *this;
  }

  std::optional<Semantics> parse(Notation &notation, std::string text) {
    unsigned file = notation.sources.add("test.td", text);
    return parseIntrinsic("OP", file, 0, text, scope, notation.diagnostics);
  }
};

constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);

} // namespace

TEST_CASE("a load that pads is guarded by a run-time extent") {
  Notation notation;
  auto load = Scope()
                  .tile("src", i8, {"rows", "cols"})
                  .tile("dst", i32, {"rows", "DIM"})
                  .parse(notation, "dst[i,j] = select(j < cols, i32(src[i,j]), 0)");
  INFO(notation.shown());
  REQUIRE(load);
  CHECK(load->tensors[1].role == Role::Output);
  CHECK(load->tensors[0].role == Role::Input);
  CHECK(load->tensors[0].sizes.empty());
  CHECK(load->statements[0].loops[1].size == 16);
}

TEST_CASE("without its guard the load reads outside") {
  Notation notation;
  auto load = Scope()
                  .tile("src", i8, {"rows", "cols"})
                  .tile("dst", i32, {"rows", "DIM"})
                  .parse(notation, "dst[i,j] = i32(src[i,j])");
  CHECK_FALSE(load);
  CHECK(notation.codes() == "L0613 1:22");
}

TEST_CASE("the same type's conversion is no operation") {
  Notation notation;
  auto load = Scope()
                  .tile("src", i32, {"rows", "cols"})
                  .tile("dst", i32, {"rows", "DIM"})
                  .parse(notation, "dst[i,j] = select(j < cols, i32(src[i,j]), 0)");
  REQUIRE(load);
  CHECK(load->statements[0].value->operands[1]->op == Op::Load);
}

TEST_CASE("a weight preload, a multiply, an epilogue and a configuration") {
  Notation notation;
  auto preload = Scope().tile("src", i8, {"rows", "DIM"}).tile("dst", i8, {"DIM", "DIM"});
  preload.scope.sizes[1].max = 16;
  CHECK(preload.parse(notation, "dst[k,j] = select(k < rows, src[k,j], 0)"));
  auto multiply = Scope()
                      .tile("a", i8, {"rows", "DIM"})
                      .tile("w", i8, {"DIM", "DIM"})
                      .tile("acc", i32, {"rows", "DIM"})
                      .parse(notation, "acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])");
  REQUIRE(multiply);
  CHECK(multiply->statements[0].assign == Assign::Add);
  CHECK(multiply->tensors[2].role == Role::Output);
  CHECK(Scope()
            .tile("src", i32, {"rows", "DIM"})
            .tile("bias", i32, {"DIM"})
            .tile("dst", i8, {"rows", "cols"})
            .tile("Floor", i32, {}, Role::State)
            .tile("Shift", ElementType::integer(5, false), {}, Role::State)
            .parse(notation,
                   "dst[i,j] = sat_i8(round_shift(max(src[i,j] + bias[j], Floor), Shift))"));
  auto set = Scope()
                 .tile("Floor", i32, {}, Role::State)
                 .tile("Shift", ElementType::integer(5, false), {}, Role::State)
                 .tile("floor.value", i32, {}, Role::Immediate)
                 .tile("shift", ElementType::integer(5, false), {}, Role::Immediate)
                 .parse(notation, "Floor = floor.value; Shift = shift");
  INFO(notation.shown());
  REQUIRE(set);
  CHECK(set->statements.size() == 2);
  CHECK(set->tensors[0].role == Role::State);
}

TEST_CASE("element-wise work reads what it writes") {
  Notation notation;
  CHECK(Scope()
            .tile("dst", i32, {"rows", "DIM"})
            .tile("src", i32, {"rows", "DIM"})
            .parse(notation, "dst[i,j] = max(dst[i,j], src[i,j])"));
  CHECK(Scope()
            .tile("dst", i32, {"rows", "DIM"})
            .tile("factor", i32, {}, Role::Immediate)
            .parse(notation, "dst[i,j] = dst[i,j] * factor"));
  CHECK(notation.codes() == "");
}

TEST_CASE("a bit plane through a saturating converter, and a 2:4 gather") {
  Notation notation;
  Scope crossbar;
  crossbar.scope.sizes.push_back(extent("AdcMax", 255));
  crossbar.scope.sizes.back().value = 255;
  CHECK(crossbar.tile("x", i8, {"DIM"})
            .tile("g", i8, {"DIM", "DIM"})
            .tile("acc", i32, {"DIM"})
            .tile("p", ElementType::integer(3, false), {}, Role::Immediate)
            .parse(notation, "acc[c] += clamp(sum(r) i32(bit(x[r], p)) * i32(g[r,c]), 0, "
                             "i32(AdcMax)) << p"));
  Scope sparse;
  sparse.scope.sizes.push_back(extent("HALF", 8));
  sparse.scope.sizes.back().value = 8;
  CHECK(sparse.tile("a.val", i8, {"DIM", "HALF"})
            .tile("a.idx", ElementType::integer(2, false), {"DIM", "HALF"})
            .tile("b", i8, {"DIM", "DIM"})
            .tile("acc", i32, {"DIM", "DIM"})
            .parse(notation, "acc[i,j] += sum(k) i32(a.val[i,k]) * "
                             "i32(b[4*(k/2) + a.idx[i,k], j])"));
  INFO(notation.shown());
  CHECK(notation.codes() == "");
}

TEST_CASE("grid coordinates are leading subscripts") {
  Notation notation;
  auto broadcast = Scope()
                       .tile("src", i8, {"DIM", "DIM", "rows"})
                       .tile("dst", i8, {"DIM", "DIM", "rows"})
                       .tile("s", i8, {}, Role::Immediate)
                       .parse(notation, "dst@[x,y][i] = src@[s,y][i]");
  INFO(notation.shown());
  REQUIRE(broadcast);
  CHECK(broadcast->statements[0].subscripts.size() == 3);
}

TEST_CASE("a text that stands nowhere is located in itself, with a note where it was given") {
  Notation notation;
  unsigned file = notation.sources.add("test.td", "let Semantics = \"dst[i,j] = \" # X;");
  Scope scope;
  scope.tile("dst", i8, {"rows", "DIM"});
  CHECK_FALSE(
      parseIntrinsic("OP", file, 16, "dst[i,j] = srx[i,j]", scope.scope, notation.diagnostics));
  CHECK(notation.codes() == "L0509 1:12");
  CHECK(notation.diagnostics.all()[0].place.file == "semantics of 'OP'");
  REQUIRE(notation.diagnostics.all()[0].notes.size() == 1);
  CHECK(notation.diagnostics.all()[0].notes[0].place.column == 17);
}

TEST_CASE("every line of the reference's intrinsics parses") {
  std::string why;
  Notation page;
  auto file = page.sources.read(LATHE_SOURCE_DIR "/docs/reference/notation.md", why);
  REQUIRE(file);
  auto [before, block] = page.sources.text(*file).split("```intrinsic\n");
  int lines = 0;
  for (llvm::StringRef rest = block.split("```").first; !rest.empty();) {
    llvm::StringRef line;
    std::tie(line, rest) = rest.split('\n');
    Notation notation;
    auto parsed = Scope()
                      .tile("src", i8, {"rows", "cols"})
                      .tile("dst", i32, {"rows", "DIM"})
                      .tile("a", i8, {"rows", "DIM"})
                      .tile("w", i8, {"DIM", "DIM"})
                      .tile("acc", i32, {"rows", "DIM"})
                      .tile("near", i8, {"DIM", "DIM", "DIM"})
                      .tile("far", i8, {"DIM", "DIM", "DIM"})
                      .tile("value", i32, {}, Role::Immediate)
                      .tile("LdStride", i32, {}, Role::State)
                      .parse(notation, line.str());
    INFO(line.str(), notation.shown());
    CHECK(parsed.has_value());
    ++lines;
  }
  CHECK(lines == 4);
}
