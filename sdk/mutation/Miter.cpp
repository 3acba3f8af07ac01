#include "sdk/mutation/Miter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using namespace lathe::mutation;
using llvm::StringRef;
using Literal = Circuit::Literal;
using Bits = Miter::Bits;

static constexpr Literal kUnknown = ~Literal(0);
static constexpr unsigned kCounterBits = 6;

Miter::Miter(const Circuit &circuit, llvm::ArrayRef<MemoryPort> ports)
    : circuit(circuit), ports(ports), gateAt(circuit.most + 1), inputsAt(circuit.most + 1),
      registerAt(circuit.most + 1, -1) {
  for (const Circuit::Port &port : circuit.outputs) {
    Bits &bits = outputs[port.name];
    bits.resize(std::max<size_t>(bits.size(), port.bit + 1), AndInverter::kFalse);
    bits[port.bit] = port.value;
  }
  for (const Circuit::Gate &gate : circuit.gates)
    gateAt[gate.value / 2] = &gate;
  for (const Circuit::Port &port : circuit.inputs)
    inputsAt[port.value / 2] = &port;
  for (size_t i = 0; i < circuit.registers.size(); ++i)
    registerAt[circuit.registers[i].value / 2] = static_cast<int>(i);
}

const Bits *Miter::output(const std::string &name) const {
  auto found = outputs.find(name);
  return found == outputs.end() ? nullptr : &found->second;
}

const Circuit::Port *Miter::inputAt(uint32_t node) const { return inputsAt[node]; }

namespace lathe::mutation {
/// One try: registers that are known to differ are two, all others one. Of one cycle: registers
/// are inputs.
class MiterBuilder {
public:
  MiterBuilder(const Miter &miter, uint32_t select, const std::optional<Relabelling> &relabelling,
               const std::vector<bool> &apart, bool isOneCycle = false)
      : miter(miter), relabelling(relabelling), apart(apart), isOneCycle(isOneCycle) {
    started = isOneCycle ? AndInverter::kTrue : graph.makeRegister();
    if (!isOneCycle)
      graph.setNext(started, AndInverter::kTrue);
    reads = makeCounter();
    writes = makeCounter();
    size_t nodes = miter.circuit.most + 1;
    for (auto [machine, of] : {std::pair(&good, 0u), {&faulty, select}}) {
      machine->select = of;
      machine->values.assign(nodes, kUnknown);
      machine->values[0] = AndInverter::kFalse;
    }
    addRegisters();
  }

  /// Registers that differ although they were thought to be one.
  std::vector<size_t> newlyApart();
  Literal difference();
  Literal differenceOfNext();
  /// The question, unless the answer is no.
  std::optional<std::string> ask(Literal differ) const {
    return differ == AndInverter::kFalse ? std::nullopt : std::optional(graph.aiger(differ));
  }
  std::optional<std::string> askOfCycle() {
    return ask(graph.either(difference(), differenceOfNext()));
  }

private:
  struct Machine {
    uint32_t select = 0;
    std::vector<Literal> values; ///< by node of the circuit
  };
  struct Counter {
    Bits bits;
    Literal isAbove0 = AndInverter::kFalse;
  };

  Counter makeCounter();
  void count(Counter &counter, StringRef request, StringRef response);
  void addRegisters();
  Literal valueOf(Machine &machine, Literal source);
  Literal compute(Machine &machine, uint32_t node);
  Literal inputOf(Machine &machine, const Circuit::Port &port);
  Literal readOf(Machine &machine, const Circuit::Port &port, size_t number);
  Literal isSameAddress(size_t number);
  Bits bitsOf(Machine &machine, const std::string &name);
  Bits addressOf(Machine &machine, size_t number);
  Literal shared(const std::string &name, unsigned bit);
  Literal offered(StringRef name) { return shared(name.str(), 0); }
  Literal differenceOf(const std::string &name, const Bits &mask);
  Literal differenceOfWrite(size_t number);
  Bits maskOf(StringRef name, size_t width);
  Literal inReset() { return AndInverter::inverse(graph.both(started, offered("rst_ni"))); }

  const Miter &miter;
  const std::optional<Relabelling> &relabelling;
  const std::vector<bool> &apart;
  bool isOneCycle;
  AndInverter graph;
  Literal started = 0; ///< not the first cycle, in which both are in reset
  Counter reads, writes;
  Machine good, faulty;
  std::map<std::pair<std::string, unsigned>, Literal> inputs;
  std::vector<Literal> own, twin; ///< registers of each machine
};
} // namespace lathe::mutation

// ---- inputs and registers

Literal MiterBuilder::shared(const std::string &name, unsigned bit) {
  auto [found, isNew] = inputs.try_emplace({name, bit}, 0);
  if (isNew)
    found->second = graph.input();
  return found->second;
}

void MiterBuilder::addRegisters() {
  const auto &registers = miter.circuit.registers;
  for (size_t i = 0; i < registers.size(); ++i) {
    Literal first = graph.input();
    own.push_back(isOneCycle ? first : graph.makeRegister());
    twin.push_back(apart[i] ? graph.makeRegister() : own[i]);
    uint32_t node = registers[i].value / 2;
    good.values[node] = graph.choose(started, own[i], first);
    faulty.values[node] = graph.choose(started, twin[i], first);
  }
}

MiterBuilder::Counter MiterBuilder::makeCounter() {
  Counter counter;
  for (unsigned bit = 0; bit < kCounterBits; ++bit) {
    counter.bits.push_back(isOneCycle ? graph.input() : graph.makeRegister());
    counter.isAbove0 = graph.either(counter.isAbove0, counter.bits.back());
  }
  return counter;
}

// What the machine without a fault has asked for and not got. Once it is at its end it stays there:
// then responses come at any time.
void MiterBuilder::count(Counter &counter, StringRef request, StringRef response) {
  auto handshake = [&](StringRef of, bool isRequest) {
    std::string offer = (llvm::Twine(of) + (isRequest ? "_valid_o" : "_ready_o")).str();
    Literal given = offered((llvm::Twine(of) + (isRequest ? "_ready_i" : "_valid_i")).str());
    Bits bits = bitsOf(good, offer);
    return graph.both(bits.empty() ? AndInverter::kFalse : bits[0], given);
  };
  Literal more = handshake(request, true);
  Literal less = graph.both(handshake(response, false), counter.isAbove0);
  Literal isFull = AndInverter::kTrue;
  if (isOneCycle)
    return;
  for (Literal bit : counter.bits)
    isFull = graph.both(isFull, bit);
  Literal up = graph.both(more, AndInverter::inverse(less));
  Literal down = graph.both(less, AndInverter::inverse(more));
  Literal keep = inReset();
  for (Literal bit : counter.bits) {
    Literal next = graph.differs(bit, graph.either(up, down));
    up = graph.both(up, bit);
    down = graph.both(down, AndInverter::inverse(bit));
    graph.setNext(bit, graph.both(AndInverter::inverse(keep), graph.either(isFull, next)));
  }
}

// `lathe_cut_3_read`
static std::optional<size_t> readPort(StringRef name) {
  size_t number = 0;
  bool isRead = name.consume_front(kCutPrefix) && name.consume_back("_read") &&
                !name.getAsInteger(10, number);
  return isRead ? std::optional(number) : std::nullopt;
}

Literal MiterBuilder::inputOf(Machine &machine, const Circuit::Port &port) {
  if (port.name == "lathe_select_i")
    return port.bit < 32 && (machine.select >> port.bit & 1) ? AndInverter::kTrue
                                                             : AndInverter::kFalse;
  if (auto number = readPort(port.name))
    return readOf(machine, port, *number);
  Literal given = shared(port.name, port.bit);
  if (port.name == "rst_ni")
    return graph.both(started, given);
  if (port.name == "rd_rsp_valid_i")
    return graph.both(reads.isAbove0, given);
  if (port.name == "wr_rsp_valid_i")
    return graph.both(writes.isAbove0, given);
  return given;
}

// Memories hold the same as long as nothing has differed.
Literal MiterBuilder::readOf(Machine &machine, const Circuit::Port &port, size_t number) {
  Literal same = shared(port.name, port.bit);
  if (&machine == &good)
    return same;
  return graph.choose(isSameAddress(number), same, shared(port.name + "'", port.bit));
}

Bits MiterBuilder::addressOf(Machine &machine, size_t number) {
  Bits bits = bitsOf(machine, (kCutPrefix + llvm::Twine(number) + "_address").str());
  if (&machine == &good || !relabelling || miter.ports[number].memory != relabelling->memory ||
      relabelling->bit >= bits.size())
    return bits;
  Literal when = AndInverter::kTrue;
  if (relabelling->control && *relabelling->control < bits.size())
    when = bits[*relabelling->control] ^ (relabelling->level ? 0 : 1);
  bits[relabelling->bit] = graph.differs(bits[relabelling->bit], when);
  return bits;
}

Literal MiterBuilder::isSameAddress(size_t number) {
  Literal same = AndInverter::kTrue;
  for (auto [a, b] : llvm::zip(addressOf(good, number), addressOf(faulty, number)))
    same = graph.both(same, AndInverter::inverse(graph.differs(a, b)));
  return same;
}

Literal MiterBuilder::compute(Machine &machine, uint32_t node) {
  if (const Circuit::Port *port = miter.inputAt(node))
    return inputOf(machine, *port);
  if (const Circuit::Gate *gate = miter.gateAt[node])
    return graph.both(valueOf(machine, gate->a), valueOf(machine, gate->b));
  return AndInverter::kFalse;
}

// As deep as the circuit's logic.
Literal MiterBuilder::valueOf(Machine &machine, Literal source) {
  uint32_t node = source / 2;
  if (machine.values[node] == kUnknown) {
    Literal value = compute(machine, node);
    machine.values[node] = value;
  }
  return machine.values[node] ^ (source & 1);
}

Bits MiterBuilder::bitsOf(Machine &machine, const std::string &name) {
  Bits values;
  if (const Bits *bits = miter.output(name))
    for (Literal bit : *bits)
      values.push_back(valueOf(machine, bit));
  return values;
}

std::vector<size_t> MiterBuilder::newlyApart() {
  std::vector<size_t> found;
  const auto &registers = miter.circuit.registers;
  for (size_t i = 0; i < registers.size(); ++i) {
    Literal next = valueOf(good, registers[i].next), other = valueOf(faulty, registers[i].next);
    if (!isOneCycle) {
      graph.setNext(own[i], next);
      graph.setNext(twin[i], other);
    }
    if (next != other && !apart[i])
      found.push_back(i);
  }
  return found;
}

Literal MiterBuilder::differenceOfNext() {
  Literal differ = AndInverter::kFalse;
  for (const Circuit::Register &each : miter.circuit.registers)
    differ =
        graph.either(differ, graph.differs(valueOf(good, each.next), valueOf(faulty, each.next)));
  return differ;
}

// ---- what differs

// When each bit of an output is looked at.
Bits MiterBuilder::maskOf(StringRef name, size_t width) {
  Bits mask(width, AndInverter::kTrue);
  auto all = [&](Literal by) { mask.assign(width, by); };
  if (name == "rd_req_addr_o")
    all(bitsOf(good, "rd_req_valid_o")[0]);
  if (name == "wr_req_addr_o" || name == "wr_req_strb_o" || name == "wr_req_data_o")
    all(bitsOf(good, "wr_req_valid_o")[0]);
  if (name == "wr_req_data_o") {
    Bits strobes = bitsOf(good, "wr_req_strb_o");
    for (size_t bit = 0; bit < width; ++bit)
      mask[bit] = graph.both(mask[bit], strobes[bit / 8]);
  }
  if (name == "cmd_ready_o")
    all(offered("cmd_valid_i"));
  if (name == "rd_rsp_ready_o")
    all(graph.both(offered("rd_rsp_valid_i"), reads.isAbove0));
  if (name == "wr_rsp_ready_o")
    all(graph.both(offered("wr_rsp_valid_i"), writes.isAbove0));
  return mask;
}

Literal MiterBuilder::differenceOf(const std::string &name, const Bits &mask) {
  Literal differ = AndInverter::kFalse;
  for (auto [a, b, at] : llvm::zip(bitsOf(good, name), bitsOf(faulty, name), mask))
    differ = graph.either(differ, graph.both(at, graph.differs(a, b)));
  return differ;
}

Literal MiterBuilder::differenceOfWrite(size_t number) {
  std::string name = (kCutPrefix + llvm::Twine(number)).str();
  Bits enable = bitsOf(good, name + "_enable");
  Literal differ = differenceOf(name + "_enable", Bits(enable.size(), AndInverter::kTrue));
  differ = graph.either(differ, differenceOf(name + "_data", enable));
  Literal writes = AndInverter::kFalse;
  for (Literal bit : enable)
    writes = graph.either(writes, bit);
  Literal moved = AndInverter::inverse(isSameAddress(number));
  return graph.both(started, graph.either(differ, graph.both(writes, moved)));
}

Literal MiterBuilder::difference() {
  count(reads, "rd_req", "rd_rsp");
  count(writes, "wr_req", "wr_rsp");
  Literal atPorts = AndInverter::kFalse, inside = AndInverter::kFalse;
  for (const auto &[name, bits] : miter.outputs)
    if (!StringRef(name).starts_with(kCutPrefix))
      atPorts = graph.either(atPorts, differenceOf(name, maskOf(name, bits.size())));
  for (size_t i = 0; i < miter.ports.size(); ++i)
    if (!miter.ports[i].isRead)
      inside = graph.either(inside, differenceOfWrite(i));
  return graph.either(inside, graph.both(AndInverter::inverse(inReset()), atPorts));
}

std::optional<std::string> Miter::question(uint32_t select,
                                           const std::optional<Relabelling> &relabelling) const {
  std::vector<bool> apart(circuit.registers.size());
  for (;;) {
    MiterBuilder builder(*this, select, relabelling, apart);
    std::vector<size_t> more = builder.newlyApart();
    for (size_t which : more)
      apart[which] = true;
    if (!more.empty())
      continue;
    return builder.ask(builder.difference());
  }
}

std::optional<std::string>
Miter::questionOfCycle(uint32_t select, const std::optional<Relabelling> &relabelling) const {
  std::vector<bool> apart(circuit.registers.size());
  MiterBuilder builder(*this, select, relabelling, apart, /*isOneCycle=*/true);
  return builder.askOfCycle();
}
