// A machine put together in C++, for tests of the functional simulator: a matrix unit of DIM x DIM
// with a scratchpad, accumulators, one stationary operand, and a few operations that exercise
// definedness.
#pragma once

#include "core/semantics/Parser.h"
#include "core/target/Target.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"

namespace lathe::test {

class SmallTarget {
public:
  Target target;

  explicit SmallTarget(int64_t dim) : dim(dim) {
    target.name = "small";
    target.machine = "default";
    addSpace("host", ElementType::integer(8, false), {}, 0);
    target.spaces[0].isHost = true;
    addSpace("spm", i8, {dim}, 1024);
    addSpace("acc", i32, {dim}, 1024);
    addSpace("wreg", i8, {dim, dim}, 2);
    for (const char *name : {"LdStride", "StStride", "Shift"})
      target.states.push_back({name, i32, ""});
    addIntrinsics();
  }

  unsigned operator[](llvm::StringRef intrinsic) const { return *target.findIntrinsic(intrinsic); }

private:
  static constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);
  struct TileSpec {
    const char *name;
    unsigned space;
    ElementType element;
    std::vector<std::string> shape; ///< extents by name, or "DIM"
    const char *step = "";          ///< a state or an immediate
  };
  struct NumberSpec {
    const char *name;
    int64_t max;
    std::optional<ElementType> immediate; ///< else an extent
  };

  void addSpace(const char *name, ElementType element, std::vector<int64_t> row,
                int64_t addresses) {
    Space space;
    space.name = name;
    space.element = element;
    space.row = std::move(row);
    space.addresses = addresses;
    target.spaces.push_back(std::move(space));
  }

  void addIntrinsics() {
    ElementType u8 = ElementType::integer(8, false);
    NumberSpec rows{"rows", 512, {}}, cols{"cols", dim, {}}, value{"value", INT32_MAX, i32};
    add("SET_LOAD", "LdStride = value", {}, {value});
    add("SET_STORE", "StStride = value", {}, {value});
    add("SET_SHIFT", "Shift = value", {}, {value});
    add("LOAD", "dst[i,j] = select(j < cols, src[i,j], 0)",
        {{"src", 0, i8, {"rows", "cols"}, "LdStride"}, {"dst", 1, i8, {"rows", "DIM"}}},
        {rows, cols});
    add("LOAD_PART", "dst[i,j] = src[i,j] where j < cols",
        {{"src", 0, i8, {"rows", "cols"}, "LdStride"}, {"dst", 1, i8, {"rows", "DIM"}}},
        {rows, cols});
    add("PRELOAD", "dst[k,j] = select(k < rows, src[k,j], 0)",
        {{"src", 1, i8, {"rows", "DIM"}}, {"dst", 3, i8, {"DIM", "DIM"}}}, {{"rows", dim, {}}});
    std::vector<TileSpec> multiply = {{"a", 1, i8, {"rows", "DIM"}, "step"},
                                      {"w", 3, i8, {"DIM", "DIM"}},
                                      {"acc", 2, i32, {"rows", "DIM"}}};
    NumberSpec step{"step", 255, u8};
    add("MATMUL", "acc[i,j] = sum(k) i32(a[i,k]) * i32(w[k,j])", multiply, {rows, step});
    add("MATMUL_ACC", "acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])", multiply, {rows, step});
    std::vector<TileSpec> vector = {{"dst", 2, i32, {"rows", "DIM"}},
                                    {"src", 2, i32, {"rows", "DIM"}}};
    add("VADD", "dst[i,j] = dst[i,j] + src[i,j]", vector, {rows});
    add("VREVERSE", "dst[i,j] = src[rows-1-i,j]", vector, {rows});
    add("VGATHER", "dst[i,j] = table[idx[i,j]]",
        {{"dst", 2, i32, {"rows", "DIM"}},
         {"idx", 1, i8, {"rows", "DIM"}},
         {"table", 2, i32, {"DIM"}}},
        {rows});
    add("STORE", "dst[i,j] = sat_i8(round_shift(src[i,j], Shift))",
        {{"src", 2, i32, {"rows", "DIM"}}, {"dst", 0, i8, {"rows", "cols"}, "StStride"}},
        {rows, cols});
  }

  ExprRef sizeOf(const Semantics &, const std::string &name, const IntrinsicScope &scope) {
    for (unsigned i = 0; i < scope.sizes.size(); ++i)
      if (scope.sizes[i].name == name)
        return makeSize(i);
    return nullptr;
  }

  void add(const char *name, const char *text, std::vector<TileSpec> tiles,
           std::vector<NumberSpec> numbers) {
    Intrinsic intrinsic;
    intrinsic.name = name;
    IntrinsicScope scope;
    Size dimension;
    dimension.name = "DIM";
    dimension.value = dim;
    scope.sizes.push_back(dimension);
    for (const TileSpec &tile : tiles)
      addArgument(intrinsic, tile.name, Argument::Kind::Address, 0, INT32_MAX, {});
    for (const NumberSpec &number : numbers)
      addNumber(intrinsic, scope, number);
    for (const TileSpec &tile : tiles)
      addTile(intrinsic, scope, tile);
    for (const State &state : target.states)
      addScalar(scope, state.name, state.element, Role::State);
    parse(intrinsic, text, std::move(scope));
    target.intrinsics.push_back(std::move(intrinsic));
  }

  void addArgument(Intrinsic &intrinsic, const char *name, Argument::Kind kind, int64_t min,
                   int64_t max, ElementType type) {
    Argument &argument = intrinsic.arguments.emplace_back();
    argument.name = name;
    argument.kind = kind;
    argument.min = min;
    argument.max = max;
    argument.type = type;
  }

  void addNumber(Intrinsic &intrinsic, IntrinsicScope &scope, const NumberSpec &number) {
    if (number.immediate) {
      addArgument(intrinsic, number.name, Argument::Kind::Immediate, 0, number.max,
                  *number.immediate);
      return addScalar(scope, number.name, *number.immediate, Role::Immediate);
    }
    addArgument(intrinsic, number.name, Argument::Kind::Extent, 1, number.max, {});
    Size size;
    size.name = number.name;
    size.max = number.max;
    scope.sizes.push_back(size);
  }

  void addScalar(IntrinsicScope &scope, const std::string &name, ElementType type, Role role) {
    Tensor &tensor = scope.tensors.emplace_back();
    tensor.name = name;
    tensor.type = type;
    tensor.role = role;
  }

  void addTile(Intrinsic &intrinsic, IntrinsicScope &scope, const TileSpec &spec) {
    TileOperand tile;
    tile.name = spec.name;
    tile.argument = *intrinsic.findArgument(spec.name);
    tile.space = spec.space;
    tile.element = spec.element;
    tile.tensor = scope.tensors.size();
    Tensor tensor;
    tensor.name = spec.name;
    tensor.type = spec.element;
    tensor.role = Role::Input;
    for (const std::string &entry : spec.shape) {
      auto argument = intrinsic.findArgument(entry);
      tile.shape.push_back({argument ? intrinsic.arguments[*argument].max : dim, argument});
      tensor.shape.push_back(sizeOf({}, entry, scope));
    }
    if (auto state = target.findState(spec.step))
      tile.step = {Step::Kind::State, *state};
    else if (auto argument = intrinsic.findArgument(spec.step))
      tile.step = {Step::Kind::Argument, *argument};
    intrinsic.tiles.push_back(tile);
    scope.tensors.push_back(tensor);
  }

  static void visitLoads(const Expr &expr, llvm::function_ref<void(unsigned)> read) {
    if (expr.op == Op::Load)
      read(expr.id);
    for (const ExprRef &operand : expr.operands)
      visitLoads(*operand, read);
  }

  void parse(Intrinsic &intrinsic, const char *text, IntrinsicScope scope) {
    Sources sources;
    Diagnostics diagnostics(sources);
    unsigned file = sources.add("small.td", text);
    auto semantics = parseIntrinsic(intrinsic.name, file, 0, text, std::move(scope), diagnostics);
    std::string shown;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    if (!semantics)
      llvm::report_fatal_error(llvm::StringRef(shown));
    intrinsic.semantics = std::move(*semantics);
    auto note = [&](unsigned tensor, bool written) {
      for (TileOperand &tile : intrinsic.tiles)
        if (tile.tensor == tensor)
          (written ? tile.written : tile.read) = true;
      auto state = target.findState(intrinsic.semantics.tensors[tensor].name);
      if (state)
        (written ? intrinsic.statesWritten : intrinsic.statesRead).push_back(*state);
    };
    for (const Statement &statement : intrinsic.semantics.statements) {
      note(statement.tensor, true);
      if (statement.assign != Assign::Set)
        note(statement.tensor, false);
      visitLoads(*statement.value, [&](unsigned tensor) { note(tensor, false); });
      for (const ExprRef &condition : statement.conditions)
        visitLoads(*condition, [&](unsigned tensor) { note(tensor, false); });
    }
  }

  int64_t dim;
};

} // namespace lathe::test
