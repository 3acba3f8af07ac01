// Cycles of an instruction stream, predicted from the machine file.
#pragma once

#include "core/program/Program.h"

namespace lathe {

/// A model of units, pipes, queues, hazards and memory ports at the grain of instructions.
///
/// An instruction starts when its pipe is free and what it reads and overwrites is settled; it
/// holds its pipe for its interval, or for the beats of host memory it moves when they are more.
/// Results can be used `latency` after that, sources overwritten `release` after that. Instructions
/// of one pipe do not wait for each other's results.
///   dataflow   every pipe runs ahead as far as data allows: gives the order to issue in
///   machine    commands are taken in order, one an interval, each once its unit's queue has room:
///              a command leaves the queue when it completes, whatever the ones before it do; the
///              commands of one pipe start in order. Beats of host memory are asked for at once,
///              what they bring waits. A command without an interval enters no queue
class TimingModel {
public:
  enum class Mode : uint8_t { Dataflow, Machine };
  TimingModel(const Target &target, Mode mode);
  ~TimingModel();

  struct Times {
    int64_t start = 0;     ///< cycle it takes its pipe
    int64_t end = 0;       ///< cycle it leaves its pipe to the next
    int64_t done = 0;      ///< cycle its results can be used
    int64_t lastWrite = 0; ///< cycle after its last host write leaves; 0 without one
  };
  /// Advances by one instruction. `states` holds the value of every state, by id.
  Times issue(unsigned intrinsic, llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> states);

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

struct Prediction {
  int64_t cycles = 0; ///< from the first command taken to the last host write
  int64_t idleAt = 0; ///< until everything has completed
};
Prediction predict(const InstructionStream &stream, const Target &target);

/// Times of every instruction of `stream`, in order, on an idle machine.
std::vector<TimingModel::Times> predictTimes(const InstructionStream &stream, const Target &target);

} // namespace lathe
