// How the memories of a target are filled from host memory, and seen from there.
#pragma once

#include "core/semantics/Jit.h"
#include "core/target/Target.h"

namespace lathe::verify {

/// A space is written by an intrinsic of which one statement copies elements as they are, each to
/// one place: `to[i,j] = from[j,i]`, `to[i,j] = from[i, 7-j]`.
struct WriteRoute {
  unsigned intrinsic = 0;
  unsigned statement = 0;
  unsigned to = 0, from = 0;  ///< tiles
  const Expr *load = nullptr; ///< the element of `from` that is copied
};

/// A space is seen through an intrinsic whose result depends on every bit of it.
struct SeeRoute {
  unsigned intrinsic = 0;
  unsigned from = 0, to = 0;                        ///< tiles
  std::vector<int64_t> values;                      ///< of extents and immediates; addresses are 0
  std::vector<unsigned> fixtures;                   ///< other tiles, which must hold odd elements
  std::vector<std::pair<unsigned, int64_t>> states; ///< that it must run under
  double seen = 0; ///< share of single differing bits that change the result, 0 to 1
  /// Addresses of `from` that one step may show: with more, bits hide, or two addresses that hold
  /// each other's elements look the same.
  int64_t mostRows = INT64_MAX;
};

/// Found by a search over the description. What a route promises is tried out on the functional
/// simulator before it is taken.
struct Routes {
  static Routes find(const Target &target, Jit &jit);

  std::vector<std::optional<WriteRoute>> writes; ///< by space
  std::vector<std::optional<SeeRoute>> sees;     ///< by space
  /// By state: the intrinsic and the argument that set it.
  std::vector<std::optional<std::pair<unsigned, unsigned>>> setters;
  /// Spaces in the order in which they can be seen, those first that disturb the fewest others.
  std::vector<unsigned> order;
};

/// Dimensions of `tile` in front of its space's row; 0 or 1 is supported by routes.
unsigned leadingDimensions(const Target &target, const TileOperand &tile);
/// The extent that counts the addresses of `tile`.
std::optional<unsigned> leadingArgument(const Target &target, const TileOperand &tile);
/// Addresses that `tile` takes on chip when its arguments are `values`.
int64_t addressesOf(const Target &target, const TileOperand &tile, llvm::ArrayRef<int64_t> values);
int64_t elementsOf(const TileOperand &tile, llvm::ArrayRef<int64_t> values);
/// The states that are steps of the intrinsic's operands.
std::vector<unsigned> stepStates(const Intrinsic &intrinsic);
/// The extents that are no size of an operand.
std::vector<unsigned> freeExtents(const Intrinsic &intrinsic);
/// The immediates that are steps.
std::vector<unsigned> stepArguments(const Intrinsic &intrinsic);
/// Bytes from one row of a tile in host memory to the next when rows follow each other.
int64_t denseStep(const TileOperand &tile, llvm::ArrayRef<int64_t> values);
/// Bytes that a tile in host memory takes when its rows follow each other.
int64_t hostBytes(const TileOperand &tile, llvm::ArrayRef<int64_t> values);
/// These bytes for the elements `dense`, row major: as the tile's layout says.
std::vector<uint8_t> inHostMemory(const TileOperand &tile, llvm::ArrayRef<int64_t> values,
                                  std::vector<uint8_t> dense);
/// The elements of the route's source, in its order, whose copy begins with `data`; empty when two
/// places are one, or it copies less.
std::vector<uint8_t> sourceFor(const Target &target, const WriteRoute &route,
                               llvm::ArrayRef<int64_t> values, llvm::ArrayRef<uint8_t> data);
/// Every extent at its largest that fits, other arguments 0 (or their least), steps 1 or dense.
std::vector<int64_t> largestValues(const Target &target, const Intrinsic &intrinsic);

} // namespace lathe::verify
