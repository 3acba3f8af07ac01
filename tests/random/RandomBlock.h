// Kernels of several statements that depend on each other, drawn from a seed.
#pragma once

#include "tests/random/RandomKernel.h"

namespace lathe {

/// A kernel of about `statements` statements: contractions and windows that feed element-wise work
/// and reductions, statements that only a host computes, gathers, `where`, argmax, integers of many
/// widths and floats. The first line binds its sizes: `// sizes: A=3 B=17`. The same seed gives the
/// same text.
std::string randomBlock(uint64_t seed, unsigned statements,
                        const RandomKernelOptions &options = {});

} // namespace lathe
