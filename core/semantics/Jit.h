// Semantics to machine code of this computer: the speed of the reference, the functional simulator
// and the host's share of a program.
#pragma once

#include "core/semantics/Semantics.h"

#include "llvm/Support/Error.h"

#include <map>
#include <mutex>

namespace lathe {

/// How a tensor lies in memory.
struct JitLayout {
  /// The step of the first dimension is given with each call, in bytes.
  bool steppedFirst = false;
  /// Elements from one index to the next, one number per dimension; empty: dense and row major.
  std::vector<int64_t> strides;
};

/// Why a run stopped: a subscript out of bounds, or a division by zero.
struct JitFault {
  int64_t site = 0;  ///< which check; 0 means none failed
  int64_t value = 0; ///< the subscript
};

/// Compiled statements. Valid as long as the Jit that made it.
///
///   bases  one address per tensor; scalars too. Temporaries are the caller's. Tensors that are
///          written must not overlap others.
///   steps  one per tensor, in bytes; read for tensors with JitLayout::steppedFirst
///   sizes  one per Semantics::sizes; read for those without a value
class JitFunction {
public:
  /// What is wrong, as a sentence, or nothing. Outputs are then partly written.
  std::optional<std::string> operator()(void *const *bases, const int64_t *steps = nullptr,
                                        const int64_t *sizes = nullptr) const {
    JitFault fault;
    if (entry(bases, steps, sizes, &fault) == 0)
      return std::nullopt;
    return describe(fault);
  }

private:
  friend class Jit;
  using Entry = int64_t (*)(void *const *bases, const int64_t *steps, const int64_t *sizes,
                            JitFault *fault);
  std::string describe(const JitFault &fault) const;

  Entry entry = nullptr;
  std::shared_ptr<const std::vector<std::string>> faultTexts; ///< by site - 1; "{0}" is the value
};

/// What code is made for.
enum class JitAim : uint8_t {
  Soonest, ///< the result: short code, compiled fast, where a run takes few iterations
  Speed,   ///< the run: tiles, vectors and LLVM's optimisations always
};

/// Compiles, and keeps what it compiled: in memory, and as object files in a cache folder.
///
/// An object's name is the digest of the code before optimisation, the processor and LLVM's
/// version, so a folder may be shared by processes and versions. Damaged files are recompiled.
/// Thread-safe.
class Jit {
public:
  /// `cacheFolder` is created when missing; empty: nothing outlives the process.
  static llvm::Expected<std::unique_ptr<Jit>> create(std::string cacheFolder,
                                                     JitAim aim = JitAim::Soonest);
  ~Jit();

  /// Statements over tensors laid out as `layouts` says (none: all dense). In bound semantics every
  /// size is a constant; sizes without a value are given with each call.
  ///
  /// Integer reductions may be reordered; floats are reduced in the order of the notation.
  llvm::Expected<JitFunction> compile(const Semantics &semantics,
                                      llvm::ArrayRef<JitLayout> layouts = {});

  struct Statistics {
    unsigned optimised = 0; ///< functions that went through LLVM
    unsigned loaded = 0;    ///< functions found in the cache folder
  };
  Statistics statistics() const;

  /// The code of `compile` as LLVM prints it, for inspection.
  std::string printIr(const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts,
                      bool optimised);

private:
  struct Engine;
  explicit Jit(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine;
};

} // namespace lathe
