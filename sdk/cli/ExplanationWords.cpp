#include "sdk/cli/ExplanationWords.h"

#include "sdk/cli/LoopNest.h"

using namespace lathe;
using namespace lathe::cli;

llvm::StringRef lathe::cli::kindText(MappingClass kind) {
  switch (kind) {
  case MappingClass::View:
    return "view: strides only";
  case MappingClass::Padded:
    return "padded: tiles partly filled";
  case MappingClass::Packed:
    return "packed: a copy lays data out";
  }
  return "";
}

std::string lathe::cli::tileText(const RankedMapping &ranked) {
  std::string text;
  for (const Tiling &tiling : ranked.tilings) {
    std::string sizes;
    for (int64_t size : tiling.tile)
      sizes += (sizes.empty() ? "" : " x ") + std::to_string(size);
    text += (text.empty() ? "" : "; ") + sizes;
  }
  return text;
}

std::vector<Fill> lathe::cli::fills(const Mapping &mapping, const Explanation &explanation,
                                    const ExplainScope &scope) {
  std::vector<Fill> found;
  const Nest &nest = mapping.nests.front();
  if (!nest.contraction)
    return found;
  const Rule &rule = scope.rules.rules[*nest.contraction->accumulate];
  const Statement &own = scope.target.intrinsics[rule.intrinsic].semantics.statements[0];
  for (unsigned r = 0; r < rule.loops.size(); ++r)
    if (!rule.loops[r].extent)
      found.push_back({own.loops[r].name,
                       kernelLoops(nest.loops[r], mapping.mapped(explanation.group).statement),
                       nest.loops[r].extent, rule.loops[r].max});
  return found;
}

std::vector<CopyText> lathe::cli::copiesOf(const Mapping &mapping) {
  std::vector<CopyText> copies;
  const Nest &nest = mapping.nests.front();
  auto add = [&](const HostView &view, bool isResult) {
    if (view.packing)
      copies.push_back({view.packing->semantics.tensors[isResult ? 1 : 0].name,
                        view.packing->reason, view.packing->bytes, isResult});
  };
  for (const StagedInput &input : nest.inputs)
    add(input.view, false);
  add(nest.result, true);
  return copies;
}
