#include "core/program/Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;

uint64_t Symbol::bytes() const {
  uint64_t elements = 1;
  for (int64_t size : sizes)
    elements = llvm::SaturatingMultiply(elements, static_cast<uint64_t>(size));
  return llvm::SaturatingMultiply<uint64_t>(elements, type.bytes());
}

const Symbol *Program::find(llvm::StringRef name) const {
  auto found = llvm::find_if(symbols, [&](const Symbol &symbol) { return symbol.name == name; });
  return found == symbols.end() ? nullptr : &*found;
}

size_t Program::instructionCount() const {
  size_t count = 0;
  for (const ProgramStep &step : steps)
    count += step.instructions.size();
  return count;
}
