// What compile, explain and run have in common: a kernel, its sizes and its arrays.
#pragma once

#include "core/semantics/Interpreter.h"
#include "core/semantics/Semantics.h"
#include "sdk/cli/Arguments.h"

namespace lathe::cli {

/// KERNEL [--kernel NAME] [--size N=512]... [--in x=x.npy]... [--seed S]
struct KernelArguments {
  std::string path;
  std::string kernel;
  std::vector<std::string> sizes;
  std::vector<std::string> inputs;
  std::optional<int64_t> seed;

  void declare(Arguments &arguments);
};

struct BoundKernel {
  Semantics semantics; ///< every size is a number
  Arrays inputs;       ///< those given; with `seed` or `forRun`, all
};

/// Reads the file, picks the kernel, reads the arrays and binds the sizes. Mistakes are reported in
/// the session. `forRun`: a parameter without an array is a mistake, unless there is a seed.
std::optional<BoundKernel> loadKernel(Session &session, const KernelArguments &arguments,
                                      bool forRun);

using Sizes = std::vector<std::pair<std::string, int64_t>>;
/// The values of --size; a mistake is reported.
bool readSizes(Session &session, const KernelArguments &arguments, Sizes &sizes);

/// `NAME=VALUE` of option `option`; a mistake is reported.
std::optional<std::pair<std::string, std::string>>
splitBinding(Session &session, llvm::StringRef option, llvm::StringRef word, llvm::StringRef form);

/// Values for `tensor` that find mistakes: the type's limits and their neighbours, -1, 0 and 1
/// often, the rest uniform (wide integers mostly within 2^16, so that sums stay telling).
Array randomArray(const Tensor &tensor, uint64_t seed);

} // namespace lathe::cli
