// A machine beside itself with one fault, and the question whether a host could tell them apart.
#pragma once

#include "sdk/mutation/AndInverter.h"
#include "sdk/mutation/MemoryCut.h"

#include "llvm/ADT/ArrayRef.h"

#include <map>

namespace lathe::mutation {

/// A memory's addresses exchanged: `bit` is inverted, or inverted where `control` has `level`.
struct Relabelling {
  std::string memory; ///< as in RTLIL
  unsigned bit = 0;
  std::optional<unsigned> control;
  bool level = true;
};

/// Both machines get the same inputs and begin in the same state, whatever it is, in reset. Their
/// ports are the port contract; memories are cut out: a read of the same address gives the same
/// value, and writes must be the same. A payload counts where its valid is set, a ready where
/// something is offered, and responses come only for requests.
class Miter {
public:
  /// `circuit` has an input `lathe_select_i` that chooses the machine, and the ports that
  /// cutMemories made. Both outlive the miter.
  Miter(const Circuit &circuit, llvm::ArrayRef<MemoryPort> ports);

  /// What a host sees: AIGER with one output that is set when machines 0 and `select` differ;
  /// nothing when they have the same gates.
  std::optional<std::string> question(uint32_t select,
                                      const std::optional<Relabelling> &relabelling) const;
  /// The same of one cycle that begins in any state, where registers may not differ afterwards
  /// either: more than is needed, and quick to be shown.
  std::optional<std::string> questionOfCycle(uint32_t select,
                                             const std::optional<Relabelling> &relabelling) const;

  using Bits = std::vector<Circuit::Literal>; ///< lowest first
  const Bits *output(const std::string &name) const;
  /// What an input's node is: its port, and which bit of it.
  const Circuit::Port *inputAt(uint32_t node) const;

private:
  friend class MiterBuilder;
  const Circuit &circuit;
  llvm::ArrayRef<MemoryPort> ports;
  std::map<std::string, Bits> outputs;
  std::vector<const Circuit::Gate *> gateAt;   ///< by node, or null
  std::vector<const Circuit::Port *> inputsAt; ///< by node, or null
  std::vector<int> registerAt;                 ///< by node, or -1
};

} // namespace lathe::mutation
