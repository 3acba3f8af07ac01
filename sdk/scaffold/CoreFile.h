// The RTL of a FuseSoC core file (CAPI2), as far as a plugin's manifest can have it.
//
//   CAPI=2:
//   name: ::multiplier:1.0.0
//   filesets:
//     rtl:
//       files: [rtl/multiplier.sv, rtl/widths.svh: {is_include_file: true}]
//       file_type: systemVerilogSource
//   targets:
//     default: {filesets: [rtl], toplevel: multiplier}
//
// https://fusesoc.readthedocs.io/en/stable/ref/capi2.html
#pragma once

#include "sdk/scaffold/FileTree.h"

#include <vector>

namespace lathe {

struct CoreFile {
  std::string name;                 ///< "::multiplier:1.0.0"
  std::string toplevel;             ///< a module; may be empty
  std::vector<std::string> sources; ///< relative to the core file's folder, in order
  FileTree contents;                ///< of the sources and of what they include
};

/// The Verilog of the file sets that target `default` lists, or of all when there is no such
/// target. Every mistake is reported, and then nothing is returned: conditions, for nobody says
/// which tool and flags are meant, and files outside of the core's folder. Files of other languages
/// and the cores that this one depends on are left out, each with a warning.
std::optional<CoreFile> readCoreFile(llvm::StringRef path, Diagnostics &diagnostics);

} // namespace lathe
