#include "core/program/Unroller.h"

#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::SMLoc;
using llvm::StringRef;
using Kind = AssemblyLine::Kind;

void Unroller::enter(ProgramStep *entered) {
  step = entered;
  labels.clear();
  symbols.emplace(program.symbols);
}

void Unroller::run(const AssemblyLine &line) {
  found.emplace(diagnostics.sourceTexts());
  runLine(line);
  tell();
}

/// Passes on what was found in a line, or in a pass of a loop, with the passes it was found in.
void Unroller::tell() {
  for (Diagnostic diagnostic : found->all()) {
    for (const Pass &pass : passes)
      diagnostic.notes.push_back(
          {diagnostics.sourceTexts().place(pass.loc),
           llvm::formatv("in the pass with {0} = {1}", pass.loop, pass.value)});
    diagnostics.add(std::move(diagnostic));
  }
  found.emplace(diagnostics.sourceTexts());
}

bool Unroller::runLine(const AssemblyLine &line) {
  if (!line.label.empty() && !addLabel(line))
    return false;
  switch (line.kind) {
  case Kind::Nothing:
    return true;
  case Kind::Instruction:
    return addInstruction(line);
  case Kind::Let:
    if (auto value = valueOf(*line.value))
      return declare(line, *value);
    return false;
  case Kind::Require:
    return require(line);
  case Kind::For:
    return runFor(line);
  case Kind::If:
    return runIf(line);
  }
  return false;
}

/// Every line is tried, so that one mistake does not hide the next; names end with the block.
bool Unroller::runBlock(llvm::ArrayRef<AssemblyLine> lines) {
  size_t scope = names.scope();
  bool valid = true;
  for (const AssemblyLine &line : lines)
    valid &= runLine(line);
  names.leave(scope);
  return valid;
}

/// `tile` in the second pass of a loop in the first pass of another is `tile.0.1`.
bool Unroller::addLabel(const AssemblyLine &line) {
  std::string label = line.label.str();
  for (const Pass &pass : passes)
    label += "." + std::to_string(pass.number);
  if (!labels.insert(label).second) {
    found->report(Message::ProgramDuplicate, SMLoc::getFromPointer(line.label.data()), "label",
                  label);
    return false;
  }
  step->labels.push_back({step->instructions.size(), std::move(label)});
  return true;
}

bool Unroller::addInstruction(const AssemblyLine &line) {
  const Intrinsic &intrinsic = target.intrinsics[line.intrinsic];
  std::vector<int64_t> values(intrinsic.arguments.size());
  bool valid = count(line.loc);
  for (const AssemblyArgument &argument : line.arguments) {
    std::optional<int64_t> value = valueOf(*argument.value);
    valid = value && checkValue(intrinsic, argument, *value) && valid;
    values[argument.argument] = value.value_or(0);
  }
  if (valid)
    step->instructions.add(line.intrinsic, values);
  return valid;
}

bool Unroller::checkValue(const Intrinsic &intrinsic, const AssemblyArgument &given,
                          int64_t value) {
  const Argument &argument = intrinsic.arguments[given.argument];
  if (value < argument.min || value > argument.max) {
    found->report(Message::ProgramOperandRange, given.loc, argument.name, value, argument.min,
                  argument.max);
    return false;
  }
  if (isHostAddress(intrinsic, given.argument) && !symbols->holding(static_cast<uint64_t>(value))) {
    found->report(Message::ProgramAddressOutside, given.loc, argument.name, value);
    return false;
  }
  return true;
}

bool Unroller::declare(const AssemblyLine &line, int64_t value) {
  if (names.declare(line.name, value))
    return true;
  found->report(Message::ProgramDuplicate, line.loc, "name", line.name);
  return false;
}

bool Unroller::require(const AssemblyLine &line) {
  std::optional<int64_t> holds = valueOf(*line.value);
  if (holds && *holds == 0)
    found->report(Message::ProgramRequire, line.loc);
  return holds && *holds != 0;
}

bool Unroller::runFor(const AssemblyLine &line) {
  std::optional<int64_t> first = valueOf(*line.value), end = valueOf(*line.end);
  std::optional<int64_t> stride = line.step ? valueOf(*line.step) : std::optional<int64_t>(1);
  if (!first || !end || !stride)
    return false;
  if (*stride < 1) {
    found->report(Message::ProgramLoopStep, line.loc, line.name, *stride);
    return false;
  }
  bool valid = true;
  passes.push_back({line.name, line.loc, *first, 0});
  for (int64_t value = *first; value < *end && valid; ++passes.back().number) {
    passes.back().value = value;
    size_t scope = names.scope();
    valid = count(line.loc) && declare(line, value) && runBlock(line.body);
    names.leave(scope);
    // A mistake of one pass would be one of most others.
    if (!valid)
      tell();
    if (llvm::AddOverflow(value, *stride, value))
      break;
  }
  passes.pop_back();
  return valid;
}

bool Unroller::runIf(const AssemblyLine &line) {
  std::optional<int64_t> holds = valueOf(*line.value);
  return holds && runBlock(*holds != 0 ? line.body : line.otherwise);
}

/// Counts an instruction or a pass; false when they are too many.
bool Unroller::count(SMLoc loc) {
  if (work > kMostInstructions)
    return false;
  if (++work <= kMostInstructions)
    return true;
  found->report(Message::ProgramUnrolled, loc, kMostInstructions);
  return false;
}
