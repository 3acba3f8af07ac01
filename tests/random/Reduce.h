// Makes a failing kernel small.
#pragma once

#include "core/semantics/Semantics.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <string>

namespace lathe {

/// A kernel and the numbers of its sizes. As text: `// sizes: A=3 B=5`, a line end, the kernel.
struct SizedKernel {
  Semantics kernel;
  std::map<std::string, int64_t> sizes;
};

/// Reads a file of one kernel, with or without a line of sizes. Nothing when it does not parse.
std::optional<SizedKernel> readSized(const std::string &text);
std::string printSized(const SizedKernel &sized);
/// The kernel with a number for every size; nothing when sizes or subscripts do not fit.
std::optional<Semantics> bindSized(const SizedKernel &sized);

/// The smallest kernel found that still fails, as text that `readSized` reads.
///
///   text    a kernel for which `fails` is true
///   fails   called with texts that parse and bind, at most `mostChecks` times
///
/// Before: t0 = sum(k) ...; t1 = argmax(k) t0; t2 = t1 + p. After, for a defect of argmax:
/// t1 = argmax(k) t0, with t0 a parameter and sizes of 1 and 2. Statements, results, operands,
/// conditions and sizes are taken away one by one until nothing can be (delta debugging with the
/// kernel's structure: Zeller and Hildebrandt, 2002).
std::string reduceKernel(const std::string &text,
                         llvm::function_ref<bool(const std::string &)> fails,
                         unsigned mostChecks = 3000);

} // namespace lathe
