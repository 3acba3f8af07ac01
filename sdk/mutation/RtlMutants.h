// Many faulty machines in one model, chosen when a simulator is created.
//
//   auto mutants = makeRtlMutants(modelSpec(target, false), {cache, 1000}, diagnostics);
//   auto machine = RtlSimulator::create(mutants->model, diagnostics,
//                                       {.select = mutants->select(i)}); // 0: without a fault
#pragma once

#include "sdk/mutation/Netlist.h"

namespace lathe::mutation {

struct RtlMutants {
  BuiltModel model;
  Netlist netlist;

  llvm::ArrayRef<Fault> faults() const { return netlist.faults; }
  /// For RtlSimulator::Options::select.
  static uint32_t select(size_t fault) { return static_cast<uint32_t>(fault + 1); }
};

/// The netlist of `spec`'s RTL with `options.faults` faults, as one model; both from the cache when
/// they are there. Assertions are not part of it. Nothing when an error was reported, or on cancel.
std::optional<RtlMutants> makeRtlMutants(const ModelSpec &spec, const NetlistOptions &options,
                                         Diagnostics &diagnostics);

} // namespace lathe::mutation
