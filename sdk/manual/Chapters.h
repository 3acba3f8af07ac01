// The chapters of a manual; each adds its blocks at the end.
#pragma once

#include "sdk/manual/Manual.h"

namespace lathe::manual {

using Blocks = std::vector<Block>;

void addOverview(Blocks &out, const ManualInput &input);
void addProgrammingModel(Blocks &out, const ManualInput &input);
void addNotation(Blocks &out, const ManualInput &input);
void addInstructions(Blocks &out, const ManualInput &input);
void addMachines(Blocks &out, const ManualInput &input);
void addTiming(Blocks &out, const ManualInput &input);
void addExample(Blocks &out, const ManualInput &input);

/// "[`LOAD`](#insn-LOAD)".
std::string linkTo(const Intrinsic &intrinsic);
std::string linkToSpace(const Target &target, unsigned space);
std::string linkToState(const Target &target, unsigned state);

/// "`text`", for a text that is not empty.
std::string code(llvm::StringRef text);

} // namespace lathe::manual
