// Every place where a statement touches a tensor, and the conditions under which it does.
#pragma once

#include "core/semantics/Semantics.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe {

/// `condition` is true (or false) wherever the access happens.
struct Guard {
  const Expr *condition;
  bool holds;
};

struct Access {
  unsigned tensor;
  llvm::ArrayRef<ExprRef> subscripts;
  bool isWrite;
  llvm::SMLoc loc;
};

/// Calls `visit` for the write and every read of `statement`, subscripts of subscripts included.
/// Guards come from `where`, from the conditions of reductions and from `select`.
void forEachAccess(const Statement &statement,
                   llvm::function_ref<void(const Access &, llvm::ArrayRef<Guard>)> visit);

bool mentionsLoop(const Expr &expr, unsigned loop);
bool hasLoad(const Expr &expr);

} // namespace lathe
