#include "sdk/manual/Svg.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe::manual;
using llvm::formatv;
using llvm::StringRef;

static constexpr Tint kTints[] = {{"#1f6fb2", "#e3eff9"}, {"#b4610c", "#fbeedd"},
                                  {"#2b7a4b", "#e2f3e8"}, {"#7a3f9d", "#f2e7f8"},
                                  {"#a8323e", "#fae5e7"}, {"#1d7f86", "#dff3f4"}};

const Tint &lathe::manual::tint(unsigned n) { return kTints[n % std::size(kTints)]; }

std::string lathe::manual::escapeXml(StringRef text) {
  std::string out;
  for (char c : text)
    out += c == '&'   ? "&amp;"
           : c == '<' ? "&lt;"
           : c == '>' ? "&gt;"
           : c == '"' ? "&quot;"
                      : std::string(1, c);
  return out;
}

int lathe::manual::textWidth(StringRef text, int size) {
  int characters = 0;
  for (unsigned char c : text)
    characters += (c & 0xc0) != 0x80; // not the rest of one in UTF-8
  return characters * size * 602 / 1000;
}

void Svg::box(Box box, Paint paint) {
  body += formatv("<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" rx=\"{4}\" fill=\"{5}\" "
                  "stroke=\"{6}\"{7}/>\n",
                  box.x, box.y, box.width, box.height, paint.radius, paint.fill, paint.stroke,
                  paint.dashed ? " stroke-dasharray=\"5 4\"" : "")
              .str();
}

void Svg::text(int x, int y, StringRef text, Type type) {
  static constexpr StringRef kAnchors[] = {"start", "middle", "end"};
  body += formatv("<text x=\"{0}\" y=\"{1}\" font-size=\"{2}\" text-anchor=\"{3}\" fill=\"{4}\" "
                  "font-family=\"{5}\"{6}>{7}</text>\n",
                  x, y, type.size, kAnchors[static_cast<int>(type.anchor)], type.color,
                  type.mono ? "DejaVu Sans Mono, Consolas, Menlo, monospace"
                            : "Helvetica, Arial, Liberation Sans, sans-serif",
                  type.bold ? " font-weight=\"bold\"" : "", escapeXml(text))
              .str();
}

void Svg::arrow(int x, int y, StringRef color, Head head) {
  static constexpr StringRef kShapes[] = {"", "0,0 8,-4 8,4", "0,0 -8,-4 -8,4", "0,0 -4,8 4,8",
                                          "0,0 -4,-8 4,-8"};
  if (head != Head::None)
    body += formatv("<polygon points=\"{0}\" transform=\"translate({1} {2})\" fill=\"{3}\"/>\n",
                    kShapes[static_cast<int>(head)], x, y, color)
                .str();
}

static std::string pathOf(StringRef shape, StringRef color) {
  return formatv("<path d=\"{0}\" fill=\"none\" stroke=\"{1}\" stroke-width=\"1.5\"/>\n", shape,
                 color)
      .str();
}

void Svg::line(int x1, int y1, int x2, int y2, StringRef color, Head head) {
  body += pathOf(formatv("M{0} {1} L{2} {3}", x1, y1, x2, y2).str(), color);
  arrow(x2, y2, color, head);
}

void Svg::flow(int x1, int y1, int x2, int y2, StringRef color, Head head) {
  int middle = (x1 + x2) / 2;
  int end = head == Head::Right ? x2 - 6 : head == Head::Left ? x2 + 6 : x2;
  body +=
      pathOf(formatv("M{0} {1} C{2} {1} {2} {3} {4} {3}", x1, y1, middle, y2, end).str(), color);
  arrow(x2, y2, color, head);
}

void Svg::bracket(int x, int y1, int y2, int reach, StringRef color) {
  body += pathOf(formatv("M{0} {1} C{2} {1} {2} {3} {4} {3}", x, y1, x + reach, y2, x + 6).str(),
                 color);
  arrow(x, y2, color, Head::Left);
}

std::string Svg::finish() const {
  return formatv("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
                 "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}</svg>\n",
                 width, height, escapeXml(label), body)
      .str();
}
