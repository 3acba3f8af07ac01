// Cycles of each intrinsic, from the machine's units.
#include "core/description/TargetBuilder.h"

using namespace lathe;
using llvm::StringRef;

namespace {

class TimingBuilder {
public:
  TimingBuilder(TargetBuild &build, unsigned unit, const YamlNode &node)
      : build(build), unit(unit), node(node) {}

  void run() {
    forEach("interval", /*withExtents=*/true, [](Timing &timing, const Linear &cycles) {
      timing.interval = {cycles.base, cycles.terms};
    });
    forEach("latency", /*withExtents=*/false,
            [](Timing &timing, const Linear &cycles) { timing.latencyCycles = cycles.base; });
    forEach("release", /*withExtents=*/false,
            [](Timing &timing, const Linear &cycles) { timing.releaseCycles = cycles.base; });
  }

private:
  template <typename Function> void forEach(StringRef key, bool withExtents, Function set) {
    const YamlNode *entries = node.find(key);
    if (!entries)
      return;
    for (const auto &[name, value] : entries->entries)
      if (Intrinsic *intrinsic = find(name))
        if (std::optional<Linear> cycles = parse(*intrinsic, value, withExtents))
          set(intrinsic->timing, *cycles);
  }

  Intrinsic *find(const YamlNode &name) {
    std::vector<StringRef> known;
    for (Intrinsic &intrinsic : build.target.intrinsics) {
      if (intrinsic.unit == unit) {
        if (intrinsic.name == name.text)
          return &intrinsic;
        known.push_back(intrinsic.name);
      }
    }
    if (std::optional<unsigned> other = build.target.findIntrinsic(name.text)) {
      const Intrinsic &elsewhere = build.target.intrinsics[*other];
      Diagnostic &diagnostic = build.diagnostics.report(Message::MachineOtherUnit, name.loc,
                                                        name.text, build.target.units[unit].name,
                                                        build.target.units[elsewhere.unit].name);
      build.diagnostics.note(diagnostic, build.isa.intrinsics[*other].at("ExecutedBy"),
                             "its unit is given here");
    } else {
      build.diagnostics.report(Message::MachineIntrinsic, name.loc, name.text,
                               build.target.units[unit].name, suggest(name.text, known));
    }
    return nullptr;
  }

  std::optional<Linear> parse(const Intrinsic &intrinsic, const YamlNode &value, bool withExtents) {
    ExpressionScope scope;
    for (const auto &[name, number] : build.target.parameters)
      scope.number(name, number);
    for (unsigned i = 0; withExtents && i < intrinsic.arguments.size(); ++i)
      if (intrinsic.arguments[i].kind == Argument::Kind::Extent)
        scope.variable(intrinsic.arguments[i].name, i);
    StringRef text = value.text;
    if (!text.consume_back(" cycles"))
      text.consume_back(" cycle");
    auto cycles = parseExpression(text, value.textLoc(), scope, build.diagnostics);
    if (!cycles || smallest(*cycles, intrinsic) >= 0)
      return cycles;
    build.diagnostics.report(Message::MachineNegative, value.loc, value.text,
                             smallest(*cycles, intrinsic));
    return std::nullopt;
  }

  // At the extents that make it smallest.
  static int64_t smallest(const Linear &cycles, const Intrinsic &intrinsic) {
    int64_t least = cycles.base;
    for (auto [argument, factor] : cycles.terms) {
      const Argument &extent = intrinsic.arguments[argument];
      least += factor * (factor > 0 ? extent.min : extent.max);
    }
    return least;
  }

  TargetBuild &build;
  unsigned unit;
  const YamlNode &node;
};

} // namespace

void lathe::buildTiming(TargetBuild &build) {
  for (Intrinsic &intrinsic : build.target.intrinsics)
    intrinsic.timing.interval.base = 1;
  const YamlNode &given = *build.machine.find("units");
  for (unsigned unit = 0; unit < build.target.units.size(); ++unit)
    if (const YamlNode *node = given.find(build.target.units[unit].name))
      TimingBuilder(build, unit, *node).run();
}
