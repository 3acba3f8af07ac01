// Lists every signal of a Verilated model, so that peek and poke need no marks in the RTL.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lathe {

/// One class that Verilator generated: a module, and the text of its header.
struct GeneratedClass {
  std::string name;
  std::string header;
};

/// Initialisers of the model's `Signal` table, sorted by name, one a line.
///   symbols   text of the symbol table's header, which names the instances of each class
/// Names are hierarchical ("lathe_top.u_fifo.head_q", "lathe_top.g_row[3].sum_q"). Signals that
/// Verilator optimised away are not there.
std::string signalTable(llvm::StringRef symbols, const std::vector<GeneratedClass> &classes);

} // namespace lathe
