// Which instructions, and which values of their fields, programs have used.
#pragma once

#include "core/program/Program.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace lathe::cli {

/// A field is covered as far as each of its bits has been both 0 and 1. Machines of one plugin are
/// counted together.
class IsaCoverage {
public:
  void add(const Target &target, const Program &program);
  llvm::json::Value toJson() const;
  /// A line for each target, and the instructions that no program has.
  void print(llvm::raw_ostream &out) const;

private:
  struct Field {
    std::string name;
    unsigned width = 0;
    uint64_t zeros = 0, ones = 0; ///< bits of the stored value that have been 0, that have been 1
    int64_t least = 0, largest = 0;

    unsigned covered() const;
  };
  struct Instruction {
    std::string name;
    uint64_t uses = 0;
    std::vector<Field> fields;
  };
  std::vector<Instruction> &of(const Target &target);
  static void use(Instruction &instruction, const Intrinsic &intrinsic,
                  llvm::ArrayRef<int64_t> values);

  std::map<std::string, std::vector<Instruction>> targets; ///< by the plugin's name
};

} // namespace lathe::cli
