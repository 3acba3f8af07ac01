// A conformance program: command words, and what every byte of host memory must be afterwards.
#pragma once

#include "sdk/verify/HostWindows.h"
#include "sdk/verify/Random.h"
#include "sdk/verify/Routes.h"
#include "simulators/functional/Machine.h"

namespace lathe::verify {

/// An instruction. Host addresses are the hardware's.
struct Call {
  unsigned intrinsic = 0;
  std::vector<int64_t> values;
};

struct Command {
  Word word{};
  uint32_t gap = 0; ///< cycles that it is offered later than it could be
};

/// What a word is that the hardware must refuse.
enum class Refusal : uint8_t { None, Reserved, Range };

/// Commands that are given one after the other; the machine is idle before and after.
struct Segment {
  size_t first = 0, count = 0; ///< commands
  unsigned caseId = 0;
  std::optional<uint64_t> cut; ///< the reset line is pulled after so many cycles
  bool restarts = false;       ///< the reset line is pulled at the end
  Refusal refusal = Refusal::None;
};

/// Bytes of host memory that show something.
struct Observation {
  unsigned caseId = 0;
  uint64_t modelAddress = 0, bytes = 0;
  unsigned space = kHostSpace; ///< what they show: a space's addresses, or a result in host memory
  int64_t address = 0, rows = 0;
  size_t command = 0; ///< that stores them
};

struct ScriptOptions {
  uint64_t seed = 1;
  uint64_t areaBytes = 8 << 20; ///< for operands, and as much for results
  /// Of the instructions under test, only so many run: to find the first wrong one.
  size_t testLimit = SIZE_MAX;
  bool blank = false; ///< host memory that no operand lies in begins as zeros, else as noise
  /// Host memory from address 0 on begins as this: a program's symbols.
  llvm::ArrayRef<uint8_t> image = {};
};

/// Builds a program in lockstep with the functional simulator: an instruction that the description
/// does not allow is refused here, and the simulator's state is what the hardware's must be.
///
/// Members that can fail say so by false; reason() then has a phrase.
class Script {
public:
  /// `target`, `routes` and `jit` outlive the script.
  Script(const Target &target, const Routes &routes, Jit &jit, ScriptOptions options);

  // ---- what a case does
  void beginCase(unsigned id);
  bool issue(const Call &call, uint32_t gap = 0);
  /// The same for an instruction under test.
  bool test(const Call &call, uint32_t gap = 0);
  /// A word that must be refused, and change nothing.
  void refused(const Word &word, Refusal refusal);
  /// Waits until the machine is idle.
  void sync();
  /// `call`, and the reset line pulled `cycles` cycles later. All but host memory is undefined
  /// then; what `call` writes there is not looked at.
  bool cut(const Call &call, uint64_t cycles);
  /// The reset line pulled while the machine is idle. All but host memory is undefined then.
  void restart();

  /// Sets a state by the intrinsic that can; nothing when it has the value already.
  bool setState(unsigned state, int64_t value);
  /// Addresses of a space from `address` on, `bytes` being whole rows.
  bool prepare(unsigned space, int64_t address, llvm::ArrayRef<uint8_t> bytes);
  bool prepareRandom(unsigned space, int64_t address, int64_t rows);
  /// Everything on chip random, and every state set.
  bool prepareAll();
  /// Stores that show `rows` addresses of a space.
  bool observe(unsigned space, int64_t address, int64_t rows);
  /// Every space, or those of `spaces`.
  bool observeAll() { return observeSpaces(paths.order); }
  bool observeSpaces(llvm::ArrayRef<unsigned> spaces);
  struct Range {
    unsigned space = kHostSpace;
    int64_t address = 0, rows = 0;
  };
  /// Puts in place what observing `space` needs beside it, while there is room.
  void stage(unsigned space);
  /// Several of them, in an order in which no observation disturbs what another is to show.
  bool observeRanges(llvm::ArrayRef<Range> ranges);
  /// Addresses that no set-up or observation may use in between.
  void protect(Range range) { protectedRanges.push_back(range); }
  void unprotect() { protectedRanges.clear(); }

  /// Host memory for an operand; nothing when the area is full.
  std::optional<uint64_t> allocateInput(llvm::ArrayRef<uint8_t> bytes, uint64_t offset = 0);
  std::optional<uint64_t> allocateOutput(uint64_t bytes, uint64_t offset = 0);
  /// Little host memory is left: no further case should begin.
  bool isNearlyFull() const;

  /// Where a tile of `call` lies, under the states as they are; host tiles in the model's memory.
  std::optional<Chunks> place(const Call &call, unsigned tile) const;
  const Target &target() const { return machineTarget; }
  const Routes &routes() const { return paths; }
  const HostWindows &windows() const { return host; }
  const Machine &model() const { return machine; }
  /// Every element of the range is.
  bool isDefined(const Range &range) const;
  /// False when something that depends on undefined elements was stored.
  bool isSound() const { return sound && storesDefined(); }
  std::optional<int64_t> state(unsigned id) const { return machine.state(id); }
  const std::string &reason() const { return why; }
  bool fail(std::string phrase) {
    why = std::move(phrase);
    return false;
  }
  Random random;

  // ---- what was built
  llvm::ArrayRef<Command> commands() const { return words; }
  llvm::ArrayRef<Segment> segments() const { return parts; }
  llvm::ArrayRef<Observation> observations() const { return shown; }
  /// Host memory before the program, and what it must be after it.
  llvm::ArrayRef<uint8_t> before() const { return initial; }
  llvm::ArrayRef<uint8_t> after() const {
    return {machine.memory(kHostSpace).data(), initial.size()};
  }
  /// Bytes that a cut instruction may have written or not.
  llvm::ArrayRef<Observation> ignored() const { return unknown; }
  /// Retired by intrinsic since the last reset.
  llvm::ArrayRef<uint64_t> retired() const { return counts; }
  /// Commands under test.
  llvm::ArrayRef<size_t> tested() const { return testedCommands; }
  /// The instruction of a command, or nothing for a refused word.
  const std::optional<Call> &callOf(size_t command) const { return calls[command]; }

private:
  std::optional<std::vector<int64_t>> modelValues(const Call &call) const;
  void append(const Word &word, uint32_t gap, std::optional<Call> call);
  void resetModel();
  bool writeChunk(const WriteRoute &route, int64_t address, int64_t rows,
                  llvm::ArrayRef<uint8_t> bytes);
  bool sourceOf(const WriteRoute &route, Call &call, const std::vector<uint8_t> &data);
  bool observeRows(unsigned space, int64_t address, int64_t rows, const Observation &origin);
  bool showThrough(const SeeRoute &route, Call &call, const Observation &origin);
  bool observeDefined(const Range &range);
  bool storesDefined() const;
  bool placeFixtures(const SeeRoute &route, Call &call);
  std::optional<int64_t> fixture(unsigned space, int64_t rows);
  std::optional<int64_t> scratch(unsigned space, int64_t rows) const;
  bool isProtected(unsigned space, int64_t address, int64_t rows) const;

  const Target &machineTarget;
  const Routes &paths;
  HostWindows host;
  std::vector<Symbol> symbols;
  Machine machine;
  std::vector<IntrinsicPlan> plans;
  std::vector<Command> words;
  std::vector<std::optional<Call>> calls;
  std::vector<Segment> parts;
  std::vector<Observation> shown, unknown;
  std::vector<uint8_t> initial;
  std::vector<uint64_t> counts;
  std::vector<Range> protectedRanges;
  std::vector<size_t> testedCommands;
  size_t testLimit;
  size_t firstUnchecked = 0; ///< of the observations, the first since the last reset
  bool sound = true;
  uint64_t nextInput = 0, nextOutput = 0;
  unsigned caseId = 0;
  bool ordersItself = true; ///< every space on chip is interlocked
  std::string why;
};

} // namespace lathe::verify
