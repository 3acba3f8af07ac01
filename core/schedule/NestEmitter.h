// Emission of one nest, tile by tile; whole, or a block of rows at a time beside others of a chain.
#pragma once

#include "core/schedule/Emit.h"
#include "core/schedule/Layout.h"
#include "core/schedule/Runs.h"
#include "core/schedule/Slots.h"

namespace lathe {

/// Granules of a staged tile: as many rows as one load brings at most.
int64_t granuleCount(const StagedLayout &layout);

/// What each address of the spaces behind hops holds. Nests that run beside each other share it.
class HopSpaces {
public:
  /// A tile that was brought through a hop: by which nest's input, from which staged rows, in which
  /// use of their slot.
  struct Tile {
    unsigned nest, input;
    int64_t address, rows;
    int64_t generation;
    bool operator==(const Tile &) const = default;
  };
  struct Place {
    int64_t address = 0;
    bool held = false; ///< the tile is there already
  };
  /// Where `tile` is, or is to be brought, in a space of `addresses`.
  Place place(unsigned space, int64_t addresses, const Tile &tile);

private:
  struct Contents {
    std::vector<Tile> holds;
    size_t next = 0;
  };
  std::map<unsigned, Contents> spaces;
};

class NestEmitter {
public:
  /// `number` tells the nests of a chain apart.
  NestEmitter(const Nest &nest, const Tiling &tiling, llvm::ArrayRef<KeptTensor> kept,
              unsigned number, const Rules &rules, const Target &target, SymbolAddresses &symbols,
              HopSpaces &hops, OpList &ops);

  /// Every tile that is left.
  void run();
  /// The tiles of the next block of rows.
  void runBlock();

private:
  using Index = llvm::SmallVector<int64_t, 8>;

  /// Whether a tile is the first, the last one of those that add to its result.
  struct Turn {
    bool first, last;
  };

  /// One operand tile of the contraction, kept in slots between tiles.
  struct Residency {
    SlotPlan plan;
    std::vector<std::vector<bool>> present; ///< per slot: granules loaded
    std::vector<uint32_t> generation;       ///< per slot: how often it was refilled
  };

  /// The contraction's calls in the current tile: they differ in their bases only.
  struct Calling {
    CallSite site;
    llvm::SmallVector<int64_t, 6> extents;
    RowPlan plan;
  };

  /// Points of the windowed loop that a call takes.
  struct Points {
    int64_t first, count;
  };

  // Tiles: EmitTiles.cpp.
  void enumerateTiles();
  int64_t trips(unsigned loop) const;
  int64_t pieceOf(const StagedInput &input, size_t t) const;
  void planSlots();
  void runTile(size_t t);
  void placeTile();
  void placeInput(unsigned i);
  bool firstOfResult() const { return turns[current].first; }
  bool lastOfResult() const { return turns[current].last; }

  // What is brought on chip: EmitLoads.cpp.
  int64_t slotBase(unsigned i) const;
  int64_t generationOf(unsigned i) const;
  int64_t keptBase(const KeptTensor &tensor, const RowWalk &walk, unsigned laneLoop) const;
  int64_t hostStep(const HostView &view, unsigned nestLoop) const;
  int64_t hostAddress(const HostView &view, int64_t chunk, int64_t laneWidth);
  int64_t lanesIn(std::optional<unsigned> loop, int64_t chunk, int64_t laneWidth) const;
  void require(unsigned i, int64_t chunk, int64_t first, int64_t rows);
  void load(unsigned i, int64_t chunk, int64_t outer, size_t axes, int64_t from, int64_t to);
  CallSite loadSite(const StagedInput &input, int64_t chunk, int64_t laneWidth) const;

  // The contraction: EmitContraction.cpp.
  void contract();
  bool hopDependsOn(unsigned loop) const;
  void contractChunk(llvm::ArrayRef<unsigned> outside, const Index &index,
                     llvm::ArrayRef<unsigned> inside);
  const CallVariant *variantOf(const Index &at) const;
  std::vector<Points> windowsOf(const Rule &rule, const Index &at) const;
  Calling &callingOf(const Rule &rule, llvm::ArrayRef<unsigned> inside);
  int64_t resultBlock() const;
  int64_t resultStep(unsigned loop) const;
  int64_t addressStep(unsigned i, unsigned nestLoop) const {
    return addressSteps[i * nest.loops.size() + nestLoop];
  }
  int64_t sourceBase(unsigned i, const Index &at);
  int64_t hop(unsigned i, int64_t chunk, int64_t row, const Index &at);

  // What follows, per lane chunk of the result: EmitResults.cpp.
  void finishChunk(int64_t chunk);
  llvm::SmallVector<unsigned, 6> resultLoops() const;
  llvm::SmallVector<int64_t, 6> resultExtents() const;
  int64_t blockAddress(size_t value, int64_t chunk) const;
  CallOperand valueOperand(size_t v, const RuleTile &tile, int64_t chunk) const;
  void bring(size_t v, int64_t chunk);
  void compute(size_t v, int64_t chunk);
  void store(const StoreCall &call, ResultPlace place, int64_t chunk);
  CallOperand storeDestination(const Rule &rule, ResultPlace place, int64_t chunk);

  const Nest &nest;
  const Tiling &tiling;
  llvm::ArrayRef<KeptTensor> kept;
  unsigned number;
  const Rules &rules;
  const Target &target;
  SymbolAddresses &symbols;
  HopSpaces &hops;
  CallEmitter calls;
  int64_t width;
  std::vector<int64_t> widths;
  std::vector<std::optional<RowWalk>> walks; ///< of kept inputs
  std::optional<unsigned> start;             ///< the value that the reduction goes on from

  std::vector<Index> tiles; ///< tile index per loop, in order
  std::vector<Turn> turns;  ///< per tile
  std::vector<Residency> residency;
  size_t resultCount = 0;

  size_t current = 0, next = 0;
  Index origin, size;
  ResultLayout result;
  int64_t resultBase = 0;
  std::vector<StagedLayout> layouts;
  std::vector<int64_t> addressSteps;       ///< of each input along each nest loop
  std::map<const Rule *, Calling> calling; ///< by the contraction's rule
};

} // namespace lathe
