// Programs as files or text: what `compile` and `assemble` give.
#pragma once

#include "core/program/Program.h"
#include "sdk/cli/Arguments.h"

namespace lathe::cli {

struct EmitOptions {
  std::string output; ///< a file; empty: none
  std::string form;   ///< "binary", "assembly" or "words"; empty: binary with a file

  /// -o and --emit.
  void declare(Arguments &arguments);
  /// True when the program is what stdout shows.
  bool printsProgram() const;
};

/// Writes the file, or prints the text to stdout. Reports what cannot be written.
bool emitProgram(Session &session, const Program &program, const Target &target,
                 const EmitOptions &options);

} // namespace lathe::cli
