// Rows under named columns, as aligned text or Markdown.
#pragma once

#include "sdk/manual/TargetWords.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace lathe::cli {

class Table {
public:
  /// A column whose name begins with '>' is right-aligned (numbers).
  explicit Table(std::vector<std::string> columns) : columns(std::move(columns)) {}
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  bool empty() const { return rows.empty(); }

  void printText(llvm::raw_ostream &out, llvm::StringRef indent = "") const;
  void printMarkdown(llvm::raw_ostream &out) const;

private:
  bool isRight(size_t column) const { return columns[column][0] == '>'; }
  llvm::StringRef title(size_t column) const;
  void printRow(llvm::raw_ostream &out, llvm::StringRef indent, const std::vector<std::string> &row,
                const std::vector<size_t> &widths) const;

  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

} // namespace lathe::cli
