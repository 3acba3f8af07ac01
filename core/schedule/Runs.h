// Calls of one rule over a small nest of loops, with as many rows in each call as strides allow.
#pragma once

#include "core/mapping/Rules.h"
#include "core/schedule/Emit.h"

#include "llvm/ADT/SmallVector.h"

namespace lathe {

/// One operand tile of a call: its address at the first iteration, and how it moves with each loop.
struct CallOperand {
  const RuleTile *tile = nullptr;
  int64_t base = 0;
  llvm::SmallVector<int64_t, 6> steps; ///< per loop, in addresses (bytes for host memory)
};

/// What a call needs besides its rows.
struct CallSite {
  const Rule *rule = nullptr;
  llvm::SmallVector<CallOperand, 4> operands;
  llvm::SmallVector<std::pair<unsigned, int64_t>, 4> arguments; ///< fixed argument values
  const std::map<unsigned, int64_t> *scalars = nullptr;         ///< immediates and states by tensor
};

class CallEmitter {
public:
  CallEmitter(const Target &target, OpList &ops) : target(target), ops(ops) {}

  /// Calls `site` for every iteration of the loops with these extents, innermost first.
  /// Neighbouring iterations become rows of one call while every operand moves by one step.
  void emit(const CallSite &site, llvm::ArrayRef<int64_t> extents);

private:
  void emitOne(const CallSite &site, llvm::ArrayRef<int64_t> offsets, int64_t rows,
               llvm::ArrayRef<int64_t> rowSteps);

  const Target &target;
  OpList &ops;
};

} // namespace lathe
