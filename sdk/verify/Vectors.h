// Conformance scripts as they were accepted: nothing in them needs the description to be read.
#pragma once

#include "core/support/Diagnostic.h"
#include "sdk/verify/Judge.h"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace lathe::verify {

/// A piece of host memory by the hardware's address; what no piece covers is zero.
struct MemoryPiece {
  uint64_t address = 0;
  std::vector<uint8_t> bytes;
};

/// One script: raw command words, host memory before and after, and how the hardware ended when it
/// was accepted.
struct Vector {
  /// Commands that are given one after the other, from idle to idle.
  struct Part {
    uint64_t count = 0;
    std::optional<uint64_t> cut; ///< the reset line is pulled after so many cycles
    bool restarts = false;       ///< the reset line is pulled at the end
    bool refused = false;        ///< the hardware answers with an error code
    uint32_t errorCode = 0;      ///< at the end
    uint64_t cycles = 0;         ///< since reset, at the end
  };
  struct Window {
    uint64_t address = 0, bytes = 0;
  };
  struct Counter {
    std::string name;
    uint64_t value = 0;
  };
  std::vector<std::string> cases; ///< names of the cases that the script runs, in order
  std::vector<Window> windows;    ///< host memory that the hardware is given
  std::vector<Command> commands;
  std::vector<Part> parts;
  std::vector<MemoryPiece> before, after;
  std::vector<Window> ignored; ///< that the end of an instruction that was cut may have written
  std::vector<Counter> counters;
  MemoryBehaviour ports;
  uint32_t registerSeed = 0;
};

/// Every vector that was recorded of one machine.
struct VectorSet {
  std::string target; ///< "name@machine"
  bool whole = false; ///< of all conformance cases there were
  std::vector<Vector> vectors;

  const Vector *find(llvm::StringRef caseName) const;
};

/// `script`, which ended on the hardware as `judge` found it, with the names of its cases.
Vector vectorOf(const Target &target, const Script &script, Judge &judge,
                const JudgeOptions &options, std::vector<std::string> cases);

/// A file: magic, format, BLAKE3 of the rest; vectors one after the other, each compressed.
std::string serialize(const VectorSet &set);
/// Reports a file that is none, is damaged, or comes from another version.
std::optional<VectorSet> readVectors(llvm::StringRef bytes, llvm::StringRef path,
                                     Diagnostics &diagnostics);

/// How a replay differs from the vector.
struct Difference {
  std::string text;        ///< "host memory at 0x10 is 3, was 4"; empty: it does not
  bool onlyInTime = false; ///< all results are equal, cycles or counters of cycles are not
};

/// The vector's words on a model of the hardware.
std::optional<Difference> replayOnHardware(const Vector &vector, const BuiltModel &model,
                                           const std::atomic<bool> *cancel = nullptr);
/// The vector's words as the description reads them, on the functional simulator. Never in time.
std::optional<Difference> replayOnModel(const Vector &vector, const Target &target, Jit &jit);

/// Answers of one side that never changes, each found out once. Thread-safe.
class ReplayMemo {
public:
  using Answer = std::optional<Difference>;
  Answer get(const Vector &vector, llvm::function_ref<Answer()> replay);

private:
  std::mutex mutex;
  std::map<const Vector *, Answer> known;
};

} // namespace lathe::verify
