// A document as one HTML page.
#include "sdk/manual/BitDiagram.h"
#include "sdk/manual/Document.h"
#include "sdk/manual/Inline.h"
#include "sdk/manual/Style.h"
#include "sdk/manual/Svg.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::raw_ostream;
using llvm::StringRef;

static std::string inlineHtml(StringRef text) {
  auto words = [](StringRef piece) { return escapeXml(piece); };
  auto code = [](StringRef piece) { return "<code>" + escapeXml(piece) + "</code>"; };
  auto bold = [](StringRef piece) { return "<strong>" + inlineHtml(piece) + "</strong>"; };
  auto link = [](StringRef label, StringRef target) {
    return "<a href=\"" + escapeXml(target) + "\">" + inlineHtml(label) + "</a>";
  };
  return renderInline(text, {words, code, bold, link});
}

namespace {
/// "1", "1.2": chapters and sections are numbered, entries are not.
class Numbers {
public:
  std::string next(unsigned level) {
    if (level == 1) {
      section = 0;
      return std::to_string(++chapter);
    }
    return level == 2 ? std::to_string(chapter) + "." + std::to_string(++section) : std::string();
  }

private:
  unsigned chapter = 0, section = 0;
};

class HtmlWriter {
public:
  explicit HtmlWriter(raw_ostream &out) : out(out) {}

  void operator()(const Heading &heading) {
    std::string number = numbers.next(heading.level), tag = "h" + std::to_string(heading.level + 1);
    out << llvm::formatv("<{0} id=\"{1}\">", tag, heading.id);
    if (!number.empty())
      out << "<span class=\"number\">" << number << "</span> ";
    out << inlineHtml(heading.text);
    if (!heading.tag.empty())
      out << " <span class=\"tag\">" << inlineHtml(heading.tag) << "</span>";
    out << "</" << tag << ">\n";
  }
  void operator()(const Paragraph &paragraph) {
    out << "<p>" << inlineHtml(paragraph.text) << "</p>\n";
  }
  void operator()(const List &list) {
    out << "<ul>\n";
    for (const std::string &item : list.items)
      out << "<li>" << inlineHtml(item) << "</li>\n";
    out << "</ul>\n";
  }
  void operator()(const Code &code) {
    out << "<pre><code>" << escapeXml(StringRef(code.text).rtrim()) << "</code></pre>\n";
  }
  void operator()(const Grid &grid) {
    out << "<div class=\"table\"><table>\n";
    if (!grid.caption.empty())
      out << "<caption>Table " << ++tables << ". " << inlineHtml(grid.caption) << "</caption>\n";
    out << "<thead><tr>";
    for (StringRef column : grid.columns)
      out << "<th" << side(column) << ">" << inlineHtml(column.ltrim('>')) << "</th>";
    out << "</tr></thead>\n<tbody>\n";
    for (const std::vector<std::string> &row : grid.rows) {
      out << "<tr>";
      for (size_t i = 0; i < row.size(); ++i)
        out << "<td" << side(grid.columns[i]) << ">" << inlineHtml(row[i]) << "</td>";
      out << "</tr>\n";
    }
    out << "</tbody>\n</table></div>\n";
  }
  void operator()(const Bits &bits) {
    out << "<figure class=\"bits\">\n"
        << bitDiagram(bits.layout, spoken(bits), bits.word) << "</figure>\n";
  }
  void operator()(const Figure &figure) {
    out << "<figure id=\"figure-" << figure.id << "\">\n"
        << figure.svg << "<figcaption>Figure " << ++figures << ". " << inlineHtml(figure.caption)
        << "</figcaption>\n</figure>\n";
  }

private:
  static const char *side(StringRef column) {
    return column.starts_with(">") ? " class=\"right\"" : "";
  }
  static std::string spoken(const Bits &bits) {
    std::string text;
    for (const BitField &field : bits.layout.fields)
      text += (text.empty() ? "bits " : ", ") + bitRange(field) + " " +
              (field.kind == BitField::Kind::Fixed      ? binary(field.value, field.width)
               : field.kind == BitField::Kind::Reserved ? "reserved"
                                                        : field.name);
    return text;
  }

  raw_ostream &out;
  Numbers numbers;
  unsigned tables = 0, figures = 0;
};
} // namespace

static void printContents(raw_ostream &out, const Document &document) {
  Numbers numbers;
  out << "<nav aria-label=\"contents\">\n<p class=\"name\">" << inlineHtml(document.title)
      << "</p>\n<ol>\n";
  for (const Block &block : document.blocks)
    if (auto *heading = std::get_if<Heading>(&block)) {
      std::string number = numbers.next(heading->level);
      out << llvm::formatv("<li class=\"l{0}\"><a href=\"#{1}\">{2}{3}</a></li>\n", heading->level,
                           heading->id, number.empty() ? "" : "<span>" + number + "</span> ",
                           escapeXml(withoutMarkup(heading->text)));
    }
  out << "</ol>\n</nav>\n";
}

static void printFront(raw_ostream &out, const Document &document) {
  out << "<header>\n<h1>" << inlineHtml(document.title) << "</h1>\n<p class=\"subtitle\">"
      << inlineHtml(document.subtitle) << "</p>\n<dl>\n";
  for (const auto &[name, value] : document.facts)
    out << "<div><dt>" << inlineHtml(name) << "</dt><dd>" << inlineHtml(value) << "</dd></div>\n";
  out << "</dl>\n</header>\n";
}

std::string lathe::manual::renderHtml(const Document &document) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
      << escapeXml(withoutMarkup(document.title)) << "</title>\n<style>" << kStyle
      << "</style>\n</head>\n<body>\n";
  printContents(out, document);
  out << "<main>\n";
  printFront(out, document);
  HtmlWriter writer(out);
  for (const Block &block : document.blocks)
    std::visit(writer, block);
  out << "<footer>" << inlineHtml(document.footer) << "</footer>\n</main>\n</body>\n</html>\n";
  return text;
}
