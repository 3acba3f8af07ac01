// Helpers of the notation's tests: parse a text, and say what was reported and where.
#pragma once

#include "core/semantics/Parser.h"

#include "llvm/Support/raw_ostream.h"

#include <string>

namespace lathe::test {

struct Notation {
  Sources sources;
  Diagnostics diagnostics{sources};

  std::optional<std::vector<Semantics>> parse(llvm::StringRef text) {
    return parseKernels(sources.add("test.lathe", text), diagnostics);
  }

  /// The only kernel of `text`, bound.
  std::optional<Semantics> bound(llvm::StringRef text,
                                 std::vector<std::pair<std::string, int64_t>> sizes = {},
                                 std::vector<ArrayShape> arrays = {}) {
    auto kernels = parse(text);
    return kernels ? lathe::bind(kernels->front(), sizes, arrays, diagnostics) : std::nullopt;
  }

  /// "L0509 3:7; L0513 4:2", in order of report.
  std::string codes() const {
    std::string text;
    for (const Diagnostic &diagnostic : diagnostics.all())
      text += (text.empty() ? "" : "; ") + diagnostic.code().str() + " " +
              std::to_string(diagnostic.place.line) + ":" + std::to_string(diagnostic.place.column);
    return text;
  }

  std::string shown() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    print(out, diagnostics);
    return text;
  }
};

} // namespace lathe::test
