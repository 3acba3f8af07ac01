// What the reader has to say about a file: kinds and their arguments, worded by the parent.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lathe::mlirreader {

/// 1-based; 0 for the file as a whole.
struct Position {
  unsigned line = 0, column = 0;
};

struct Report {
  /// "syntax", "warning", "deep", "foreign", "unsupported", "inexact", "type", "undefined",
  /// "dynamic" or "empty": the parent has one message for each.
  std::string kind;
  Position at;
  std::vector<std::string> arguments;
  std::vector<std::pair<Position, std::string>> notes;
};

/// Collects reports; at most 100, so that a broken file stays readable.
class Reports {
public:
  void add(llvm::StringRef kind, Position at, std::vector<std::string> arguments) {
    failed |= kind != "warning";
    if (list.size() < 100)
      list.push_back({kind.str(), at, std::move(arguments), {}});
  }
  bool hasErrors() const { return failed; }

  std::vector<Report> list;

private:
  bool failed = false;
};

} // namespace lathe::mlirreader
