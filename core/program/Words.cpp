// Command words of a step and back to text: the description's bit fields as flat tables, because a
// big kernel has more than 100,000 instructions and encoding is part of its compile time.
#include "core/program/Assembly.h"
#include "core/target/Encoding.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;

namespace {
/// ((value >> valueShift) & mask) << shift goes to limb `limb`.
struct Field {
  unsigned argument, limb, shift, valueShift;
  uint64_t mask;
};

struct FieldTable {
  Word match;
  std::vector<Field> fields;
  std::vector<uint8_t> minusOne; ///< per argument, what the stored value is short of
};
} // namespace

static uint64_t lowBits(unsigned width) { return width >= 64 ? ~0ull : (1ull << width) - 1; }

// A run that crosses a limb's end becomes two fields.
static void addRun(FieldTable &table, unsigned argument, const BitRun &run) {
  unsigned limb = run.lsb / 64, shift = run.lsb % 64;
  unsigned here = std::min(run.width, 64 - shift);
  table.fields.push_back({argument, limb, shift, run.valueLsb, lowBits(here)});
  if (here < run.width)
    table.fields.push_back({argument, limb + 1, 0, run.valueLsb + here, lowBits(run.width - here)});
}

static FieldTable tableOf(const Intrinsic &intrinsic) {
  FieldTable table{intrinsic.match, {}, {}};
  for (unsigned i = 0; i < intrinsic.arguments.size(); ++i) {
    table.minusOne.push_back(intrinsic.arguments[i].minusOne);
    for (const BitRun &run : intrinsic.arguments[i].runs)
      addRun(table, i, run);
  }
  return table;
}

unsigned lathe::limbsPerCommand(const Target &target) {
  return (target.instructionWidth + 63) / 64;
}

std::vector<uint64_t> lathe::encodeStep(const ProgramStep &step, const Target &target) {
  std::vector<FieldTable> tables;
  for (const Intrinsic &intrinsic : target.intrinsics)
    tables.push_back(tableOf(intrinsic));

  const InstructionStream &instructions = step.instructions;
  unsigned limbs = limbsPerCommand(target);
  std::vector<uint64_t> words(instructions.size() * limbs);
  uint64_t *word = words.data();
  for (size_t i = 0; i < instructions.size(); ++i, word += limbs) {
    const FieldTable &table = tables[instructions.intrinsic(i)];
    llvm::ArrayRef<int64_t> values = instructions.values(i);
    std::copy_n(table.match.begin(), limbs, word);
    for (const Field &field : table.fields) {
      uint64_t stored =
          static_cast<uint64_t>(values[field.argument]) - table.minusOne[field.argument];
      word[field.limb] |= (stored >> field.valueShift & field.mask) << field.shift;
    }
  }
  return words;
}

std::string lathe::disassemble(llvm::ArrayRef<uint64_t> words, const Target &target) {
  unsigned limbs = limbsPerCommand(target);
  std::string text;
  llvm::raw_string_ostream out(text);
  for (size_t i = 0; (i + 1) * limbs <= words.size(); ++i) {
    Word word{};
    std::copy_n(words.begin() + i * limbs, limbs, word.begin());
    out << llvm::format_decimal(i, 6) << ": ";
    for (unsigned limb = limbs; limb-- > 0;)
      out << llvm::format_hex_no_prefix(word[limb], 16);
    std::optional<Decoded> decoded = decode(target, word);
    out << "  "
        << (decoded ? printInstruction(target, decoded->intrinsic, decoded->values)
                    : "(reserved encoding)")
        << '\n';
  }
  return text;
}
