// The assembly language: programs as text, written by hand or printed.
//
//   program dense for machine@default image 0x1200
//   input x: i8[16,16] at 0x0
//   constant table: i32[2] at 0x100 {
//     01000000 02000000
//   }
//   device 0 "y on MATMUL" {
//     LOAD src=x+0x40 dst=12 rows=16 cols=16
//   }
//   host 1 "pack x" {
//     kernel pack(x: i8[16,16]) -> y: i8[256] { ... }
//   }
//
// One instruction a line; every argument by name; host addresses relative to the symbol that holds
// them; the number after `device` or `host` is the kernel statement served; `//` starts a comment.
// That is what is printed. Besides, one may write constants (`let`, `size`, `require`),
// expressions, loops, conditions and labels: docs/reference/assembly.md.
#pragma once

#include "core/program/Program.h"

#include <functional>

namespace lathe {

/// What a program in assembly may ask for from outside of its text.
struct AssembleOptions {
  /// Numbers for the text's `size` lines, in place of their defaults.
  std::vector<std::pair<std::string, int64_t>> sizes = {};
  /// The kernel NAME (empty: the only one) of the file PATH that a `kernel` line names; it reports
  /// what is wrong at the line. Without it a `kernel` line is a mistake.
  std::function<std::optional<Semantics>(llvm::StringRef path, llvm::StringRef name,
                                         llvm::SMLoc line)>
      kernel = {};
  /// Where a symbol without an address goes. Without it: one after the other.
  std::function<uint64_t(const Symbol &symbol)> place = {};
};

struct Assembled {
  Program program;
  /// What the program computes, when it has a `kernel` line: bound.
  std::optional<Semantics> kernel;
  std::vector<std::pair<std::string, int64_t>> sizes; ///< of its `size` lines
};

/// Reads a program in assembly. Every mistake of the text is reported; then nothing is returned.
std::optional<Assembled> assemble(unsigned file, const Target &target,
                                  const AssembleOptions &options, Diagnostics &diagnostics);

/// Finds the symbol that holds a host address, in O(log symbols).
class SymbolTable {
public:
  explicit SymbolTable(llvm::ArrayRef<Symbol> symbols);
  /// The symbol with address <= `address` < address + bytes, or null.
  const Symbol *holding(uint64_t address) const;

private:
  std::vector<const Symbol *> byAddress;
};

/// `LOAD src=x+0x40 dst=12 rows=16 cols=16`: intrinsic `intrinsic` of `target` with one value per
/// argument. Without symbols host addresses are printed as numbers.
std::string printInstruction(const Target &target, unsigned intrinsic,
                             llvm::ArrayRef<int64_t> values, const SymbolTable *symbols = nullptr);

/// True when argument `argument` is an address in host memory.
bool isHostAddress(const Intrinsic &intrinsic, unsigned argument);

/// "instruction 7, 3 after 'tile.1'": instruction `i` of a step, with the last label before it.
std::string placeText(const ProgramStep &step, size_t i);

/// "input", "output", "internal", "constant".
llvm::StringRef spelling(Symbol::Kind kind);

/// One line per command word: its index, the word in hexadecimal, the instruction, or
/// `(reserved encoding)`. `words` holds whole commands, instructionWidth bits rounded up to 64
/// each.
std::string disassemble(llvm::ArrayRef<uint64_t> words, const Target &target);

/// 64-bit limbs of one command word.
unsigned limbsPerCommand(const Target &target);

} // namespace lathe
