// What the simulator knows about an intrinsic before it executes one.
#pragma once

#include "core/semantics/Jit.h"
#include "core/target/Target.h"
#include "simulators/functional/Memory.h"

namespace lathe {

/// A tile of an intrinsic as chunks of bytes in its space.
struct TilePlan {
  const TileOperand *operand = nullptr;
  unsigned leading = 0;   ///< dimensions in front of the space's row
  int64_t unitBytes = 1;  ///< bytes of one address
  int64_t fixedChunk = 0; ///< bytes of the dimensions that are neither the first nor run-time
  std::vector<unsigned> chunkArguments; ///< run-time extents that multiply it
  bool strided = false;                 ///< the first dimension steps by what the instruction says
  bool covered = false;                 ///< an execution writes every element of the tile
  bool exact = true;                    ///< the chunks hold no byte that is not the tile's

  JitLayout layout;
  std::optional<LayoutMap> map; ///< elements do not lie densely: the code sees a dense copy

  /// The sizes of the tile's dimensions.
  std::vector<int64_t> sizes(llvm::ArrayRef<int64_t> values) const;
  /// `states` by state of the target. With a layout, rows or a block with their padding.
  Chunks access(llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> states) const;

private:
  Chunks laidOut(Chunks access, llvm::ArrayRef<int64_t> values,
                 llvm::ArrayRef<int64_t> states) const;
  int64_t extent(const Dimension &dimension, llvm::ArrayRef<int64_t> values) const {
    return dimension.argument ? values[*dimension.argument] : dimension.size;
  }
};

/// Where a size or a scalar of the semantics gets its value.
struct ScalarSource {
  enum class Kind : uint8_t { None, Argument, State };
  Kind kind = Kind::None;
  unsigned id = 0;
};

struct IntrinsicPlan {
  const Intrinsic *intrinsic = nullptr;
  std::vector<TilePlan> tiles;         ///< by tile operand
  std::vector<ScalarSource> sizes;     ///< by size of the semantics
  std::vector<ScalarSource> scalars;   ///< by tensor; None for tiles and temporaries
  std::vector<unsigned> temporaries;   ///< tensors
  std::vector<int64_t> temporaryBytes; ///< by tensor, at the largest extents
  std::vector<unsigned> statesRead;
  std::vector<unsigned> statesWritten;
  std::vector<unsigned> stepStates; ///< read as a step
  std::vector<unsigned> statesKept; ///< written under a condition: the old value may stay
  std::vector<std::pair<unsigned, unsigned>> conflicts; ///< pairs (written tile, tile) of one space
};

IntrinsicPlan planIntrinsic(const Target &target, const Intrinsic &intrinsic);

/// True when some statement writes every element of `tensor`, whatever the data.
bool writesAll(const Semantics &semantics, unsigned tensor);

} // namespace lathe
