// Points of what must be refused: reserved encodings, and operands outside of their memories.
#include "sdk/verify/Cases.h"

#include "core/target/Encoding.h"

using namespace lathe;
using namespace lathe::verify;

static bool bitOf(const Word &word, unsigned bit) { return word[bit / 64] >> (bit % 64) & 1; }
static void flip(Word &word, unsigned bit) { word[bit / 64] ^= uint64_t(1) << (bit % 64); }

// An instruction that could run, changed by `spoil` into a word that must be refused; all that it
// would have touched is shown to be as it was.
static bool runRefused(Script &script, const CallWish &wish, Refusal refusal,
                       const std::function<Word(const Call &)> &spoil) {
  std::optional<Call> call = arrange(script, wish);
  if (!call)
    return false;
  std::vector<Script::Range> shown = touched(script, *call, Touch::All);
  for (const Script::Range &range : shown)
    if (!defineRange(script, range))
      return false;
  script.refused(spoil(*call), refusal);
  bool seen = script.observeRanges(shown);
  script.sync();
  script.restart();
  return seen;
}

static void addRefused(Cases &cases, PointClass group, std::string name, const CallWish &wish,
                       Refusal refusal, const std::function<Word(const Call &)> &spoil) {
  addCase(cases, group, std::move(name), [wish, refusal, spoil](Script &script) {
    return runRefused(script, wish, refusal, spoil);
  }).begin = Case::Begin::Reset;
}

// ---- reserved encodings

static void addReservedBits(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  CallWish wish;
  wish.intrinsic = id;
  for (unsigned bit = 0; bit < intrinsic.width; ++bit) {
    Word word = intrinsic.match;
    flip(word, bit);
    if (!bitOf(intrinsic.mask, bit) || decode(target, word))
      continue;
    addRefused(cases, PointClass::Reserved,
               "reserved/" + intrinsic.name + "/bit" + std::to_string(bit), wish, Refusal::Reserved,
               [&target, bit](const Call &call) {
                 Word word = encode(target.intrinsics[call.intrinsic], call.values);
                 flip(word, bit);
                 return word;
               });
  }
}

// Bits that every instruction is told apart by, as positions.
static std::vector<unsigned> opcodeBits(const Target &target) {
  std::vector<unsigned> bits;
  for (unsigned bit = 0; bit < target.instructionWidth; ++bit)
    if (llvm::all_of(target.intrinsics,
                     [&](const Intrinsic &intrinsic) { return bitOf(intrinsic.mask, bit); }))
      bits.push_back(bit);
  return bits;
}

// Opcodes that nothing has, with random bits below them.
static void addReservedOpcodes(const Target &target, Cases &cases) {
  std::vector<unsigned> bits = opcodeBits(target);
  if (bits.empty() || bits.size() > 10)
    return;
  for (uint64_t opcode = 0; opcode < uint64_t(1) << bits.size(); ++opcode) {
    auto hasOpcode = [&](const Word &word) {
      for (size_t i = 0; i < bits.size(); ++i)
        if (bitOf(word, bits[i]) != (opcode >> i & 1))
          return false;
      return true;
    };
    if (llvm::any_of(target.intrinsics,
                     [&](const Intrinsic &intrinsic) { return hasOpcode(intrinsic.match); }))
      continue;
    CallWish wish;
    addRefused(cases, PointClass::Reserved, "reserved/opcode" + std::to_string(opcode), wish,
               Refusal::Reserved, [&target, bits, opcode](const Call &call) {
                 Word word = encode(target.intrinsics[call.intrinsic], call.values);
                 for (size_t i = 0; i < bits.size(); ++i)
                   if (bitOf(word, bits[i]) != (opcode >> i & 1))
                     flip(word, bits[i]);
                 return word;
               });
  }
}

// ---- out of range

static uint64_t largestStored(const Argument &argument) {
  return argument.width() >= 63 ? INT64_MAX : (uint64_t(1) << argument.width()) - 1;
}

// The word of `call` with one argument whose field holds more than the instruction allows.
static Word encodeRaw(const Intrinsic &intrinsic, const Call &call) {
  Intrinsic loose = intrinsic;
  for (Argument &argument : loose.arguments) {
    argument.min = INT64_MIN;
    argument.max = INT64_MAX;
  }
  return encode(loose, call.values);
}

static void addOutOfRange(const Target &target, unsigned id, unsigned argument, int64_t value,
                          const std::string &name, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  const Argument &field = intrinsic.arguments[argument];
  int64_t stored = value - (field.minusOne ? 1 : 0);
  if (stored < 0 || static_cast<uint64_t>(stored) > largestStored(field))
    return;
  CallWish wish;
  wish.intrinsic = id;
  wish.mostRows = 3;
  addRefused(cases, PointClass::Range, "range/" + intrinsic.name + "/" + field.name + "=" + name,
             wish, Refusal::Range, [&target, argument, value](const Call &call) {
               Call beyond = call;
               beyond.values[argument] = value;
               return encodeRaw(target.intrinsics[call.intrinsic], beyond);
             });
}

// Tiles that begin inside of their space and end outside: by every power of two of rows, and by one
// address, two, four ... too far, so that each bit of a sum of address and rows decides alone.
static void addLongTiles(const Target &target, unsigned id, const TileOperand &tile, unsigned rows,
                         Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  int64_t addresses = target.spaces[tile.space].addresses;
  int64_t most = std::min(largestValues(target, intrinsic)[rows], addresses);
  for (int64_t count = 2; count <= most; count *= 2)
    for (int64_t beyond = 1; beyond < count; beyond *= 2) {
      CallWish wish;
      wish.intrinsic = id;
      wish.values = {{rows, count}};
      for (unsigned step : stepArguments(intrinsic))
        wish.values.push_back({step, 1});
      std::string name = "range/" + intrinsic.name + "/" + tile.name + "=last+row";
      if (count > 2)
        name += std::to_string(beyond) + "of" + std::to_string(count);
      addRefused(cases, PointClass::Range, name, wish, Refusal::Range,
                 [&target, argument = tile.argument,
                  first = addresses - count + beyond](const Call &call) {
                   Call outside = call;
                   outside.values[argument] = first;
                   return encodeRaw(target.intrinsics[call.intrinsic], outside);
                 });
    }
}

// Extents beyond their limit, and operands that end one address behind their space.
static void addRanges(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a) {
    const Argument &argument = intrinsic.arguments[a];
    if (argument.kind != Argument::Kind::Extent)
      continue;
    int64_t most = (argument.minusOne ? 1 : 0) + static_cast<int64_t>(largestStored(argument));
    addOutOfRange(target, id, a, argument.max + 1, "T+1", cases);
    if (most > argument.max + 1)
      addOutOfRange(target, id, a, most, "all ones", cases);
    if (argument.min > 0 && !argument.minusOne)
      addOutOfRange(target, id, a, argument.min - 1, "min-1", cases);
  }
  for (const TileOperand &tile : intrinsic.tiles) {
    const Space &space = target.spaces[tile.space];
    const Argument &address = intrinsic.arguments[tile.argument];
    if (space.isHost ||
        address.name != tile.name) // the address is another operand's, and so are its points
      continue;
    auto rows = leadingArgument(target, tile);
    int64_t beyond = static_cast<int64_t>(largestStored(address));
    addOutOfRange(target, id, tile.argument, space.addresses, "end", cases);
    if (beyond > space.addresses)
      addOutOfRange(target, id, tile.argument, beyond, "all ones", cases);
    if (rows)
      addLongTiles(target, id, tile, *rows, cases);
  }
}

void verify::addRefusalCases(const Target &target, const HostWindows &windows, Cases &cases) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addReservedBits(target, id, cases);
  addReservedOpcodes(target, cases);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addRanges(target, id, cases);
}
