// Pictures as SVG text: the few shapes that diagrams need, with a style of their own.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace lathe::manual {

/// Coordinates in pixels, y downwards; whole numbers, so that the text is the same everywhere.
class Svg {
public:
  struct Box {
    int x, y, width, height;
  };
  struct Paint {
    llvm::StringRef fill = "none";
    llvm::StringRef stroke = "none";
    int radius = 0;
    bool dashed = false;
  };
  enum class Anchor : uint8_t { Start, Middle, End };
  struct Type {
    int size = 12;
    Anchor anchor = Anchor::Middle;
    bool bold = false;
    bool mono = true;
    llvm::StringRef color = "#1b2733";
  };
  enum class Head : uint8_t { None, Left, Right, Up, Down };

  /// `label` is what a reader hears who cannot see the picture.
  Svg(int width, int height, llvm::StringRef label) : width(width), height(height), label(label) {}

  void box(Box box, Paint paint);
  /// `x`, `y`: the baseline at the anchor.
  void text(int x, int y, llvm::StringRef text, Type type);
  void line(int x1, int y1, int x2, int y2, llvm::StringRef color, Head head = Head::None);
  /// A curve that leaves and arrives horizontally.
  void flow(int x1, int y1, int x2, int y2, llvm::StringRef color, Head head);
  /// A curve on the right of both points, `reach` pixels out.
  void bracket(int x, int y1, int y2, int reach, llvm::StringRef color);
  std::string finish() const;

private:
  void arrow(int x, int y, llvm::StringRef color, Head head);

  int width, height;
  std::string label, body;
};

/// Pixels that `text` takes in the fixed-width font.
int textWidth(llvm::StringRef text, int size);
std::string escapeXml(llvm::StringRef text);

/// A line and a fill for the n-th of several things, in turn.
struct Tint {
  llvm::StringLiteral line, fill;
};
const Tint &tint(unsigned n);

inline constexpr llvm::StringLiteral kInk = "#1b2733", kMuted = "#5b6b7b", kRule = "#b8c4d0",
                                     kPaper = "#ffffff", kShade = "#eef2f6";

} // namespace lathe::manual
