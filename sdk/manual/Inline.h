// The inline markup of a document's text, taken apart.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace lathe::manual {

/// What `renderInline` makes of each kind of piece.
struct InlineForms {
  llvm::function_ref<std::string(llvm::StringRef)> words, code, bold;
  llvm::function_ref<std::string(llvm::StringRef label, llvm::StringRef target)> link;
};

/// `text` piece by piece. A mark that is not closed stands for itself.
std::string renderInline(llvm::StringRef text, const InlineForms &forms);

/// "a `b` [c](#d)" as "a b c".
std::string withoutMarkup(llvm::StringRef text);

} // namespace lathe::manual
