#include "sdk/manual/BitLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using namespace lathe::manual;

static bool bitOf(const Word &word, unsigned bit) { return (word[bit / 64] >> (bit % 64)) & 1; }

static std::string pieceName(const Argument &argument, const BitRun &run) {
  if (argument.runs.size() == 1)
    return argument.name;
  return argument.name + "[" + std::to_string(run.valueLsb + run.width - 1) + ":" +
         std::to_string(run.valueLsb) + "]";
}

// Runs of mask bits that are all reserved or all not.
static void addFixed(const Intrinsic &intrinsic, std::vector<BitField> &fields) {
  for (unsigned bit = 0; bit < intrinsic.width; ++bit) {
    if (!bitOf(intrinsic.mask, bit))
      continue;
    auto kind = bitOf(intrinsic.reserved, bit) ? BitField::Kind::Reserved : BitField::Kind::Fixed;
    bool goesOn = !fields.empty() && fields.back().kind == kind &&
                  fields.back().lsb + fields.back().width == bit && fields.back().width < 64;
    if (!goesOn)
      fields.push_back({kind, bit, 0, "", 0});
    BitField &field = fields.back();
    field.value |= uint64_t(bitOf(intrinsic.match, bit)) << field.width++;
  }
}

BitLayout lathe::manual::bitLayout(const Intrinsic &intrinsic) {
  BitLayout layout{intrinsic.width, {}};
  addFixed(intrinsic, layout.fields);
  for (const Argument &argument : intrinsic.arguments)
    for (const BitRun &run : argument.runs)
      layout.fields.push_back(
          {BitField::Kind::Argument, run.lsb, run.width, pieceName(argument, run), 0});
  llvm::sort(layout.fields, [](const BitField &a, const BitField &b) { return a.lsb > b.lsb; });
  return layout;
}

std::string lathe::manual::bitRange(const BitField &field) {
  std::string high = std::to_string(field.msb());
  return field.width == 1 ? high : high + "-" + std::to_string(field.lsb);
}

uint64_t lathe::manual::bitsIn(const BitField &field, const Word &word) {
  uint64_t value = 0;
  for (unsigned i = 0; i < std::min(field.width, 64u); ++i)
    value |= uint64_t(bitOf(word, field.lsb + i)) << i;
  return value;
}

std::string lathe::manual::binary(uint64_t value, unsigned width) {
  std::string digits;
  for (unsigned bit = width; bit-- > 0;) {
    digits += (value >> bit) & 1 ? '1' : '0';
    if (bit != 0 && bit % 4 == 0)
      digits += ' ';
  }
  return digits;
}

std::string lathe::manual::hexadecimal(const Word &word, unsigned width) {
  std::string digits = "0x";
  for (unsigned nibble = (width + 3) / 4; nibble-- > 0;)
    digits += llvm::hexdigit((word[nibble / 16] >> (nibble % 16 * 4)) & 15, /*LowerCase=*/true);
  return digits;
}
