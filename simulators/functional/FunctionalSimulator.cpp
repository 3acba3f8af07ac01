#include "simulators/functional/FunctionalSimulator.h"

#include "core/semantics/Compare.h"

#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace lathe;

using Fault = std::optional<SimulationFault>;

static SimulationFault before(std::string text) { return {0, std::nullopt, std::move(text)}; }

Fault FunctionalSimulator::run(const Program &program, Arrays &arrays) {
  if (Fault fault = load(program, arrays))
    return fault;
  if (Fault fault = execute(program))
    return fault;
  return unload(program, arrays);
}

Fault FunctionalSimulator::load(const Program &program, const Arrays &arrays) {
  if (auto problem = machine.reset(program.symbols, program.imageBytes))
    return before(*problem);
  machine.describe = [this, &program](int64_t number) { return executionOf(program, number).text; };
  for (const Symbol &symbol : program.symbols) {
    if (symbol.kind != Symbol::Kind::Input)
      continue;
    auto array = arrays.find(symbol.name);
    if (array == arrays.end())
      return before("no array is given for '" + symbol.name + "'");
    if (array->second.bytes.size() != symbol.bytes() || array->second.type != symbol.type)
      return before(llvm::formatv("'{0}' is {1} bytes of {2}, not {3} of {4}", symbol.name,
                                  symbol.bytes(), name(symbol.type), array->second.bytes.size(),
                                  name(array->second.type))
                        .str());
    machine.write(kHostSpace, symbol.address, array->second.bytes);
  }
  return std::nullopt;
}

Fault FunctionalSimulator::execute(const Program &program) {
  for (size_t s = 0; s < program.steps.size(); ++s) {
    const ProgramStep &step = program.steps[s];
    if (step.kind == ProgramStep::Kind::Device) {
      if (Fault fault = executeDevice(program, s))
        return fault;
    } else if (auto problem = machine.executeHost(*step.semantics)) {
      return SimulationFault{s, std::nullopt,
                             executionOf(program, machine.executions()).text + ": " + *problem};
    }
  }
  return std::nullopt;
}

Fault FunctionalSimulator::executeDevice(const Program &program, size_t step) {
  const InstructionStream &stream = program.steps[step].instructions;
  for (size_t i = 0; i < stream.size(); ++i)
    if (auto problem = machine.execute(stream.intrinsic(i), stream.values(i)))
      return SimulationFault{step, i,
                             executionOf(program, machine.executions()).text + ": " + *problem};
  return std::nullopt;
}

/// An output's byte that holds nothing when the program has ended.
SimulationFault FunctionalSimulator::unwritten(const Program &program, const Symbol &symbol,
                                               int64_t offset) const {
  int64_t element = (offset - static_cast<int64_t>(symbol.address)) / symbol.type.bytes();
  int64_t writer = machine.memory(kHostSpace).writerOf(offset);
  std::string why = writer < 0 ? "was never written"
                               : "was left undefined by " + executionOf(program, writer).text;
  return {program.steps.size(), std::nullopt,
          "'" + symbol.name + "'" + indexText(indexOf(element, symbol.sizes)) + " " + why};
}

Fault FunctionalSimulator::unload(const Program &program, Arrays &arrays) {
  const Memory &memory = machine.memory(kHostSpace);
  for (const Symbol &symbol : program.symbols) {
    if (symbol.kind != Symbol::Kind::Output)
      continue;
    Chunks all{.first = static_cast<int64_t>(symbol.address),
               .chunkBytes = static_cast<int64_t>(symbol.bytes())};
    if (!memory.isDefined(all))
      return unwritten(program, symbol, *memory.firstUndefined(all));
    Array array = Array::zeros(symbol.type, symbol.sizes);
    std::memcpy(array.bytes.data(), memory.data() + symbol.address, array.bytes.size());
    arrays[symbol.name] = std::move(array);
  }
  return std::nullopt;
}

Execution FunctionalSimulator::executionOf(const Program &program, int64_t number) const {
  SymbolTable symbols(program.symbols);
  for (size_t s = 0; s < program.steps.size(); ++s) {
    const ProgramStep &step = program.steps[s];
    bool onDevice = step.kind == ProgramStep::Kind::Device;
    int64_t count = onDevice ? step.instructions.size() : 1;
    if (number >= count) {
      number -= count;
      continue;
    }
    if (!onDevice)
      return {s, std::nullopt, llvm::formatv("host step {0} ({1})", s, step.what).str()};
    size_t i = static_cast<size_t>(number);
    std::string assembly = printInstruction(target, step.instructions.intrinsic(i),
                                            step.instructions.values(i), &symbols);
    return {s, i, llvm::formatv("{0} ({1})", placeText(step, i), assembly).str()};
  }
  return {program.steps.size(), std::nullopt, "the end of the program"};
}

std::optional<Execution> FunctionalSimulator::lastWriter(const Program &program,
                                                         const Arrays &inputs,
                                                         llvm::StringRef symbolName,
                                                         int64_t element) {
  const Symbol *symbol = program.find(symbolName);
  if (!symbol || load(program, inputs))
    return std::nullopt;
  machine.watch(symbol->address + element * symbol->type.bytes());
  (void)execute(program);
  machine.watch(std::nullopt);
  if (auto number = machine.lastWriterOfWatched())
    return executionOf(program, *number);
  return std::nullopt;
}
