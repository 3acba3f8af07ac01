// Proofs that a fault changes nothing that a program could see.
#pragma once

#include "sdk/mutation/MemoryCut.h"
#include "sdk/mutation/Netlist.h"

namespace lathe::mutation {

enum class Proof : uint8_t {
  None,       ///< not equivalent, or not shown to be within the time
  Equal,      ///< every output is the same function, by induction over cycles
  Relabelled, ///< the same, up to a memory's addresses being exchanged in all its ports alike
};

/// Compares a netlist with itself plus one fault, by yosys' equiv_make, equiv_simple and
/// equiv_induct. Memories are cut out: what they are asked is an output, what they answer an input.
/// Induction begins with machines that agree, as they do after reset.
class Prover {
public:
  /// `netlist` outlives the prover. Files are kept in a folder of their own until it goes.
  Prover(const Netlist &netlist, const NetlistOptions &options, double seconds)
      : netlist(netlist), options(options), seconds(seconds) {}
  ~Prover();

  /// Writes the netlist without its memories; reports when that cannot be done.
  bool prepare(Diagnostics &diagnostics);
  /// Takes at most the prover's seconds, several times. Safe to call from several threads.
  Proof prove(size_t fault) const;

private:
  using Names = std::vector<std::string>;
  bool isEqual(const std::string &folder, const std::string &changes) const;
  std::optional<Names> differences(const std::string &folder, const std::string &changes,
                                   const std::string &blacklist, bool structural) const;
  std::optional<std::string> relabelling(const Fault &fault) const;

  const Netlist &netlist;
  const NetlistOptions &options;
  double seconds;
  std::string folder;
  std::vector<MemoryPort> ports;
};

} // namespace lathe::mutation
