// A document as GitHub's Markdown.
#include "sdk/manual/Document.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::raw_ostream;

static void printRow(raw_ostream &out, llvm::ArrayRef<std::string> cells) {
  out << '|';
  for (const std::string &cell : cells)
    out << ' ' << cell << " |";
  out << '\n';
}

static void printGrid(raw_ostream &out, llvm::ArrayRef<std::string> columns,
                      llvm::ArrayRef<std::vector<std::string>> rows) {
  out << '|';
  for (llvm::StringRef column : columns) {
    column.consume_front(">");
    out << ' ' << column << " |";
  }
  out << "\n|";
  for (llvm::StringRef column : columns)
    out << (column.starts_with(">") ? " ---: |" : " --- |");
  out << '\n';
  for (const std::vector<std::string> &row : rows)
    printRow(out, row);
  out << '\n';
}

namespace {
/// Blocks one by one.
struct MarkdownWriter {
  raw_ostream &out;

  // GitHub makes anchors of headings by itself; an explicit one keeps the links independent of
  // that.
  void operator()(const Heading &heading) const {
    out << "<a id=\"" << heading.id << "\"></a>\n\n"
        << std::string(heading.level + 1, '#') << ' ' << heading.text << "\n\n";
    if (!heading.tag.empty())
      out << heading.tag << "\n\n";
  }
  void operator()(const Paragraph &paragraph) const { out << paragraph.text << "\n\n"; }
  void operator()(const List &list) const {
    for (const std::string &item : list.items)
      out << "- " << item << '\n';
    out << '\n';
  }
  void operator()(const Code &code) const {
    out << "```text\n" << llvm::StringRef(code.text).rtrim() << "\n```\n\n";
  }
  void operator()(const Grid &grid) const {
    if (!grid.caption.empty())
      out << "**" << grid.caption << "**\n\n";
    printGrid(out, grid.columns, grid.rows);
  }
  void operator()(const Bits &bits) const {
    std::vector<std::string> numbers, names, values;
    for (const BitField &field : bits.layout.fields) {
      numbers.push_back(bitRange(field));
      bool fixed = field.kind == BitField::Kind::Fixed;
      names.push_back(fixed ? "`" + binary(field.value, field.width) + "`"
                      : field.kind == BitField::Kind::Reserved ? "reserved"
                                                               : "`" + field.name + "`");
      if (bits.word)
        values.push_back("`" + binary(bitsIn(field, *bits.word), std::min(field.width, 64u)) + "`");
    }
    std::vector<std::vector<std::string>> rows{names};
    if (bits.word)
      rows.push_back(values);
    printGrid(out, numbers, rows);
  }
  void operator()(const Figure &figure) const {
    out << "![" << figure.caption << "](figures/" << figure.id << ".svg)\n\n"
        << "*" << figure.caption << "*\n\n";
  }
};
} // namespace

static void printContents(raw_ostream &out, const Document &document) {
  for (const Block &block : document.blocks)
    if (auto *heading = std::get_if<Heading>(&block); heading && heading->level <= 2)
      out << std::string(2 * (heading->level - 1), ' ') << "- [" << heading->text << "](#"
          << heading->id << ")\n";
  out << '\n';
}

std::string lathe::manual::renderMarkdown(const Document &document) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "# " << document.title << "\n\n" << document.subtitle << "\n\n";
  out << "| | |\n| --- | --- |\n";
  for (const auto &[name, value] : document.facts)
    printRow(out, {name, value});
  out << '\n';
  printContents(out, document);
  for (const Block &block : document.blocks)
    std::visit(MarkdownWriter{out}, block);
  out << document.footer << '\n';
  return text;
}
