// A plugin's tests, declared: which kernel on which data, on which machines, by which oracles.
//
//   lathe: tests/1
//   tests:
//     - name: dense network on digits
//       kernel: ../kernels/dense.lathe     # paths are relative to this file
//       in: {x: digits/images.npy}
//       expect: {y: digits/dense_logits.npy}
//       machines: [default]                # default: the plugin's `default`
//       on: [model, rtl]                   # default: both; always compared with the reference
//     - name: a product that divides nothing
//       kernel: ../kernels/gemm.lathe
//       sizes: {M: 17, N: 13, K: 1}
//       seed: 3                            # for arrays that are not given; default 1
#pragma once

#include "core/description/Yaml.h"
#include "sdk/cli/Session.h"

namespace lathe::cli {

struct TestCase {
  std::string file;   ///< the test file
  unsigned line = 0;  ///< where it begins there
  std::string folder; ///< of the plugin that the file belongs to
  std::string name;
  std::string kernel; ///< path
  std::string kernelName;
  std::vector<std::pair<std::string, std::string>> sizes;
  std::vector<std::pair<std::string, std::string>> inputs; ///< parameter, path
  std::vector<std::pair<std::string, std::string>> expected;
  std::vector<std::string> machines;
  std::vector<std::string> on;
  std::string seed = "1";
  int64_t offload = 0; ///< least share of the operations that run on the target, in per cent
};

/// The tests of `file`; every mistake of the file is reported, and then there are none.
std::vector<TestCase> readTestFile(llvm::StringRef path, llvm::StringRef plugin, Sources &sources,
                                   Diagnostics &diagnostics);

/// The test files of a plugin, `tests/*.yaml` in its folder, by name.
std::vector<std::string> testFilesOf(llvm::StringRef plugin);

} // namespace lathe::cli
