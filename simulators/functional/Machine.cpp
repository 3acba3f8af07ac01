#include "simulators/functional/Machine.h"

#include "core/semantics/Compare.h"
#include "simulators/functional/MachineParts.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace lathe;

static constexpr int64_t kHostRow = 64; ///< bytes that share a flag

Machine::Machine(const Target &target, Jit &jit)
    : describe([](int64_t n) { return "instruction " + std::to_string(n); }), target(target),
      jit(jit), prepared(target.intrinsics.size()) {
  (void)reset({}, 0);
}
Machine::~Machine() = default;

Problem Machine::reset(llvm::ArrayRef<Symbol> newSymbols, uint64_t imageBytes) {
  memories.clear();
  for (const Space &space : target.spaces)
    if (space.isHost)
      memories.emplace_back(llvm::alignTo(imageBytes, kHostRow), kHostRow);
    else
      memories.emplace_back(space.addresses * space.rowBytes(), space.rowBytes());
  states.assign(target.states.size(), 0);
  stateShadows.assign(target.states.size(), -1);
  symbols = newSymbols;
  symbolTable.emplace(symbols);
  number = 0;
  lastWriter.reset();
  for (const Symbol &symbol : symbols) {
    if (symbol.address > imageBytes || symbol.bytes() > imageBytes - symbol.address)
      return llvm::formatv("'{0}' ends at byte {1}, the image has {2}", symbol.name,
                           symbol.address + symbol.bytes(), imageBytes)
          .str();
    if (symbol.kind == Symbol::Kind::Constant)
      write(kHostSpace, symbol.address, symbol.data);
  }
  return std::nullopt;
}

void Machine::restart() {
  constexpr int64_t kBlock = 1 << 16; // what is defined already is not touched
  for (unsigned id = 0; id < target.spaces.size(); ++id) {
    const Space &space = target.spaces[id];
    if (!space.isHost) {
      memories[id] = Memory(space.addresses * space.rowBytes(), space.rowBytes());
      continue;
    }
    for (int64_t at = 0, size = memories[id].size(); at < size; at += kBlock)
      memories[id].markDefined({.first = at, .chunkBytes = std::min(kBlock, size - at)});
  }
  states.assign(target.states.size(), 0);
  stateShadows.assign(target.states.size(), -1);
  number = 0;
  lastWriter.reset();
}

Machine::Rows Machine::read(unsigned space, int64_t address, int64_t count) const {
  const Space &which = target.spaces[space];
  std::vector<int64_t> sizes{count};
  sizes.insert(sizes.end(), which.row.begin(), which.row.end());
  Rows rows{Array::zeros(which.element, std::move(sizes)), {}};
  int64_t unit = which.isHost ? 1 : which.rowBytes(), first = address * unit;
  std::memcpy(rows.elements.bytes.data(), memories[space].data() + first, count * unit);
  unsigned elementBytes = which.element.bytes();
  for (int64_t i = 0; i < count * unit; i += elementBytes) {
    const uint8_t *shadow = memories[space].shadow() + first + i;
    rows.undefined.push_back(
        std::any_of(shadow, shadow + elementBytes, [](uint8_t b) { return b; }));
  }
  return rows;
}

void Machine::write(unsigned space, int64_t address, llvm::ArrayRef<uint8_t> bytes) {
  const Space &which = target.spaces[space];
  int64_t first = address * (which.isHost ? 1 : which.rowBytes());
  if (bytes.empty())
    return;
  std::memcpy(memories[space].data() + first, bytes.data(), bytes.size());
  memories[space].markDefined({.first = first, .chunkBytes = static_cast<int64_t>(bytes.size())});
}

std::optional<int64_t> Machine::state(unsigned id) const {
  if (!stateDefined(id))
    return std::nullopt;
  return states[id];
}

void Machine::setState(unsigned id, int64_t value) {
  states[id] = value;
  stateShadows[id] = 0;
}

std::string Machine::placeOf(const Symbol &symbol, uint64_t byte) const {
  int64_t element = (byte - symbol.address) / symbol.type.bytes();
  return "'" + symbol.name + "'" + indexText(indexOf(element, symbol.sizes));
}

std::string Machine::writerText(const Memory &memory, int64_t offset) const {
  int64_t writer = memory.writerOf(offset);
  return writer < 0 ? "was never written" : "was left undefined by " + describe(writer);
}

void Machine::noteWrite(unsigned space, const Chunks &access) {
  if (!watched || space != kHostSpace)
    return;
  for (int64_t i = 0; i < access.count; ++i) {
    int64_t first = access.first + i * access.stepBytes, byte = static_cast<int64_t>(*watched);
    if (byte >= first && byte < first + access.chunkBytes)
      lastWriter = number;
  }
}
