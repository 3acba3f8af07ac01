#include "sdk/cli/IsaCoverage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::cli;
namespace json = llvm::json;

unsigned IsaCoverage::Field::covered() const {
  return static_cast<unsigned>(llvm::popcount(zeros & ones));
}

std::vector<IsaCoverage::Instruction> &IsaCoverage::of(const Target &target) {
  std::vector<Instruction> &instructions = targets[target.name];
  if (!instructions.empty())
    return instructions;
  for (const Intrinsic &intrinsic : target.intrinsics) {
    Instruction &instruction = instructions.emplace_back();
    instruction.name = intrinsic.name;
    for (const Argument &argument : intrinsic.arguments)
      instruction.fields.push_back({argument.name, argument.width()});
  }
  return instructions;
}

void IsaCoverage::use(Instruction &instruction, const Intrinsic &intrinsic,
                      llvm::ArrayRef<int64_t> values) {
  bool isFirst = instruction.uses++ == 0;
  for (size_t i = 0; i < values.size(); ++i) {
    Field &field = instruction.fields[i];
    uint64_t bits = field.width >= 64 ? ~0ull : (1ull << field.width) - 1;
    uint64_t stored = static_cast<uint64_t>(values[i]) - intrinsic.arguments[i].minusOne;
    field.ones |= stored & bits;
    field.zeros |= ~stored & bits;
    field.least = isFirst ? values[i] : std::min(field.least, values[i]);
    field.largest = isFirst ? values[i] : std::max(field.largest, values[i]);
  }
}

void IsaCoverage::add(const Target &target, const Program &program) {
  std::vector<Instruction> &instructions = of(target);
  for (const ProgramStep &step : program.steps)
    for (size_t i = 0; i < step.instructions.size(); ++i) {
      unsigned id = step.instructions.intrinsic(i);
      use(instructions[id], target.intrinsics[id], step.instructions.values(i));
    }
}

json::Value IsaCoverage::toJson() const {
  json::Object root;
  for (const auto &[target, instructions] : targets) {
    json::Object list;
    for (const Instruction &instruction : instructions) {
      json::Object fields;
      for (const Field &field : instruction.fields) {
        json::Object entry{{"bits", field.width}, {"covered", field.covered()}};
        if (instruction.uses != 0) {
          entry["least"] = field.least;
          entry["largest"] = field.largest;
        }
        fields[field.name] = std::move(entry);
      }
      list[instruction.name] = json::Object{{"uses", static_cast<int64_t>(instruction.uses)},
                                            {"fields", std::move(fields)}};
    }
    root[target] = std::move(list);
  }
  return root;
}

void IsaCoverage::print(llvm::raw_ostream &out) const {
  for (const auto &[target, instructions] : targets) {
    unsigned used = 0, covered = 0, bits = 0;
    std::string unused;
    for (const Instruction &instruction : instructions) {
      used += instruction.uses != 0;
      if (instruction.uses == 0)
        unused += (unused.empty() ? "" : ", ") + instruction.name;
      for (const Field &field : instruction.fields) {
        covered += field.covered();
        bits += field.width;
      }
    }
    out << llvm::formatv("{0}: {1} of {2} instructions, {3} of {4} bits of fields as 0 and as 1\n",
                         target, used, instructions.size(), covered, bits);
    if (!unused.empty())
      out << "  never used: " << unused << '\n';
  }
}
