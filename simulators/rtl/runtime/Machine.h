// One simulated machine: the Verilated model, its command and memory channels, and the cycle loop.
#pragma once

#include "CommandChannel.h"
#include "HangWatch.h"
#include "InputRecorder.h"
#include "LatheModel.h"
#include "MemoryChannel.h"
#include "ModelLog.h"

#include "LathePorts.h" // of this model: LATHE_COMMAND_BITS, LATHE_BEAT_BYTES, LATHE_SELECT
#if LATHE_ICARUS
#include "IcarusModel.h"
#else
#include "VLatheModel.h"
#include "VLatheModel__Syms.h"
#include "VLatheModel___024root.h"
#include "verilated.h"
#endif
#if LATHE_TRACE
#include "verilated_fst_c.h"
#endif

#include <memory>
#include <string>

namespace lathe::model {

/// Members that fail say so by false and leave the reason in `error`. RTL that stops itself inside
/// one of them throws RtlStopped, and leaves a machine that only reset() revives.
class Machine {
public:
  explicit Machine(const LatheModelConfig &config) : config(config) {}
  ~Machine();

  /// Verilator finds its context through the thread: say whose it is before every use.
  void enter() { Verilated::threadContextp(context.get()); }

  void reset();
  void restart();
  void configureMemory(const LatheMemoryConfig &given) { memory.configure(given); }
  void configureHang(const LatheHangConfig &given) { watch.configure(given); }
  LatheStatus run(uint64_t maxCycles);
  void readCounters(uint32_t first, uint32_t count, uint64_t *values);
  bool save(const char *path);
  bool load(const char *path);
  bool openTrace(const char *path);
  void closeTrace();
  bool writeCoverage(const char *path);
  bool recordInputs(bool on);
  bool replayInputs(uint64_t &cycles);

  /// Keeps what stopped the RTL, and closes the waveform so that it can be looked at.
  void stopped(const RtlStopped &why);
  /// Fills everything but struct_size. The texts live until the next call.
  void describe(LatheStatus status, LatheRunResult &result);

  ModelLog log;
  std::string error; ///< of the last call that failed
  FifoCommandChannel<LATHE_COMMAND_BITS> commands;
  BeatMemoryChannel<LATHE_BEAT_BYTES> memory;

  VLatheModel__Syms *symbols() { return model->rootp->vlSymsp; }
  bool isAlive() const { return alive; }
  /// Lets the model see that a signal was changed from outside.
  void settle() { model->eval(); }

private:
  using Top = VLatheModel___024root;

  void build();
  void tearDown();
  template <bool Traced> void evaluate(uint64_t time);
  template <bool Traced> bool cycleOnce(unsigned held);
  template <bool HeldBack, bool Traced> LatheStatus loop(uint64_t maxCycles);
  std::string whyEnded(LatheStatus status) const;
  template <typename Archive> void archive(Archive &&visit);

  LatheModelConfig config;
  HangWatch watch;
  std::unique_ptr<VerilatedContext> context;
  std::unique_ptr<VLatheModel> model;
  uint64_t cycle = 0; ///< clock edges since reset
  bool alive = false;
  RtlStopped stop;
  std::string failure; ///< what describe() hands out
  InputRecorder<Top> recorder;
  bool recording = false;
#if LATHE_TRACE
  std::unique_ptr<VerilatedFstC> waveform; ///< destroyed before the model that it reads
#endif
};

} // namespace lathe::model
