// Which memories fill which, derived from the intrinsics' operands.
#pragma once

#include "core/target/Target.h"

#include <map>
#include <set>

namespace lathe::manual {

/// Intrinsics that bring elements of one space to another (from, to), in the order of the .td: each
/// element of the result comes from the element of the operand at the same subscripts' rank,
/// without a reduction. A bias that is added to every row feeds nothing, nor do factors of a
/// product.
std::map<std::pair<unsigned, unsigned>, std::vector<std::string>> feeds(const Target &target);

/// For each space the least number of moves from host memory; spaces that nothing fills from there
/// stand behind all others.
std::vector<unsigned> distances(const Target &target);

/// Spaces that the intrinsics of a pipe read and write.
struct Traffic {
  std::set<unsigned> reads, writes, states;
  std::vector<std::string> intrinsics;
};
Traffic trafficOf(const Target &target, unsigned unit, unsigned pipe);

} // namespace lathe::manual
