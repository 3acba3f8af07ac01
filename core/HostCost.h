// What the host's share of a program costs, roughly.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// An estimate for one plain core, to compare the host with the target by and to show what a split
/// costs; not a measurement. The longer of both counts:
///   operations   at kHostOperationsPerNanosecond
///   bytes        of every tensor, moved once, at kHostBytesPerNanosecond
struct HostCost {
  int64_t operations = 0; ///< arithmetic on elements; a copied element is one
  int64_t bytes = 0;
  int64_t nanoseconds = 0;
  int64_t cycles = 0; ///< of the target's clock in that time
};
constexpr int64_t kHostOperationsPerNanosecond = 1;
constexpr int64_t kHostBytesPerNanosecond = 8;

/// Of a host step: bound, with its tensors as inputs and outputs.
HostCost hostCost(const Semantics &step, const Target &target);

} // namespace lathe
