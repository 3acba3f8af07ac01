// Instructions' bits as pictures.
#pragma once

#include "sdk/manual/BitLayout.h"

namespace lathe::manual {

/// The fields to scale, 32 bits a row from the highest down, bit numbers above. With `word`, what
/// each field holds in it.
std::string bitDiagram(const BitLayout &layout, llvm::StringRef label,
                       const std::optional<Word> &word);

/// Every intrinsic a row, all at one scale.
std::string encodingMap(const Target &target);

} // namespace lathe::manual
