#include "sdk/verify/Script.h"

#include "core/target/Encoding.h"

#include <cstring>

using namespace lathe;
using namespace lathe::verify;

static constexpr uint64_t kSpare = 1 << 20; ///< host memory that one case may need

Script::Script(const Target &target, const Routes &routes, Jit &jit, ScriptOptions options)
    : random(options.seed), machineTarget(target), paths(routes),
      host(target, options.areaBytes, options.image.size()), machine(target, jit),
      counts(target.intrinsics.size(), 0), testLimit(options.testLimit) {
  for (const HostWindow &window : host.all())
    symbols.push_back({"window" + std::to_string(window.modelAddress),
                       Symbol::Kind::Internal,
                       ElementType::integer(8),
                       {static_cast<int64_t>(window.bytes)},
                       window.modelAddress,
                       {}});
  for (const Intrinsic &intrinsic : target.intrinsics)
    plans.push_back(planIntrinsic(target, intrinsic));
  for (const Space &space : target.spaces)
    ordersItself &= space.isHost || space.interlocked;
  initial.resize((host.modelBytes() + 7) / 8 * 8);
  for (size_t i = 0; i < initial.size() && !options.blank; i += 8) {
    uint64_t bits = random.bits();
    std::memcpy(&initial[i], &bits, 8);
  }
  std::copy(options.image.begin(), options.image.end(), initial.begin());
  nextInput = host.inputs().begin;
  nextOutput = host.outputs().begin;
  (void)machine.reset(symbols, initial.size());
  machine.write(kHostSpace, 0, initial);
  parts.push_back({});
}

// ---- commands

std::optional<std::vector<int64_t>> Script::modelValues(const Call &call) const {
  std::vector<int64_t> values = call.values;
  for (const TileOperand &tile : machineTarget.intrinsics[call.intrinsic].tiles) {
    if (tile.space != kHostSpace)
      continue;
    std::optional<uint64_t> there = host.toModel(values[tile.argument]);
    if (!there)
      return std::nullopt;
    values[tile.argument] = static_cast<int64_t>(*there);
  }
  return values;
}

std::optional<Chunks> Script::place(const Call &call, unsigned tile) const {
  std::optional<std::vector<int64_t>> values = modelValues(call);
  if (!values)
    return std::nullopt;
  std::vector<int64_t> states;
  for (unsigned state = 0; state < machineTarget.states.size(); ++state)
    states.push_back(machine.state(state).value_or(0));
  return plans[call.intrinsic].tiles[tile].access(*values, states);
}

void Script::append(const Word &word, uint32_t gap, std::optional<Call> call) {
  words.push_back({word, gap});
  calls.push_back(std::move(call));
  ++parts.back().count;
}

bool Script::issue(const Call &call, uint32_t gap) {
  const Intrinsic &intrinsic = machineTarget.intrinsics[call.intrinsic];
  std::optional<std::vector<int64_t>> values = modelValues(call);
  if (!values)
    return fail(intrinsic.name + " reaches host memory that no window covers");
  if (Problem problem = machine.execute(call.intrinsic, *values))
    return fail(intrinsic.name + ": " + *problem);
  ++counts[call.intrinsic];
  append(encode(intrinsic, call.values), gap, call);
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (intrinsic.tiles[t].space == kHostSpace && intrinsic.tiles[t].written) {
      Chunks chunks = *place(call, t);
      uint64_t bytes = chunks.end() - chunks.lowest();
      shown.push_back({caseId, static_cast<uint64_t>(chunks.lowest()), bytes, kHostSpace,
                       chunks.lowest(), chunks.count, words.size() - 1});
    }
  if (!ordersItself)
    sync();
  return true;
}

bool Script::test(const Call &call, uint32_t gap) {
  if (testedCommands.size() == testLimit)
    return true;
  if (!issue(call, gap))
    return false;
  testedCommands.push_back(words.size() - 1);
  return true;
}

void Script::refused(const Word &word, Refusal refusal) {
  sync();
  parts.back().refusal = refusal;
  append(word, 0, std::nullopt);
  sync();
}

void Script::sync() {
  if (parts.back().count == 0) {
    parts.back().caseId = caseId;
    return;
  }
  parts.push_back({words.size(), 0, caseId, std::nullopt, false, Refusal::None});
}

void Script::beginCase(unsigned id) {
  sound &= storesDefined();
  firstUnchecked = shown.size();
  caseId = id;
  sync();
}

bool Script::storesDefined() const {
  return llvm::all_of(llvm::ArrayRef(shown).drop_front(firstUnchecked), [&](const Observation &it) {
    return machine.memory(kHostSpace)
        .isDefined({.first = static_cast<int64_t>(it.modelAddress),
                    .chunkBytes = static_cast<int64_t>(it.bytes)});
  });
}

void Script::resetModel() {
  sound &= storesDefined();
  firstUnchecked = shown.size();
  machine.restart();
  std::fill(counts.begin(), counts.end(), 0);
}

void Script::restart() {
  parts.back().restarts = true;
  parts.push_back({words.size(), 0, caseId, std::nullopt, false, Refusal::None});
  resetModel();
}

bool Script::cut(const Call &call, uint64_t cycles) {
  if (target().rtl && !target().rtl->canBeReset())
    return fail("the hardware has no reset");
  sync();
  size_t before = shown.size();
  if (!issue(call))
    return false;
  for (size_t i = before; i < shown.size(); ++i)
    unknown.push_back(shown[i]);
  shown.resize(before);
  Segment &part = ordersItself ? parts.back() : parts[parts.size() - 2];
  part.cut = cycles;
  restart();
  return true;
}

// ---- host memory

std::optional<uint64_t> Script::allocateInput(llvm::ArrayRef<uint8_t> bytes, uint64_t offset) {
  uint64_t address = nextInput + offset;
  if (address + bytes.size() > host.inputs().end)
    return std::nullopt;
  nextInput = (address + bytes.size() + 63) / 64 * 64;
  uint64_t there = *host.toModel(address);
  std::copy(bytes.begin(), bytes.end(), initial.begin() + there);
  machine.write(kHostSpace, static_cast<int64_t>(there), bytes);
  return address;
}

std::optional<uint64_t> Script::allocateOutput(uint64_t bytes, uint64_t offset) {
  uint64_t address = nextOutput + offset;
  if (address + bytes > host.outputs().end)
    return std::nullopt;
  nextOutput = (address + bytes + 63) / 64 * 64;
  return address;
}

bool Script::isNearlyFull() const {
  auto spare = [](uint64_t next, HostWindows::Area area) {
    return area.end - next < std::min(kSpare, (area.end - area.begin) / 4);
  };
  return spare(nextInput, host.inputs()) || spare(nextOutput, host.outputs());
}

// ---- states

bool Script::setState(unsigned state, int64_t value) {
  if (machine.state(state) == value)
    return true;
  if (!paths.setters[state])
    return fail("nothing sets '" + machineTarget.states[state].name + "' from an immediate");
  auto [intrinsic, argument] = *paths.setters[state];
  const Intrinsic &setter = machineTarget.intrinsics[intrinsic];
  const Argument &field = setter.arguments[argument];
  if (value < field.min || value > field.max)
    return fail(setter.name + " cannot set " + std::to_string(value));
  Call call{intrinsic, largestValues(machineTarget, setter)};
  for (auto [other, field] : stateAssignments(machineTarget, setter))
    call.values[field] = machine.state(other).value_or(0);
  call.values[argument] = value;
  return issue(call);
}

// ---- scratch

bool Script::isProtected(unsigned space, int64_t address, int64_t rows) const {
  return llvm::any_of(protectedRanges, [&](const Range &range) {
    return range.space == space && address < range.address + range.rows &&
           range.address < address + rows;
  });
}

// The highest addresses that are free, so that cases find the low ones as they left them.
std::optional<int64_t> Script::scratch(unsigned space, int64_t rows) const {
  for (int64_t at = machineTarget.spaces[space].addresses - rows; at >= 0; --at)
    if (!isProtected(space, at, rows))
      return at;
  return std::nullopt;
}

bool Script::prepareAll() {
  for (unsigned state = 0; state < machineTarget.states.size(); ++state)
    if (paths.setters[state] && !setState(state, 0))
      return false;
  // What others are filled through comes last, since filling them changes it.
  std::vector<unsigned> spaces;
  for (unsigned space = 1; space < machineTarget.spaces.size(); ++space) {
    if (!paths.writes[space])
      continue;
    const WriteRoute &route = *paths.writes[space];
    bool fromHost = machineTarget.intrinsics[route.intrinsic].tiles[route.from].space == kHostSpace;
    spaces.insert(fromHost ? spaces.end() : spaces.begin(), space);
  }
  for (unsigned space : spaces)
    if (!prepareRandom(space, 0, machineTarget.spaces[space].addresses))
      return false;
  sync();
  return true;
}

bool Script::prepareRandom(unsigned space, int64_t address, int64_t rows) {
  const Space &which = machineTarget.spaces[space];
  return prepare(space, address, randomElements(which.element, rows * which.rowElements(), random));
}
