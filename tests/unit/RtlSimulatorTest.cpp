#include "simulators/rtl/RtlSimulator.h"

#include "RtlTestModels.h"

#include "llvm/Support/FileSystem.h"

#include <doctest/doctest.h>
#include <random>

using namespace lathe;

namespace {
enum Op : uint64_t { None, Copy, Fatal, Hang, Break, Reject, Finish, Print };

uint64_t word(Op op, uint64_t beats = 0, uint64_t src = 0, uint64_t dst = 0) {
  return op << 60 | beats << 48 | src << 24 | dst;
}

/// A simulator of the copy machine and a kilobyte of memory at 0x1000.
struct Copier {
  Sources sources;
  Diagnostics diagnostics{sources};
  std::unique_ptr<RtlSimulator> sim;
  std::vector<uint8_t> memory = std::vector<uint8_t>(1024);
  static constexpr uint64_t kBase = 0x1000;

  explicit Copier(const ModelSpec &spec = test::copySpec()) {
    auto model = ModelCache(test::cacheOptions()).get(spec, diagnostics);
    REQUIRE_MESSAGE(model, test::shown(diagnostics));
    sim = RtlSimulator::create(*model, diagnostics);
    REQUIRE(sim);
    std::mt19937 random(7);
    for (uint8_t &byte : memory)
      byte = random();
    REQUIRE(sim->attachMemory(kBase, memory));
    sim->setHang({.cycles = 1000});
  }

  /// Copies `beats` beats from byte offset `src` to `dst` of the memory.
  uint64_t copy(uint64_t beats, uint64_t src, uint64_t dst) const {
    return word(Copy, beats, (kBase + src) / sim->beatBytes(), (kBase + dst) / sim->beatBytes());
  }
};
} // namespace

TEST_CASE("rtl: commands move memory, in the cycles that can be counted by hand") {
  Copier m;
  CHECK(m.sim->commandBits() == 64);
  CHECK(m.sim->beatBytes() == 16);
  constexpr unsigned kLatency = 40, kBeats = 7;
  REQUIRE(m.sim->setMemory({.latencyCycles = kLatency}));
  std::vector<uint8_t> expected = m.memory;
  std::copy_n(expected.begin() + 16, 16 * kBeats, expected.begin() + 512);
  REQUIRE(m.sim->push(m.copy(kBeats, 16, 512)));
  RunResult result = m.sim->run();
  CHECK(result.isGood());
  CHECK(m.memory == expected);
  // Taken in cycle 0, requests in 1..7, responses in 41..47, written a cycle later each,
  // acknowledged in 82..88.
  CHECK(result.firstCommandCycle == 0);
  CHECK(result.lastStoreCycle == 1 + kLatency + 1 + kBeats - 1);
  CHECK(result.workCycles() == 49);
  CHECK(result.cycles == 1 + kLatency + 1 + kLatency + kBeats);
  CHECK(result.beatsRead == kBeats);
  CHECK(result.beatsWritten == kBeats);
  CHECK(result.commandsAccepted == 1);
  auto counters = m.sim->counters(0, 4);
  REQUIRE(counters);
  CHECK((*counters)[0] >= result.cycles);
  CHECK((*counters)[1] == 1);
  CHECK((*counters)[2] == kBeats);
  CHECK((*counters)[3] == kBeats);
  CHECK(result.failure.empty());
}

TEST_CASE("rtl: the reset line drops what is under way, and the machine works again") {
  Copier m;
  REQUIRE(m.sim->setMemory({.latencyCycles = 40}));
  REQUIRE(m.sim->push(m.copy(7, 16, 512)));
  RunLimits limits;
  limits.cycles = 20; // the reads are on their way
  CHECK(m.sim->run(limits).status == RunStatus::Limit);
  std::vector<uint8_t> before = m.memory;
  REQUIRE(m.sim->restart());
  CHECK(m.sim->run().status == RunStatus::Idle);
  CHECK(m.memory == before);
  REQUIRE(m.sim->push(m.copy(1, 32, 256)));
  RunResult result = m.sim->run();
  CHECK(result.isGood());
  CHECK(result.commandsAccepted == 1);
  std::copy_n(before.begin() + 32, 16, before.begin() + 256);
  CHECK(m.memory == before);
}

TEST_CASE("rtl: the last write of a watched byte has its cycle, since it was watched") {
  Copier m;
  REQUIRE(m.sim->setMemory({.latencyCycles = 40}));
  m.sim->watchWrite(Copier::kBase + 512 + 16 * 2 + 5);
  CHECK_FALSE(m.sim->watchedCycle());
  REQUIRE(m.sim->push(m.copy(7, 16, 512)));
  REQUIRE(m.sim->run().isGood());
  // Written as counted above: beat 2 in cycle 44.
  CHECK(m.sim->watchedCycle() == 44);
  m.sim->watchWrite(Copier::kBase + 512 + 16 * 7);
  REQUIRE(m.sim->push(m.copy(7, 16, 512)));
  REQUIRE(m.sim->run().isGood());
  CHECK_FALSE(m.sim->watchedCycle());
}

TEST_CASE("rtl: an idle machine runs no cycle, a limit is kept and can be continued") {
  Copier m;
  RunResult nothing = m.sim->run();
  CHECK(nothing.status == RunStatus::Idle);
  CHECK(nothing.cycles == 0);
  CHECK_FALSE(nothing.firstCommandCycle);
  REQUIRE(m.sim->push(m.copy(30, 0, 512)));
  RunResult part = m.sim->run({.cycles = 11});
  CHECK(part.status == RunStatus::Limit);
  CHECK(part.cycles == 11);
  CHECK(m.sim->run().isGood());
  CHECK(std::equal(m.memory.begin(), m.memory.begin() + 480, m.memory.begin() + 512));
}

TEST_CASE("rtl: back-pressure changes cycles, the same for the same seed, and never results") {
  uint64_t quickest = 0;
  std::vector<uint64_t> cycles;
  for (uint64_t seed : {0, 1, 2, 2}) {
    Copier m;
    double stall = seed == 0 ? 0 : 0.4;
    REQUIRE(m.sim->setMemory(
        {.latencyCycles = 5, .seed = seed, .stall = {stall, stall, stall, stall, stall}}));
    std::vector<uint8_t> expected = m.memory;
    for (uint64_t i : {0, 1, 2, 3}) {
      std::copy_n(expected.begin() + 128 * i, 112, expected.begin() + 128 * (7 - i));
      REQUIRE(m.sim->push(m.copy(7, 128 * i, 128 * (7 - i))));
    }
    RunResult result = m.sim->run();
    CHECK(result.isGood());
    CHECK(m.memory == expected);
    cycles.push_back(result.cycles);
  }
  quickest = cycles[0];
  CHECK(cycles[1] > quickest);
  CHECK(cycles[1] != cycles[2]);
  CHECK(cycles[2] == cycles[3]);
}

TEST_CASE("rtl: $fatal is a result with its text and place, and a reset revives the machine") {
  Copier m;
  REQUIRE(m.sim->push(word(Fatal)));
  RunResult result = m.sim->run();
  CHECK(result.status == RunStatus::Fatal);
  CHECK(result.failure == "lathe_top: told to stop");
  CHECK(result.where.file == test::rtlFile("copy/lathe_top.sv"));
  CHECK(result.where.sourceLine.find("told to stop") != std::string::npos);
  CHECK(result.log.find("told to stop") != std::string::npos);
  CHECK(m.sim->run().status == RunStatus::Fatal); // and stays so
  CHECK_FALSE(m.sim->counters(0, 1));
  CHECK(m.sim->error() == "the machine has stopped");
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->push(m.copy(1, 0, 512)));
  CHECK(m.sim->run().isGood());
  CHECK(std::equal(m.memory.begin(), m.memory.begin() + 16, m.memory.begin() + 512));
}

TEST_CASE("rtl: a failed assertion and $finish are results as well") {
  Copier m;
  REQUIRE(m.sim->push(word(Break)));
  RunResult broken = m.sim->run();
  CHECK(broken.status == RunStatus::Fatal);
  CHECK(broken.failure == "lathe_top.keeps_promises: 'assert' failed.");
  CHECK(broken.where.sourceLine.find("keeps_promises") != std::string::npos);
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->push(word(Finish)));
  RunResult finished = m.sim->run();
  CHECK(finished.status == RunStatus::Fatal);
  CHECK(finished.failure == "the RTL called $finish");
}

TEST_CASE("rtl: a machine that stops moving hangs after the given cycles, and no sooner") {
  Copier m;
  REQUIRE(m.sim->push(word(Hang)));
  m.sim->setHang({.cycles = 500});
  RunResult result = m.sim->run();
  CHECK(result.status == RunStatus::Hang);
  CHECK(result.failure == "no handshake and no progress for 500 cycles");
  CHECK(result.cycles == 1 + 500);
  // A memory slower than the machine's patience is no hang of the machine when there is no watch.
  REQUIRE(m.sim->reset());
  m.sim->setHang({.cycles = 0});
  REQUIRE(m.sim->push(word(Hang)));
  CHECK(m.sim->run({.cycles = 5000}).status == RunStatus::Limit);
}

TEST_CASE("rtl: wall limits and cancels end a run between slices") {
  Copier m;
  m.sim->setHang({.cycles = 0});
  REQUIRE(m.sim->push(word(Hang)));
  CHECK(m.sim->run({.seconds = 0.05}).status == RunStatus::WallLimit);
  std::atomic<bool> cancel = true;
  CHECK(m.sim->run({.cancel = &cancel}).status == RunStatus::Cancelled);
}

TEST_CASE("rtl: the machine's own error code is kept, the run goes on") {
  Copier m;
  REQUIRE(m.sim->push({word(Reject, 0, 0, 0x2a), m.copy(1, 0, 512)}));
  RunResult result = m.sim->run();
  CHECK(result.status == RunStatus::Idle);
  CHECK(result.errorCode == 0x2a);
  CHECK_FALSE(result.isGood());
  CHECK(result.beatsWritten == 1);
}

TEST_CASE("rtl: an access outside attached memory is refused with its address") {
  Copier m;
  REQUIRE(m.sim->push(m.copy(3, 1024 - 32, 0)));
  RunResult read = m.sim->run();
  CHECK(read.status == RunStatus::Error);
  CHECK(read.failure == "read of 0x1400 is outside all attached memory");
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->push(m.copy(1, 0, 1024)));
  CHECK(m.sim->run().failure == "write to 0x1400 is outside all attached memory");
}

TEST_CASE("rtl: what the machine prints is in its log") {
  Copier m;
  REQUIRE(m.sim->push({word(Print, 12), word(Print, 34)}));
  RunResult result = m.sim->run();
  CHECK(result.isGood());
  CHECK(result.log == "beats is 12\nbeats is 34\n");
}

TEST_CASE("rtl: signals are read and written by name, elements of memories too") {
  Copier m;
  std::vector<llvm::StringRef> names = m.sim->signals();
  CHECK(llvm::is_sorted(names));
  CHECK(llvm::is_contained(names, "lathe_top.u_fifo.beats_q"));
  REQUIRE(m.sim->push(m.copy(2, 0, 512)));
  CHECK(m.sim->run().isGood());
  auto left = m.sim->peek("lathe_top.credits_q");
  REQUIRE(left);
  CHECK(*left == std::vector<uint64_t>{64});
  auto beat = m.sim->peek("lathe_top.u_fifo.beats_q", 1);
  REQUIRE(beat);
  REQUIRE(beat->size() == 2);
  CHECK(std::memcmp(beat->data(), &m.memory[16], 16) == 0);
  REQUIRE(m.sim->poke("lathe_top.error_q", {0x1ff}));
  CHECK(*m.sim->peek("lathe_top.error_q") == std::vector<uint64_t>{0xff});
  CHECK_FALSE(m.sim->peek("lathe_top.nothing"));
  CHECK(m.sim->error() == "the model has no signal 'lathe_top.nothing'");
  CHECK_FALSE(m.sim->peek("lathe_top.u_fifo.beats_q", 64));
  CHECK(m.sim->error() == "'lathe_top.u_fifo.beats_q' has 64 elements, asked for number 64");
}

TEST_CASE("rtl: a saved machine continues as if nothing had happened") {
  MemoryBehaviour slow = {.latencyCycles = 9, .seed = 3, .stall = {0.3, 0.3, 0.3, 0.3, 0.3}};
  std::string file = std::string(LATHE_BUILD_DIR) + "/copy.state";
  Copier whole, first, second;
  for (Copier *m : {&whole, &first, &second})
    REQUIRE(m->sim->setMemory(slow));
  for (Copier *m : {&whole, &first})
    REQUIRE(m->sim->push({m->copy(20, 0, 512), m->copy(5, 512, 0)}));
  RunResult expected = whole.sim->run();
  CHECK(first.sim->run({.cycles = 33}).status == RunStatus::Limit);
  REQUIRE(first.sim->save(file));
  second.memory = first.memory; // memory is the host's
  REQUIRE(second.sim->load(file));
  RunResult result = second.sim->run();
  CHECK(result.isGood());
  CHECK(result.cycles == expected.cycles);
  CHECK(result.lastStoreCycle == expected.lastStoreCycle);
  CHECK(second.memory == whole.memory);
  CHECK_FALSE(second.sim->load("/no/such/file"));
  CHECK(second.sim->error() == "cannot read '/no/such/file'");
}

TEST_CASE("rtl: a file that is no saved machine is refused and the machine can be reset") {
  std::string file = std::string(LATHE_BUILD_DIR) + "/not-a.state";
  {
    std::error_code failure;
    llvm::raw_fd_ostream(file, failure) << "this is no state of anything at all, only text\n";
  }
  Copier m;
  CHECK_FALSE(m.sim->load(file));
  CHECK_FALSE(m.sim->error().empty());
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->push(m.copy(1, 0, 512)));
  CHECK(m.sim->run().isGood());
}

TEST_CASE("rtl: the cycle each command was taken in is kept on request") {
  Copier m;
  m.sim->recordCommands(true);
  REQUIRE(m.sim->push({word(None), word(None), m.copy(1, 0, 512), word(None)}));
  RunResult result = m.sim->run();
  REQUIRE(m.sim->commandCycles().size() == 4);
  CHECK(m.sim->commandCycles().take_front(3) == llvm::ArrayRef<uint64_t>{0, 1, 2});
  CHECK(m.sim->commandCycles()[3] == result.cycles - 1);
}

TEST_CASE("rtl: memory that overlaps and a latency of nothing are refused") {
  Copier m;
  std::vector<uint8_t> more(64);
  CHECK_FALSE(m.sim->attachMemory(Copier::kBase + 1000, more));
  CHECK(m.sim->error() == "this memory overlaps memory that is already attached");
  CHECK_FALSE(m.sim->setMemory({.latencyCycles = 0}));
  CHECK_FALSE(m.sim->openTrace("x.fst"));
  CHECK(m.sim->error() == "this model was built without waveforms");
}

TEST_CASE("rtl: registers without a reset hold zeros, or what the seed says") {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto model = ModelCache(test::cacheOptions()).get(test::copySpec(), diagnostics);
  REQUIRE(model);
  auto beatAfterReset = [&](uint32_t seed) {
    auto simulator = RtlSimulator::create(*model, diagnostics, {.initialSeed = seed});
    REQUIRE(simulator);
    CHECK(simulator->peek("lathe_top.error_q") == std::vector<uint64_t>{0}); // this one has a reset
    return simulator->peek("lathe_top.u_fifo.beats_q", 5).value();
  };
  CHECK(beatAfterReset(0) == std::vector<uint64_t>{0, 0});
  CHECK(beatAfterReset(3) != beatAfterReset(0));
  CHECK(beatAfterReset(3) == beatAfterReset(3));
  CHECK(beatAfterReset(3) != beatAfterReset(4));
}

TEST_CASE("rtl: a model verilated without optimisation takes the same cycles") {
  ModelSpec plainSpec = test::copySpec();
  plainSpec.optimize = false;
  Copier optimized, plain(plainSpec);
  for (Copier *m : {&optimized, &plain})
    REQUIRE(m->sim->push({m->copy(9, 0, 512), m->copy(3, 512, 0)}));
  RunResult expected = optimized.sim->run(), result = plain.sim->run();
  CHECK(result.isGood());
  CHECK(result.cycles == expected.cycles);
  CHECK(plain.memory == optimized.memory);
}

// One variant has everything that the usual one lacks.
static ModelSpec variantSpec() {
  ModelSpec spec = test::copySpec();
  spec.parameters = {{"MemBytes", 32}, {"CommandBits", 130}};
  spec.trace = spec.coverage = true;
  return spec;
}

TEST_CASE("rtl: wide words and beats, waveform windows and coverage do not change a cycle") {
  Copier m(variantSpec());
  CHECK(m.sim->commandBits() == 130);
  CHECK(m.sim->beatBytes() == 32);
  std::string wave = std::string(LATHE_BUILD_DIR) + "/copy.fst";
  std::string coverage = std::string(LATHE_BUILD_DIR) + "/copy.dat";
  llvm::sys::fs::remove(wave);
  REQUIRE(m.sim->push({m.copy(15, 0, 512), 0, 0}));
  RunResult plain = m.sim->run();
  CHECK(plain.isGood());
  CHECK(std::equal(m.memory.begin(), m.memory.begin() + 480, m.memory.begin() + 512));
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->push({m.copy(15, 0, 512), 0, 0}));
  auto traced = m.sim->runTraced(wave, 3, 12);
  REQUIRE(traced);
  CHECK(traced->isGood());
  CHECK(traced->cycles == plain.cycles);
  uint64_t bytes = 0;
  CHECK_FALSE(llvm::sys::fs::file_size(wave, bytes));
  CHECK(bytes > 100);
  CHECK_FALSE(m.sim->openTrace("/no/such/folder/x.fst"));
  CHECK(m.sim->writeCoverage(coverage));
  // A waveform that is open when the RTL stops is closed and whole.
  REQUIRE(m.sim->reset());
  REQUIRE(m.sim->openTrace(wave));
  REQUIRE(m.sim->push({word(Fatal), 0, 0}));
  CHECK(m.sim->run().status == RunStatus::Fatal);
  CHECK_FALSE(llvm::sys::fs::file_size(wave, bytes));
  CHECK(bytes > 100);
}

TEST_CASE("rtl: many machines of one model at once do not meet") {
  Copier one, two;
  REQUIRE(one.sim->push(one.copy(4, 0, 512)));
  REQUIRE(two.sim->push(word(Fatal)));
  CHECK(one.sim->run({.cycles = 3}).status == RunStatus::Limit);
  CHECK(two.sim->run().status == RunStatus::Fatal);
  CHECK(one.sim->run().isGood());
}

TEST_CASE("rtl: a library that is no model is reported") {
  Sources sources;
  Diagnostics diagnostics(sources);
  BuiltModel model;
  model.path = "/no/such/model.so";
  CHECK_FALSE(RtlSimulator::create(model, diagnostics));
  REQUIRE(diagnostics.errorCount() == 1);
  CHECK(diagnostics.all()[0].code() == "L0814");
  CHECK(diagnostics.all()[0].place.file == "/no/such/model.so");
  CHECK(diagnostics.all()[0].place.line == 0);
}
