// Instructions of a program in words.
#pragma once

#include "core/program/Assembly.h"

namespace lathe::manual {

/// Legal values to show an instruction with: extents at the largest whose tiles fit their spaces,
/// steps one, addresses and other immediates zero or the least legal value.
std::vector<int64_t> exampleValues(const Target &target, const Intrinsic &intrinsic);

/// "`spm` 0 to 7 from `a`, 8 x 16 i8": what it reads and writes, or the states that it sets.
std::string narrate(const Target &target, unsigned intrinsic, llvm::ArrayRef<int64_t> values,
                    const SymbolTable &symbols);

} // namespace lathe::manual
