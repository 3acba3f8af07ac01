#include "simulators/rtl/Bridge.h"

#include "simulators/rtl/BridgeSteps.h"
#include "simulators/rtl/RtlScanner.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Regex.h"

#include <set>

using namespace lathe;
using llvm::StringRef;

Bridge::Bridge(const Target &target) : target(target) {
  assert(target.rtl && target.rtl->binding && "only a binding makes a bridge");
}

int64_t lathe::storedBits(const Space &space) {
  return space.layout ? space.layout->bits : 8 * space.rowBytes();
}

int64_t lathe::storedBit(const Space &space, int64_t element, int64_t bit) {
  if (space.layout) {
    std::vector<int64_t> index(space.row.size());
    for (size_t d = space.row.size(); d-- > 0; element /= space.row[d])
      index[d] = element % space.row[d];
    return space.layout->positionOf(index, bit);
  }
  return element * 8 * space.element.bytes() + bit;
}

// ---- ports

namespace {

class PortCheck {
public:
  PortCheck(const Target &target, llvm::ArrayRef<RtlPort> ports, const RtlSources &sources,
            Diagnostics &diagnostics)
      : target(target), binding(*target.rtl->binding), ports(ports), sources(sources),
        diagnostics(diagnostics) {}

  void run() {
    for (const BoundName &clock : binding.clocks)
      expect(clock, true, 1);
    if (binding.reset)
      expect(*binding.reset, true, 1);
    for (const auto &[tie, value] : binding.ties)
      expect(tie, true, 0);
    for (const auto &[operand, port] : binding.operands)
      expect(port, true, 0);
    checkGroup(binding.commands, 0);
    if (binding.done.port)
      expect(*binding.done.port, false, 1);
    if (binding.error)
      expectAtMost(*binding.error, 8);
    if (binding.host)
      checkGroup(*binding.host, 8 * target.spaces[kHostSpace].readBytes);
    for (const auto &[space, group] : binding.spaces)
      checkGroup(group, storedBits(target.spaces[space]));
    if (binding.results)
      checkResults(*binding.results);
    if (binding.commands.info().isBus())
      checkAddresses();
    checkOpen();
  }

private:
  const RtlPort *find(StringRef name) const {
    const RtlPort *port = llvm::find_if(ports, [&](const RtlPort &p) { return p.name == name; });
    return port == ports.end() ? nullptr : port;
  }

  std::string suggestion(StringRef name, bool isInput) const {
    std::vector<StringRef> known;
    for (const RtlPort &port : ports)
      if (port.isInput == isInput)
        known.push_back(port.name);
    std::optional<StringRef> meant = nearest(name, known);
    return meant ? "did you mean '" + meant->str() + "'?"
                 : "name the port under 'ports', by its role";
  }

  /// `bits` 0: any number.
  const RtlPort *expect(const BoundName &name, bool isInput, unsigned bits, StringRef why = "") {
    used.insert(name.name);
    const RtlPort *port = find(name.name);
    const char *wanted = isInput ? "input" : "output";
    if (!port)
      diagnostics.report(Message::BoundPortMissing, name.place, target.rtl->top, wanted, name.name,
                         suggestion(name.name, isInput));
    else if (port->isInput != isInput)
      diagnostics.report(Message::BoundPortDirection, name.place, name.name,
                         port->isInput ? "input" : "output", target.rtl->top, wanted);
    else if (bits != 0 && port->bits != bits)
      diagnostics.report(Message::BoundPortWidth, name.place, name.name, port->bits, bits, why);
    else
      return port;
    return nullptr;
  }

  void expectAtMost(const BoundName &name, unsigned bits) {
    const RtlPort *port = expect(name, false, 0);
    if (port && port->bits > bits)
      diagnostics.report(Message::BoundPortWidth, name.place, name.name, port->bits,
                         "at most " + std::to_string(bits), "");
  }

  // `data` 0: as wide as the design has it, all ports alike.
  void checkGroup(const PortGroup &group, unsigned data) {
    bool isGiven = data != 0;
    for (const RoleRule &rule : group.info().roles) {
      const BoundName &name = group.ports.at(rule.name.str());
      if (!group.given.at(rule.name.str()) && !find(name.name))
        continue;
      unsigned bits = rule.width == RoleWidth::One      ? 1
                      : rule.width == RoleWidth::Fixed  ? rule.bits
                      : rule.width == RoleWidth::Data   ? data
                      : rule.width == RoleWidth::Strobe ? std::max(1u, data / 8)
                                                        : 0;
      const RtlPort *port = expect(name, rule.isInput, bits, isGiven ? whyData(group, rule) : "");
      if (port && rule.width == RoleWidth::Data && data == 0)
        data = port->bits;
    }
    if (group.info().isBus() && data > 64)
      diagnostics.report(Message::BoundPortWidth, group.place, "wdata", data, "at most 64", "");
  }

  static std::string whyData(const PortGroup &group, const RoleRule &rule) {
    if (rule.width != RoleWidth::Data)
      return "";
    return group.info().use == "host" ? "a beat, as the machine file says"
                                      : "an address of the memory";
  }

  void checkResults(const PortGroup &group) {
    checkGroup(group, 0);
    const BoundName &name = group.ports.at("data");
    const RtlPort *port = find(name.name);
    if (port && binding.resultSpace) {
      const Space &space = target.spaces[*binding.resultSpace];
      if (port->bits != storedBits(space) * space.addresses)
        diagnostics.report(Message::BoundPortWidth, name.place, name.name, port->bits,
                           storedBits(space) * space.addresses, "all of '" + space.name + "'");
    }
    for (const Intrinsic &intrinsic : target.intrinsics) {
      const TileOperand *tile = resultOf(target, intrinsic);
      if (!tile || !port)
        continue;
      int64_t bits = 8 * tile->element.bytes();
      if (group.protocol == PortProtocol::Port)
        for (const Dimension &size : tile->shape)
          bits *= size.size;
      if (bits != port->bits)
        diagnostics.report(Message::BoundPortWidth, name.place, name.name, port->bits, bits,
                           "what '" + intrinsic.name + "' gives");
    }
  }

  // ---- registers

  void checkAddresses() {
    StringRef role = binding.commands.protocol == PortProtocol::Apb     ? "paddr"
                     : binding.commands.protocol == PortProtocol::Plain ? "addr"
                                                                        : "awaddr";
    const RtlPort *port = find(binding.commands.ports.at(role.str()).name);
    if (!port || port->bits >= 32)
      return;
    int64_t end = int64_t(1) << port->bits;
    auto check = [&](int64_t address, const Place &place) {
      if (address >= end)
        diagnostics.report(Message::BoundAddress, place, llvm::formatv("{0:x}", address).str(),
                           llvm::formatv("'{0}' has {1} bits", port->name, port->bits).str());
    };
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const RegisterWrite &write : intrinsic.writes)
        check(write.address, write.place);
    if (binding.start)
      check(binding.start->address, binding.start->place);
    if (binding.done.poll)
      check(*binding.done.poll, binding.done.place);
    if (binding.done.clear)
      check(binding.done.clear->address, binding.done.clear->place);
    if (!binding.program)
      return;
    for (const BoundWrite &write : binding.program->table)
      check(write.address, write.place);
    if (binding.program->array.name.empty())
      check(binding.program->base +
                binding.program->capacity * llvm::divideCeil(programBits(target), 8) - 1,
            binding.program->place);
  }

  // Every input is driven by something.
  void checkOpen() {
    auto use = [&](const PortGroup &group) {
      for (const auto &[role, name] : group.ports)
        used.insert(name.name);
    };
    use(binding.commands);
    if (binding.host)
      use(*binding.host);
    for (const auto &[space, group] : binding.spaces)
      use(group);
    if (binding.results)
      use(*binding.results);
    for (const RtlPort &port : ports)
      if (port.isInput && port.name != kSelectPort && !used.count(port.name))
        diagnostics.report(Message::BoundInputOpen,
                           placeOfPort(port.name, target.rtl->top, sources, diagnostics), port.name,
                           target.rtl->top);
  }

  const Target &target;
  const PortBinding &binding;
  llvm::ArrayRef<RtlPort> ports;
  const RtlSources &sources;
  Diagnostics &diagnostics;
  std::set<std::string> used;
};

} // namespace

bool Bridge::check(llvm::ArrayRef<RtlPort> ports, const RtlSources &sources,
                   Diagnostics &diagnostics) const {
  unsigned errorsBefore = diagnostics.errorCount();
  PortCheck(target, ports, sources, diagnostics).run();
  return diagnostics.errorCount() == errorsBefore;
}

// ---- arrays

std::vector<BridgeArray> lathe::arraysOf(const Target &target) {
  const PortBinding &binding = *target.rtl->binding;
  std::vector<BridgeArray> arrays;
  for (const auto &[id, group] : binding.spaces)
    if (group.protocol == PortProtocol::Array)
      arrays.push_back({&group.array, "'" + target.spaces[id].name + "'",
                        target.spaces[id].addresses, storedBits(target.spaces[id])});
  if (binding.program && !binding.program->array.name.empty())
    arrays.push_back(
        {&binding.program->array, "the program", binding.program->capacity, programBits(target)});
  return arrays;
}

bool Bridge::explain(StringRef log, Diagnostics &diagnostics) const {
  bool explained = false;
  for (const BridgeArray &array : arraysOf(target)) {
    if (!log.contains("'u_dut." + array.name->name))
      continue;
    diagnostics.report(Message::BoundArrayMissing, array.name->place, target.rtl->top,
                       array.name->name);
    explained = true;
  }
  return explained;
}

bool Bridge::checkArrays(StringRef signals, Diagnostics &diagnostics) const {
  unsigned errorsBefore = diagnostics.errorCount();
  for (const BridgeArray &array : arraysOf(target)) {
    std::string name = "{\"lathe_top.u_dut." + array.name->name + "\", ";
    size_t at = signals.find(name);
    if (at == StringRef::npos)
      continue; // an element of generated blocks may have another name
    StringRef rest = signals.substr(at + name.size()).split("), ").second;
    // offsetof(...) + offsetof(...), elements, bits, bytes
    llvm::SmallVector<StringRef> numbers;
    signals.substr(at).split('\n').first.split(numbers, ", ");
    (void)rest;
    int64_t words = 0, bits = 0;
    if (numbers.size() < 4 || numbers[numbers.size() - 3].getAsInteger(10, words) ||
        numbers[numbers.size() - 2].getAsInteger(10, bits))
      continue;
    if (words < array.words || bits != array.bits)
      diagnostics.report(Message::BoundArrayShape, array.name->place, array.name->name, words, bits,
                         array.user, array.words, array.bits);
  }
  return diagnostics.errorCount() == errorsBefore;
}
