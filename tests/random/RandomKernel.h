// Kernels drawn from a seed: contractions, convolutions, epilogues and element-wise chains.
#pragma once

#include <cstdint>
#include <string>

namespace lathe {

struct RandomKernelOptions {
  int64_t dim = 16;        ///< extents around this size are drawn often
  int64_t largest = 48;    ///< of a plain extent
  double mostWork = 2.0e6; ///< multiply-adds
};

/// The text of one kernel in index notation with numbers for sizes. The same seed gives the same
/// text.
std::string randomKernel(uint64_t seed, const RandomKernelOptions &options = {});

/// A contraction with extents from 1 to `largest`, for the accuracy of predicted cycles.
std::string randomContraction(uint64_t seed, int64_t largest);

} // namespace lathe
