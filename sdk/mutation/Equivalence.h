// Proofs that a fault changes nothing that a program could see.
#pragma once

#include "sdk/mutation/Miter.h"
#include "sdk/mutation/Netlist.h"

namespace lathe::mutation {

enum class Proof : uint8_t {
  None,       ///< not equivalent, or not shown to be within the time
  Equal,      ///< nothing at the ports ever differs
  Relabelled, ///< the same, up to a memory's addresses being exchanged in all its ports alike
};

struct Verdict {
  Proof proof = Proof::None;
  std::optional<unsigned> differsAt; ///< a cycle since reset by which a host can see a difference
};

/// Compares the machine with itself plus one fault: as one graph of gates (Miter), in which
/// yosys-abc looks for equal signals by induction over cycles (scorr), and for an invariant that
/// holds from reset on (pdr).
class Prover {
public:
  /// `netlist` outlives the prover. Files are kept in a folder of their own until it goes.
  Prover(const Netlist &netlist, const NetlistOptions &options, double seconds)
      : netlist(netlist), options(options), seconds(seconds) {}
  ~Prover();

  /// Makes gates of the netlist; reports when that cannot be done.
  bool prepare(Diagnostics &diagnostics);
  bool isReady() const { return miter.has_value(); }
  /// Of one cycle: quick, and enough for most. Of all: by induction, which takes the prover's
  /// seconds or twice as much when it fails.
  enum class Effort : uint8_t { OneCycle, AllCycles };
  /// Safe to call from several threads.
  Verdict prove(size_t fault, Effort effort) const;

private:
  std::string answer(const std::string &name, const std::string &question,
                     llvm::StringRef commands) const;
  Verdict ask(size_t fault, const std::optional<Relabelling> &relabelling, Effort effort) const;
  std::optional<Relabelling> relabellingOf(const Fault &fault) const;

  const Netlist &netlist;
  const NetlistOptions &options;
  double seconds;
  std::string folder;
  std::vector<MemoryPort> ports;    ///< of the netlist with faults
  std::vector<MemoryPort> original; ///< of the one without
  Circuit circuit;
  std::optional<Miter> miter;
};

} // namespace lathe::mutation
