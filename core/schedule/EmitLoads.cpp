#include "core/schedule/NestEmitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::divideCeil;

/// Rows of a staged plane that one load covers at most, when the plane is brought in as it is
/// needed.
static constexpr int64_t kGranuleRows = 64;

namespace {
/// Rows that one stride walks in host memory and on chip.
struct UniformRows {
  int64_t rows = 1;  ///< the product of the first axes' counts
  int64_t pitch = 1; ///< addresses from one such run to the next
  size_t axes = 0;
};
} // namespace

static UniformRows uniformRows(const StagedLayout &layout) {
  UniformRows run;
  int64_t step = 0;
  for (; run.axes < layout.axes.size(); ++run.axes) {
    const StagedLayout::Axis &axis = layout.axes[run.axes];
    int64_t axisStep = axis.divisor * axis.coordinate->stride;
    bool goesOn = axisStep == step * run.rows && axis.pitch == run.rows;
    if (axis.count > 1 && run.rows > 1 && !goesOn)
      break;
    if (axis.count > 1 && run.pitch > run.rows)
      break;
    if (run.rows == 1)
      step = axisStep;
    run.rows *= axis.count;
    run.pitch = axis.rows;
  }
  return run;
}

static int64_t granulesPerPlane(const StagedLayout &layout) {
  UniformRows run = uniformRows(layout);
  return divideCeil(run.rows, kGranuleRows) * (layout.planeRows / run.pitch);
}

int64_t lathe::granuleCount(const StagedLayout &layout) {
  return granulesPerPlane(layout) * layout.chunks;
}

int64_t NestEmitter::slotBase(unsigned i) const {
  if (walks[i])
    return keptBase(kept[*nest.inputs[i].kept], *walks[i], *nest.inputs[i].view.laneLoop);
  const SlotRegion &region = tiling.inputs[i];
  return region.base + residency[i].plan.uses[current].slot * region.slotRows;
}

/// Changes whenever the rows that input `i` is read from hold something else.
int64_t NestEmitter::generationOf(unsigned i) const {
  if (walks[i])
    return tiles[current][nest.rowLoop];
  return residency[i].generation[residency[i].plan.uses[current].slot];
}

/// Where the current tile begins in a kept tensor: in the block's slot, the rows and lanes before
/// it.
int64_t NestEmitter::keptBase(const KeptTensor &tensor, const RowWalk &walk,
                              unsigned laneLoop) const {
  int64_t block = tiling.inBlocks ? tiles[current][nest.rowLoop] : 0;
  int64_t address = tensor.base + block % tensor.slots * tensor.slotRows + walk.offset;
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (!tiling.inBlocks || l != nest.rowLoop)
      address += walk.steps[l] * origin[l];
  return address + origin[laneLoop] / target.spaces[tensor.space].rowElements() * tensor.planeRows;
}

/// Bytes of host memory that `nestLoop` advances the view by.
int64_t NestEmitter::hostStep(const HostView &view, unsigned nestLoop) const {
  int64_t step = 0;
  for (const Coordinate &coordinate : view.coordinates)
    for (auto [loop, coefficient] : coordinate.terms)
      if (loop == nestLoop)
        step += coordinate.stride * coefficient;
  return view.bytesAt(step);
}

/// Host address of the view's element at the tile's origin, lane chunk `chunk`.
int64_t NestEmitter::hostAddress(const HostView &view, int64_t chunk, int64_t laneWidth) {
  if (view.splat)
    return symbols.addressOfSplat(*view.splat, view.type, laneWidth,
                                  view.encoding ? view.encoding->layout.get() : nullptr);
  int64_t elements = view.offset;
  for (const Coordinate &coordinate : view.coordinates)
    for (auto [loop, coefficient] : coordinate.terms)
      elements += coordinate.stride * coefficient * origin[loop];
  if (view.laneLoop)
    elements += origin[*view.laneLoop] + chunk * laneWidth;
  return symbols.addressOf(view.tensor) + view.bytesAt(elements);
}

int64_t NestEmitter::lanesIn(std::optional<unsigned> loop, int64_t chunk, int64_t laneWidth) const {
  return loop ? std::min(laneWidth, size[*loop] - chunk * laneWidth) : 1;
}

/// Loads what is missing of plane rows [first, first + rows) of lane chunk `chunk`.
void NestEmitter::require(unsigned i, int64_t chunk, int64_t first, int64_t rows) {
  if (nest.inputs[i].kept)
    return;
  const StagedLayout &layout = layouts[i];
  auto [run, pitch, axes] = uniformRows(layout);
  int64_t perRun = divideCeil(run, kGranuleRows), perPlane = granulesPerPlane(layout);
  std::vector<bool> &present = residency[i].present[residency[i].plan.uses[current].slot];
  for (int64_t row = first; row < first + rows;) {
    int64_t outer = row / pitch, granule = row % pitch / kGranuleRows;
    if (row % pitch >= run) { // behind the run's last row
      row = (outer + 1) * pitch;
      continue;
    }
    int64_t from = granule * kGranuleRows;
    int64_t to = std::min(run, from + kGranuleRows);
    int64_t id = chunk * perPlane + outer * perRun + granule;
    row = outer * pitch + to;
    if (present[id])
      continue;
    // One load for all missing granules that follow in the run and are needed too.
    present[id] = true;
    while (row < first + rows && to < run && !present[id + 1]) {
      present[++id] = true;
      to = std::min(run, to + kGranuleRows);
      row = outer * pitch + to;
    }
    load(i, chunk, outer, axes, from, to);
  }
}

/// Rows [from, to) of uniform run `outer` of the plane.
void NestEmitter::load(unsigned i, int64_t chunk, int64_t outer, size_t axes, int64_t from,
                       int64_t to) {
  const StagedInput &input = nest.inputs[i];
  const StagedLayout &layout = layouts[i];
  int64_t step = 0, host = 0;
  for (size_t a = 0; a < axes; ++a)
    if (layout.axes[a].count > 1) {
      step = layout.axes[a].divisor * layout.axes[a].coordinate->stride;
      break;
    }
  int64_t address = chunk * layout.planeRows;
  for (size_t a = axes; a < layout.axes.size(); ++a) {
    const StagedLayout::Axis &axis = layout.axes[a];
    int64_t index = outer % axis.count;
    outer /= axis.count;
    address += index * axis.pitch;
    host += index * axis.divisor * axis.coordinate->stride;
  }
  CallSite site = loadSite(input, chunk, widths[i]);
  site.operands[0].base = slotBase(i) + address + from;
  site.operands[0].steps = {1};
  site.operands[1].base =
      hostAddress(input.view, chunk, widths[i]) + input.view.bytesAt(host + from * step);
  site.operands[1].steps = {input.view.bytesAt(step)};
  calls.emit(site, {to - from});
}

/// A call of the input's load for lane chunk `chunk`: destination and source, without addresses.
CallSite NestEmitter::loadSite(const StagedInput &input, int64_t chunk, int64_t laneWidth) const {
  const Rule &rule = rules.rules[input.load];
  CallSite site;
  site.rule = &rule;
  site.operands.push_back({&rule.destination, 0, {}});
  site.operands.push_back({&rule.sources[0], 0, {}});
  bool isWhole = input.view.splat || (input.view.encoding && input.view.encoding->wholeRows);
  int64_t lanes = isWhole ? laneWidth : lanesIn(input.rowLoop, chunk, laneWidth);
  if (rule.padding)
    site.arguments.push_back({rule.padding->argument, lanes});
  else if (auto extent = rule.loops[rule.sources[0].loops.back()].extent)
    site.arguments.push_back({*extent, lanes});
  return site;
}
