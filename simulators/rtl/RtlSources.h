// The RTL files of a model as they were when they were read, under short private names.
#pragma once

#include "core/support/Diagnostic.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace lathe {

/// A model is built from copies: what was hashed is what is built, and no path that reaches
/// Verilator holds a space. A directory becomes `rtl.0`, `rtl.1`, ... in the order it is met, so
/// that the private names depend on how the files lie to each other and not on where they are.
class RtlSources {
public:
  /// How many folders above its own an `include may reach ("../../a.svh" is two).
  static constexpr unsigned kDepth = 4;

  struct File {
    std::string path;        ///< as the user named it
    std::string privatePath; ///< "rtl.0/alu.sv"
    unsigned source;         ///< in Sources
    bool isIncluded;         ///< named by an `include only: not given to Verilator by itself
  };

  /// Reads `paths` and everything they include, directly or not, from the including file's folder
  /// or one of `includeDirectories`. An `include that is not found is left for Verilator to report.
  /// Reports files that cannot be read, and returns false then.
  bool read(llvm::ArrayRef<std::string> paths, llvm::ArrayRef<std::string> includeDirectories,
            Diagnostics &diagnostics);

  const std::vector<File> &files() const { return all; }
  llvm::StringRef text(const File &file, const Diagnostics &diagnostics) const;
  /// Indices of the files to give to Verilator: as they were named, but each package ahead of what
  /// uses it, since Verilator reads no further than it has to.
  std::vector<size_t> compileOrder(const Diagnostics &diagnostics) const;
  /// The private names of every directory that may hold an included file.
  const std::vector<std::string> &privateDirectories() const { return directories; }

  /// The file of a private path, or null.
  const File *findPrivate(llvm::StringRef privatePath) const;
  /// The place of `line` and `column` of a private path; a path that is not ours is shown as it is.
  Place place(llvm::StringRef privatePath, unsigned line, unsigned column,
              Diagnostics &diagnostics) const;
  /// `text` with every private path replaced by the user's.
  std::string withUserPaths(llvm::StringRef text) const;

private:
  bool readFile(const std::string &path, const std::string &privatePath, bool isIncluded,
                Diagnostics &diagnostics);
  void readInclude(llvm::StringRef name, size_t including, Diagnostics &diagnostics);
  std::string privateDirectory(llvm::StringRef directory);

  std::vector<File> all;
  llvm::StringMap<size_t> byPrivatePath;
  llvm::StringMap<std::string> directoryNames; ///< user's directory -> "rtl.0"
  std::vector<std::string> directories;
  std::vector<std::string> searched; ///< include directories as the user named them
};

} // namespace lathe
