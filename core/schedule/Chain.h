// Nests that run beside each other, a block of rows at a time, with tensors between them on chip.
#pragma once

#include "core/schedule/Emit.h"

namespace lathe {

/// Nests in an order in which each takes what earlier ones keep or leave (StagedInput::kept,
/// Nest::kept are indices into `kept`). See docs/decisions/0007-chains.md.
struct Chain {
  std::vector<Nest> nests;
  std::vector<KeptTensor> kept;
  /// The loops over rows go together; otherwise kept tensors are whole, and one nest follows the
  /// other.
  bool inBlocks = false;
  std::vector<unsigned> depth; ///< per nest: how many blocks it is behind the first
  std::vector<Tiling> tilings; ///< per nest
};

/// The cheapest tilings of the chain's nests by the analytic model, for each of a few sizes of
/// blocks: best first, none when nothing fits.
std::vector<Chain> tileChain(const Chain &chain, const Rules &rules, const Target &target);

/// Appends the instructions of all nests: in each step a block of every nest. Returns what each
/// has.
std::vector<Tally> emitChain(const Chain &chain, const Rules &rules, const Target &target,
                             SymbolAddresses &symbols, OpList &ops);

} // namespace lathe
