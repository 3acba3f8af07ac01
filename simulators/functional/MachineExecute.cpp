// One instruction: where its operands lie, whether they are defined, and its effect.
#include "simulators/functional/MachineParts.h"
#include "simulators/functional/Undefined.h"

#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace lathe;

Problem Machine::prepare(unsigned id) {
  if (prepared[id])
    return std::nullopt;
  auto made = std::make_unique<Prepared>();
  made->plan = planIntrinsic(target, target.intrinsics[id]);
  const Semantics &semantics = target.intrinsics[id].semantics;
  size_t tensors = semantics.tensors.size();
  std::vector<JitLayout> layouts(tensors);
  for (const TilePlan &tile : made->plan.tiles)
    layouts[tile.operand->tensor] = tile.layout;
  auto function = jit.compile(semantics, layouts);
  if (!function)
    return llvm::toString(function.takeError());
  made->defined = *function;
  made->bases.resize(2 * tensors);
  made->steps.resize(2 * tensors);
  made->sizes.resize(semantics.sizes.size());
  made->accesses.resize(made->plan.tiles.size());
  made->laidOut.resize(made->plan.tiles.size());
  made->immediates.resize(tensors);
  made->immediateShadows.resize(tensors);
  made->buffers.resize(2 * tensors);
  prepared[id] = std::move(made);
  return std::nullopt;
}

Problem Machine::compileTracked(Prepared &p) {
  if (p.tracked)
    return std::nullopt;
  const Semantics &semantics = p.plan.intrinsic->semantics;
  std::vector<JitLayout> layouts(2 * semantics.tensors.size());
  for (const TilePlan &tile : p.plan.tiles) {
    layouts[tile.operand->tensor] = tile.layout;
    layouts[semantics.tensors.size() + tile.operand->tensor] = tile.layout;
  }
  auto function = jit.compile(trackUndefined(semantics), layouts);
  if (!function)
    return llvm::toString(function.takeError());
  p.tracked = *function;
  return std::nullopt;
}

Problem Machine::execute(unsigned id, llvm::ArrayRef<int64_t> values) {
  if (auto problem = prepare(id))
    return problem;
  Prepared &p = *prepared[id];
  if (auto problem = checkArguments(*p.plan.intrinsic, values))
    return problem;
  if (auto problem = checkStepStates(p.plan))
    return problem;
  if (auto problem = locate(p, values))
    return problem;
  bindScalars(p, values);
  for (unsigned t = 0; t < p.plan.tiles.size(); ++t)
    if (p.plan.tiles[t].map) {
      p.laidOut[t] = p.plan.tiles[t].sizes(values);
      gather(p, t);
    }
  if (auto problem = runsDefined(p) ? runDefined(p) : runTracked(p))
    return problem;
  for (unsigned t = 0; t < p.accesses.size(); ++t)
    if (p.plan.tiles[t].operand->written)
      noteWrite(p.plan.tiles[t].operand->space, p.accesses[t]);
  ++number;
  return std::nullopt;
}

// ---- operands

Problem Machine::checkArguments(const Intrinsic &intrinsic, llvm::ArrayRef<int64_t> values) const {
  assert(values.size() == intrinsic.arguments.size() && "one value per argument");
  for (unsigned i = 0; i < values.size(); ++i) {
    const Argument &argument = intrinsic.arguments[i];
    if (values[i] < argument.min || values[i] > argument.max)
      return llvm::formatv("'{0}' is {1}, allowed are {2} to {3}", argument.name, values[i],
                           argument.min, argument.max)
          .str();
  }
  return std::nullopt;
}

Problem Machine::checkStepStates(const IntrinsicPlan &plan) const {
  for (unsigned id : plan.stepStates)
    if (!stateDefined(id))
      return "state '" + target.states[id].name + "' is used before it is set";
  return std::nullopt;
}

Problem Machine::locate(Prepared &p, llvm::ArrayRef<int64_t> values) {
  size_t tensors = p.plan.intrinsic->semantics.tensors.size();
  for (unsigned t = 0; t < p.plan.tiles.size(); ++t) {
    const TilePlan &tile = p.plan.tiles[t];
    const Chunks &access = p.accesses[t] = tile.access(values, states);
    bool onHost = target.spaces[tile.operand->space].isHost;
    if (auto problem = onHost ? checkOnHost(tile, access) : checkOnChip(tile, access))
      return problem;
    unsigned tensor = tile.operand->tensor;
    Memory &memory = memories[tile.operand->space];
    p.bases[tensor] = memory.data() + access.first;
    p.bases[tensors + tensor] = memory.shadow() + access.first;
    p.steps[tensor] = p.steps[tensors + tensor] = access.stepBytes;
  }
  return std::nullopt;
}

Problem Machine::checkOnChip(const TilePlan &tile, const Chunks &access) const {
  const Space &space = target.spaces[tile.operand->space];
  if (access.lowest() >= 0 && access.end() <= space.addresses * tile.unitBytes)
    return std::nullopt;
  int64_t last = (access.end() + tile.unitBytes - 1) / tile.unitBytes - 1;
  int64_t first = access.lowest() / tile.unitBytes;
  return llvm::formatv("'{0}' takes addresses {1} to {2}, '{3}' ends at {4}", tile.operand->name,
                       first, last, space.name, space.addresses - 1)
      .str();
}

Problem Machine::checkOnHost(const TilePlan &tile, const Chunks &access) const {
  int64_t lowest = access.lowest(), end = access.end();
  const Symbol *symbol = lowest < 0 ? nullptr : symbolTable->holding(lowest);
  if (!symbol)
    return llvm::formatv("'{0}' takes host bytes {1} to {2}, outside of every symbol",
                         tile.operand->name, lowest, end - 1)
        .str();
  if (static_cast<uint64_t>(end) > symbol->address + symbol->bytes())
    return llvm::formatv("'{0}' takes host bytes {1} to {2}, '{3}' ends at {4}", tile.operand->name,
                         lowest, end - 1, symbol->name, symbol->address + symbol->bytes() - 1)
        .str();
  bool readOnly = symbol->kind == Symbol::Kind::Input || symbol->kind == Symbol::Kind::Constant;
  if (tile.operand->written && readOnly)
    return llvm::formatv("'{0}' writes host bytes {1} to {2} of {3} '{4}'", tile.operand->name,
                         lowest, end - 1, spelling(symbol->kind), symbol->name)
        .str();
  return std::nullopt;
}

void Machine::bindScalars(Prepared &p, llvm::ArrayRef<int64_t> values) {
  const IntrinsicPlan &plan = p.plan;
  size_t tensors = plan.scalars.size();
  for (unsigned i = 0; i < plan.sizes.size(); ++i)
    if (plan.sizes[i].kind == ScalarSource::Kind::Argument)
      p.sizes[i] = values[plan.sizes[i].id];
  for (unsigned t = 0; t < tensors; ++t) {
    const ScalarSource &source = plan.scalars[t];
    if (source.kind == ScalarSource::Kind::State) {
      p.bases[t] = &states[source.id];
      p.bases[tensors + t] = &stateShadows[source.id];
    } else if (source.kind == ScalarSource::Kind::Argument) {
      p.immediates[t] = values[source.id];
      p.bases[t] = &p.immediates[t];
      p.bases[tensors + t] = &p.immediateShadows[t];
    }
  }
  for (unsigned t : plan.temporaries)
    for (unsigned which : {t, static_cast<unsigned>(tensors + t)}) {
      p.buffers[which].resize(plan.temporaryBytes[t]);
      p.bases[which] = p.buffers[which].data();
    }
}

// ---- layouts

/// Copies a tile's elements, and which of their bits are undefined, to dense buffers, which the
/// code works on.
void Machine::gather(Prepared &p, unsigned t) {
  const TilePlan &tile = p.plan.tiles[t];
  const Chunks &access = p.accesses[t];
  const Memory &memory = memories[tile.operand->space];
  unsigned tensor = tile.operand->tensor, shadow = p.plan.scalars.size() + tensor;
  for (unsigned which : {tensor, shadow}) {
    bool isShadow = which == shadow;
    p.buffers[which].resize(std::max<int64_t>(1, tile.map->denseBytes(p.laidOut[t])));
    p.bases[which] = p.buffers[which].data();
    tile.map->read((isShadow ? memory.shadow() : memory.data()) + access.first, access.stepBytes,
                   p.laidOut[t], p.buffers[which].data(), isShadow);
  }
}

/// Copies them back: each bit where it lies.
void Machine::scatter(Prepared &p, unsigned t, bool defined) {
  const TilePlan &tile = p.plan.tiles[t];
  const Chunks &access = p.accesses[t];
  Memory &memory = memories[tile.operand->space];
  unsigned tensor = tile.operand->tensor, shadow = p.plan.scalars.size() + tensor;
  if (defined)
    p.buffers[shadow].assign(p.buffers[shadow].size(), 0);
  uint8_t *data = memory.data() + access.first, *undefined = memory.shadow() + access.first;
  tile.map->write(data, access.stepBytes, p.laidOut[t], p.buffers[tensor].data());
  tile.map->write(undefined, access.stepBytes, p.laidOut[t], p.buffers[shadow].data());
  if (auto rest = tile.operand->layout->rest) {
    tile.map->fillRest(data, access.stepBytes, p.laidOut[t], *rest);
    tile.map->fillRest(undefined, access.stepBytes, p.laidOut[t], false);
  }
  memory.recount(access, number);
}

bool Machine::isDefined(const Prepared &p, unsigned t) const {
  const TilePlan &tile = p.plan.tiles[t];
  return tile.map ? !firstUndefined(p, t) : memories[tile.operand->space].isDefined(p.accesses[t]);
}

/// Offset of the first undefined byte of a tile, of one with a layout the element's first.
std::optional<int64_t> Machine::firstUndefined(const Prepared &p, unsigned t) const {
  const TilePlan &tile = p.plan.tiles[t];
  const Memory &memory = memories[tile.operand->space];
  if (!tile.map)
    return memory.firstUndefined(p.accesses[t]);
  const std::vector<uint8_t> &shadows = p.buffers[p.plan.scalars.size() + tile.operand->tensor];
  auto end = shadows.begin() + tile.map->denseBytes(p.laidOut[t]);
  auto found = std::find_if(shadows.begin(), end, [](uint8_t byte) { return byte; });
  if (found == end)
    return std::nullopt;
  int64_t element = (found - shadows.begin()) / tile.operand->element.bytes();
  return p.accesses[t].first + tile.map->byteOf(element, p.accesses[t].stepBytes, p.laidOut[t]);
}

// ---- definedness

/// True when all operands are defined, so that everything written is too.
bool Machine::runsDefined(const Prepared &p) const {
  for (unsigned t = 0; t < p.plan.tiles.size(); ++t) {
    const TilePlan &tile = p.plan.tiles[t];
    bool mustBe = tile.operand->read || !tile.covered;
    if (mustBe && !isDefined(p, t))
      return false;
  }
  auto defined = [&](unsigned id) { return stateDefined(id); };
  return llvm::all_of(p.plan.statesRead, defined) && llvm::all_of(p.plan.statesKept, defined);
}

/// A tile that is only read, and shares bytes with one that is written, is read from a copy.
void Machine::separateOverlaps(Prepared &p, bool tracked) {
  size_t tensors = p.plan.scalars.size();
  for (auto [written, other] : p.plan.conflicts) {
    const Chunks &to = p.accesses[written], &from = p.accesses[other];
    if (to.lowest() >= from.end() || from.lowest() >= to.end())
      continue;
    Memory &memory = memories[p.plan.tiles[other].operand->space];
    unsigned tensor = p.plan.tiles[other].operand->tensor;
    auto copy = [&](unsigned which, const uint8_t *bytes) {
      p.buffers[which].assign(bytes + from.lowest(), bytes + from.end());
      p.bases[which] = p.buffers[which].data() + (from.first - from.lowest());
    };
    copy(tensor, memory.data());
    if (tracked)
      copy(tensors + tensor, memory.shadow());
  }
}

Problem Machine::runDefined(Prepared &p) {
  separateOverlaps(p, /*tracked=*/false);
  if (auto problem = p.defined(p.bases.data(), p.steps.data(), p.sizes.data()))
    return problem;
  for (unsigned t = 0; t < p.accesses.size(); ++t)
    if (!p.plan.tiles[t].operand->written)
      continue;
    else if (p.plan.tiles[t].map)
      scatter(p, t, /*defined=*/true);
    else
      memories[p.plan.tiles[t].operand->space].markDefined(p.accesses[t]);
  for (unsigned id : p.plan.statesWritten)
    stateShadows[id] = 0;
  finishStates(p.plan);
  return std::nullopt;
}

Problem Machine::runTracked(Prepared &p) {
  if (auto problem = compileTracked(p))
    return problem;
  std::string cause = undefinedSource(p);
  separateOverlaps(p, /*tracked=*/true);
  if (auto problem = (*p.tracked)(p.bases.data(), p.steps.data(), p.sizes.data()))
    return problem;
  finishStates(p.plan);
  if (auto problem = checkStored(p, cause))
    return problem;
  for (unsigned t = 0; t < p.accesses.size(); ++t)
    if (!p.plan.tiles[t].operand->written)
      continue;
    else if (p.plan.tiles[t].map)
      scatter(p, t, /*defined=*/false);
    else
      memories[p.plan.tiles[t].operand->space].recount(p.accesses[t], number);
  return std::nullopt;
}

/// States are kept extended to 64 bits, wholly defined or wholly undefined.
void Machine::finishStates(const IntrinsicPlan &plan) {
  for (unsigned id : plan.statesWritten) {
    ElementType type = target.states[id].element;
    unsigned unused = 64 - 8 * type.bytes();
    uint64_t low = static_cast<uint64_t>(states[id]) << unused;
    states[id] =
        type.isSigned() ? static_cast<int64_t>(low) >> unused : static_cast<int64_t>(low >> unused);
    stateShadows[id] = (static_cast<uint64_t>(stateShadows[id]) << unused) == 0 ? 0 : -1;
  }
}

/// What the first undefined operand is.
std::string Machine::undefinedSource(const Prepared &p) const {
  for (unsigned id : p.plan.statesRead)
    if (!stateDefined(id))
      return "state '" + target.states[id].name + "' was never set";
  for (unsigned t = 0; t < p.plan.tiles.size(); ++t) {
    const TilePlan &tile = p.plan.tiles[t];
    const Memory &memory = memories[tile.operand->space];
    if (!tile.operand->read)
      continue;
    auto offset = firstUndefined(p, t);
    if (!offset)
      continue;
    const Space &space = target.spaces[tile.operand->space];
    const Symbol *symbol = space.isHost ? symbolTable->holding(*offset) : nullptr;
    std::string place =
        symbol ? placeOf(*symbol, *offset)
               : "address " + std::to_string(*offset / tile.unitBytes) + " of '" + space.name + "'";
    return place + " " + writerText(memory, *offset);
  }
  return "an element was not written";
}

/// An undefined element in an output is the end of the matter.
Problem Machine::checkStored(const Prepared &p, const std::string &cause) const {
  for (unsigned t = 0; t < p.accesses.size(); ++t) {
    const TilePlan &tile = p.plan.tiles[t];
    if (!tile.covered || tile.operand->space != kHostSpace)
      continue;
    const Symbol *symbol = symbolTable->holding(p.accesses[t].lowest());
    auto offset = firstUndefined(p, t);
    if (offset && symbol->kind == Symbol::Kind::Output)
      return "stores an undefined element to " + placeOf(*symbol, *offset) + ": " + cause;
  }
  return std::nullopt;
}
