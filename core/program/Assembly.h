// The text form of instructions and programs.
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
#pragma once

#include "core/program/Program.h"

namespace lathe {

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

/// "input", "output", "internal", "constant".
llvm::StringRef spelling(Symbol::Kind kind);

/// One line per command word: its index, the word in hexadecimal, the instruction, or
/// `(reserved encoding)`. `words` holds whole commands, instructionWidth bits rounded up to 64
/// each.
std::string disassemble(llvm::ArrayRef<uint64_t> words, const Target &target);

/// 64-bit limbs of one command word.
unsigned limbsPerCommand(const Target &target);

} // namespace lathe
