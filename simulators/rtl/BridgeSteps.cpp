#include "simulators/rtl/BridgeSteps.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;

static std::string number(int64_t value) { return "64'd" + std::to_string(value); }

// ---- operands

std::string lathe::valueText(const Argument &argument) {
  std::vector<BitRun> runs = argument.runs;
  llvm::sort(runs, [](const BitRun &a, const BitRun &b) { return a.valueLsb > b.valueLsb; });
  std::string bits;
  for (const BitRun &run : runs)
    bits += llvm::formatv("{0}word_q[{1} +: {2}]", bits.empty() ? "" : ", ", run.lsb, run.width);
  if (bits.empty())
    return number(argument.minusOne ? 1 : 0);
  bool isSigned = argument.kind == Argument::Kind::Immediate && argument.type.isSigned();
  std::string value = isSigned ? "64'($signed({" + bits + "}))" : "64'({" + bits + "})";
  return argument.minusOne ? "(" + value + " + 64'd1)" : value;
}

static std::string sizeText(const Intrinsic &intrinsic, const Dimension &size) {
  return size.argument ? valueText(intrinsic.arguments[*size.argument]) : number(size.size);
}

static std::string linearText(const Intrinsic &intrinsic, const CycleCount &sum) {
  std::string text = number(sum.base < 0 ? 0 : sum.base);
  if (sum.base < 0)
    text += " - " + number(-sum.base);
  for (auto [argument, factor] : sum.terms)
    text += (factor < 0 ? " - " : " + ") + number(std::abs(factor)) + " * " +
            valueText(intrinsic.arguments[argument]);
  return text;
}

static unsigned leading(const Target &target, const TileOperand &tile) {
  const Space &space = target.spaces[tile.space];
  return space.isHost ? tile.shape.size() : tile.shape.size() - space.row.size();
}

std::string lathe::rangeText(const Target &target, const Intrinsic &intrinsic) {
  std::string all = "1'b1";
  auto require = [&](const std::string &condition) { all += " && " + condition; };
  for (const Argument &argument : intrinsic.arguments)
    if (argument.kind == Argument::Kind::Extent)
      require(valueText(argument) + " >= " + number(argument.min) + " && " + valueText(argument) +
              " <= " + number(argument.max));
  for (const TileOperand &tile : intrinsic.tiles) {
    const Space &space = target.spaces[tile.space];
    if (space.isHost)
      continue;
    std::string rows = leading(target, tile) == 0 ? number(1) : sizeText(intrinsic, tile.shape[0]);
    std::string step = tile.step.kind == Step::Kind::Argument
                           ? valueText(intrinsic.arguments[tile.step.id])
                           : number(tile.step.amount);
    require(valueText(intrinsic.arguments[tile.argument]) + " + (" + rows + " - 64'd1) * " + step +
            " < " + number(space.addresses));
  }
  return all;
}

// ---- steps

static BridgeStep writeStep(int64_t address, const std::string &value, std::string comment) {
  return {std::move(comment),
          {"bus_req = 1'b1", "bus_write = 1'b1", "bus_addr = 32'd" + std::to_string(address),
           "bus_wdata = " + value},
          "bus_ack"};
}

static BridgeStep writeStep(const BoundWrite &write, std::string comment) {
  return writeStep(write.address, write.isCount ? "64'(loaded_q)" : number(write.value),
                   std::move(comment));
}

static void addDone(const PortBinding &binding, BridgeSteps &steps) {
  if (binding.done.port)
    steps.push_back({"until the design is done", {}, "dut_done && tick"});
  if (binding.done.poll)
    steps.push_back(
        {"until the register says that the design is done",
         {"bus_req = 1'b1", "bus_addr = 32'd" + std::to_string(*binding.done.poll)},
         llvm::formatv("bus_ack && (bus_rdata & {0}) == {0}", number(binding.done.mask)).str()});
  if (binding.done.clear)
    steps.push_back(writeStep(*binding.done.clear, "clear the flag"));
  if (binding.done.clear && binding.done.port)
    steps.push_back({"until the flag is gone", {}, "!dut_done"});
}

static void addWords(const Target &target, unsigned width, unsigned portBits, BridgeSteps &steps) {
  unsigned count = llvm::divideCeil(width, std::max(1u, portBits));
  bool isPop = target.rtl->binding->commands.protocol == PortProtocol::Pop;
  for (unsigned i = 0; i < count; ++i)
    steps.push_back(
        {"word " + std::to_string(i),
         {"word_offer = 1'b1", llvm::formatv("word_data = word_t'(word_q >> {0})", i * portBits)},
         isPop ? "commands_pop && tick" : "commands_ready && tick"});
}

BridgeSteps lathe::unknownSteps(const Target &target, unsigned portBits) {
  BridgeSteps steps;
  addWords(target, target.instructionWidth, portBits, steps);
  return steps;
}

const TileOperand *lathe::resultOf(const Target &target, const Intrinsic &intrinsic) {
  const PortBinding &binding = *target.rtl->binding;
  if (binding.host || !binding.results || isMove(binding, target, intrinsic) ||
      isCollected(binding, intrinsic))
    return nullptr;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.space == kHostSpace && tile.written)
      return &tile;
  return nullptr;
}

/// Elements of dimensions [from, end).
static std::string elementsText(const Intrinsic &intrinsic, const TileOperand &tile,
                                unsigned from) {
  std::string product = number(1);
  for (const Dimension &size : llvm::ArrayRef(tile.shape).drop_front(from))
    product += " * " + sizeText(intrinsic, size);
  return product;
}

static std::string stepText(const Target &target, const Intrinsic &intrinsic,
                            const TileOperand &tile) {
  switch (tile.step.kind) {
  case Step::Kind::State:
    return "64'(state_" + target.states[tile.step.id].name + "_q)";
  case Step::Kind::Argument:
    return valueText(intrinsic.arguments[tile.step.id]);
  case Step::Kind::Fixed:
    break;
  }
  return number(tile.element.bytes()) + " * (" + elementsText(intrinsic, tile, 1) + ")";
}

static BridgeStep moveStep(const Target &target, const Intrinsic &intrinsic,
                           const TileOperand &host, const std::string &unitBytes,
                           std::string comment) {
  bool hasRows = host.shape.size() > 1;
  std::string elementBytes = number(host.element.bytes());
  BridgeStep step{std::move(comment), {}, "move_done"};
  auto drive = [&](const std::string &name, const std::string &value) {
    step.drives.push_back(name + " = 32'(" + value + ")");
  };
  step.drives = {"move = 1'b1", std::string("move_to_host = ") + (host.written ? "1'b1" : "1'b0")};
  drive("move_base", valueText(intrinsic.arguments[host.argument]));
  drive("move_stride", hasRows ? stepText(target, intrinsic, host) : number(0));
  drive("move_segments", hasRows ? sizeText(intrinsic, host.shape[0]) : number(1));
  drive("move_segment_bytes",
        elementBytes + " * (" + elementsText(intrinsic, host, hasRows ? 1 : 0) + ")");
  drive("move_unit_bytes", unitBytes);
  return step;
}

static void addCopy(const Target &target, const Intrinsic &intrinsic, BridgeSteps &steps) {
  const TileOperand &first = intrinsic.tiles[0], &second = intrinsic.tiles[1];
  const TileOperand &host = first.space == kHostSpace ? first : second;
  const TileOperand &onChip = first.space == kHostSpace ? second : first;
  if (target.rtl->binding->done.port && !target.rtl->binding->commands.info().isBus() &&
      target.rtl->binding->commands.protocol != PortProtocol::Release)
    steps.push_back({"what was handed on before is done", {}, "dut_done && tick"});
  BridgeStep step =
      moveStep(target, intrinsic, host, number(target.spaces[onChip.space].rowBytes()), "move");
  step.drives.push_back("move_space = 8'd" + std::to_string(onChip.space));
  step.drives.push_back("move_first = 32'(" + valueText(intrinsic.arguments[onChip.argument]) +
                        ")");
  steps.push_back(std::move(step));
}

// The port shows every row of the memory; the copy takes some of them.
static void addCollected(const Target &target, const Intrinsic &intrinsic, BridgeSteps &steps) {
  const TileOperand &first = intrinsic.tiles[0], &second = intrinsic.tiles[1];
  const TileOperand &host = first.space == kHostSpace ? first : second;
  const TileOperand &onChip = first.space == kHostSpace ? second : first;
  BridgeStep step =
      moveStep(target, intrinsic, host, number(target.spaces[onChip.space].rowBytes()), "results");
  step.drives.push_back("move_space = 8'd0");
  step.drives.push_back("move_first = 32'(" + valueText(intrinsic.arguments[onChip.argument]) +
                        ")");
  steps.push_back(std::move(step));
}

static void addResult(const Target &target, const Intrinsic &intrinsic, const TileOperand &tile,
                      BridgeSteps &steps) {
  bool isFifo = target.rtl->binding->results->protocol == PortProtocol::Fifo;
  std::string elements = isFifo ? number(1) : elementsText(intrinsic, tile, 0);
  BridgeStep step = moveStep(target, intrinsic, tile,
                             number(tile.element.bytes()) + " * (" + elements + ")", "results");
  step.drives.push_back("move_space = 8'd0");
  steps.push_back(std::move(step));
}

// Elements are taken from a FIFO while the design makes them; from a port when it has.
static void addAwaited(const Target &target, const Intrinsic &intrinsic, BridgeSteps &steps) {
  const PortBinding &binding = *target.rtl->binding;
  const TileOperand *result = resultOf(target, intrinsic);
  bool isFifo = result && binding.results->protocol == PortProtocol::Fifo;
  if (isFifo)
    addResult(target, intrinsic, *result, steps);
  size_t before = steps.size();
  addDone(binding, steps);
  if (!result || isFifo)
    return;
  BridgeSteps taken;
  addResult(target, intrinsic, *result, taken);
  steps.insert(steps.begin() + before + 1, taken.begin(), taken.end());
}

unsigned lathe::programBits(const Target &target) {
  unsigned bits = 1;
  for (const Intrinsic &intrinsic : target.intrinsics)
    if (!intrinsic.isCall)
      bits = std::max(bits, intrinsic.width);
  return bits;
}

static void addProgramWords(const Target &target, const Intrinsic &intrinsic, BridgeSteps &steps,
                            unsigned dataBits) {
  const ProgramBinding &program = *target.rtl->binding->program;
  if (!program.array.name.empty()) {
    steps.push_back({"into the program", {"program_write = 1'b1"}, "1'b1"});
    return;
  }
  unsigned count = llvm::divideCeil(programBits(target), std::max(1u, dataBits));
  for (unsigned i = 0; i < count && i * dataBits < intrinsic.width; ++i) {
    BridgeStep step = writeStep(0, llvm::formatv("64'(bus_t'(word_q >> {0}))", i * dataBits).str(),
                                "into the program, word " + std::to_string(i));
    step.drives[2] = llvm::formatv("bus_addr = 32'd{0} + 32'(loaded_q) * 32'd{1}",
                                   program.base + i * dataBits / 8, count * dataBits / 8);
    steps.push_back(std::move(step));
  }
}

BridgeSteps lathe::launchSteps(const PortBinding &binding) {
  BridgeSteps steps;
  for (const BoundWrite &entry : binding.program->table)
    steps.push_back(writeStep(entry, "the program's entry"));
  if (binding.start)
    steps.push_back(writeStep(*binding.start, "start"));
  addDone(binding, steps);
  return steps;
}

static bool isStarted(const PortBinding &binding, const Intrinsic &intrinsic) {
  return binding.start && llvm::any_of(intrinsic.writes, [&](const RegisterWrite &write) {
           return write.address == binding.start->address;
         });
}

BridgeSteps lathe::stepsOf(const Target &target, const Intrinsic &intrinsic, unsigned portBits) {
  const PortBinding &binding = *target.rtl->binding;
  BridgeSteps steps;
  if (isMove(binding, target, intrinsic)) {
    addCopy(target, intrinsic, steps);
    return steps;
  }
  if (isCollected(binding, intrinsic)) {
    addCollected(target, intrinsic, steps);
    return steps;
  }
  if (binding.program) {
    addProgramWords(target, intrinsic, steps, portBits);
    return steps;
  }
  switch (binding.commands.protocol) {
  case PortProtocol::ValidReady:
  case PortProtocol::Pop:
    addWords(target, intrinsic.width, portBits, steps);
    if (resultOf(target, intrinsic))
      addAwaited(target, intrinsic, steps);
    return steps;
  case PortProtocol::Release:
    steps.push_back({"out of reset", {"run = 1'b1"}, "1'b1"});
    addAwaited(target, intrinsic, steps);
    for (BridgeStep &step : steps) {
      step.drives.push_back("run = 1'b1");
      for (const auto &[operand, port] : binding.operands)
        if (auto argument = intrinsic.findArgument(operand.name))
          step.drives.push_back("held_" + port.name + " = " +
                                valueText(intrinsic.arguments[*argument]));
    }
    return steps;
  default:
    for (const RegisterWrite &write : intrinsic.writes)
      steps.push_back(writeStep(write.address, linearText(intrinsic, write.value), "write"));
    if (isStarted(binding, intrinsic))
      addAwaited(target, intrinsic, steps);
    return steps;
  }
}

int64_t lathe::largestUnit(const Target &target) {
  const PortBinding &binding = *target.rtl->binding;
  int64_t bytes = 1;
  for (const auto &[space, ports] : binding.spaces)
    bytes = std::max(bytes, target.spaces[space].rowBytes());
  if (binding.resultSpace)
    bytes = std::max(bytes, target.spaces[*binding.resultSpace].rowBytes());
  for (const Intrinsic &intrinsic : target.intrinsics)
    if (const TileOperand *tile = resultOf(target, intrinsic)) {
      int64_t elements = 1;
      for (const Dimension &size : tile->shape)
        elements *= size.size;
      bool isFifo = binding.results->protocol == PortProtocol::Fifo;
      bytes = std::max(bytes, tile->element.bytes() * (isFifo ? 1 : elements));
    }
  return bytes;
}
