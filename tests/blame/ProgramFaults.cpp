#include "tests/blame/ProgramFaults.h"

#include "core/program/Assembly.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::blame;

namespace {
struct Instruction {
  unsigned intrinsic;
  std::vector<int64_t> values;
};
} // namespace

static std::vector<Instruction> listOf(const InstructionStream &stream) {
  std::vector<Instruction> list;
  for (size_t i = 0; i < stream.size(); ++i)
    list.push_back({stream.intrinsic(i), stream.values(i).vec()});
  return list;
}

static InstructionStream streamOf(llvm::ArrayRef<Instruction> list) {
  InstructionStream stream;
  for (const Instruction &instruction : list)
    stream.add(instruction.intrinsic, instruction.values);
  return stream;
}

// A value one off, or twice or half as large.
static std::string changeValue(Instruction &instruction, const Target &target,
                               verify::Random &random) {
  const Intrinsic &intrinsic = target.intrinsics[instruction.intrinsic];
  if (instruction.values.empty())
    return "nothing";
  size_t i = random.bits() % instruction.values.size();
  int64_t old = instruction.values[i];
  const int64_t choices[] = {old + 1, old - 1, old * 2, old / 2};
  const Argument &argument = intrinsic.arguments[i];
  instruction.values[i] =
      std::clamp<int64_t>(choices[random.bits() % 4], argument.min, argument.max);
  return llvm::formatv("{0} is {1} instead of {2}", argument.name, instruction.values[i], old)
      .str();
}

std::pair<Program, std::string>
lathe::blame::withFault(const Program &program, const Target &target, verify::Random &random) {
  Program faulty = program;
  std::vector<size_t> devices;
  for (size_t s = 0; s < program.steps.size(); ++s)
    if (program.steps[s].kind == ProgramStep::Kind::Device &&
        program.steps[s].instructions.size() > 1)
      devices.push_back(s);
  if (devices.empty())
    return {std::move(faulty), "nothing"};
  ProgramStep &step = faulty.steps[devices[random.bits() % devices.size()]];
  step.labels.clear();
  std::vector<Instruction> list = listOf(step.instructions);
  size_t at = random.bits() % (list.size() - 1);
  std::string what = printInstruction(target, list[at].intrinsic, list[at].values);
  switch (random.bits() % 5) {
  case 0:
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    what += " left out";
    break;
  case 1:
    std::swap(list[at], list[at + 1]);
    what += " exchanged with the next";
    break;
  case 2: {
    Instruction copy = list[at];
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), copy);
    what += " twice";
    break;
  }
  default:
    what += ": " + changeValue(list[at], target, random);
  }
  step.instructions = streamOf(list);
  return {std::move(faulty), "instruction " + std::to_string(at) + ", " + what};
}
