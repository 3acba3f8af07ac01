#include "sdk/manual/Diagram.h"
#include "sdk/manual/Feeds.h"
#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::manual;

static constexpr int kSpaceWidth = 130, kSpaceHeight = 40, kFlow = 150, kPipeWidth = 270;
static constexpr int kLine = 16, kTitle = 26, kPipeGap = 16, kTop = 34, kNamesALine = 2;

namespace {
struct PipeBox {
  unsigned unit;
  std::string title;
  Traffic traffic;
  int y = 0, height = 0;
  int middle() const { return y + height / 2; }
};

class DatapathPainter {
public:
  explicit DatapathPainter(const Target &target) : target(target) {
    int y = kTop;
    for (unsigned unit = 0; unit < target.units.size(); ++unit)
      for (unsigned pipe = 0; pipe < target.units[unit].pipes.size(); ++pipe) {
        const Unit &it = target.units[unit];
        PipeBox box{unit, it.pipes.size() > 1 ? it.name + "." + it.pipes[pipe] : it.name,
                    trafficOf(target, unit, pipe)};
        int lines =
            static_cast<int>(box.traffic.intrinsics.size() + kNamesALine - 1) / kNamesALine +
            !box.traffic.states.empty();
        box.y = y;
        box.height = kTitle + lines * kLine + 8;
        y += box.height + kPipeGap;
        pipes.push_back(std::move(box));
      }
    height = y - kPipeGap;
    sources = placed([](const Traffic &traffic) { return &traffic.reads; });
    results = placed([](const Traffic &traffic) { return &traffic.writes; });
  }

  std::string paint() {
    int width = 2 * (kSpaceWidth + kFlow) + kPipeWidth + 4;
    Svg svg(width, height + 12, "what each pipe of " + target.name + " reads and writes");
    Svg::Type head{.size = 11, .bold = true, .mono = false, .color = kMuted};
    svg.text(kSpaceWidth / 2 + 2, 18, "READS", head);
    svg.text(width / 2, 18, "UNITS AND PIPES", head);
    svg.text(width - kSpaceWidth / 2 - 2, 18, "WRITES", head);
    for (const PipeBox &pipe : pipes)
      paintFlows(svg, pipe);
    for (const PipeBox &pipe : pipes)
      paintPipe(svg, pipe);
    for (auto [space, y] : sources)
      paintSpace(svg, space, 2, y);
    for (auto [space, y] : results)
      paintSpace(svg, space, width - kSpaceWidth - 2, y);
    return svg.finish();
  }

private:
  using Side = const std::set<unsigned> *(*)(const Traffic &);

  // Spaces ordered by where the pipes that use them stand, spread over the height.
  std::map<unsigned, int> placed(Side side) const {
    std::vector<std::pair<int, unsigned>> order;
    for (unsigned space = 0; space < target.spaces.size(); ++space) {
      int sum = 0, users = 0;
      for (const PipeBox &pipe : pipes)
        if (side(pipe.traffic)->count(space))
          sum += pipe.middle(), ++users;
      if (users != 0)
        order.emplace_back(sum / users, space);
    }
    llvm::sort(order);
    std::map<unsigned, int> y;
    int slot = order.empty() ? 0 : (height - kTop) / static_cast<int>(order.size());
    slot = std::max(slot, kSpaceHeight + 8);
    for (size_t i = 0; i < order.size(); ++i)
      y[order[i].second] = kTop + static_cast<int>(i) * slot + (slot - kSpaceHeight) / 2;
    return y;
  }

  void paintSpace(Svg &svg, unsigned id, int x, int y) {
    const Space &space = target.spaces[id];
    bool host = id == kHostSpace;
    svg.box({x, y, kSpaceWidth, kSpaceHeight},
            {.fill = host ? "#e9edf2" : kPaper, .stroke = "#44566a", .radius = 4});
    svg.text(x + kSpaceWidth / 2, y + 17, space.name, {.size = 13, .bold = true});
    svg.text(x + kSpaceWidth / 2, y + 32, rowText(space), {.size = 10, .color = kMuted});
  }

  void paintPipe(Svg &svg, const PipeBox &pipe) {
    int x = kSpaceWidth + kFlow + 2;
    const Tint &color = tint(pipe.unit);
    svg.box({x, pipe.y, kPipeWidth, pipe.height},
            {.fill = color.fill, .stroke = color.line, .radius = 6});
    svg.text(x + 12, pipe.y + 19, pipe.title,
             {.size = 13, .anchor = Svg::Anchor::Start, .bold = true, .color = color.line});
    int y = pipe.y + kTitle + 12;
    for (size_t i = 0; i < pipe.traffic.intrinsics.size(); ++i)
      svg.text(x + 12 + static_cast<int>(i % kNamesALine) * (kPipeWidth / kNamesALine - 4),
               y + static_cast<int>(i) / kNamesALine * kLine, pipe.traffic.intrinsics[i],
               {.size = 11, .anchor = Svg::Anchor::Start});
    std::string states;
    for (unsigned state : pipe.traffic.states)
      states += (states.empty() ? "state: " : ", ") + target.states[state].name;
    svg.text(x + 12, pipe.y + pipe.height - 10, states,
             {.size = 10, .anchor = Svg::Anchor::Start, .mono = false, .color = kMuted});
  }

  // Lines of several pipes to one space arrive at heights of their own.
  int dock(unsigned space, int y, Side side, const PipeBox &pipe) const {
    std::vector<const PipeBox *> users;
    for (const PipeBox &it : pipes)
      if (side(it.traffic)->count(space))
        users.push_back(&it);
    int at = static_cast<int>(llvm::find(users, &pipe) - users.begin()) + 1;
    return y + at * kSpaceHeight / (static_cast<int>(users.size()) + 1);
  }

  void paintFlows(Svg &svg, const PipeBox &pipe) {
    llvm::StringRef color = tint(pipe.unit).line;
    int left = kSpaceWidth + kFlow + 2, right = left + kPipeWidth, at = 0;
    auto reads = [](const Traffic &traffic) { return &traffic.reads; };
    auto writes = [](const Traffic &traffic) { return &traffic.writes; };
    for (auto [space, y] : sources)
      if (pipe.traffic.reads.count(space)) {
        int step = ++at * pipe.height / (static_cast<int>(pipe.traffic.reads.size()) + 1);
        svg.flow(kSpaceWidth + 2, dock(space, y, reads, pipe), left, pipe.y + step, color,
                 Svg::Head::Right);
      }
    at = 0;
    for (auto [space, y] : results)
      if (pipe.traffic.writes.count(space)) {
        int step = ++at * pipe.height / (static_cast<int>(pipe.traffic.writes.size()) + 1);
        svg.flow(right, pipe.y + step, right + kFlow, dock(space, y, writes, pipe), color,
                 Svg::Head::Right);
      }
  }

  const Target &target;
  std::vector<PipeBox> pipes;
  std::map<unsigned, int> sources, results;
  int height = kTop;
};
} // namespace

std::string lathe::manual::datapathDiagram(const Target &target) {
  return DatapathPainter(target).paint();
}
