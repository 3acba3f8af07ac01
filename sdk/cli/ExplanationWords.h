// The parts of an explanation that its text and its JSON share.
#pragma once

#include "sdk/cli/Explanation.h"

namespace lathe::cli {

/// "packed: a copy lays data out"
llvm::StringRef kindText(MappingClass kind);

/// "17 x 5 x 9": the tile, over the nest's loops in the order of the mapping's text.
std::string tileText(const RankedMapping &ranked);

/// A loop of the intrinsic that has one size, and what the kernel puts into it.
struct Fill {
  std::string loop, kernelLoops;
  int64_t extent, width;

  bool isFull() const { return extent % width == 0; }
};
std::vector<Fill> fills(const Mapping &mapping, const Explanation &explanation,
                        const ExplainScope &scope);

/// A copy that the mapping needs, by the host.
struct CopyText {
  std::string tensor, reason;
  int64_t bytes;
  bool isResult;
};
std::vector<CopyText> copiesOf(const Mapping &mapping);

} // namespace lathe::cli
