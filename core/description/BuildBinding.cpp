// `rtl.binding` of the manifest: names resolved, protocols with their ports, every intrinsic with
// somebody who carries it out.
#include "core/description/Keys.h"
#include "core/description/TargetBuilder.h"
#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {

class BindingBuilder {
public:
  BindingBuilder(TargetBuild &build, const YamlNode &from, RtlBinding &rtl)
      : build(build), from(from), rtl(rtl) {}

  void run() {
    to.place = placeOf(from.loc);
    for (const YamlNode &clock : from.find("clocks")->items)
      to.clocks.push_back(nameOf(clock));
    fillReset();
    if (const YamlNode *ties = from.find("ties"))
      for (const auto &[port, value] : ties->entries)
        to.ties.push_back({nameOf(port), value.number});
    fillCommands(*from.find("commands"));
    fillDone(*from.find("done"));
    if (const YamlNode *program = from.find("program"))
      fillProgram(*program);
    fillMemories();
    if (const YamlNode *results = from.find("results"))
      fillResults(*results);
    checkTwice();
    checkBeats();
    if (!build.diagnostics.hasErrors())
      for (unsigned id = 0; id < build.target.intrinsics.size(); ++id)
        checkCarriedOut(id);
    rtl.binding = std::move(to);
    nameCounters();
  }

private:
  Place placeOf(llvm::SMLoc loc) const { return build.diagnostics.sourceTexts().place(loc); }
  BoundName nameOf(const YamlNode &node) const { return {node.text, placeOf(node.loc)}; }
  template <typename... Args> void report(Message message, llvm::SMLoc loc, Args &&...args) {
    build.diagnostics.report(message, loc, std::forward<Args>(args)...);
  }

  void fillReset() {
    const YamlNode *low = from.find("reset"), *high = from.find("reset_high");
    if (low && high)
      report(Message::BindingTwice, high->loc, high->text);
    if (const YamlNode *reset = low ? low : high)
      to.reset = nameOf(*reset);
    to.resetHigh = high && !low;
  }

  PortGroup group(const YamlNode &node, StringRef use) {
    PortGroup out;
    out.place = placeOf(node.loc);
    const YamlNode &protocol = *node.find("protocol");
    const ProtocolInfo *info = findProtocol(use, protocol.text);
    if (!info) {
      std::string what = use == "space" ? "a memory of the design" : use.str();
      report(Message::BindingProtocol, protocol.loc, protocol.text, what,
             suggest(protocol.text, protocolNames(use)));
      return out;
    }
    out.protocol = info->protocol;
    out.place = placeOf(protocol.loc);
    const YamlNode *prefix = node.find("prefix");
    for (const RoleRule &rule : info->roles) {
      out.ports[rule.name.str()] = {(prefix ? prefix->text : "") + rule.name.str(),
                                    placeOf(prefix ? prefix->loc : protocol.loc)};
      out.given[rule.name.str()] = !rule.optional;
    }
    if (const YamlNode *ports = node.find("ports"))
      for (const auto &[role, port] : ports->entries)
        setPort(out, *info, role, port);
    if (const YamlNode *latency = node.find("latency"))
      out.latency = latency->number;
    const YamlNode *array = node.find("array");
    if (array && info->protocol == PortProtocol::Array)
      out.array = arrayPath(*array);
    else if (info->protocol == PortProtocol::Array)
      report(Message::YamlMissingKey, protocol.loc, "'array'", "array", "u_core.mem");
    return out;
  }

  void setPort(PortGroup &out, const ProtocolInfo &info, const YamlNode &role,
               const YamlNode &port) {
    if (info.findRole(role.text)) {
      out.ports[role.text] = nameOf(port);
      out.given[role.text] = true;
      return;
    }
    std::vector<StringRef> known;
    for (const RoleRule &rule : info.roles)
      known.push_back(rule.name);
    report(Message::BindingRole, role.loc, info.name, role.text, suggest(role.text, known));
  }

  BoundName arrayPath(const YamlNode &node) {
    llvm::SmallVector<StringRef> parts;
    StringRef(node.text).split(parts, '.');
    bool good = llvm::all_of(parts, [](StringRef part) {
      StringRef name = part.split('[').first;
      return !name.empty() && llvm::all_of(part, [](char c) {
        return llvm::isAlnum(c) || c == '_' || c == '[' || c == ']';
      });
    });
    if (!good)
      report(Message::BindingArrayPath, node.loc, node.text);
    return nameOf(node);
  }

  BoundWrite writeOf(const YamlNode &address, const YamlNode *value) const {
    return {address.number, value ? value->number : 1, false, placeOf(address.loc)};
  }

  bool isBus() const { return to.commands.info().isBus(); }

  void needsBus(const YamlNode &node, StringRef key) {
    if (knowsCommands && !isBus())
      report(Message::BindingNotBus, node.loc, key, to.commands.info().name);
  }

  void fillCommands(const YamlNode &commands) {
    knowsCommands = findProtocol("commands", commands.find("protocol")->text) != nullptr;
    to.commands = group(commands, "commands");
    if (const YamlNode *start = commands.find("start")) {
      needsBus(*start, "start");
      to.start = writeOf(*start, commands.find("start_value"));
    }
    if (const YamlNode *operands = commands.find("operands"))
      for (const auto &[operand, port] : operands->entries)
        to.operands.push_back({operandNamed(operand), nameOf(port)});
    if (const YamlNode *error = commands.find("error"))
      to.error = nameOf(*error);
  }

  BoundName operandNamed(const YamlNode &node) {
    std::vector<StringRef> known;
    for (const Intrinsic &intrinsic : build.target.intrinsics)
      for (const Argument &argument : intrinsic.arguments)
        known.push_back(argument.name);
    if (!llvm::is_contained(known, node.text))
      report(Message::BindingOperand, node.loc, node.text, suggest(node.text, known));
    return nameOf(node);
  }

  void fillResults(const YamlNode &results) {
    to.results = group(results, "results");
    if (const YamlNode *space = results.find("space"))
      to.resultSpace = spaceNamed(*space);
  }

  std::optional<unsigned> spaceNamed(const YamlNode &name) {
    std::optional<unsigned> space = build.target.findSpace(name.text);
    std::vector<StringRef> known;
    for (const Space &each : build.target.spaces)
      known.push_back(each.name);
    if (!space)
      report(Message::BindingSpace, name.loc, name.text, suggest(name.text, known));
    return space;
  }

  void fillDone(const YamlNode &done) {
    to.done.place = placeOf(done.loc);
    const YamlNode *port = done.find("port"), *poll = done.find("poll");
    if (port)
      to.done.port = nameOf(*port);
    if (const YamlNode *level = done.find("level"))
      to.done.level = level->number != 0;
    if (poll) {
      needsBus(*poll, "poll");
      to.done.poll = poll->number;
      if (const YamlNode *mask = done.find("mask"))
        to.done.mask = mask->number;
    }
    if (const YamlNode *clear = done.find("clear")) {
      needsBus(*clear, "clear");
      to.done.clear = writeOf(*clear, done.find("clear_value"));
    }
    if (!port && !poll)
      report(Message::BindingNoCompletion, done.loc, build.plugin.name,
             isBus() ? "port: OUTPUT' or 'poll: ADDRESS" : "port: OUTPUT");
  }

  void fillProgram(const YamlNode &node) {
    ProgramBinding &program = to.program.emplace();
    program.place = placeOf(node.loc);
    needsBus(node, "program");
    if (const YamlNode *base = node.find("base"))
      program.base = base->number;
    if (const YamlNode *array = node.find("array"))
      program.array = arrayPath(*array);
    else if (!node.find("base"))
      report(Message::YamlMissingKey, node.loc, "'program'", "base", "0x1000");
    program.capacity = node.find("capacity")->number;
    if (const YamlNode *table = node.find("table"))
      for (const auto &[address, value] : table->entries)
        addEntry(program, address, value);
    if (!to.start)
      report(Message::BindingNoStart, node.loc, "a program is loaded and never run");
  }

  void addEntry(ProgramBinding &program, const YamlNode &address, const YamlNode &value) {
    BoundWrite write{0, 0, value.text == "count", placeOf(address.loc)};
    if (!parseAddress(address.text, write.address))
      report(Message::YamlAddress, address.loc, address.text, "'table'");
    if (!write.isCount && !parseAddress(value.text, write.value))
      report(Message::BindingTableValue, value.loc, value.text);
    program.table.push_back(write);
  }

  void fillMemories() {
    const YamlNode *memories = from.find("memories");
    if (!memories)
      return;
    for (const auto &[name, node] : memories->entries) {
      std::optional<unsigned> space = spaceNamed(name);
      if (space == kHostSpace)
        to.host = group(node, "host");
      else if (space)
        to.spaces[*space] = group(node, "space");
    }
  }

  // Each port has one use.
  void checkTwice() {
    std::set<std::string> used;
    auto use = [&](const BoundName &name) {
      if (!used.insert(name.name).second)
        build.diagnostics.report(Message::BindingTwice, name.place, name.name);
    };
    auto useGroup = [&](const PortGroup &ports) {
      for (const auto &[role, name] : ports.ports)
        if (ports.given.at(role))
          use(name);
    };
    llvm::for_each(to.clocks, use);
    if (to.reset)
      use(*to.reset);
    for (const auto &[name, value] : to.ties)
      use(name);
    useGroup(to.commands);
    if (to.host)
      useGroup(*to.host);
    for (const auto &[space, ports] : to.spaces)
      useGroup(ports);
    if (to.results)
      useGroup(*to.results);
  }

  void checkBeats() {
    const Space &host = build.target.spaces[kHostSpace];
    if (host.readBytes == host.writeBytes)
      return;
    const YamlNode *node = build.spaceNodes[kHostSpace];
    report(Message::BindingBeats, node ? node->loc : from.loc, host.readBytes, host.writeBytes);
  }

  // ---- who carries an intrinsic out

  bool writesStart(const Intrinsic &intrinsic) const {
    return to.start && llvm::any_of(intrinsic.writes, [&](const RegisterWrite &write) {
             return write.address == to.start->address;
           });
  }

  void noRoute(unsigned id, std::string why, StringRef help) {
    const IsaIntrinsic &isa = build.isa.intrinsics[id];
    Diagnostic &diagnostic =
        build.diagnostics.report(Message::BindingNoRoute, isa.loc, isa.name, why, help);
    build.diagnostics.note(diagnostic, from.loc, "the binding");
  }

  void checkCarriedOut(unsigned id) {
    const Intrinsic &intrinsic = build.target.intrinsics[id];
    bool byMover = isMove(to, build.target, intrinsic);
    if (byMover || isCollected(to, intrinsic))
      return;
    const TileOperand *read = nullptr, *written = nullptr;
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.space == kHostSpace)
        (tile.written ? written : read) = &tile;
    if (read && !to.host)
      noRoute(id, "it reads host memory, which the design has no port to",
              "give 'host' under 'memories'; a copy to a memory that is given there is made by the "
              "bridge");
    else if (written && !to.host && !to.results)
      noRoute(id, "it writes host memory, which the design has no port to", "give 'results'");
    checkCommand(id, intrinsic);
  }

  void checkCommand(unsigned id, const Intrinsic &intrinsic) {
    PortProtocol protocol = to.commands.protocol;
    bool words = protocol == PortProtocol::ValidReady || protocol == PortProtocol::Pop;
    if ((words || to.program) && intrinsic.isCall)
      noRoute(id, "it has no bits, and the design takes words", "give it a width and Inst");
    else if (!words && !to.program && !intrinsic.isCall)
      noRoute(id, "it has a word, and the design takes none",
              "give it the width 0, and 'Writes' where it is made of register writes");
    else if (isBus() && !to.program && intrinsic.writes.empty())
      noRoute(id, "it writes no register", "let Writes = [Write<0x00, \"1\">]");
    else if (protocol == PortProtocol::Release && !intrinsic.writes.empty())
      noRoute(id, "it writes registers, and the design has none", "leave 'Writes' out");
    else if (isBus() && !to.program && !writesStart(intrinsic) && movesData(intrinsic))
      noRoute(id, "none of its writes starts the design",
              to.start ? "write the register that 'start' names" : "give 'start' under 'commands'");
  }

  static bool movesData(const Intrinsic &intrinsic) { return !intrinsic.tiles.empty(); }

  // The bridge counts what it hands on, where the design's counters are not named.
  void nameCounters() {
    rtl.counters.clear();
    for (const Intrinsic &intrinsic : build.target.intrinsics)
      rtl.counters.push_back("retired_" + intrinsic.name);
  }

  TargetBuild &build;
  const YamlNode &from;
  RtlBinding &rtl;
  PortBinding to;
  bool knowsCommands = false; ///< their protocol exists
};

} // namespace

void lathe::buildBinding(TargetBuild &build, RtlBinding &rtl) {
  BindingBuilder(build, *build.plugin.rtl->binding, rtl).run();
}
