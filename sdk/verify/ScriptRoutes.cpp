// Script: spaces filled from host memory and seen there, along the routes.
#include "sdk/verify/Script.h"

#include <cstring>

using namespace lathe;
using namespace lathe::verify;

static constexpr int64_t kMostRows = 512; ///< addresses that one step of a route takes

// ---- filling

bool Script::prepare(unsigned space, int64_t address, llvm::ArrayRef<uint8_t> bytes) {
  if (!paths.writes[space])
    return fail("nothing copies host memory to '" + machineTarget.spaces[space].name + "'");
  const WriteRoute &route = *paths.writes[space];
  const Intrinsic &intrinsic = machineTarget.intrinsics[route.intrinsic];
  auto leading = leadingArgument(machineTarget, intrinsic.tiles[route.to]);
  std::vector<int64_t> largest = largestValues(machineTarget, intrinsic);
  int64_t most = leading ? std::min(largest[*leading], kMostRows)
                         : addressesOf(machineTarget, intrinsic.tiles[route.to], largest);
  int64_t rowBytes = machineTarget.spaces[space].rowBytes(), rows = bytes.size() / rowBytes;
  for (int64_t done = 0; done < rows;) {
    int64_t count = std::min(most, rows - done);
    if (!writeChunk(route, address + done, count, bytes.slice(done * rowBytes, count * rowBytes)))
      return false;
    done += count;
  }
  return true;
}

// Puts `data` where the route reads it: host memory, or a scratch area of a space before.
bool Script::sourceOf(const WriteRoute &route, Call &call, const std::vector<uint8_t> &data) {
  const TileOperand &from = machineTarget.intrinsics[route.intrinsic].tiles[route.from];
  if (from.space == kHostSpace) {
    std::optional<uint64_t> address = allocateInput(inHostMemory(from, call.values, data));
    if (!address)
      return fail("host memory is used up");
    call.values[from.argument] = static_cast<int64_t>(*address);
    return from.step.kind != Step::Kind::State ||
           setState(from.step.id, denseStep(from, call.values));
  }
  int64_t rows = data.size() / machineTarget.spaces[from.space].rowBytes();
  std::optional<int64_t> address = scratch(from.space, rows);
  if (!address)
    return fail("'" + machineTarget.spaces[from.space].name + "' has no room beside the case's");
  call.values[from.argument] = *address;
  return prepare(from.space, *address, data);
}

bool Script::writeChunk(const WriteRoute &route, int64_t address, int64_t rows,
                        llvm::ArrayRef<uint8_t> bytes) {
  const Intrinsic &intrinsic = machineTarget.intrinsics[route.intrinsic];
  const TileOperand &to = intrinsic.tiles[route.to];
  Call call{route.intrinsic, largestValues(machineTarget, intrinsic)};
  if (auto leading = leadingArgument(machineTarget, to))
    call.values[*leading] = rows;
  call.values[to.argument] = address;
  std::vector<uint8_t> source = sourceFor(machineTarget, route, call.values, bytes);
  if (source.empty())
    return fail(intrinsic.name + " does not copy so many rows");
  if (!sourceOf(route, call, source) || !issue(call))
    return false;
  int64_t rowBytes = machineTarget.spaces[to.space].rowBytes();
  const uint8_t *got = machine.memory(to.space).data() + address * rowBytes;
  bool isThere = std::memcmp(got, bytes.data(), bytes.size()) == 0;
  return isThere || fail(intrinsic.name + " does not copy what it is given");
}

// ---- seeing

// Odd elements somewhere out of the way, which stay there for the next time.
std::optional<int64_t> Script::fixture(unsigned space, int64_t rows) {
  const Space &which = machineTarget.spaces[space];
  std::optional<int64_t> address = scratch(space, rows);
  if (!address)
    return std::nullopt;
  Random fixed(which.name, rows);
  std::vector<uint8_t> bytes = oddElements(which.element, rows * which.rowElements(), fixed);
  const Memory &memory = machine.memory(space);
  Chunks chunks{.first = *address * which.rowBytes(), .chunkBytes = rows * which.rowBytes()};
  bool isThere = memory.isDefined(chunks) &&
                 std::memcmp(memory.data() + chunks.first, bytes.data(), bytes.size()) == 0;
  if (!isThere && !prepare(space, *address, bytes))
    return std::nullopt;
  return address;
}

bool Script::isDefined(const Range &range) const {
  int64_t rowBytes = machineTarget.spaces[range.space].rowBytes();
  return machine.memory(range.space)
      .isDefined({.first = range.address * rowBytes, .chunkBytes = range.rows * rowBytes});
}

bool Script::placeFixtures(const SeeRoute &route, Call &call) {
  const Intrinsic &intrinsic = machineTarget.intrinsics[route.intrinsic];
  size_t depth = protectedRanges.size();
  bool ok = true;
  for (unsigned t : route.fixtures) {
    const TileOperand &tile = intrinsic.tiles[t];
    int64_t rows = addressesOf(machineTarget, tile, call.values);
    std::optional<int64_t> address = fixture(tile.space, rows);
    ok &= address.has_value();
    call.values[tile.argument] = address.value_or(0);
    protect({tile.space, address.value_or(0), rows});
  }
  // What the others hold does not matter, but it must be known.
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    if (!tile.read || t == route.from || tile.space == kHostSpace ||
        llvm::is_contained(route.fixtures, t))
      continue;
    int64_t rows = addressesOf(machineTarget, tile, call.values);
    if (isDefined({tile.space, call.values[tile.argument], rows}))
      continue;
    std::optional<int64_t> address = scratch(tile.space, rows);
    ok &= address && prepareRandom(tile.space, *address, rows);
    call.values[tile.argument] = address.value_or(0);
  }
  protectedRanges.resize(depth);
  return ok || fail("there is no room for what '" + intrinsic.name + "' needs beside the case's");
}

void Script::stage(unsigned space) {
  if (!paths.sees[space])
    return;
  const SeeRoute &route = *paths.sees[space];
  Call call{route.intrinsic, route.values};
  (void)placeFixtures(route, call);
}

bool Script::observe(unsigned space, int64_t address, int64_t rows) {
  int64_t end = std::min(address + rows, machineTarget.spaces[space].addresses);
  address = std::max<int64_t>(0, address);
  return observeRows(space, address, end - address, {caseId, 0, 0, space, address, rows, 0});
}

bool Script::observeRows(unsigned space, int64_t address, int64_t rows, const Observation &origin) {
  if (!paths.sees[space])
    return fail("nothing shows '" + machineTarget.spaces[space].name + "' to host memory");
  const SeeRoute &route = *paths.sees[space];
  const Intrinsic &intrinsic = machineTarget.intrinsics[route.intrinsic];
  const TileOperand &from = intrinsic.tiles[route.from], &to = intrinsic.tiles[route.to];
  auto leading = leadingArgument(machineTarget, from);
  int64_t most =
      leading ? std::min(kMostRows, largestValues(machineTarget, intrinsic)[*leading]) : 1;
  most = std::min(most, route.mostRows);
  if (to.space != kHostSpace)
    most = std::max<int64_t>(1, std::min(most, machineTarget.spaces[to.space].addresses / 4));
  for (int64_t done = 0; done < rows;) {
    int64_t count = std::min(most, rows - done);
    Call call{route.intrinsic, route.values};
    if (leading)
      call.values[*leading] = count;
    Observation part = origin;
    if (origin.space == space) {
      part.address = address + done;
      part.rows = count;
    }
    if (!placeFixtures(route, call))
      return false;
    call.values[from.argument] = address + done;
    if (!showThrough(route, call, part))
      return false;
    done += count;
  }
  return true;
}

bool Script::showThrough(const SeeRoute &route, Call &call, const Observation &origin) {
  const TileOperand &to = machineTarget.intrinsics[route.intrinsic].tiles[route.to];
  for (auto [state, value] : route.states)
    if (!setState(state, value))
      return false;
  if (to.space == kHostSpace) {
    if (to.step.kind == Step::Kind::State && !setState(to.step.id, denseStep(to, call.values)))
      return false;
    std::optional<uint64_t> address = allocateOutput(hostBytes(to, call.values));
    if (!address)
      return fail("host memory is used up");
    call.values[to.argument] = static_cast<int64_t>(*address);
    if (!issue(call))
      return false;
    Observation &stored = shown.back();
    stored.space = origin.space;
    stored.address = origin.address;
    stored.rows = origin.rows;
    return true;
  }
  int64_t rows = addressesOf(machineTarget, to, call.values);
  std::optional<int64_t> address = scratch(to.space, rows);
  if (!address)
    return fail("'" + machineTarget.spaces[to.space].name + "' has no room beside the case's");
  call.values[to.argument] = *address;
  return issue(call) && observeRows(to.space, *address, rows, origin);
}

bool Script::observeRanges(llvm::ArrayRef<Range> ranges) {
  protectedRanges = ranges.vec();
  for (unsigned space : paths.order) {
    for (const Range &range : ranges)
      if (range.space == space && !observe(space, range.address, range.rows))
        return false;
    llvm::erase_if(protectedRanges, [&](const Range &range) { return range.space == space; });
  }
  unprotect();
  return true;
}

bool Script::observeDefined(const Range &range) {
  if (isDefined(range))
    return observe(range.space, range.address, range.rows);
  for (int64_t i = 0; i < range.rows; ++i)
    if (isDefined({range.space, range.address + i, 1}) &&
        !observe(range.space, range.address + i, 1))
      return false;
  return true;
}

// A space is shown in halves, so that set-ups have room in the other one. What they take there is
// lost to the second half: which one that is changes from script to script.
bool Script::observeSpaces(llvm::ArrayRef<unsigned> spaces) {
  bool upperFirst = random.bits() & 1;
  for (unsigned space : spaces) {
    int64_t all = machineTarget.spaces[space].addresses, half = all / 2;
    Range lower{space, 0, half}, upper{space, half, all - half};
    for (const Range &range : {upperFirst ? upper : lower, upperFirst ? lower : upper}) {
      protectedRanges = {range};
      if (range.rows > 0 && !observeDefined(range))
        return false;
    }
  }
  unprotect();
  sync();
  return true;
}
