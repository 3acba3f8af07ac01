#include "core/schedule/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace lathe;

static bool hasTerm(const Coordinate &coordinate, unsigned nestLoop) {
  return llvm::any_of(coordinate.terms, [&](const auto &term) { return term.first == nestLoop; });
}

int64_t StagedLayout::addressStep(unsigned nestLoop) const {
  int64_t step = 0;
  for (const Axis &axis : axes)
    for (auto [loop, coefficient] : axis.coordinate->terms)
      if (loop == nestLoop)
        step += coefficient / axis.divisor * axis.pitch;
  return step;
}

static StagedLayout::Axis axisOf(const Coordinate &coordinate, llvm::ArrayRef<int64_t> tile) {
  StagedLayout::Axis axis;
  axis.coordinate = &coordinate;
  int64_t divisor = 0;
  for (auto [loop, coefficient] : coordinate.terms)
    divisor = std::gcd(divisor, coefficient);
  axis.divisor = std::max<int64_t>(1, divisor);
  for (auto [loop, coefficient] : coordinate.terms)
    axis.count += coefficient / axis.divisor * (tile[loop] - 1);
  if (coordinate.period > 0)
    axis.count = std::min(axis.count, coordinate.period);
  return axis;
}

StagedLayout lathe::layOut(const StagedInput &input, llvm::ArrayRef<int64_t> tile,
                           int64_t laneWidth) {
  StagedLayout layout;
  layout.laneWidth = laneWidth;
  // Innermost first: the addressed coordinate, then the tensor's own order from its last dimension.
  for (const Coordinate &coordinate : input.view.coordinates)
    if (input.addressedLoop && hasTerm(coordinate, *input.addressedLoop))
      layout.axes.push_back(axisOf(coordinate, tile));
  for (const Coordinate &coordinate : llvm::reverse(input.view.coordinates))
    if (!input.addressedLoop || !hasTerm(coordinate, *input.addressedLoop))
      layout.axes.push_back(axisOf(coordinate, tile));
  for (StagedLayout::Axis &axis : layout.axes) {
    axis.pitch = layout.planeRows;
    layout.planeRows *= axis.count;
    if (&axis == &layout.axes.front() && input.addressedLoop)
      layout.planeRows = llvm::alignTo(layout.planeRows, input.alignedRows);
    axis.rows = layout.planeRows;
  }
  if (input.rowLoop && !input.view.splat)
    layout.chunks = llvm::divideCeil(tile[*input.rowLoop], laneWidth);
  return layout;
}

ResultLayout lathe::layOutResult(const Nest &nest, llvm::ArrayRef<int64_t> tile,
                                 int64_t laneWidth) {
  ResultLayout layout;
  layout.planeRows = tile[nest.rowLoop];
  for (unsigned l = nest.loops.size(); l-- > 0;) {
    if (nest.loops[l].reduction || l == nest.rowLoop || l == nest.laneLoop)
      continue;
    layout.outerLoops.push_back(l);
    layout.pitches.push_back(layout.planeRows);
    layout.planeRows *= tile[l];
  }
  layout.chunks = llvm::divideCeil(tile[nest.laneLoop], laneWidth);
  return layout;
}

bool lathe::dependsOn(const StagedInput &input, unsigned nestLoop) {
  return (input.view.laneLoop == nestLoop && !input.view.splat) ||
         llvm::any_of(input.view.coordinates, [&](const Coordinate &coordinate) {
           return coordinate.stride != 0 && hasTerm(coordinate, nestLoop);
         });
}
