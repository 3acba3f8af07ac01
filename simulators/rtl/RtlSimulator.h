// A machine's RTL, loaded and running: commands in, memory in place, how it ended out.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/ModelCache.h"
#include "simulators/rtl/runtime/LatheModel.h"

#include "llvm/ADT/ArrayRef.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lathe {

enum class RunStatus {
  Idle,      ///< all commands done
  Limit,     ///< the cycle limit passed
  WallLimit, ///< the time limit passed
  Cancelled,
  Fatal, ///< the RTL stopped itself: $fatal, $error, $finish, an assertion, no convergence
  Hang,  ///< not idle, and nothing moves
  Error, ///< the RTL accessed memory that was not given to it
};
/// "idle", "limit", ...
llvm::StringRef name(RunStatus status);

/// What may happen during a run. Times are wall seconds, 0 for no limit.
struct RunLimits {
  uint64_t cycles = LATHE_NEVER;
  double seconds = 0;
  const std::atomic<bool> *cancel = nullptr; ///< looked at about 20 times a second
  /// Set to the steady clock's nanoseconds whenever cycles begin, and to 0 when the run is over.
  /// The RTL cannot be interrupted within a cycle; who watches this sees that one does not end.
  std::atomic<int64_t> *lastAlive = nullptr;
  std::function<void(uint64_t)> progress = {}; ///< told the cycles since reset as often
};

/// Memory as the RTL sees it, and how much the host hesitates.
struct MemoryBehaviour {
  uint32_t latencyCycles = 1; ///< from a request's handshake to its response's valid, >= 1
  uint64_t seed = 1;          ///< of the back-pressure
  std::array<double, LATHE_CHANNELS> stall = {}; ///< by LatheChannel: share of cycles held back
  /// By LatheChannel: held back in the first `held` of every `period` cycles; period 0 never.
  struct Pattern {
    uint32_t held = 0, period = 0;
  };
  std::array<Pattern, LATHE_CHANNELS> pattern = {};
};

/// When a machine that is not idle counts as hung.
struct HangRule {
  uint64_t cycles = 100'000; ///< without a handshake or a change of the counters; 0 never
  uint32_t firstCounter = 0, counterCount = 0; ///< counters that change while it works
};

struct RunResult {
  RunStatus status;
  unsigned errorCode; ///< the machine's own, 0 is none
  uint64_t cycles;    ///< since reset, as the others
  std::optional<uint64_t> firstCommandCycle;
  std::optional<uint64_t> lastStoreCycle;
  uint64_t commandsAccepted, beatsRead, beatsWritten;
  std::string failure; ///< one line; empty unless Fatal, Hang or Error
  Place where;         ///< of the RTL that stopped; empty when unknown
  std::string log;     ///< the end of what the RTL printed, with the user's paths

  bool isGood() const { return status == RunStatus::Idle && errorCode == 0; }
  /// From the first command taken to the last store taken, both included; nothing without both.
  std::optional<uint64_t> workCycles() const;
};

/// Functions that can fail return false (or nothing) and leave the reason in error(). After Fatal
/// or Error only reset() and what reads results may be called with effect.
class RtlSimulator {
public:
  struct Options {
    uint32_t initialSeed = 0; ///< of what registers hold before reset; 0 is all zeros
    uint32_t select = 0;      ///< of a netlist with variants; 0 is the machine as it is
  };

  /// Loads `model` and resets it. Reports a library that cannot be used. `diagnostics` must be over
  /// the Sources that the model was got with, and outlive the simulator: places are made from them.
  static std::unique_ptr<RtlSimulator> create(const BuiltModel &model, Diagnostics &diagnostics,
                                              Options options);
  static std::unique_ptr<RtlSimulator> create(const BuiltModel &model, Diagnostics &diagnostics) {
    return create(model, diagnostics, Options());
  }
  ~RtlSimulator();
  RtlSimulator(const RtlSimulator &) = delete;
  RtlSimulator &operator=(const RtlSimulator &) = delete;

  unsigned commandBits() const { return info.command_bits; }
  unsigned commandLimbs() const { return (info.command_bits + 63) / 64; }
  unsigned beatBytes() const { return info.beat_bytes; }

  bool reset();
  /// Gives `bytes` to the machine at `base`, in place: they must outlive their use.
  bool attachMemory(uint64_t base, llvm::MutableArrayRef<uint8_t> bytes);
  void detachMemory();
  bool setMemory(const MemoryBehaviour &behaviour);
  void setHang(const HangRule &rule);
  /// Appends command words of commandLimbs() limbs each, lowest bits first.
  bool push(llvm::ArrayRef<uint64_t> limbs);
  /// Word i is offered gaps[i] cycles later than it could be, counted from when the word before it
  /// was taken.
  bool push(llvm::ArrayRef<uint64_t> limbs, llvm::ArrayRef<uint32_t> gaps);
  /// Pulls the reset line of the machine as it stands: memories without a reset keep their values,
  /// commands not yet taken and beats on their way are dropped, cycles count from 0.
  bool restart() { return keep(api->restart(model)); }
  RunResult run(const RunLimits &limits = {});
  /// The cycle at which each command since reset was taken. Needs recordCommands(true) before.
  void recordCommands(bool on);
  llvm::ArrayRef<uint64_t> commandCycles() const;

  /// Watches the byte of host memory at `address`.
  void watchWrite(uint64_t address) { api->watch_write(model, address); }
  /// The cycle since reset in which the watched byte was last written.
  std::optional<uint64_t> watchedCycle() const;

  std::optional<std::vector<uint64_t>> counters(uint32_t first, uint32_t count);
  /// Names of all signals that the build kept, sorted.
  std::vector<llvm::StringRef> signals() const;
  /// Element `element` of `signal` (a memory has several), lowest limb first.
  std::optional<std::vector<uint64_t>> peek(const std::string &signal, uint64_t element = 0);
  bool poke(const std::string &signal, llvm::ArrayRef<uint64_t> limbs, uint64_t element = 0);

  bool save(const std::string &path);
  bool load(const std::string &path);
  bool openTrace(const std::string &path);
  void closeTrace();
  /// Runs, with a waveform of cycles [from, to) since reset in `path`.
  std::optional<RunResult> runTraced(const std::string &path, uint64_t from, uint64_t to,
                                     const RunLimits &limits = {});
  bool writeCoverage(const std::string &path);

  /// See LatheModelApi: what the model alone costs, for a model built for replay.
  bool recordInputs(bool on);
  std::optional<uint64_t> replayInputs();

  const std::string &error() const { return lastError; }

private:
  RtlSimulator() = default;
  bool keep(int result);
  RunStatus runSlices(const RunLimits &limits, LatheRunResult &last);
  RunResult describe(RunStatus status, const LatheRunResult &last) const;

  void *library = nullptr;
  const LatheModelApi *api = nullptr;
  LatheModel *model = nullptr;
  LatheModelInfo info = {};
  RtlSources sources;
  Diagnostics *diagnostics = nullptr; ///< for the text of the RTL in places
  std::string lastError;
};

} // namespace lathe
