#include "sdk/manual/BitDiagram.h"

#include "sdk/manual/Svg.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using Kind = BitField::Kind;

static constexpr int kBitsARow = 32, kBitWidth = 27, kCellHeight = 34, kRowHeight = 74, kTop = 20;
static constexpr int kSmallest = 8; // of a font that can be read

namespace {
/// The part of a field that lies in one row.
struct Piece {
  const BitField &field;
  int msb, lsb;
  Svg::Box box;
};

class BitPainter {
public:
  BitPainter(const BitLayout &layout, const std::optional<Word> &word, llvm::StringRef label)
      : layout(layout), word(word), rows((layout.width + kBitsARow - 1) / kBitsARow),
        columns(std::min<int>(layout.width, kBitsARow)),
        svg(columns * kBitWidth + 2, rows * kRowHeight + kTop - 14, label) {}

  std::string paint() {
    for (const BitField &field : layout.fields)
      for (int row = 0; row < rows; ++row)
        paintPart(field, row);
    return svg.finish();
  }

private:
  // Row 0 holds the highest bits; the last row is full.
  void paintPart(const BitField &field, int row) {
    int low = (rows - 1 - row) * kBitsARow;
    int msb = std::min<int>(field.msb(), low + kBitsARow - 1), lsb = std::max<int>(field.lsb, low);
    if (msb < lsb)
      return;
    int right = columns * kBitWidth + 1;
    Svg::Box box{right - (msb - low + 1) * kBitWidth, kTop + row * kRowHeight,
                 (msb - lsb + 1) * kBitWidth, kCellHeight};
    paintPiece({field, msb, lsb, box});
  }

  void paintPiece(const Piece &piece) {
    static constexpr Tint kFills[] = {
        {kInk, "#dbe4ee"}, {"#1f6fb2", "#f3f8fd"}, {kRule, "#f4f4f2"}};
    svg.box(piece.box,
            {.fill = kFills[static_cast<int>(piece.field.kind)].fill, .stroke = "#3d4f61"});
    paintNumbers(piece);
    if (piece.field.kind == Kind::Fixed)
      return paintBits(piece);
    paintName(piece);
    if (word && piece.field.kind == Kind::Argument)
      under(piece, "0x" + llvm::utohexstr(bitsIn(piece.field, *word), /*LowerCase=*/true),
            "#1f6fb2");
    else if (piece.field.kind == Kind::Argument)
      under(piece, std::to_string(piece.field.width), kMuted);
  }

  void paintNumbers(const Piece &piece) {
    const Svg::Box &box = piece.box;
    Svg::Type type{.size = 10, .color = kMuted};
    if (piece.msb == piece.lsb)
      return svg.text(box.x + box.width / 2, box.y - 5, std::to_string(piece.msb), type);
    type.anchor = Svg::Anchor::Start;
    svg.text(box.x + 3, box.y - 5, std::to_string(piece.msb), type);
    type.anchor = Svg::Anchor::End;
    svg.text(box.x + box.width - 3, box.y - 5, std::to_string(piece.lsb), type);
  }

  void paintBits(const Piece &piece) {
    for (int bit = piece.msb; bit >= piece.lsb; --bit) {
      int x = piece.box.x + (piece.msb - bit) * kBitWidth;
      if (bit != piece.msb)
        svg.line(x, piece.box.y, x, piece.box.y + 6, "#3d4f61");
      bool one = (piece.field.value >> (bit - piece.field.lsb)) & 1;
      svg.text(x + kBitWidth / 2, piece.box.y + 22, one ? "1" : "0", {.size = 14, .bold = true});
    }
  }

  void paintName(const Piece &piece) {
    bool isReserved = piece.field.kind == Kind::Reserved;
    std::string name = isReserved ? "reserved" : piece.field.name;
    if (isReserved && textWidth(name, 11) > piece.box.width - 4)
      name = "0";
    int size = 13;
    while (size > kSmallest && textWidth(name, size) > piece.box.width - 4)
      --size;
    // A name that does not fit stands below its cell, in place of the value or width.
    bool fits = textWidth(name, size) <= piece.box.width;
    int x = piece.box.x + piece.box.width / 2;
    svg.text(x, piece.box.y + (fits ? 22 : kCellHeight + 26), name,
             {.size = fits ? size : 9, .bold = !isReserved, .color = isReserved ? kMuted : kInk});
  }

  void under(const Piece &piece, const std::string &text, llvm::StringRef color) {
    svg.text(piece.box.x + piece.box.width / 2, piece.box.y + kCellHeight + 13, text,
             {.size = textWidth(text, 10) > piece.box.width + 8 ? 8 : 10, .color = color});
  }

  const BitLayout &layout;
  const std::optional<Word> &word;
  int rows, columns;
  Svg svg;
};
} // namespace

std::string lathe::manual::bitDiagram(const BitLayout &layout, llvm::StringRef label,
                                      const std::optional<Word> &word) {
  return BitPainter(layout, word, label).paint();
}

static constexpr int kMapLabel = 150, kMapWidth = 720, kMapRow = 26, kMapTop = 24;

static void paintMapRow(Svg &svg, const Intrinsic &intrinsic, unsigned width, int y) {
  auto xOf = [&](unsigned bit) {
    return kMapLabel + static_cast<int>((width - bit) * kMapWidth / width);
  };
  svg.text(kMapLabel - 8, y + 16, intrinsic.name,
           {.size = 11, .anchor = Svg::Anchor::End, .bold = true});
  for (const BitField &field : bitLayout(intrinsic).fields) {
    int left = xOf(field.msb() + 1);
    Svg::Box box{left, y, xOf(field.lsb) - left, kMapRow - 4};
    bool fixed = field.kind == Kind::Fixed, reserved = field.kind == Kind::Reserved;
    svg.box(box, {.fill = fixed      ? "#dbe4ee"
                          : reserved ? "#f4f4f2"
                                     : "#f3f8fd",
                  .stroke = "#8796a5"});
    std::string text = fixed ? binary(field.value, field.width) : reserved ? "" : field.name;
    llvm::erase(text, ' ');
    int size = 11;
    while (size > kSmallest - 1 && textWidth(text, size) > box.width - 2)
      --size;
    if (textWidth(text, size) <= box.width + 1)
      svg.text(box.x + box.width / 2, y + 15, text, {.size = size, .bold = fixed});
  }
}

std::string lathe::manual::encodingMap(const Target &target) {
  unsigned width = target.instructionWidth;
  int height = kMapTop + kMapRow * static_cast<int>(target.intrinsics.size()) + 2;
  Svg svg(kMapLabel + kMapWidth + 2, height, "bit fields of every instruction of " + target.name);
  for (unsigned bit = 0; bit <= width; bit += 8) {
    int x = kMapLabel + static_cast<int>((width - bit) * kMapWidth / width);
    svg.line(x, kMapTop - 6, x, height - 2, "#e3e8ee");
    if (bit != 0)
      svg.text(x, 12, std::to_string(bit - 1),
               {.size = 10, .anchor = Svg::Anchor::Start, .color = kMuted});
  }
  svg.text(kMapLabel + kMapWidth, 12, "0",
           {.size = 10, .anchor = Svg::Anchor::End, .color = kMuted});
  int y = kMapTop;
  for (const Intrinsic &intrinsic : target.intrinsics) {
    paintMapRow(svg, intrinsic, width, y);
    y += kMapRow;
  }
  return svg.finish();
}
