// Checks a mapping against the statement it is for, by arithmetic on subscripts alone.
#pragma once

#include "core/mapping/Mapping.h"

namespace lathe {

/// Why a finished mapping of `group` is not shown to be right, or nothing when it is:
///
///   coverage   the nest's loops walk every point of the kernel's loops exactly once
///   accesses   every operand and the result stand, at every point, where the kernel's subscripts
///              say: the walk's address is decomposed over the tensor's (or the packed copy's)
///              row-major digits, and each digit is compared as an affine form of the kernel's
///              loops
///   bounds     no digit leaves its dimension; a copy that may read outside is guarded, and what it
///              puts there is neutral
///   result     distinct points of the parallel loops write distinct elements
///   padding    what fills partly filled tiles is neutral (Padding.h)
///
/// Knows nothing of how mappings are built, so that a defect there shows. Linear in loops times
/// operands. The affine forms are exact; a digit decomposition is unique because every digit is
/// shown to stay below its radix.
std::optional<std::string> mappingFault(const Semantics &kernel, const Group &group,
                                        const Mapping &mapping, const Rules &rules,
                                        const Target &target);

} // namespace lathe
