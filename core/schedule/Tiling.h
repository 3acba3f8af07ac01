// Chooses tile sizes and the order of tiles for a nest, by predicted cycles.
#pragma once

#include "core/mapping/Nest.h"

namespace lathe {

/// Where an input's tiles are kept: `slots` tiles of `slotRows` addresses from `base`.
struct SlotRegion {
  unsigned space = 0;
  int64_t base = 0;
  int64_t slotRows = 0;
  int64_t slots = 0;
  bool whole = false; ///< one tile is all there is
};

/// What bounds a tiling, in cycles.
struct TilingCost {
  int64_t load = 0, compute = 0, store = 0, ends = 0; ///< ends: what start and end cannot overlap
  int64_t commands = 0;
  int64_t loadBytes = 0, storeBytes = 0;
  /// Between equals the tiling with fewer commands is better: it compiles and simulates faster.
  int64_t total() const { return std::max({load, compute, store, commands}) + ends + commands / 8; }
};

struct Tiling {
  std::vector<int64_t> tile;   ///< per nest loop, in elements
  std::vector<unsigned> order; ///< parallel nest loops with several tiles, outermost first
  std::vector<SlotRegion>
      inputs; ///< per nest input that is kept between tiles; slots 0 for scratch ones
  /// Result and scratch values: per value of the nest the block it lives in, `blocks` blocks a
  /// slot.
  SlotRegion results;
  std::vector<unsigned> blockOf;
  unsigned blocks = 1;
  bool inBlocks = false; ///< the row loop's tiles, outermost, are the blocks of a chain
  TilingCost cost;
};

/// What a nest may use when it is one of a chain.
struct TilingLimits {
  struct Part {
    int64_t base = 0, addresses = 0;
  };
  std::optional<int64_t> rows;     ///< of the row loop's tiles, which are then outermost
  bool oneResult = false;          ///< each block of rows is one result tile
  std::map<unsigned, Part> spaces; ///< of these spaces; all of the others
};

/// The cheapest tiling by the analytic model, or nothing and the reason when not even the smallest
/// fits.
std::optional<Tiling> chooseTiling(const Nest &nest, const Rules &rules, const Target &target,
                                   std::string &why, const TilingLimits &limits = {});

/// A bound no tiling of the nest can beat: the rows the contraction must be fed, or the lanes
/// stored.
int64_t lowerBound(const Nest &nest, const Rules &rules, const Target &target);

/// Values of rule loop `l` that one call of the nest's contraction, or one row of an operand,
/// takes.
int64_t pointsOf(const Nest &nest, unsigned l, const Rules &rules);

/// Elements in a row of the rule's staging destination.
int64_t laneWidth(const Nest &nest, const StagedInput &input, const Rules &rules,
                  const Target &target);
/// The space that the input's load writes.
unsigned stagingSpace(const StagedInput &input, const Rules &rules, const Target &target);
/// True when the input is loaded anew into the result's space for every tile.
bool isScratch(const Nest &nest, unsigned input, const Rules &rules, const Target &target);
/// Elements of a row of result tiles.
int64_t resultLaneWidth(const Nest &nest, const Rules &rules, const Target &target);
unsigned resultSpace(const Nest &nest, const Rules &rules, const Target &target);

} // namespace lathe
