#include "core/mapping/View.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace lathe;

static std::optional<TensorAccess> accessAt(unsigned tensor, llvm::ArrayRef<ExprRef> subscripts,
                                            const Semantics &kernel) {
  TensorAccess access{tensor, {}};
  for (const ExprRef &subscript : subscripts) {
    auto affine = affineForm(*subscript, kernel);
    if (!affine || !affine->sizes.empty())
      return std::nullopt;
    access.subscripts.push_back(std::move(*affine));
  }
  return access;
}

std::optional<TensorAccess> lathe::accessOf(const Expr &load, const Semantics &kernel) {
  return accessAt(load.id, load.operands, kernel);
}

std::optional<TensorAccess> lathe::accessOf(const Statement &statement, const Semantics &kernel) {
  return accessAt(statement.tensor, statement.subscripts, kernel);
}

static std::vector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> sizes) {
  std::vector<int64_t> strides(sizes.size(), 1);
  for (size_t i = sizes.size(); i-- > 1;)
    strides[i - 1] = strides[i] * sizes[i];
  return strides;
}

int64_t lathe::loopStride(const TensorAccess &access, unsigned kernelLoop,
                          const Semantics &kernel) {
  std::vector<int64_t> strides = rowMajorStrides(kernel.tensors[access.tensor].sizes);
  int64_t stride = 0;
  for (size_t d = 0; d < strides.size(); ++d)
    stride += access.subscripts[d].coefficient(kernelLoop) * strides[d];
  return stride;
}

bool lathe::dependsOn(const TensorAccess &access, unsigned kernelLoop) {
  return llvm::any_of(access.subscripts, [&](const Affine &subscript) {
    return subscript.coefficient(kernelLoop) != 0;
  });
}

namespace {

/// Smallest and largest value of a subscript over the loops' box.
std::pair<int64_t, int64_t> subscriptRange(const Affine &subscript, const Statement &statement) {
  int64_t low = subscript.constant, high = subscript.constant;
  for (auto [loop, coefficient] : subscript.loops)
    (coefficient < 0 ? low : high) += coefficient * (statement.loops[loop].size - 1);
  return {low, high};
}

/// The kernel loops of a nest loop that take part, or none.
llvm::ArrayRef<unsigned> kernelLoops(const LoopMap &map, std::optional<unsigned> nestLoop) {
  return nestLoop ? llvm::ArrayRef<unsigned>(map.loops[*nestLoop].kernelLoops)
                  : llvm::ArrayRef<unsigned>();
}

class ViewBuilder {
public:
  ViewBuilder(const TensorAccess &access, const LoopMap &map, const ViewRequest &request,
              const Semantics &kernel, const Statement &statement)
      : access(access), map(map), request(request), kernel(kernel), statement(statement),
        tensor(kernel.tensors[access.tensor]), strides(rowMajorStrides(tensor.sizes)) {}

  std::optional<HostView> build(std::string &why) {
    if (request.layout) {
      why = "elements lie as " + request.layout->text;
      return std::nullopt;
    }
    if (!readsInside(why) || !subscriptsUsable(why) || !lanesConsecutive(why) ||
        !addressedUniform(why))
      return std::nullopt;
    HostView view;
    view.tensor = tensor.name;
    view.type = tensor.type;
    view.laneLoop = request.laneLoop;
    for (size_t d = 0; d < strides.size(); ++d)
      view.offset += access.subscripts[d].constant * strides[d];
    bool fusedAddressed = kernelLoops(map, request.addressedLoop).size() > 1;
    bool fusedAdded = false;
    for (size_t d = 0; d < strides.size(); ++d) {
      Coordinate coordinate{strides[d], {}};
      bool fused = false;
      for (auto [loop, coefficient] : access.subscripts[d].loops) {
        auto nestLoop = map.nestLoopOf[loop];
        if (!nestLoop || nestLoop == request.laneLoop)
          continue;
        if (fusedAddressed && nestLoop == request.addressedLoop)
          fused = true;
        else
          coordinate.terms.push_back({*nestLoop, coefficient});
      }
      if (fused && !coordinate.terms.empty()) {
        why = llvm::formatv("dimension {0} of '{1}' mixes fused loops with others", d, tensor.name);
        return std::nullopt;
      }
      if (fused && !std::exchange(fusedAdded, true)) {
        unsigned inner = map.loops[*request.addressedLoop].kernelLoops.back();
        view.coordinates.push_back(
            {loopStride(access, inner, kernel), {{*request.addressedLoop, 1}}});
      }
      if (!coordinate.terms.empty())
        view.coordinates.push_back(std::move(coordinate));
    }
    return view;
  }

private:
  bool readsInside(std::string &why) const {
    if (!request.zeroPadded)
      return true;
    for (size_t d = 0; d < strides.size(); ++d) {
      auto [low, high] = subscriptRange(access.subscripts[d], statement);
      if (low < 0 || high >= tensor.sizes[d]) {
        why = llvm::formatv("dimension {0} of '{1}' is read outside of its {2} elements", d,
                            tensor.name, tensor.sizes[d]);
        return false;
      }
    }
    return true;
  }

  bool subscriptsUsable(std::string &why) const {
    std::vector<unsigned> seen;
    for (const Affine &subscript : access.subscripts)
      for (auto [loop, coefficient] : subscript.loops) {
        if (!map.nestLoopOf[loop])
          continue;
        const std::string &name = statement.loops[loop].name;
        if (coefficient < 0) {
          why = llvm::formatv("'{0}' walks '{1}' backwards", name, tensor.name);
          return false;
        }
        if (llvm::is_contained(seen, loop)) {
          why = llvm::formatv("'{0}' subscripts two dimensions of '{1}'", name, tensor.name);
          return false;
        }
        seen.push_back(loop);
      }
    return true;
  }

  /// True when the loops, outermost first, together walk `tensor` with one stride.
  bool uniform(llvm::ArrayRef<unsigned> loops) const {
    for (size_t i = 1; i < loops.size(); ++i)
      if (loopStride(access, loops[i - 1], kernel) !=
          statement.loops[loops[i]].size * loopStride(access, loops[i], kernel))
        return false;
    return true;
  }

  /// "r steps by 21, c by 1"
  std::string steps(llvm::ArrayRef<unsigned> loops) const {
    std::string text;
    for (unsigned loop : loops)
      text += llvm::formatv("{0}{1} {2} {3}", text.empty() ? "" : ", ", statement.loops[loop].name,
                            text.empty() ? "steps by" : "by", loopStride(access, loop, kernel));
    return text;
  }

  bool lanesConsecutive(std::string &why) const {
    auto loops = kernelLoops(map, request.laneLoop);
    if (loops.empty() || (uniform(loops) && loopStride(access, loops.back(), kernel) == 1))
      return true;
    why = llvm::formatv("lanes are neighbours in memory, but in '{0}' {1}", tensor.name,
                        steps(loops));
    return false;
  }

  bool addressedUniform(std::string &why) const {
    auto loops = kernelLoops(map, request.addressedLoop);
    if (uniform(loops))
      return true;
    why = llvm::formatv("rows have one stride, but in '{0}' {1}", tensor.name, steps(loops));
    return false;
  }

  const TensorAccess &access;
  const LoopMap &map;
  const ViewRequest &request;
  const Semantics &kernel;
  const Statement &statement;
  const Tensor &tensor;
  std::vector<int64_t> strides;
};

/// Lays the packed tensor out and writes the copy as an index statement.
class PackBuilder {
public:
  PackBuilder(const TensorAccess &access, const LoopMap &map, const ViewRequest &request,
              const Semantics &kernel, const Statement &statement)
      : access(access), map(map), request(request), statement(statement),
        tensor(kernel.tensors[access.tensor]) {}

  HostView build(llvm::StringRef suffix, bool isResult) {
    chooseDimensions();
    HostView view;
    view.tensor = tensor.name + ".packed" + suffix.str();
    view.type = tensor.type;
    view.laneLoop = request.laneLoop;
    addCoordinates(view);
    view.packing = Packing{copyStatement(view.tensor, isResult), 0, ""};
    int64_t read = 1, written = 1;
    for (const PackedDimension &dimension : dimensions)
      read *= dimension.size;
    for (int64_t size : sizes())
      written *= size;
    view.packing->bytes = (read + written) * tensor.type.bytes();
    if (!request.layout)
      return view;
    view.encoding = encodeRows(request.layout, sizes(), firstLane);
    view.encoding->wholeRows = request.wholeRows;
    view.packing->bytes = read * tensor.type.bytes() +
                          view.encoding->blocks() * view.encoding->rows * view.encoding->rowBytes;
    return view;
  }

private:
  /// One dimension of the packed tensor: a kept tensor dimension, or one kernel loop.
  struct PackedDimension {
    std::optional<unsigned> kept; ///< tensor dimension
    unsigned loop = 0;            ///< kernel loop otherwise
    int64_t low = 0;              ///< kept: subscript value of the first element
    int64_t size = 1;
  };

  bool inLoop(unsigned loop, std::optional<unsigned> nestLoop) const {
    return nestLoop && map.nestLoopOf[loop] == nestLoop;
  }

  bool mustSplit(const Affine &subscript) const {
    bool fusedAddressed = kernelLoops(map, request.addressedLoop).size() > 1;
    return llvm::any_of(subscript.loops, [&](auto term) {
      return term.second < 0 || inLoop(term.first, request.laneLoop) ||
             (fusedAddressed && inLoop(term.first, request.addressedLoop)) || repeated(term.first);
    });
  }

  bool repeated(unsigned loop) const {
    return llvm::count_if(access.subscripts, [&](const Affine &subscript) {
             return subscript.coefficient(loop) != 0;
           }) > 1;
  }

  void chooseDimensions() {
    std::vector<unsigned> split;
    for (unsigned d = 0; d < access.subscripts.size(); ++d) {
      const Affine &subscript = access.subscripts[d];
      auto [low, high] = subscriptRange(subscript, statement);
      if (!mustSplit(subscript)) {
        if (high > low)
          dimensions.push_back({d, 0, low, high - low + 1});
        continue;
      }
      for (auto [loop, coefficient] : subscript.loops)
        if (map.nestLoopOf[loop] && !llvm::is_contained(split, loop))
          split.push_back(loop);
    }
    auto append = [&](auto belongs) {
      for (unsigned loop : split)
        if (belongs(loop))
          dimensions.push_back({std::nullopt, loop, 0, statement.loops[loop].size});
    };
    append([&](unsigned loop) {
      return !inLoop(loop, request.laneLoop) && !inLoop(loop, request.addressedLoop);
    });
    appendGroup(request.addressedLoop, split);
    firstLane = dimensions.size();
    appendGroup(request.laneLoop, split);
    int64_t lanes = 1;
    for (const PackedDimension &dimension : llvm::drop_begin(dimensions, firstLane))
      lanes *= dimension.size;
    pitch = firstLane == 0 || request.layout ? lanes : pitchOf(lanes);
    spaced = pitch != lanes;
  }

  /// The least number of elements from row to row at which each begins on a beat, or, when several
  /// fit into one, none lies across two.
  int64_t pitchOf(int64_t lanes) const {
    if (lanes >= request.beatElements)
      return llvm::alignTo(lanes, request.beatElements);
    while (request.beatElements % lanes != 0)
      ++lanes;
    return lanes;
  }

  /// Of the packed tensor: spaced rows are one dimension.
  std::vector<int64_t> sizes() const {
    std::vector<int64_t> sizes;
    for (size_t d = 0; d < (spaced ? firstLane : dimensions.size()); ++d)
      sizes.push_back(dimensions[d].size);
    if (spaced)
      sizes.push_back(pitch);
    return sizes;
  }

  /// A fused group's loops in the order of the group, so that they walk with one stride: all of
  /// them, or none when the access depends on none. Lanes are always there: what does not depend on
  /// them is copied along.
  void appendGroup(std::optional<unsigned> nestLoop, llvm::ArrayRef<unsigned> split) {
    auto loops = kernelLoops(map, nestLoop);
    bool used = llvm::any_of(loops, [&](unsigned l) { return llvm::is_contained(split, l); });
    if (!used && nestLoop != request.laneLoop)
      return;
    for (unsigned loop : loops)
      dimensions.push_back({std::nullopt, loop, 0, statement.loops[loop].size});
  }

  void addCoordinates(HostView &view) {
    std::vector<int64_t> strides = rowMajorStrides(sizes());
    bool fusedAdded = false;
    for (size_t d = 0; d < dimensions.size(); ++d) {
      const PackedDimension &dimension = dimensions[d];
      if (dimension.kept) {
        Coordinate coordinate{strides[d], {}};
        for (auto [loop, coefficient] : access.subscripts[*dimension.kept].loops)
          if (auto nestLoop = map.nestLoopOf[loop])
            coordinate.terms.push_back({*nestLoop, coefficient});
        view.coordinates.push_back(std::move(coordinate));
        continue;
      }
      if (inLoop(dimension.loop, request.laneLoop))
        continue;
      if (!inLoop(dimension.loop, request.addressedLoop)) {
        view.coordinates.push_back({strides[d], {{*map.nestLoopOf[dimension.loop], 1}}});
        continue;
      }
      if (std::exchange(fusedAdded, true))
        continue;
      size_t last = d;
      while (last + 1 < dimensions.size() && !dimensions[last + 1].kept &&
             inLoop(dimensions[last + 1].loop, request.addressedLoop))
        ++last;
      view.coordinates.push_back({strides[last], {{*request.addressedLoop, 1}}});
    }
  }

  Semantics copyStatement(const std::string &packedName, bool isResult) {
    Semantics copy;
    copy.name = packedName;
    copy.bound = true;
    Tensor plain = tensor, packed = tensor;
    plain.role = isResult ? Role::Output : Role::Input;
    packed.role = isResult ? Role::Input : Role::Output;
    packed.name = packedName;
    packed.sizes.clear();
    packed.shape.clear();
    Statement out;
    out.loc = statement.loc;
    std::map<unsigned, ExprRef> valueOf; // of a kernel loop, over the copy's
    std::vector<ExprRef> packedSubscripts;
    for (int64_t size : sizes()) {
      size_t d = packed.sizes.size();
      packed.sizes.push_back(size);
      packed.shape.push_back(makeConstant(size, ElementType::index()));
      packedSubscripts.push_back(makeLoop(d));
      out.loops.push_back({});
      out.loops.back().name = dimensionName(d);
      out.loops.back().size = size;
      out.loops.back().extent = packed.shape.back();
      if (spaced && d == firstLane)
        splitRow(valueOf);
      else if (!dimensions[d].kept)
        valueOf[dimensions[d].loop] = packedSubscripts.back();
    }
    std::vector<ExprRef> plainSubscripts, inside;
    for (unsigned d = 0; d < access.subscripts.size(); ++d)
      plainSubscripts.push_back(plainSubscript(d, valueOf, inside));
    unsigned packedId = isResult ? 0 : 1, plainId = 1 - packedId;
    copy.tensors =
        isResult ? std::vector<Tensor>{packed, plain} : std::vector<Tensor>{plain, packed};
    out.tensor = 1;
    ExprRef load = makeLoad(isResult ? packedId : plainId, tensor.type,
                            isResult ? packedSubscripts : plainSubscripts);
    out.subscripts = isResult ? plainSubscripts : packedSubscripts;
    for (ExprRef &condition : inside)
      load = makeExpr(Op::Select, tensor.type, {condition, load, makeConstant(0, tensor.type)});
    out.value = load;
    copy.statements.push_back(std::move(out));
    return copy;
  }

  std::string dimensionName(size_t d) const {
    if (dimensions[d].kept)
      return llvm::formatv("d{0}", *dimensions[d].kept).str();
    std::string name = statement.loops[dimensions[d].loop].name;
    if (spaced && d == firstLane)
      for (const PackedDimension &inner : llvm::drop_begin(dimensions, firstLane + 1))
        name += "_" + statement.loops[inner.loop].name;
    return name;
  }

  /// The lanes' loops from the place in a spaced row. What fills the end of a row is read from its
  /// last elements: nothing uses it.
  void splitRow(std::map<unsigned, ExprRef> &valueOf) const {
    auto index = ElementType::index();
    int64_t below = 1;
    for (size_t d = dimensions.size(); d-- > firstLane; below *= dimensions[d].size) {
      ExprRef digit = makeLoop(firstLane);
      if (below > 1)
        digit = makeExpr(Op::Div, index, {digit, makeConstant(below, index)});
      ExprRef size = makeConstant(dimensions[d].size, index);
      ExprRef last = makeConstant(dimensions[d].size - 1, index);
      valueOf[dimensions[d].loop] = d == firstLane ? makeExpr(Op::Min, index, {digit, last})
                                                   : makeExpr(Op::Mod, index, {digit, size});
    }
  }

  /// The plain tensor's subscript over the copy's loops; conditions for what may lie outside.
  ExprRef plainSubscript(unsigned d, const std::map<unsigned, ExprRef> &valueOf,
                         std::vector<ExprRef> &inside) {
    auto index = ElementType::index();
    ExprRef sum;
    auto add = [&](ExprRef term) {
      sum = sum ? makeExpr(Op::Add, index, {sum, term}) : std::move(term);
    };
    auto keptAs = llvm::find_if(dimensions, [&](const PackedDimension &p) { return p.kept == d; });
    int64_t constant = access.subscripts[d].constant;
    if (keptAs != dimensions.end()) {
      add(makeLoop(keptAs - dimensions.begin()));
      constant = keptAs->low;
    } else {
      for (auto [loop, coefficient] : access.subscripts[d].loops) {
        auto at = valueOf.find(loop);
        if (at == valueOf.end())
          continue;
        ExprRef leaf = at->second;
        add(coefficient == 1 ? leaf
                             : makeExpr(Op::Mul, index, {makeConstant(coefficient, index), leaf}));
      }
    }
    if (!sum || constant != 0)
      add(makeConstant(constant, index));
    auto [low, high] = subscriptRange(access.subscripts[d], statement);
    if (request.zeroPadded && low < 0)
      inside.push_back(
          makeExpr(Op::LessEqual, ElementType::condition(), {makeConstant(0, index), sum}));
    if (request.zeroPadded && high >= tensor.sizes[d])
      inside.push_back(makeExpr(Op::Less, ElementType::condition(),
                                {sum, makeConstant(tensor.sizes[d], index)}));
    return sum;
  }

  const TensorAccess &access;
  const LoopMap &map;
  const ViewRequest &request;
  const Statement &statement;
  const Tensor &tensor;
  std::vector<PackedDimension> dimensions; ///< the lanes' are the last ones
  size_t firstLane = 0;                    ///< index of the lanes' first dimension
  int64_t pitch = 1;                       ///< elements from one row of lanes to the next
  bool spaced = false;                     ///< that is more than a row has
};

} // namespace

std::optional<HostView> lathe::stridedView(const TensorAccess &access, const LoopMap &map,
                                           const ViewRequest &request, const Semantics &kernel,
                                           const Statement &statement, std::string &why) {
  return ViewBuilder(access, map, request, kernel, statement).build(why);
}

HostView lathe::packedView(const TensorAccess &access, const LoopMap &map,
                           const ViewRequest &request, const Semantics &kernel,
                           const Statement &statement, llvm::StringRef suffix, bool isResult) {
  return PackBuilder(access, map, request, kernel, statement).build(suffix, isResult);
}
