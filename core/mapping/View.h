// Tensor accesses as strided walks of a nest's loops, and the copies that make them so.
#pragma once

#include "core/mapping/Nest.h"

namespace lathe {

/// How kernel loops became nest loops. Loops of one iteration are in none.
struct LoopMap {
  std::vector<NestLoop> loops;
  std::vector<std::optional<unsigned>> nestLoopOf; ///< by kernel loop
};

/// The element at affine subscripts of a tensor.
struct TensorAccess {
  unsigned tensor = 0;
  std::vector<Affine> subscripts;
};

/// The access of a Load, or of a statement's left side; nothing when a subscript is not affine.
std::optional<TensorAccess> accessOf(const Expr &load, const Semantics &kernel);
std::optional<TensorAccess> accessOf(const Statement &statement, const Semantics &kernel);

/// Elements the access moves by when `loop` advances.
int64_t loopStride(const TensorAccess &access, unsigned kernelLoop, const Semantics &kernel);
bool dependsOn(const TensorAccess &access, unsigned kernelLoop);

/// What a view has to satisfy.
struct ViewRequest {
  std::optional<unsigned> laneLoop;      ///< nest loop over consecutive elements
  std::optional<unsigned> addressedLoop; ///< nest loop with one stride
  bool zeroPadded = false;               ///< reads outside of the tensor give zero
  int64_t beatElements = 1;              ///< elements of one beat of the memory port
  /// How rows of lanes lie; nothing: as neighbours in memory. Such a view is a packed one.
  std::shared_ptr<const Layout> layout = nullptr;
  bool wholeRows = false; ///< `layout` puts lanes anywhere on chip
};

/// The access as strides only, or nothing and the reason.
std::optional<HostView> stridedView(const TensorAccess &access, const LoopMap &map,
                                    const ViewRequest &request, const Semantics &kernel,
                                    const Statement &statement, std::string &why);

/// A copy `<tensor>.packed<suffix>` in which the access is strides only. A dimension that only
/// outer loops walk is kept (its overlaps are stored once); others become their loops, the lanes
/// last. Where rows of lanes are no whole beats they are spaced so that each begins on one:
///
/// before:  y[p, r, s] = x[p+r, s]                               rows of 9 in 1.5 beats of 16
/// after:   y[p, r_s] = x[p + min(r_s/3, 2), r_s%3], r_s < 16    in one
HostView packedView(const TensorAccess &access, const LoopMap &map, const ViewRequest &request,
                    const Semantics &kernel, const Statement &statement, llvm::StringRef suffix,
                    bool isResult);

} // namespace lathe
