#include "sdk/manual/Diagram.h"
#include "sdk/manual/Feeds.h"
#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

static constexpr int kHostWidth = 130, kGap = 150, kBoxWidth = 190, kBoxHeight = 104, kBoxGap = 30;
static constexpr int kTop = 46, kMostBanksDrawn = 16;

namespace {
class MemoryPainter {
public:
  explicit MemoryPainter(const Target &target)
      : target(target), edges(feeds(target)), level(distances(target)) {
    place();
  }

  std::string paint() {
    int levels = 1 + *llvm::max_element(level);
    int width = xOf(levels - 1) + kBoxWidth + 40;
    int height = bottom + 40 + (skips() ? 44 : 0);
    Svg svg(width, height, "memories of " + target.name);
    svg.box({kHostWidth + kGap / 2 - 4, 8, width - kHostWidth - kGap / 2 - 2, height - 16},
            {.fill = "#f7f9fb", .stroke = kRule, .radius = 10});
    svg.text(kHostWidth + kGap / 2 + 10, 28, target.name + "@" + target.machine,
             {.size = 12, .anchor = Svg::Anchor::Start, .bold = true, .color = kMuted});
    paintHost(svg);
    for (unsigned space = 1; space < target.spaces.size(); ++space)
      paintSpace(svg, space);
    unsigned skipped = 0;
    for (const auto &[edge, names] : edges)
      paintEdge(svg, edge.first, edge.second, names, skipped);
    return svg.finish();
  }

private:
  static int xOf(unsigned column) {
    return column == 0 ? 2 : kHostWidth + kGap + static_cast<int>(column - 1) * (kBoxWidth + kGap);
  }

  // A space stands beside the first one that fills it, or below what stands there.
  void place() {
    y.assign(target.spaces.size(), kTop);
    std::map<unsigned, int> next;
    for (unsigned column = 1; column <= target.spaces.size(); ++column)
      for (unsigned space = 1; space < target.spaces.size(); ++space) {
        if (level[space] != column)
          continue;
        int wanted = next.count(column) ? next[column] : kTop;
        for (const auto &[edge, names] : edges)
          if (edge.second == space && level[edge.first] + 1 == column && edge.first != kHostSpace) {
            wanted = std::max(wanted, y[edge.first]);
            break;
          }
        y[space] = wanted;
        next[column] = wanted + kBoxHeight + kBoxGap;
        bottom = std::max(bottom, wanted + kBoxHeight);
      }
  }

  bool isSkip(unsigned from, unsigned to) const {
    return level[from] > level[to] + 1 || level[to] > level[from] + 1;
  }
  bool skips() const {
    return llvm::any_of(
        edges, [&](const auto &edge) { return isSkip(edge.first.first, edge.first.second); });
  }

  void paintHost(Svg &svg) {
    const Space &host = target.spaces[kHostSpace];
    svg.box({xOf(0), kTop, kHostWidth, bottom - kTop},
            {.fill = "#e9edf2", .stroke = "#6b7b8c", .radius = 6});
    int x = xOf(0) + kHostWidth / 2, y = (kTop + bottom) / 2;
    svg.text(x, y - 26, host.name, {.size = 15, .bold = true});
    svg.text(x, y - 8, "byte addresses", {.size = 11, .mono = false, .color = kMuted});
    svg.text(x, y + 12, formatv("read  {0} B/cycle", host.readBytes).str(), {.size = 10});
    svg.text(x, y + 27, formatv("write {0} B/cycle", host.writeBytes).str(), {.size = 10});
    svg.text(x, y + 42, formatv("latency {0}", host.latencyCycles).str(), {.size = 10});
  }

  void paintSpace(Svg &svg, unsigned id) {
    const Space &space = target.spaces[id];
    int x = xOf(level[id]), top = y[id];
    const Tint &color = tint(id - 1);
    svg.box({x, top, kBoxWidth, kBoxHeight},
            {.fill = color.fill, .stroke = color.line, .radius = 6});
    svg.text(x + 12, top + 22, space.name,
             {.size = 15, .anchor = Svg::Anchor::Start, .bold = true, .color = color.line});
    svg.text(x + kBoxWidth - 12, top + 22, humanBytes(static_cast<uint64_t>(space.capacityBytes)),
             {.size = 13, .anchor = Svg::Anchor::End, .bold = true});
    svg.text(x + 12, top + 42,
             formatv("{0} x ({1})", grouped(space.addresses), rowText(space)).str(),
             {.size = 11, .anchor = Svg::Anchor::Start});
    svg.text(x + 12, top + 58,
             formatv("{0} R, {1} W a cycle{2}", space.readsPerCycle, space.writesPerCycle,
                     space.banks > 1 ? " and bank" : "")
                 .str(),
             {.size = 11, .anchor = Svg::Anchor::Start, .mono = false, .color = kMuted});
    paintBanks(svg, space, {x + 12, top + 68, kBoxWidth - 24, 24}, color);
  }

  void paintBanks(Svg &svg, const Space &space, Svg::Box area, const Tint &color) {
    if (space.banks > kMostBanksDrawn) {
      svg.box(area, {.fill = kPaper, .stroke = color.line});
      return svg.text(area.x + area.width / 2, area.y + 16, formatv("{0} banks", space.banks).str(),
                      {.size = 11});
    }
    int banks = static_cast<int>(space.banks);
    for (int bank = 0; bank < banks; ++bank) {
      int left = area.x + bank * area.width / banks,
          right = area.x + (bank + 1) * area.width / banks;
      svg.box({left, area.y, right - left - (bank + 1 < banks ? 4 : 0), area.height},
              {.fill = kPaper, .stroke = color.line});
      svg.text((left + right - 4) / 2, area.y + 16, banks == 1 ? "1 bank" : std::to_string(bank),
               {.size = 10, .color = kMuted});
    }
  }

  static std::string label(llvm::ArrayRef<std::string> names) {
    return names.size() < 2 ? names[0] : names[0] + " +" + std::to_string(names.size() - 1);
  }

  // The middle of a side; what arrives from the left stands above what leaves to it.
  int port(unsigned space, bool arriving) const {
    return y[space] + kBoxHeight / 2 + (arriving ? -16 : 20);
  }

  void paintEdge(Svg &svg, unsigned from, unsigned to, llvm::ArrayRef<std::string> names,
                 unsigned &skipped) {
    llvm::StringRef color = "#44566a";
    Svg::Type type{.size = 10, .color = kInk};
    std::string text = label(names);
    if (isSkip(from, to)) {
      int channel = bottom + 24 + static_cast<int>(skipped++ % 2) * 16;
      int x1 = from == kHostSpace ? kHostWidth / 2 : xOf(level[from]) + kBoxWidth / 2;
      int x2 = to == kHostSpace ? kHostWidth / 2 : xOf(level[to]) + kBoxWidth / 2;
      svg.line(x1, from == kHostSpace ? bottom : y[from] + kBoxHeight, x1, channel, color);
      svg.line(x1, channel, x2, channel, color);
      svg.line(x2, channel, x2, to == kHostSpace ? bottom : y[to] + kBoxHeight, color,
               Svg::Head::Up);
      return svg.text((x1 + x2) / 2, channel - 5, text, type);
    }
    if (level[from] == level[to]) {
      int x = xOf(level[from]) + kBoxWidth, y1 = port(from, true), y2 = port(to, false);
      svg.bracket(x, y1, y2, 50, color);
      type.anchor = Svg::Anchor::Start;
      return svg.text(x + 46, (y1 + y2) / 2 + 4, text, type);
    }
    bool inward = level[from] < level[to];
    unsigned left = inward ? from : to, right = inward ? to : from;
    int x1 = left == kHostSpace ? xOf(0) + kHostWidth : xOf(level[left]) + kBoxWidth,
        x2 = xOf(level[right]);
    int yRight = port(right, inward), yLeft = left == kHostSpace ? yRight : port(left, inward);
    if (inward)
      svg.flow(x1, yLeft, x2, yRight, color, Svg::Head::Right);
    else
      svg.flow(x2, yRight, x1, yLeft, color, Svg::Head::Left);
    svg.text((x1 + x2) / 2, (yLeft + yRight) / 2 - 6, text, type);
  }

  const Target &target;
  std::map<std::pair<unsigned, unsigned>, std::vector<std::string>> edges;
  std::vector<unsigned> level;
  std::vector<int> y;
  int bottom = kTop + kBoxHeight;
};
} // namespace

std::string lathe::manual::memoryDiagram(const Target &target) {
  return MemoryPainter(target).paint();
}
