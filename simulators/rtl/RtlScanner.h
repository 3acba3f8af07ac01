// Reads Verilog text as tokens: enough to find what must not be there and where things are
// declared.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace lathe {

/// A piece of the text, by offset from its start.
struct RtlToken {
  llvm::StringRef text;
  size_t offset;
};

/// What one file's text asks for. Comments and strings are not code, except that Verilator obeys
/// comments that start with its name.
struct RtlScan {
  /// Things that run programs or touch files: `$system`, `$fopen`, `$readmemh`, `$c`, DPI imports
  /// and exports, Verilator's blocks of C++, `include of an absolute path.
  std::vector<RtlToken> forbidden;
  /// Attempts to silence a warning that must stay an error (UNOPTFLAT and its kin).
  std::vector<RtlToken> silenced;
  /// Names in `include directives.
  std::vector<llvm::StringRef> includes;
  /// Names of packages that are declared, and that are used (`name::`, with repetitions).
  std::vector<llvm::StringRef> packages, usedPackages;
};

/// Linear in the size of `text`, whatever it holds.
RtlScan scanRtl(llvm::StringRef text);

/// Where `port` is named first after `module module`, or the module's own name when it is not;
/// nothing when there is no such module in `text`.
std::optional<size_t> findInModule(llvm::StringRef text, llvm::StringRef module,
                                   llvm::StringRef port);

} // namespace lathe
