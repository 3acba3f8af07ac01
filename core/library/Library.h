// Hand-written programs of a plugin: what they compute of a kernel, and what they are for its
// sizes.
#pragma once

#include "core/mapping/Group.h"
#include "core/program/Assembly.h"

namespace lathe {

/// An entry that computes a group of statements.
struct LibraryUse {
  const LibraryEntry *entry = nullptr;
  Group group;                                              ///< of the kernel
  std::vector<std::pair<std::string, int64_t>> sizes;       ///< of the entry's kernel
  std::vector<std::pair<std::string, std::string>> tensors; ///< the entry's, and the kernel's
};

/// Every use of a target's entries for a bound kernel: the longest group at a statement that an
/// entry's kernel is, up to the names of loops and tensors and the order of operands that commute.
std::vector<LibraryUse> findLibraryUses(const Semantics &kernel, const Target &target,
                                        Sources &sources);

/// The entry's program for some sizes; without any, for the defaults of its `size` lines. Reported:
/// what the assembler finds, and a program that is not one of the device for its kernel.
std::optional<Assembled> assembleEntry(const LibraryEntry &entry, const Target &target,
                                       llvm::ArrayRef<std::pair<std::string, int64_t>> sizes,
                                       const std::function<uint64_t(const Symbol &)> &place,
                                       Diagnostics &diagnostics);

/// Sizes worth a test of an entry, those that it does not take left out: its defaults, all sizes 1,
/// a prime, and one more than the defaults.
std::vector<std::vector<std::pair<std::string, int64_t>>>
testSizesOf(const LibraryEntry &entry, const Target &target, Sources &sources);

} // namespace lathe
