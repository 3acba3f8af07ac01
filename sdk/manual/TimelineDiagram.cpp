#include "sdk/manual/Diagram.h"
#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace lathe;
using namespace lathe::manual;

static constexpr int kLabel = 140, kWidth = 720, kRow = 34, kTop = 10, kBar = 22;

// A round number of cycles between marks, at most twelve of them.
static int64_t markEvery(int64_t cycles) {
  int64_t step = 1;
  for (unsigned i = 0; cycles / step > 12; ++i)
    step = step * (i % 3 == 1 ? 5 : 4) / 2; // 1, 2, 5, 10
  return step;
}

std::string lathe::manual::timelineDiagram(const InstructionStream &stream, const Target &target) {
  std::vector<TimingModel::Times> times = predictTimes(stream, target);
  int64_t cycles = 1;
  std::map<std::pair<unsigned, unsigned>, int> rows;
  std::map<std::pair<unsigned, unsigned>, std::string> labels;
  for (size_t i = 0; i < stream.size(); ++i) {
    const Intrinsic &intrinsic = target.intrinsics[stream.intrinsic(i)];
    cycles = std::max({cycles, times[i].done, times[i].lastWrite});
    if (times[i].end > times[i].start)
      labels.try_emplace({intrinsic.unit, intrinsic.pipe}, pipeText(intrinsic, target));
  }
  int next = 0;
  for (auto &[pipe, label] : labels)
    rows[pipe] = next++;
  int bottom = kTop + next * kRow;
  Svg svg(kLabel + kWidth + 20, bottom + 26, "instructions over time");
  auto xOf = [&](int64_t cycle) { return kLabel + static_cast<int>(cycle * kWidth / cycles); };
  for (int64_t mark = 0; mark <= cycles; mark += markEvery(cycles)) {
    svg.line(xOf(mark), kTop, xOf(mark), bottom, "#e3e8ee");
    svg.text(xOf(mark), bottom + 16, std::to_string(mark), {.size = 10, .color = kMuted});
  }
  for (auto &[pipe, label] : labels)
    svg.text(
        kLabel - 10, kTop + rows[pipe] * kRow + kRow / 2 + 4, label,
        {.size = 12, .anchor = Svg::Anchor::End, .bold = true, .color = tint(pipe.first).line});
  for (size_t i = 0; i < stream.size(); ++i) {
    const Intrinsic &intrinsic = target.intrinsics[stream.intrinsic(i)];
    if (times[i].end <= times[i].start)
      continue;
    int row = rows[{intrinsic.unit, intrinsic.pipe}], y = kTop + row * kRow + (kRow - kBar) / 2;
    const Tint &color = tint(intrinsic.unit);
    int left = xOf(times[i].start), right = std::max(left + 2, xOf(times[i].end));
    svg.box({left, y, right - left, kBar}, {.fill = color.fill, .stroke = color.line, .radius = 2});
    std::string number = std::to_string(i);
    if (textWidth(number, 10) <= right - left)
      svg.text((left + right) / 2, y + 15, number, {.size = 10, .bold = true});
  }
  return svg.finish();
}
