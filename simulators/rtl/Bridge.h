// The module between the port contract and a design that has other ports, printed from its binding.
#pragma once

#include "core/target/Target.h"
#include "simulators/rtl/PortContract.h"

namespace lathe {

/// A sequencer that carries out each intrinsic step by step, the protocols it uses, and the design.
///
///   LOAD src=0x40 dst=3 rows=2      mover: 2 rows from host memory to u_dut.u_core.mem[3..4]
///   RUN  rows=2                     bus write 0x08 <- 1; bus write 0x00 <- 1; wait until irq; bus
///   write 0x04 <- 1
class Bridge {
public:
  /// `target` has RTL with a binding.
  explicit Bridge(const Target &target);

  const PortBinding &binding() const { return *target.rtl->binding; }
  const std::string &designTop() const { return target.rtl->top; }
  /// Whether `ports`, the design's, are what the binding says. What is not is reported where the
  /// manifest names it.
  bool check(llvm::ArrayRef<RtlPort> ports, const RtlSources &sources,
             Diagnostics &diagnostics) const;
  /// Whether the arrays that the binding names are there, and of the shape that is needed.
  ///   signals   the model's table of signals, as signalTable prints it
  bool checkArrays(llvm::StringRef signals, Diagnostics &diagnostics) const;
  /// Whether Verilator's log says that an array is not there; that is reported.
  bool explain(llvm::StringRef log, Diagnostics &diagnostics) const;
  /// The module `lathe_top`, and after it the protocols that it uses. Without ports its widths mean
  /// nothing, but two bridges with equal texts are equal then as well.
  std::string text(llvm::ArrayRef<RtlPort> ports) const;

private:
  Target target;
};

/// A named array that the bridge reads or writes.
struct BridgeArray {
  const BoundName *name;
  std::string user; ///< "'spm'", "a program"
  int64_t words = 0, bits = 0;
};
std::vector<BridgeArray> arraysOf(const Target &target);

/// Bits of one address of a space as the design stores them.
int64_t storedBits(const Space &space);
/// Where bit `bit` of the row's element number `element` is stored.
int64_t storedBit(const Space &space, int64_t element, int64_t bit);

} // namespace lathe
