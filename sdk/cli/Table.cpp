#include "sdk/cli/Table.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe::cli;
using llvm::raw_ostream;
using llvm::StringRef;

StringRef Table::title(size_t column) const {
  return StringRef(columns[column]).drop_front(isRight(column));
}

void Table::printRow(raw_ostream &out, StringRef indent, const std::vector<std::string> &row,
                     const std::vector<size_t> &widths) const {
  std::string line = indent.str();
  for (size_t i = 0; i < row.size(); ++i) {
    std::string fill(widths[i] - row[i].size(), ' ');
    line += isRight(i) ? fill + row[i] : row[i] + fill;
    line += "  ";
  }
  out << StringRef(line).rtrim() << '\n';
}

void Table::printText(raw_ostream &out, StringRef indent) const {
  std::vector<size_t> widths;
  std::vector<std::string> titles;
  for (size_t i = 0; i < columns.size(); ++i) {
    titles.push_back(title(i).str());
    widths.push_back(titles.back().size());
    for (const auto &row : rows)
      widths[i] = std::max(widths[i], row[i].size());
  }
  printRow(out, indent, titles, widths);
  for (const auto &row : rows)
    printRow(out, indent, row, widths);
}

static std::string escapedCell(StringRef cell) {
  std::string text;
  for (char c : cell)
    text += c == '|' ? std::string("\\|") : std::string(1, c);
  return text;
}

void Table::printMarkdown(raw_ostream &out) const {
  out << '|';
  for (size_t i = 0; i < columns.size(); ++i)
    out << ' ' << title(i) << " |";
  out << "\n|";
  for (size_t i = 0; i < columns.size(); ++i)
    out << (isRight(i) ? " ---: |" : " --- |");
  out << '\n';
  for (const auto &row : rows) {
    out << '|';
    for (const std::string &cell : row)
      out << ' ' << escapedCell(cell) << " |";
    out << '\n';
  }
}
