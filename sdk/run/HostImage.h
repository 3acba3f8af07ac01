// The host memory of a running program: symbols at their addresses.
#pragma once

#include "core/program/Program.h"
#include "core/semantics/Interpreter.h"

namespace lathe {

/// A whole number of pages, zeroed, at one fixed place for as long as it lives.
class HostImage {
public:
  explicit HostImage(const Program &program);

  /// Copies constants and the inputs. Returns a sentence when an input is missing or has another
  /// size than its symbol.
  std::optional<std::string> load(const Arrays &inputs);
  uint8_t *data() { return memory.get(); }
  size_t bytes() const { return size; }
  uint8_t *at(const Symbol &symbol) { return memory.get() + symbol.address; }
  Array read(const Symbol &symbol) const;
  /// Every output.
  Arrays outputs() const;

private:
  struct Free {
    void operator()(uint8_t *memory) const;
  };
  const Program &program;
  size_t size;
  std::unique_ptr<uint8_t, Free> memory;
};

} // namespace lathe
