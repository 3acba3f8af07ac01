// A tiled nest as instructions, in the order of its loops.
#pragma once

#include "core/mapping/Keep.h"
#include "core/program/Program.h"
#include "core/schedule/Tiling.h"

#include "llvm/ADT/StringMap.h"

namespace lathe {

/// Instructions before they are ordered: each with the values of the states it reads.
struct OpList {
  std::vector<uint16_t> intrinsics;
  std::vector<uint32_t> valuesAt; ///< first of its argument values
  std::vector<uint32_t> statesAt; ///< first of the values of its intrinsic's statesRead
  std::vector<int64_t> values;
  std::vector<int64_t> states;

  size_t size() const { return intrinsics.size(); }
  /// Room for `more` instructions, if they have no more than six values each.
  void reserve(size_t more) {
    intrinsics.reserve(size() + more);
    valuesAt.reserve(size() + more);
    statesAt.reserve(size() + more);
    values.reserve(values.size() + 6 * more);
  }
};

/// What instructions are, and what they move.
struct Tally {
  std::map<unsigned, int64_t> calls; ///< by intrinsic
  int64_t hostBytes = 0;             ///< elements read from and written to host memory

  /// Counts instructions [first, last) of `ops`.
  void add(const OpList &ops, size_t first, size_t last, const Target &target);
  /// Counts one instruction.
  void add(unsigned intrinsic, llvm::ArrayRef<int64_t> values, const Target &target);
};

/// Host addresses of symbols by name; a constant row of `value` for splats.
class SymbolAddresses {
public:
  virtual ~SymbolAddresses() = default;
  virtual uint64_t addressOf(llvm::StringRef tensor) = 0;
  /// A row of `elements` equal numbers, as `layout` says if there is one.
  virtual uint64_t addressOfSplat(int64_t value, ElementType type, int64_t elements,
                                  const Layout *layout) = 0;
};

/// A tensor that stays on chip between nests of a chain: rows of its last dimension, an address
/// each, lane chunk by lane chunk; or, with no slots of its own, what its producer leaves in its
/// results.
struct KeptTensor {
  std::string name;
  unsigned space = 0;
  int64_t rowElements = 1; ///< of its last dimension
  int64_t rows = 1;
  int64_t base = 0, slotRows = 0, slots = 1; ///< a slot holds a block of rows, all lane chunks
  int64_t planeRows = 0;                     ///< addresses of one lane chunk in a slot
};

/// Appends the nest's instructions. Loads stand right before the first use of what they bring.
void emitNest(const Nest &nest, const Tiling &tiling, const Rules &rules, const Target &target,
              SymbolAddresses &symbols, OpList &ops);

/// Gives every broadcast input a coordinate of stride 0 along its addressed loop, so that layouts
/// see its rows: of one number, as many as a hop takes at a time.
void completeViews(Nest &nest, const Rules &rules);

} // namespace lathe
