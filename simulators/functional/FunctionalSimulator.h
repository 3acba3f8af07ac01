// The second oracle: a program executed from the intrinsics' semantics alone.
#pragma once

#include "core/program/Program.h"
#include "core/semantics/Interpreter.h"
#include "simulators/functional/Machine.h"

namespace lathe {

/// Where and why a program went wrong.
struct SimulationFault {
  size_t step = 0;
  std::optional<size_t> instruction; ///< of a device step
  std::string
      text; ///< "instruction 12 (STORE_I8 src=0 ...) stores an undefined element to 'y'[3,4]: ..."
};

/// What one execution was: an instruction of a device step, or a host step.
struct Execution {
  size_t step = 0;
  std::optional<size_t> instruction;
  std::string text; ///< "instruction 12 (STORE_I8 src=0 ...)", "host step 2 (pack x)"
};

/// Runs programs on a Machine; a simulator may run many, one after the other.
class FunctionalSimulator {
public:
  /// `target` and `jit` outlive the simulator. Intrinsics are compiled when they are first met.
  FunctionalSimulator(const Target &target, Jit &jit) : target(target), machine(target, jit) {}

  /// `arrays` holds an array per input symbol; outputs are added. Stops at the first fault, and
  /// when an output has elements that nothing wrote.
  std::optional<SimulationFault> run(const Program &program, Arrays &arrays);

  /// The execution that last wrote element `element` (row major) of a symbol, found by running the
  /// program again up to the first fault. Nothing when none did.
  std::optional<Execution> lastWriter(const Program &program, const Arrays &inputs,
                                      llvm::StringRef symbol, int64_t element);

  /// The machine as the last run left it.
  Machine &state() { return machine; }

private:
  std::optional<SimulationFault> load(const Program &program, const Arrays &arrays);
  std::optional<SimulationFault> execute(const Program &program);
  std::optional<SimulationFault> executeDevice(const Program &program, size_t step);
  std::optional<SimulationFault> unload(const Program &program, Arrays &arrays);
  SimulationFault unwritten(const Program &program, const Symbol &symbol, int64_t offset) const;
  Execution executionOf(const Program &program, int64_t number) const;

  const Target &target;
  Machine machine;
};

} // namespace lathe
