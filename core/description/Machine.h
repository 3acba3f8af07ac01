// A machine file with what it extends, checked for itself but not yet against an ISA.
#pragma once

#include "core/description/Yaml.h"

namespace lathe {

/// Reads `path` and the files it extends (inside `folder`, at most 8, no cycle): the values of a
/// file hold over those of the file it extends. Every value keeps the location it comes from.
std::optional<YamlNode> readMachine(llvm::StringRef folder, llvm::StringRef path, llvm::SMLoc at,
                                    Diagnostics &diagnostics);

} // namespace lathe
