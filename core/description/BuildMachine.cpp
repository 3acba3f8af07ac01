// Parameters, memories, states and units: what does not depend on the intrinsics.
#include "core/description/TargetBuilder.h"

using namespace lathe;
using llvm::StringRef;

static int64_t numberOr(const YamlNode *map, StringRef key, int64_t otherwise) {
  const YamlNode *value = map ? map->find(key) : nullptr;
  return value ? value->number : otherwise;
}

void lathe::buildParameters(TargetBuild &build) {
  const YamlNode *given = build.machine.find("parameters");
  std::vector<StringRef> known;
  for (const IsaParam &param : build.isa.params) {
    known.push_back(param.name);
    build.target.parameters.emplace_back(param.name,
                                         numberOr(given, param.name, param.defaultValue));
  }
  if (!given)
    return;
  for (const auto &[name, value] : given->entries)
    if (!llvm::is_contained(known, name.text))
      build.diagnostics.report(Message::MachineParameter, name.loc, name.text,
                               suggest(name.text, known));
}

namespace {

class SpaceBuilder {
public:
  explicit SpaceBuilder(TargetBuild &build) : build(build), given(*build.machine.find("spaces")) {}

  void addAll() {
    addHost();
    for (unsigned i = 0; i < build.isa.spaces.size(); ++i)
      if (build.isa.spaces[i].name != "Host")
        addOnChip(i);
    checkNames();
  }

private:
  void addHost() {
    const YamlNode *node = given.find("host");
    Space host;
    host.name = "host";
    host.summary = "host memory";
    host.element = ElementType::integer(8, /*isSigned=*/false);
    host.isHost = true;
    host.interlocked = false;
    host.readBytes = numberOr(node, "read", 1);
    host.writeBytes = numberOr(node, "write", 1);
    host.latencyCycles = numberOr(node, "latency", 0);
    checkPowerOfTwo(*node, "read", host.readBytes);
    checkPowerOfTwo(*node, "write", host.writeBytes);
    auto isHost = [](const IsaSpace &space) { return space.name == "Host"; };
    unsigned index = llvm::find_if(build.isa.spaces, isHost) - build.isa.spaces.begin();
    push(std::move(host), index, node);
  }

  // A beat is aligned to its size.
  void checkPowerOfTwo(const YamlNode &host, StringRef key, int64_t bytes) {
    if ((bytes & (bytes - 1)) != 0)
      build.diagnostics.report(Message::MachineBeat, host.find(key)->loc, key, bytes);
  }

  void push(Space space, unsigned isaIndex, const YamlNode *node) {
    build.target.spaces.push_back(std::move(space));
    build.isaSpaces.push_back(isaIndex);
    build.spaceNodes.push_back(node);
  }

  void addOnChip(unsigned isaIndex) {
    const IsaSpace &from = build.isa.spaces[isaIndex];
    const YamlNode *node = given.find(from.notation);
    Space space;
    space.name = from.notation;
    space.summary = from.summary;
    space.element = build.elementOf(from.element, from.at("ElementType"), ElementType::integer(8));
    space.interlocked = from.hazards == "interlocked";
    for (const IsaBound &size : from.row)
      space.row.push_back(build.valueOf(size));
    space.banks = numberOr(node, "banks", 1);
    space.readsPerCycle = numberOr(node, "reads", 1);
    space.writesPerCycle = numberOr(node, "writes", 1);
    checkIsa(from, space);
    if (!node) {
      Diagnostic &diagnostic = build.diagnostics.report(
          Message::SpaceWithoutSize, build.machine.keyLoc("spaces"), from.notation);
      build.diagnostics.note(diagnostic, from.at("Name"), "the space is declared here");
    } else {
      sizes(*node, from, space);
    }
    push(std::move(space), isaIndex, node);
  }

  void checkIsa(const IsaSpace &from, const Space &space) {
    if (from.hazards != "interlocked" && from.hazards != "ordered")
      build.diagnostics.report(Message::IsaHazards, from.at("Hazards"), from.name, from.hazards);
    for (int64_t size : space.row)
      if (size < 1)
        build.diagnostics.report(Message::IsaRowSize, from.at("Row"), from.name, size);
  }

  void sizes(const YamlNode &node, const IsaSpace &from, Space &space) {
    const YamlNode *capacity = node.find("capacity");
    int64_t rowBytes = std::max<int64_t>(1, space.rowBytes());
    space.capacityBytes = capacity->number;
    space.addresses = capacity->number / rowBytes;
    if (capacity->number % rowBytes != 0) {
      Diagnostic &diagnostic = build.diagnostics.report(Message::CapacityRows, capacity->loc,
                                                        from.notation, capacity->number, rowBytes);
      build.diagnostics.note(diagnostic, from.at("Row"), "its row is declared here");
    } else if (space.addresses % space.banks != 0) {
      build.diagnostics.report(Message::CapacityBanks, node.find("banks")->loc, from.notation,
                               space.addresses, space.banks);
    }
  }

  void checkNames() {
    std::vector<StringRef> known;
    for (unsigned i = 0; i < build.target.spaces.size(); ++i) {
      StringRef name = build.target.spaces[i].name;
      if (llvm::is_contained(known, name))
        build.diagnostics.report(Message::IsaNameTwice, build.isaSpace(i).at("Name"), "space",
                                 name);
      known.push_back(name);
    }
    for (const auto &[name, value] : given.entries)
      if (!llvm::is_contained(known, name.text))
        build.diagnostics.report(Message::MachineSpace, name.loc, name.text,
                                 suggest(name.text, known));
  }

  TargetBuild &build;
  const YamlNode &given;
};

} // namespace

void lathe::buildSpaces(TargetBuild &build) { SpaceBuilder(build).addAll(); }

static void addUnit(TargetBuild &build, const IsaUnit &from, const YamlNode &given) {
  for (const Unit &other : build.target.units)
    if (other.name == from.notation)
      build.diagnostics.report(Message::IsaNameTwice, from.at("Name"), "unit", from.notation);
  const YamlNode *node = given.find(from.notation);
  if (!node) {
    Diagnostic &diagnostic = build.diagnostics.report(Message::UnitWithoutEntry,
                                                      build.machine.keyLoc("units"), from.notation);
    build.diagnostics.note(diagnostic, from.at("Name"), "the unit is declared here");
  }
  Unit unit;
  unit.name = from.notation;
  unit.summary = from.summary;
  unit.queue = numberOr(node, "queue", 1);
  if (const YamlNode *ahead = node ? node->find("ahead") : nullptr)
    unit.ahead = ahead->number;
  build.target.units.push_back(std::move(unit));
}

void lathe::buildStatesAndUnits(TargetBuild &build) {
  for (const IsaState &from : build.isa.states)
    build.target.states.push_back(
        {from.name, build.elementOf(from.element, from.at("ElementType"), ElementType::integer(32)),
         from.summary});
  const YamlNode &given = *build.machine.find("units");
  std::vector<StringRef> known;
  for (const IsaUnit &from : build.isa.units) {
    addUnit(build, from, given);
    known.push_back(from.notation);
  }
  for (const auto &[name, value] : given.entries)
    if (!llvm::is_contained(known, name.text))
      build.diagnostics.report(Message::MachineUnit, name.loc, name.text,
                               suggest(name.text, known));
  const YamlNode *commands = build.machine.find("commands");
  build.target.commandInterval = numberOr(commands, "interval", 1);
  build.target.commandLatency = numberOr(commands, "latency", 0);
  build.target.launchCycles = numberOr(commands, "launch", 0);
  build.target.clockHz = static_cast<double>(numberOr(&build.machine, "clock", 0));
}
