// A compiled kernel: instructions, what they work on in host memory, and the host's share.
#pragma once

#include "core/semantics/Array.h"
#include "core/target/Target.h"

namespace lathe {

/// A run of instructions, flat in memory: instruction i is an intrinsic and its argument values.
class InstructionStream {
public:
  void add(unsigned intrinsic, llvm::ArrayRef<int64_t> values) {
    starts.push_back(operands.size());
    intrinsics.push_back(static_cast<uint16_t>(intrinsic));
    operands.insert(operands.end(), values.begin(), values.end());
  }
  size_t size() const { return intrinsics.size(); }
  unsigned intrinsic(size_t i) const { return intrinsics[i]; }
  llvm::ArrayRef<int64_t> values(size_t i) const {
    size_t end = i + 1 < starts.size() ? starts[i + 1] : operands.size();
    return llvm::ArrayRef<int64_t>(operands).slice(starts[i], end - starts[i]);
  }
  void reserve(size_t instructions, size_t values) {
    intrinsics.reserve(instructions);
    starts.reserve(instructions);
    operands.reserve(values);
  }

private:
  std::vector<uint16_t> intrinsics;
  std::vector<uint32_t> starts;
  std::vector<int64_t> operands;
};

/// A named region of host memory. Addresses in instructions are absolute; 0 is the image's first
/// byte.
struct Symbol {
  enum class Kind : uint8_t {
    Input, ///< the caller's array, row major
    Output,
    Internal, ///< written before it is read: between statements, or packed operands
    Constant, ///< `data` is loaded with the program
  };
  std::string name;
  Kind kind = Kind::Internal;
  ElementType type;
  std::vector<int64_t> sizes;
  uint64_t address = 0;
  std::vector<uint8_t> data; ///< of a constant

  uint64_t bytes() const;
};

/// One step of a program. Steps run in order; the device is idle between them.
struct ProgramStep {
  enum class Kind : uint8_t { Device, Host };
  Kind kind = Kind::Device;
  InstructionStream instructions;     ///< Device
  std::optional<Semantics> semantics; ///< Host: bound; its tensors are symbols by name
  std::string what;                   ///< "y on MATMUL", "pack x", for summaries
  unsigned statement = 0;             ///< the kernel statement it serves
};

struct Program {
  std::string kernel;
  std::string target; ///< "name@machine"
  std::vector<Symbol> symbols;
  uint64_t imageBytes = 0; ///< host memory the symbols take
  std::vector<ProgramStep> steps;

  const Symbol *find(llvm::StringRef name) const;
  size_t instructionCount() const;
};

/// Assembly: one instruction a line, `LOAD src=x+0x40 dst=12 rows=16 cols=16`, with symbols, steps
/// and host statements in index notation. `parseProgram` reads it back.
std::string printProgram(const Program &program, const Target &target);
std::optional<Program> parseProgram(unsigned file, const Target &target, Diagnostics &diagnostics);

/// The command words of one device step, each instructionWidth bits rounded up to 64-bit limbs.
std::vector<uint64_t> encodeStep(const ProgramStep &step, const Target &target);

/// Binary file: versioned header, symbols, words, host statements as text, checksum.
std::string serialize(const Program &program, const Target &target);
std::optional<Program> deserialize(llvm::StringRef bytes, llvm::StringRef path,
                                   const Target &target, Diagnostics &diagnostics);

} // namespace lathe
