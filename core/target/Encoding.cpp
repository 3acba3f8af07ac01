#include "core/target/Encoding.h"

#include <cassert>

using namespace lathe;

static uint64_t lowBits(unsigned width) { return width >= 64 ? ~0ull : (1ull << width) - 1; }

static void insertBits(Word &word, unsigned lsb, unsigned width, uint64_t value) {
  value &= lowBits(width);
  unsigned limb = lsb / 64, shift = lsb % 64;
  word[limb] |= value << shift;
  if (shift + width > 64)
    word[limb + 1] |= value >> (64 - shift);
}

static uint64_t extractBits(const Word &word, unsigned lsb, unsigned width) {
  unsigned limb = lsb / 64, shift = lsb % 64;
  uint64_t value = word[limb] >> shift;
  if (shift + width > 64)
    value |= word[limb + 1] << (64 - shift);
  return value & lowBits(width);
}

Word lathe::encode(const Intrinsic &intrinsic, llvm::ArrayRef<int64_t> values) {
  assert(values.size() == intrinsic.arguments.size() && "one value per argument");
  Word word = intrinsic.match;
  for (unsigned i = 0; i < values.size(); ++i) {
    const Argument &argument = intrinsic.arguments[i];
    assert(values[i] >= argument.min && values[i] <= argument.max && "argument out of range");
    uint64_t stored = static_cast<uint64_t>(values[i]) - (argument.minusOne ? 1 : 0);
    for (const BitRun &run : argument.runs)
      insertBits(word, run.lsb, run.width, stored >> run.valueLsb);
  }
  return word;
}

static bool matches(const Intrinsic &intrinsic, const Word &word) {
  for (unsigned i = 0; i < word.size(); ++i)
    if ((word[i] & intrinsic.mask[i]) != intrinsic.match[i])
      return false;
  return true;
}

static int64_t decodeArgument(const Argument &argument, const Word &word) {
  uint64_t stored = 0;
  for (const BitRun &run : argument.runs)
    stored |= extractBits(word, run.lsb, run.width) << run.valueLsb;
  bool isSigned = argument.kind == Argument::Kind::Immediate && argument.type.isSigned();
  unsigned width = argument.width();
  int64_t value = static_cast<int64_t>(stored);
  if (isSigned && width < 64)
    value = static_cast<int64_t>(stored << (64 - width)) >> (64 - width);
  return value + (argument.minusOne ? 1 : 0);
}

std::optional<Decoded> lathe::decode(const Target &target, const Word &word) {
  for (unsigned i = 0; i < target.intrinsics.size(); ++i) {
    const Intrinsic &intrinsic = target.intrinsics[i];
    if (!matches(intrinsic, word))
      continue;
    Decoded decoded{i, {}};
    for (const Argument &argument : intrinsic.arguments)
      decoded.values.push_back(decodeArgument(argument, word));
    return decoded;
  }
  return std::nullopt;
}
