// From a bound kernel and a target to a program.
#pragma once

#include "core/HostCost.h"
#include "core/mapping/Mapping.h"
#include "core/program/Program.h"
#include "core/schedule/Tiling.h"

namespace lathe {

struct CompileOptions {
  /// Prices every legal mapping, for `explain`; otherwise those that cannot win are left out.
  bool priceAll = false;
  /// Runs everything on the host.
  bool hostOnly = false;
  /// Considers for each group only the mapping of this number, in the order of enumeration and
  /// modulo how many there are.
  std::optional<uint64_t> only = std::nullopt;
};

/// A mapping with its best schedule.
struct RankedMapping {
  Mapping mapping;
  std::vector<Tiling> tilings; ///< per nest; empty when none fits
  int64_t estimatedCycles = 0; ///< analytic, packing included
  int64_t trafficBytes = 0;    ///< host memory, packing not included
  std::string unfit;           ///< why no tiling fits
};

/// Where a result stays between the statements of a chain.
struct OnChip {
  std::string space;
  int64_t addresses = 0;
  bool stored = false; ///< to host memory as well
};

/// A nest of a chain, as it was emitted.
struct ChainPart {
  Nest nest;
  Tiling tiling;
};

/// A library entry that computes statements of the kernel, beside what is derived for them.
struct LibraryOffer {
  std::string entry;
  std::string result;        ///< tensor that the statements compute
  int64_t cycles = 0;        ///< predicted, of its program
  int64_t derivedCycles = 0; ///< of what it would replace, by costOf
  bool taken = false;
  std::string unfit; ///< why it has no program for these sizes; empty: it has one
};

/// Where a group of statements went, and what else was possible.
struct Placement {
  std::vector<unsigned> statements; ///< of the kernel
  std::string result;               ///< tensor it computes
  bool onTarget = false;
  std::string intrinsic;       ///< that does the work; "host" otherwise
  int64_t macs = 0;            ///< multiply-adds of the reduction, or elements computed
  int64_t predictedCycles = 0; ///< of a chain's step, a part by what each group costs
  int64_t instructions = 0;    ///< of a chain's step, with the last group
  /// Placements with one number run beside each other, in one device step.
  std::optional<unsigned> chain;
  std::optional<OnChip> stays;         ///< set when the next groups find the result there
  std::optional<ChainPart> part;       ///< of a chain
  std::map<unsigned, int64_t> calls;   ///< its instructions by intrinsic, without those for states
  int64_t hostBytes = 0;               ///< that they move, copies not included
  std::optional<HostCost> host;        ///< of a statement that runs there
  std::vector<RankedMapping> mappings; ///< best first; mappings[0] is the one chosen when onTarget
  unsigned enumerated = 0;             ///< how many mappings of the group there were to choose from
  std::vector<Refusal> refusals;       ///< of the group as tried first
  int64_t boundCycles = 0;             ///< what the chosen mapping's intrinsic needs at full rate
  /// Rules by which its statements were derived from the kernel's; empty for statements as written.
  std::vector<std::string> rules;
  std::vector<std::string> written; ///< the kernel's statements in whose place they stand
  std::string partOf;               ///< the result that the statements were made for by such rules
  std::string
      library; ///< the entry whose program it is, on the target; empty: derived, with mappings
};

struct Compilation {
  Semantics kernel; ///< its statements as placed: as written, or forms of them
  Program program;
  std::vector<Placement> placements;
  int64_t predictedCycles = 0; ///< sum of the device steps
  std::vector<LibraryOffer> offers;
};

/// What a compilation takes, in cycles of the target: its device steps, the host's copies at the
/// rate of the memory port, and the host's statements (hostCost).
int64_t costOf(const Compilation &compilation, const Target &target);

/// Compiles a bound kernel. Programs of the target's library are taken where that is cheaper,
/// unless `options` ask for the host or for a mapping. Every statement that no intrinsic computes
/// runs on the host, so this fails only when the instructions cannot address the kernel's data, or
/// are too many (reported).
std::optional<Compilation> compile(const Semantics &kernel, const Target &target,
                                   const CompileOptions &options, Diagnostics &diagnostics);

/// Multiply-accumulates a cycle that the target's fastest contraction does; 0 without one.
int64_t peakMacsPerCycle(const Target &target);

} // namespace lathe
