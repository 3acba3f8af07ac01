// The machine as its description means it: memories, states, and instructions executed one by one.
#pragma once

#include "core/program/Assembly.h"
#include "core/semantics/Jit.h"
#include "simulators/functional/IntrinsicPlan.h"
#include "simulators/functional/Memory.h"

#include <functional>

namespace lathe {

/// A sentence about what went wrong, or nothing.
using Problem = std::optional<std::string>;

/// Executes instructions from the intrinsics' semantics alone; no time passes. Knows which bytes
/// were never written or depend on such bytes: they are undefined, not zero.
class Machine {
public:
  /// `target` and `jit` outlive the machine.
  Machine(const Target &target, Jit &jit);
  ~Machine();

  /// Forgets everything. Host memory then holds `symbols` (which outlive their use): constants are
  /// loaded, all else is undefined. Fails when symbols do not fit into `imageBytes`.
  Problem reset(llvm::ArrayRef<Symbol> symbols, uint64_t imageBytes);
  /// Forgets everything but host memory, all of which counts as defined: the reset line.
  void restart();

  /// Fails on arguments out of range, addresses outside of a space or of every symbol, writes to
  /// inputs and constants, states used before they are set, undefined elements stored to an output,
  /// and what the semantics itself cannot do (a gather out of bounds, a division by zero).
  Problem execute(unsigned intrinsic, llvm::ArrayRef<int64_t> values);
  /// A bound kernel over symbols. Fails when a result depends on undefined elements.
  Problem executeHost(const Semantics &semantics);

  /// `count` addresses of a space: elements [count, row...], and which of them are undefined.
  struct Rows {
    Array elements;
    std::vector<bool> undefined;
  };
  Rows read(unsigned space, int64_t address, int64_t count) const;
  void write(unsigned space, int64_t address, llvm::ArrayRef<uint8_t> bytes);
  std::optional<int64_t> state(unsigned id) const;
  void setState(unsigned id, int64_t value);

  /// Names executions by number (counted from 0 since reset, host steps included) in messages.
  std::function<std::string(int64_t)> describe;
  int64_t executions() const { return number; }
  /// From now on, remember the last execution that wrote this byte of host memory; nothing: no
  /// longer.
  void watch(std::optional<uint64_t> hostByte) { watched = hostByte; }
  std::optional<int64_t> lastWriterOfWatched() const { return lastWriter; }

  const Memory &memory(unsigned space) const { return memories[space]; }

private:
  struct Prepared;
  Problem prepare(unsigned intrinsic);
  Problem locate(Prepared &prepared, llvm::ArrayRef<int64_t> values);
  Problem checkArguments(const Intrinsic &intrinsic, llvm::ArrayRef<int64_t> values) const;
  Problem checkOnChip(const TilePlan &tile, const Chunks &access) const;
  Problem checkOnHost(const TilePlan &tile, const Chunks &access) const;
  Problem checkStepStates(const IntrinsicPlan &plan) const;
  void bindScalars(Prepared &prepared, llvm::ArrayRef<int64_t> values);
  bool runsDefined(const Prepared &prepared) const;
  Problem runDefined(Prepared &prepared);
  Problem runTracked(Prepared &prepared);
  Problem compileTracked(Prepared &prepared);
  void gather(Prepared &prepared, unsigned tile);
  void scatter(Prepared &prepared, unsigned tile, bool defined);
  bool isDefined(const Prepared &prepared, unsigned tile) const;
  std::optional<int64_t> firstUndefined(const Prepared &prepared, unsigned tile) const;
  Problem checkStored(const Prepared &prepared, const std::string &cause) const;
  std::string undefinedSource(const Prepared &prepared) const;
  void separateOverlaps(Prepared &prepared, bool tracked);
  void finishStates(const IntrinsicPlan &plan);
  void noteWrite(unsigned space, const Chunks &access);
  bool stateDefined(unsigned id) const { return stateShadows[id] == 0; }

  struct HostCall;
  Problem bindHost(const Semantics &semantics, HostCall &call);
  void bindLocal(const Tensor &tensor, unsigned t, HostCall &call);
  Problem bindSymbol(const Tensor &tensor, const Symbol &symbol, unsigned t, HostCall &call);
  bool hostReadsDefined(const Semantics &semantics, const HostCall &call, std::string &cause) const;
  Problem checkHostResults(const Semantics &semantics, const HostCall &call,
                           const std::string &cause);
  std::string placeOf(const Symbol &symbol, uint64_t byte) const;
  std::string writerText(const Memory &memory, int64_t offset) const;

  const Target &target;
  Jit &jit;
  std::vector<Memory> memories; ///< by space
  std::vector<int64_t> states, stateShadows;
  std::vector<std::unique_ptr<Prepared>> prepared; ///< by intrinsic, made at first use
  llvm::ArrayRef<Symbol> symbols;
  std::optional<SymbolTable> symbolTable;
  int64_t number = 0;
  std::optional<uint64_t> watched;
  std::optional<int64_t> lastWriter;
};

} // namespace lathe
