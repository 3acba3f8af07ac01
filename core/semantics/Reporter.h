// Reports of one notation text: bounded in number, and with a note where the text came from.
#pragma once

#include "core/support/Diagnostic.h"

namespace lathe {

/// Passes messages on to Diagnostics. A hostile text cannot make more than `kMostErrors` of them.
class Reporter {
public:
  static constexpr unsigned kMostErrors = 100;

  explicit Reporter(Diagnostics &diagnostics) : diagnostics(diagnostics) {}
  /// Every message gets a note at `origin`: a text that does not stand literally in a file.
  Reporter(Diagnostics &diagnostics, llvm::SMLoc origin, std::string originText)
      : diagnostics(diagnostics), origin(origin), originText(std::move(originText)) {}

  template <typename... Args> Diagnostic *error(Message message, llvm::SMLoc loc, Args &&...args) {
    if (++count > kMostErrors)
      return nullptr;
    Diagnostic &diagnostic = diagnostics.report(message, loc, std::forward<Args>(args)...);
    if (origin.isValid())
      diagnostics.note(diagnostic, origin, originText);
    return &diagnostic;
  }
  void note(Diagnostic *diagnostic, llvm::SMLoc loc, std::string text) {
    if (diagnostic)
      diagnostics.note(*diagnostic, loc, std::move(text));
  }
  bool hasErrors() const { return count != 0; }
  bool isFull() const { return count >= kMostErrors; }

private:
  Diagnostics &diagnostics;
  llvm::SMLoc origin;
  std::string originText;
  unsigned count = 0;
};

} // namespace lathe
