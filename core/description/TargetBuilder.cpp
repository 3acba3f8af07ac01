#include "core/description/TargetBuilder.h"

#include "core/description/Machine.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;

std::optional<int64_t> TargetBuild::parameter(StringRef name) const {
  for (const auto &[known, value] : target.parameters)
    if (known == name)
      return value;
  return std::nullopt;
}

int64_t TargetBuild::valueOf(const IsaBound &bound) const {
  return bound.param.empty() ? bound.value : parameter(bound.param).value_or(1);
}

ElementType TargetBuild::elementOf(StringRef notation, llvm::SMLoc loc, ElementType otherwise) {
  if (std::optional<ElementType> type = parseElementType(notation))
    return *type;
  std::optional<int64_t> bits = parameter(notation.drop_front());
  if (!bits)
    return otherwise;
  static const int64_t widths[] = {1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64};
  if (llvm::is_contained(widths, *bits))
    return ElementType::integer(static_cast<unsigned>(*bits), notation.front() == 'i');
  diagnostics.report(Message::IsaElementWidth, loc, notation.drop_front(), *bits);
  return otherwise;
}

std::optional<unsigned> TargetBuild::spaceOf(StringRef record) const {
  for (unsigned i = 0; i < isaSpaces.size(); ++i)
    if (isa.spaces[isaSpaces[i]].name == record)
      return i;
  return std::nullopt;
}

std::string lathe::suggest(StringRef name, llvm::ArrayRef<StringRef> known) {
  if (std::optional<StringRef> meant = nearest(name, known))
    return "did you mean '" + meant->str() + "'?";
  return known.empty() ? "there is none" : "known: " + llvm::join(known, ", ");
}

static void checkIsaName(const TargetBuild &build) {
  const YamlNode *isa = build.machine.find("isa");
  if (isa->text == build.plugin.name)
    return;
  Diagnostic &diagnostic =
      build.diagnostics.report(Message::MachineIsa, isa->loc, isa->text, build.plugin.name);
  build.diagnostics.note(diagnostic, build.plugin.nameLoc, "the plugin is named here");
}

static std::optional<Target> buildTarget(const Plugin &plugin, const Isa &isa,
                                         const YamlNode &machine, StringRef name,
                                         Diagnostics &diagnostics) {
  TargetBuild build{plugin, isa, machine, diagnostics, {}, {}, {}, {}};
  build.target.name = plugin.name;
  build.target.machine = name.str();
  build.target.folder = plugin.folder;
  build.target.version = plugin.version;
  build.target.library = plugin.library;
  build.target.waivers = plugin.waivers;
  checkIsaName(build);
  buildParameters(build);
  buildSpaces(build);
  buildSpaceLayouts(build);
  buildStatesAndUnits(build);
  buildIntrinsics(build);
  buildTiming(build);
  buildRtl(build);
  checkTarget(build);
  if (diagnostics.hasErrors())
    return std::nullopt;
  return std::move(build.target);
}

static std::optional<Target> loadMachine(const Plugin &plugin, const Isa &isa,
                                         const PluginMachine &machine, Diagnostics &diagnostics) {
  Diagnostics own(diagnostics.sourceTexts()); // earlier errors of the caller do not count here
  std::optional<YamlNode> root = readMachine(plugin.folder, machine.path, machine.loc, own);
  std::optional<Target> target;
  if (root)
    target = buildTarget(plugin, isa, *root, machine.name, own);
  diagnostics.take(std::move(own));
  return target;
}

static const PluginMachine *chooseMachine(const Plugin &plugin, StringRef name,
                                          Diagnostics &diagnostics) {
  const PluginMachine *machine = name.empty() ? &plugin.machines.front() : plugin.findMachine(name);
  if (machine)
    return machine;
  std::vector<StringRef> known;
  for (const PluginMachine &candidate : plugin.machines)
    known.push_back(candidate.name);
  diagnostics.report(Message::MachineUnknown, diagnostics.sourceTexts().wholeFile(plugin.manifest),
                     plugin.name, name, suggest(name, known));
  return nullptr;
}

std::optional<Target> lathe::loadTarget(const Plugin &plugin, const Isa &isa, StringRef machine,
                                        Diagnostics &diagnostics) {
  const PluginMachine *chosen = chooseMachine(plugin, machine, diagnostics);
  return chosen ? loadMachine(plugin, isa, *chosen, diagnostics) : std::nullopt;
}

std::optional<Target> lathe::loadTarget(const Plugin &plugin, StringRef machine,
                                        Diagnostics &diagnostics) {
  if (!chooseMachine(plugin, machine, diagnostics))
    return std::nullopt;
  std::optional<Isa> isa = readIsa(plugin, diagnostics);
  return isa ? loadTarget(plugin, *isa, machine, diagnostics) : std::nullopt;
}

std::optional<Target> lathe::loadTargetFile(const Plugin &plugin, const Isa &isa,
                                            StringRef machinePath, Diagnostics &diagnostics) {
  PluginMachine machine{llvm::sys::path::stem(machinePath).str(), machinePath.str(), {}};
  return loadMachine(plugin, isa, machine, diagnostics);
}
