// How a tile of an operand lies in an on-chip space.
#pragma once

#include "core/mapping/Nest.h"

namespace lathe {

/// An input's tile in its staging space: one address per row of lanes.
///
/// address = base + sum of pitch[c] * index of coordinate c + planePitch * lane chunk. The
/// coordinate of the tile's addressed loop comes first with pitch 1.
struct StagedLayout {
  struct Axis {
    const Coordinate *coordinate = nullptr;
    int64_t divisor =
        1; ///< gcd of the coefficients: elements of the tensor between two that are staged
    int64_t count = 1;
    int64_t pitch = 1;
    int64_t rows = 1; ///< addresses of all its values: more than they need when they are aligned
  };
  std::vector<Axis> axes;
  int64_t planeRows = 1; ///< addresses of one lane chunk
  int64_t chunks = 1;
  int64_t laneWidth = 1; ///< elements of a row

  int64_t rows() const { return planeRows * chunks; }
  /// Addresses between neighbouring values of `nestLoop`.
  int64_t addressStep(unsigned nestLoop) const;
};

/// The layout of an input whose nest loops run over `tile` values each.
StagedLayout layOut(const StagedInput &input, llvm::ArrayRef<int64_t> tile, int64_t laneWidth);

/// Result tiles: rows of the row loop next to each other, then the outer parallel loops, then lane
/// chunks.
struct ResultLayout {
  std::vector<unsigned> outerLoops; ///< parallel, innermost first
  std::vector<int64_t> pitches;     ///< of outerLoops
  int64_t planeRows = 1;
  int64_t chunks = 1;
  int64_t rows() const { return planeRows * chunks; }
};
ResultLayout layOutResult(const Nest &nest, llvm::ArrayRef<int64_t> tile, int64_t laneWidth);

/// True when the input changes with `nestLoop`.
bool dependsOn(const StagedInput &input, unsigned nestLoop);

} // namespace lathe
