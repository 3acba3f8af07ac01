// Instructions to words and back, driven by the description's bit fields.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// The word of `intrinsic` with `values` (one per argument, each within its min and max).
Word encode(const Intrinsic &intrinsic, llvm::ArrayRef<int64_t> values);

struct Decoded {
  unsigned intrinsic = 0;
  std::vector<int64_t> values;
};
/// The only intrinsic whose mask matches, or nothing for a reserved encoding.
std::optional<Decoded> decode(const Target &target, const Word &word);

} // namespace lathe
