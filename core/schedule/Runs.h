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

/// How the loops of a call site become rows of calls: the innermost ones fuse while every operand
/// moves by one step.
struct RowPlan {
  std::optional<unsigned> rowLoop; ///< the rule's loop over rows
  int64_t maxRows = 1;
  int64_t rows = 1; ///< of the fused loops together
  size_t fused = 0; ///< loops in `rows`
  llvm::SmallVector<int64_t, 4> rowSteps;
};

class CallEmitter {
public:
  CallEmitter(const Target &target, OpList &ops) : target(target), ops(ops) {}

  /// The plan of `site` over loops with these extents, innermost first. It holds for every site
  /// that differs in bases and arguments alone.
  RowPlan plan(const CallSite &site, llvm::ArrayRef<int64_t> extents) const;

  /// Calls `site` for every iteration of the loops.
  void emit(const CallSite &site, const RowPlan &plan, llvm::ArrayRef<int64_t> extents);
  void emit(const CallSite &site, llvm::ArrayRef<int64_t> extents) {
    emit(site, plan(site, extents), extents);
  }

private:
  void emitOne(const CallSite &site, const RowPlan &plan, llvm::ArrayRef<int64_t> offsets,
               int64_t rows);

  const Target &target;
  OpList &ops;
};

} // namespace lathe
