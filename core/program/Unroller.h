// Lines of a device step to instructions: loops unrolled, conditions decided, names replaced.
#pragma once

#include "core/program/Assembly.h"
#include "core/program/AssemblyBlock.h"

#include "llvm/ADT/StringSet.h"

namespace lathe {

/// The hardware has no loops, so a program holds every pass of one.
///
/// before:  for r in 0..32 step 16 {        after:  tile.0:
///          tile:                                   LOAD src=x dst=0 rows=16
///            LOAD src=x[r] dst=r rows=16           tile.1:
///          }                                       LOAD src=x+0x100 dst=16 rows=16
///
/// Reported: names that are not known, numbers that an operand does not take, host addresses that
/// lie in no symbol, a `require` that does not hold, loops without an end in sight.
class Unroller {
public:
  Unroller(const Target &target, const Program &program, AssemblyNames &names,
           Diagnostics &diagnostics)
      : target(target), program(program), names(names), diagnostics(diagnostics) {}

  /// Lines go to `step` from here on; null outside of steps.
  void enter(ProgramStep *step);
  void run(const AssemblyLine &line);

private:
  struct Pass {
    llvm::StringRef loop;
    llvm::SMLoc loc;
    int64_t value = 0;
    int64_t number = 0; ///< from 0
  };
  bool runLine(const AssemblyLine &line);
  bool runBlock(llvm::ArrayRef<AssemblyLine> lines);
  bool addLabel(const AssemblyLine &line);
  bool addInstruction(const AssemblyLine &line);
  bool checkValue(const Intrinsic &intrinsic, const AssemblyArgument &argument, int64_t value);
  std::optional<int64_t> valueOf(const AssemblyExpr &expr) { return evaluate(expr, names, *found); }
  bool declare(const AssemblyLine &line, int64_t value);
  bool require(const AssemblyLine &line);
  bool runFor(const AssemblyLine &line);
  bool runIf(const AssemblyLine &line);
  bool count(llvm::SMLoc loc);
  void tell();

  const Target &target;
  const Program &program;
  AssemblyNames &names;
  Diagnostics &diagnostics;         ///< of the program
  std::optional<Diagnostics> found; ///< of a line, before it is known in which passes
  std::optional<SymbolTable> symbols;
  ProgramStep *step = nullptr;
  std::vector<Pass> passes; ///< of the loops around
  llvm::StringSet<> labels; ///< of the step
  int64_t work = 0;         ///< instructions and passes so far
};

} // namespace lathe
