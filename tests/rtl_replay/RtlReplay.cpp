// lathe-rtl-bench: cycles per second of a model, and what the cycle loop costs over a bare replay.
//
//   lathe-rtl-bench CACHE COMMANDS MEMORY_BYTES LATENCY [-GNAME=VALUE | -trace | -coverage]...
//   RTL...
//
// COMMANDS holds command words (64-bit limbs, lowest first). Each is run from reset with its inputs
// recorded; then runs and replays take turns, and the least CPU time of seven of each is compared.
#include "simulators/rtl/RtlSimulator.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <ctime>

using namespace lathe;

static double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

template <typename Action> static double timed(Action &&action) {
  double start = cpuSeconds();
  action();
  return cpuSeconds() - start;
}

static std::vector<uint64_t> readWords(const char *path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  std::vector<uint64_t> words(file ? (*file)->getBufferSize() / 8 : 0);
  if (file)
    memcpy(words.data(), (*file)->getBufferStart(), words.size() * 8);
  return words;
}

int main(int argc, char **argv) {
  if (argc < 6) {
    llvm::errs() << "usage: lathe-rtl-bench CACHE COMMANDS MEMORY_BYTES LATENCY [-GN=V] RTL...\n";
    return 2;
  }
  CacheOptions options;
  options.directory = argv[1];
  options.progress = [](llvm::StringRef what) { llvm::errs() << what << '\n'; };
  ModelSpec spec;
  spec.replay = true;
  for (llvm::StringRef argument : llvm::ArrayRef(argv + 5, argc - 5)) {
    if (argument.consume_front("-G")) {
      auto [name, value] = argument.split('=');
      value.getAsInteger(0, spec.parameters[name.str()]);
    } else if (argument == "-trace") {
      spec.trace = true;
    } else if (argument == "-coverage") {
      spec.coverage = true;
    } else {
      spec.files.push_back(argument.str());
    }
  }
  Sources sources;
  Diagnostics diagnostics(sources);
  auto model = ModelCache(options).get(spec, diagnostics);
  auto simulator = model ? RtlSimulator::create(*model, diagnostics) : nullptr;
  print(llvm::errs(), diagnostics);
  if (!simulator)
    return 5;

  std::vector<uint64_t> words = readWords(argv[2]);
  std::vector<uint8_t> memory(atoll(argv[3]), 1);
  simulator->attachMemory(0, memory);
  simulator->setMemory({.latencyCycles = uint32_t(atoi(argv[4]))});
  RunResult result;
  auto prepare = [&] {
    simulator->reset();
    simulator->push(words);
  };
  prepare();
  simulator->recordInputs(true);
  result = simulator->run();
  llvm::outs() << "status " << name(result.status) << " error " << result.errorCode << ' '
               << result.failure << ", " << result.cycles << " cycles, " << result.commandsAccepted
               << " commands, " << result.beatsRead << " beats read, " << result.beatsWritten
               << " written\n";
  double bare = 1e30, loop = 1e30;
  for (int pair = 0; pair < 7; ++pair) {
    bare = std::min(bare, timed([&] { simulator->replayInputs(); }));
    prepare();
    loop = std::min(loop, timed([&] { result = simulator->run(); }));
  }
  llvm::outs() << llvm::formatv("bare {0:f1} ns/cycle, loop {1:f1} ns/cycle, {2:f3} times, {3:f2} "
                                "Mcycles/s\n",
                                bare / result.cycles * 1e9, loop / result.cycles * 1e9, loop / bare,
                                result.cycles / loop * 1e-6);
  return result.isGood() ? 0 : 1;
}
