// A C header with encoders, printed from a target.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// Plain C99: masks and matches as macros, and one inline function per intrinsic that asserts the
/// range of every argument and returns the command word. Ranges are those of the target's machine.
/// Words of at most 64 bits are `uint64_t`; wider ones a struct of 64-bit limbs, the lowest first.
/// `isaFile` is the .td's path in the plugin, for the header. Intrinsic LOAD, operand src:
///   uint64_t array_LOAD(int64_t src, ...), ARRAY_LOAD_MASK, ARRAY_LOAD_MATCH
std::string cHeader(const Target &target, llvm::StringRef isaFile);

} // namespace lathe
