#include "sdk/verify/Judge.h"

#include "core/program/Assembly.h"
#include "core/semantics/Compare.h"

#include "llvm/ADT/StringExtras.h"

#include <cstring>

using namespace lathe;
using namespace lathe::verify;

std::string verify::textOf(const Target &target, const Call &call) {
  return printInstruction(target, call.intrinsic, call.values);
}

// ---- running

std::optional<std::string> Judge::wrongEnd(const Segment &part, const RunResult &result) const {
  bool wasCut = part.cut && result.status == RunStatus::Limit;
  if (result.status != RunStatus::Idle && !wasCut)
    return result.failure.empty() ? "the run ends with '" + name(result.status).str() + "'"
                                  : "the hardware stops: " + result.failure;
  const RtlBinding &rtl = *target.rtl;
  if (pending == Refusal::None && result.errorCode != 0)
    return "error code " + std::to_string(result.errorCode) + " for instructions that are allowed";
  if (pending == Refusal::None)
    return std::nullopt;
  auto declared = pending == Refusal::Reserved ? rtl.reservedError : rtl.rangeError;
  bool isRight = declared ? result.errorCode == *declared : result.errorCode != 0;
  if (isRight)
    return std::nullopt;
  return "error code " + std::to_string(result.errorCode) + " instead of " +
         (declared ? std::to_string(*declared) : std::string("one that is not 0")) + " for " +
         (pending == Refusal::Reserved ? "a reserved encoding" : "an operand out of range");
}

bool Judge::push(const Script &script, const Segment &part) {
  std::vector<uint64_t> limbs;
  std::vector<uint32_t> gaps;
  for (const Command &command : script.commands().slice(part.first, part.count)) {
    limbs.insert(limbs.end(), command.word.begin(),
                 command.word.begin() + simulator->commandLimbs());
    gaps.push_back(command.gap);
  }
  return simulator->push(limbs, gaps);
}

// Of the segment that begins.
uint64_t Judge::mostCycles(const Variant &variant) const {
  constexpr uint64_t kSlack = 2000;
  size_t segment = segmentCycles.size();
  if (segment >= variant.usual.size())
    return variant.mostCycles;
  return std::min(variant.mostCycles, 3 * variant.usual[segment] + kSlack);
}

std::optional<std::string> Judge::runSegment(const Script &script, const Segment &part,
                                             const JudgeOptions &options) {
  if (part.refusal != Refusal::None && pending == Refusal::None)
    pending = part.refusal;
  if (part.count > 0) {
    if (!push(script, part))
      return simulator->error();
    RunLimits limits;
    limits.cycles = part.cut.value_or(mostCycles(options.variant));
    limits.seconds = options.variant.seconds;
    limits.cancel = options.cancel;
    RunResult result = simulator->run(limits);
    uint64_t before = segmentEnds.empty() ? 0 : std::min(segmentEnds.back(), result.cycles);
    segmentCycles.push_back(result.cycles - before);
    total += segmentCycles.back();
    segmentEnds.push_back(result.cycles);
    segmentErrors.push_back(result.errorCode);
    last = result;
    if (auto wrong = wrongEnd(part, result))
      return wrong;
  }
  if (part.count == 0) {
    segmentEnds.push_back(segmentEnds.empty() ? 0 : segmentEnds.back());
    segmentErrors.push_back(0);
    segmentCycles.push_back(0);
  }
  if (part.restarts) {
    segmentEnds.back() = 0;
    pending = Refusal::None;
    if (!simulator->restart())
      return simulator->error();
  }
  return std::nullopt;
}

// The machine in reset, with the script's host memory.
std::optional<std::string> Judge::begin(const Script &script, const JudgeOptions &options) {
  simulator.reset();
  texts = std::make_unique<Texts>();
  Diagnostics &diagnostics = texts->diagnostics;
  pending = Refusal::None;
  segmentEnds.clear();
  segmentErrors.clear();
  segmentCycles.clear();
  counterReadings.clear();
  last.reset();
  simulator =
      RtlSimulator::create(model, diagnostics, {options.registerSeed, options.variant.select});
  if (!simulator)
    return diagnostics.all().front().text;
  image = script.before();
  bool ready = simulator->setMemory(options.ports);
  for (const HostWindow &window : script.windows().all())
    ready &= simulator->attachMemory(
        window.address, llvm::MutableArrayRef(image).slice(window.modelAddress, window.bytes));
  simulator->setHang({options.variant.hangCycles, 0, 0});
  simulator->recordCommands(true);
  return ready ? std::nullopt : std::optional(simulator->error());
}

std::optional<uint64_t> Judge::countTaken(const Script &script, const Variant &variant) {
  JudgeOptions options;
  options.variant = variant;
  if (begin(script, options))
    return std::nullopt;
  for (const Segment &part : script.segments().drop_back())
    if (runSegment(script, part, options))
      return std::nullopt;
  MemoryBehaviour silent;
  silent.pattern[LATHE_READ_RESPONSE] = {1, 1};
  uint64_t before = simulator->commandCycles().size();
  const Segment &part = script.segments().back();
  if (!simulator->setMemory(silent) || !push(script, part))
    return std::nullopt;
  constexpr uint64_t kEnough = 4096;
  RunLimits limits;
  limits.cycles = kEnough + part.count;
  return simulator->run(limits).commandsAccepted - before;
}

std::optional<Mismatch> Judge::run(const Script &script, const JudgeOptions &options) {
  if (auto why = begin(script, options))
    return Mismatch{std::nullopt, *why};
  std::optional<Mismatch> stopped;
  if (options.readCounters)
    readCounters(0);
  for (const Segment &part : script.segments()) {
    if (auto wrong = runSegment(script, part, options)) {
      stopped = Mismatch{part.caseId, *wrong};
      break;
    }
    if (options.readCounters && part.count > 0)
      readCounters(part.first + part.count);
  }
  cycles = simulator->commandCycles().vec();
  // What an earlier case left wrong explains how the run ended.
  if (auto wrong = compareMemory(script, image); wrong && !stopped)
    return wrong;
  if (stopped)
    return stopped;
  return compareCounters(script);
}

// ---- comparing

static const TileOperand *hostResult(const Target &target, const Call &call) {
  for (const TileOperand &tile : target.intrinsics[call.intrinsic].tiles)
    if (tile.space == kHostSpace && tile.written)
      return &tile;
  return nullptr;
}

static std::string numberAt(llvm::ArrayRef<uint8_t> memory, uint64_t at, ElementType type) {
  Array one = Array::zeros(type, {1});
  std::copy_n(memory.begin() + at, type.bytes(), one.bytes.begin());
  return type.isFloat() ? llvm::formatv("{0}", one.realAt(0)).str()
                        : std::to_string(one.integerAt(0));
}

// "[row,column]" of a dense tile of the call.
static std::string placeOf(const TileOperand &tile, const Call &call, uint64_t element) {
  std::vector<int64_t> sizes;
  for (const Dimension &dimension : tile.shape)
    sizes.push_back(dimension.argument ? call.values[*dimension.argument] : dimension.size);
  return indexText(indexOf(static_cast<int64_t>(element), sizes));
}

// The element of `seen` in which byte `at` lies, what it is and what it must be.
static std::string describe(const Target &target, const Script &script, const Observation &seen,
                            uint64_t at, llvm::ArrayRef<uint8_t> got) {
  const Call &call = *script.callOf(seen.command);
  const TileOperand &tile = *hostResult(target, call);
  uint64_t element = (at - seen.modelAddress) / tile.element.bytes();
  uint64_t first = seen.modelAddress + element * tile.element.bytes();
  std::string place = placeOf(tile, call, element);
  std::string values = "is " + numberAt(got, first, tile.element) + ", must be " +
                       numberAt(script.after(), first, tile.element);
  if (seen.space == kHostSpace)
    return "element " + place + " of what " + textOf(target, call) + " stores " + values;
  std::string addresses = std::to_string(seen.address);
  if (seen.rows > 1)
    addresses += " to " + std::to_string(seen.address + seen.rows - 1);
  return "'" + target.spaces[seen.space].name + "' at " + addresses + ", seen through " +
         textOf(target, call) + ": element " + place + " " + values;
}

std::optional<Mismatch> Judge::compareMemory(const Script &script,
                                             llvm::ArrayRef<uint8_t> got) const {
  llvm::ArrayRef<uint8_t> expected = script.after();
  std::vector<uint8_t> masked;
  if (!script.ignored().empty()) {
    masked.assign(got.begin(), got.end());
    for (const Observation &range : script.ignored())
      std::copy_n(expected.begin() + range.modelAddress, range.bytes,
                  masked.begin() + range.modelAddress);
    got = masked;
  }
  if (std::memcmp(got.data(), expected.data(), expected.size()) == 0)
    return std::nullopt;
  for (const Observation &seen : script.observations())
    for (uint64_t at = seen.modelAddress; at < seen.modelAddress + seen.bytes; ++at)
      if (got[at] != expected[at])
        return Mismatch{seen.caseId, describe(target, script, seen, at, got)};
  size_t at = std::mismatch(got.begin(), got.end(), expected.begin()).first - got.begin();
  return Mismatch{std::nullopt, "host memory at 0x" +
                                    llvm::utohexstr(script.windows().fromModel(at).value_or(at)) +
                                    ", which no instruction stores to, has changed"};
}

void Judge::readCounters(size_t commands) {
  std::optional<std::vector<uint64_t>> values = simulator->counters(0, target.rtl->counters.size());
  CounterReading reading{values.value_or(std::vector<uint64_t>()), 0, 0, 0, commands};
  if (last) {
    reading.cycles = last->cycles;
    reading.beatsRead = last->beatsRead;
    reading.beatsWritten = last->beatsWritten;
  }
  counterReadings.push_back(std::move(reading));
}

std::optional<Mismatch> Judge::compareCounters(const Script &script) {
  const std::vector<std::string> &names = target.rtl->counters;
  std::optional<std::vector<uint64_t>> values = simulator->counters(0, names.size());
  counterValues = values.value_or(std::vector<uint64_t>()); // reading takes cycles: once only
  for (unsigned id = 0; values && id < target.intrinsics.size(); ++id)
    for (size_t i = 0; i < names.size(); ++i)
      if (names[i] == "retired_" + target.intrinsics[id].name &&
          (*values)[i] != script.retired()[id])
        return Mismatch{std::nullopt, "counter '" + names[i] + "' is " +
                                          std::to_string((*values)[i]) + ", " +
                                          std::to_string(script.retired()[id]) + " were given"};
  return std::nullopt;
}
