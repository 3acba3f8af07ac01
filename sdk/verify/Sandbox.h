// Tries intrinsics out on a functional machine of its own.
#pragma once

#include "sdk/verify/Random.h"
#include "sdk/verify/Routes.h"
#include "simulators/functional/Machine.h"

namespace lathe::verify {

class Sandbox {
public:
  /// `target` and `jit` outlive the sandbox.
  Sandbox(const Target &target, Jit &jit);

  /// What the operands that are not looked at hold.
  enum class Others : uint8_t { Zero, Odd };
  /// Share of the bits of the route's source that, changed alone, change its result; of up to
  /// 1024 bits. 0 when the intrinsic cannot run so.
  double visibility(const SeeRoute &route, Others others);
  /// Whether any two neighbouring addresses of the source that hold different elements give another
  /// result when each holds the other's.
  bool tellsAddressesApart(const SeeRoute &route, Others others);

private:
  struct Trial;
  bool place(const SeeRoute &route, Others others, Trial &trial);
  void fill(unsigned space, const Chunks &chunks, llvm::ArrayRef<uint8_t> bytes);
  std::vector<uint8_t> bytesAt(unsigned space, const Chunks &chunks) const;
  std::optional<std::vector<uint8_t>> result(const Trial &trial);

  const Target &target;
  Machine machine;
  std::vector<Symbol> symbols;
  Random random{1};
};

} // namespace lathe::verify
