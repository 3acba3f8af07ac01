// A compiled kernel: instructions, what they work on in host memory, and the host's share.
#pragma once

#include "core/semantics/Array.h"
#include "core/target/Target.h"

namespace lathe {

/// A run of instructions, flat in memory: instruction i is an intrinsic and its argument values.
class InstructionStream {
public:
  InstructionStream() = default;
  /// Instructions whose values stand in `pool`, to be added by their place there.
  explicit InstructionStream(std::vector<int64_t> pool) : operands(std::move(pool)) {}

  void add(unsigned intrinsic, llvm::ArrayRef<int64_t> values) {
    size_t first = operands.size();
    operands.insert(operands.end(), values.begin(), values.end());
    addFromPool(intrinsic, first, values.size());
  }
  /// An instruction with the values [first, first + count) of the pool.
  void addFromPool(unsigned intrinsic, size_t first, size_t count) {
    entries.push_back({static_cast<uint32_t>(first), static_cast<uint16_t>(intrinsic),
                       static_cast<uint16_t>(count)});
  }
  size_t size() const { return entries.size(); }
  unsigned intrinsic(size_t i) const { return entries[i].intrinsic; }
  llvm::ArrayRef<int64_t> values(size_t i) const {
    return llvm::ArrayRef<int64_t>(operands).slice(entries[i].first, entries[i].count);
  }
  void reserve(size_t instructions) { entries.reserve(instructions); }

private:
  struct Entry {
    uint32_t first;
    uint16_t intrinsic, count;
  };
  std::vector<Entry> entries;
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

/// A named place of a step: before instruction `at`, or at the step's end.
struct Label {
  size_t at = 0;
  std::string name;
};

/// One step of a program. Steps run in order; the device is idle between them.
struct ProgramStep {
  enum class Kind : uint8_t { Device, Host };
  Kind kind = Kind::Device;
  InstructionStream instructions;     ///< Device
  std::vector<Label> labels;          ///< Device: in order
  std::optional<Semantics> semantics; ///< Host: bound; its tensors are symbols by name
  std::string what;                   ///< "y on MATMUL", "pack x", for summaries
  unsigned statement = 0;             ///< the kernel statement it serves
};

/// Of a program. More would take gigabytes, and longer to simulate than anybody waits.
constexpr int64_t kMostInstructions = int64_t(1) << 24;

/// Of the symbols that nobody gives an address.
constexpr uint64_t kSymbolAlignment = 64;

struct Program {
  std::string kernel;
  std::string target; ///< "name@machine"
  std::vector<Symbol> symbols;
  uint64_t imageBytes = 0; ///< host memory the symbols take
  std::vector<ProgramStep> steps;

  const Symbol *find(llvm::StringRef name) const;
  size_t instructionCount() const;
};

/// The program in the assembly language (Assembly.h), which reads it back.
std::string printProgram(const Program &program, const Target &target);

/// The command words of one device step, each instructionWidth bits rounded up to 64-bit limbs.
std::vector<uint64_t> encodeStep(const ProgramStep &step, const Target &target);

/// Binary file: versioned header, symbols, words, host statements as text, checksum.
std::string serialize(const Program &program, const Target &target);
/// True for what begins like a program file, whole or not.
bool isProgramFile(llvm::StringRef bytes);
std::optional<Program> deserialize(llvm::StringRef bytes, llvm::StringRef path,
                                   const Target &target, Diagnostics &diagnostics);

} // namespace lathe
