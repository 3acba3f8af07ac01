#include "Machine.h"

#if LATHE_COVERAGE
#include "verilated_cov.h"
#elif !LATHE_ICARUS
#include "verilated_save.h"
#endif

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

using namespace lathe::model;

static constexpr unsigned kResetCycles = 8;

// Waveform and $time count half cycles, so that both clock edges can be seen.
static uint64_t fallingEdge(uint64_t cycle) { return 2 * cycle; }
static uint64_t risingEdge(uint64_t cycle) { return 2 * cycle + 1; }

// Models leave their context when they go, so it must still be there and be the thread's.
void Machine::tearDown() {
  closeTrace();
#if LATHE_TRACE
  waveform.reset();
#endif
  model.reset();
  Verilated::threadContextp(nullptr);
  context.reset();
}

Machine::~Machine() {
  enter();
  tearDown();
}

void Machine::build() {
  tearDown();
  context = std::make_unique<VerilatedContext>();
  enter();
  context->randReset(config.initial_seed == 0 ? 0 : 2);
  context->randSeed(config.initial_seed == 0 ? 1 : int(config.initial_seed));
#if LATHE_TRACE
  context->traceEverOn(true);
#endif
  model = std::make_unique<VLatheModel>(context.get(), "");
#if LATHE_SELECT
  model->rootp->lathe_select_i = config.select;
#endif
}

void Machine::reset() {
  alive = false;
  log.clear();
  build();
  alive = true; // what follows may stop the RTL, which stopped() undoes
  restart();
}

void Machine::restart() {
  commands.reset();
  memory.reset();
  watch.restart();
  Top &top = *model->rootp;
  top.rst_ni = 0;
  for (cycle = 0; cycle < kResetCycles;)
    cycleOnce<false>(/*held=*/~0u);
  top.rst_ni = 1;
  cycle = 0;
  memory.reset();
}

template <bool Traced> inline void Machine::evaluate(uint64_t time) {
  context->time(time);
  model->eval();
#if LATHE_TRACE
  if constexpr (Traced)
    waveform->dump(time);
#endif
}

// Inputs change with the falling edge and are settled by it, so concurrent assertions sample at the
// rising edge what the flip-flops see, and outputs may even depend on inputs.
template <bool Traced> inline bool Machine::cycleOnce(unsigned held) {
  Top &top = *model->rootp;
  commands.drive(top, held & 1);
  memory.drive(top, cycle, held);
#if LATHE_REPLAY
  if (recording)
    recorder.record(top);
#endif
  top.clk_i = 0;
  evaluate<Traced>(fallingEdge(cycle));
  bool command = commands.sample(top, cycle);
  bool access = memory.sample(top, cycle);
  top.clk_i = 1;
  evaluate<Traced>(risingEdge(cycle));
  ++cycle;
  return command | access;
}

template <bool HeldBack, bool Traced> LatheStatus Machine::loop(uint64_t maxCycles) {
  Top &top = *model->rootp;
  for (uint64_t end = cycle + maxCycles; cycle < end;) {
    bool moved = cycleOnce<Traced>(HeldBack ? memory.drawHeld(cycle) : 0);
    if (moved)
      watch.restart();
    if (memory.refusal().happened)
      return LATHE_ERROR;
    if (top.idle_o && commands.empty() && memory.empty())
      return LATHE_IDLE;
    if (!moved && watch.quietCycle(top))
      return LATHE_HANG;
  }
  return LATHE_LIMIT;
}

LatheStatus Machine::run(uint64_t maxCycles) {
  if (!alive)
    return LATHE_FATAL;
  if (memory.refusal().happened)
    return LATHE_ERROR;
  if (model->rootp->idle_o && commands.empty() && memory.empty())
    return LATHE_IDLE;
  maxCycles = std::min(maxCycles, LATHE_NEVER - cycle);
#if LATHE_TRACE
  if (waveform && waveform->isOpen())
    return memory.isHeldBack() ? loop<true, true>(maxCycles) : loop<false, true>(maxCycles);
#endif
  return memory.isHeldBack() ? loop<true, false>(maxCycles) : loop<false, false>(maxCycles);
}

void Machine::readCounters(uint32_t first, uint32_t count, uint64_t *values) {
  Top &top = *model->rootp;
  for (uint32_t i = 0; i <= count; ++i) {
    if (i > 0)
      values[i - 1] = top.perf_data_o;
    if (i == count)
      break;
    top.perf_sel_i = first + i;
    cycleOnce<false>(/*held=*/0);
  }
}

void Machine::stopped(const RtlStopped &why) {
  alive = false;
  stop = why;
  closeTrace();
}

static std::string describeAccess(const RefusedAccess &access) {
  char address[32];
  std::snprintf(address, sizeof(address), "0x%llx", (unsigned long long)access.address);
  return std::string(access.isWrite ? "write to " : "read of ") + address +
         (access.misaligned ? " is not aligned to a beat" : " is outside all attached memory");
}

std::string Machine::whyEnded(LatheStatus status) const {
  switch (status) {
  case LATHE_IDLE:
  case LATHE_LIMIT:
    return {};
  case LATHE_FATAL:
    return stop.text;
  case LATHE_HANG:
    return "no handshake and no progress for " + std::to_string(watch.patience()) + " cycles";
  case LATHE_ERROR:
    return describeAccess(memory.refusal());
  }
  return {};
}

void Machine::describe(LatheStatus status, LatheRunResult &result) {
  failure = whyEnded(status);
  bool isFatal = status == LATHE_FATAL;
  result.status = status;
  result.error_code = alive ? model->rootp->error_o : 0;
  result.cycles = cycle;
  result.first_command_cycle = commands.firstAcceptedCycle();
  result.last_store_cycle = memory.lastStoreCycle();
  result.commands_accepted = commands.acceptedCount();
  result.beats_read = memory.beatsRead();
  result.beats_written = memory.beatsWritten();
  result.failure_address = memory.refusal().address;
  result.failure_file = isFatal ? stop.file.c_str() : "";
  result.failure_line = isFatal ? stop.line : 0;
  result.failure_text = failure.c_str();
}

//----------------------------------------------------------------------------------------------
// Saving: the channels' state follows the model's, in Verilator's format.

#if LATHE_COVERAGE || LATHE_ICARUS
bool Machine::save(const char *) {
  error = LATHE_ICARUS ? "a model on Icarus Verilog cannot be saved"
                       : "a model that counts coverage cannot be saved";
  return false;
}

bool Machine::load(const char *) { return save(nullptr); }
#else
template <typename Archive> void Machine::archive(Archive &&visit) {
  visit(cycle);
  commands.archive(visit);
  memory.archive(visit);
  watch.archive(visit);
}

namespace {
/// What Verilator's own file classes do, but in memory, and wrong content is an exception.
class StateWriter final : public VerilatedSerialize {
public:
  StateWriter() { header(); }
  ~StateWriter() override {}
  std::string take() {
    trailer();
    flush();
    return std::move(bytes);
  }
  void flush() override {
    bytes.append(reinterpret_cast<char *>(m_bufp), m_cp - m_bufp);
    m_cp = m_bufp;
  }

private:
  std::string bytes;
};

class StateReader final : public VerilatedDeserialize {
public:
  /// `content` gets slack behind its end: Verilator checks for the end once a block.
  explicit StateReader(std::string content) : bytes(std::move(content)) {
    size_t size = bytes.size();
    bytes.resize(size + 2 * bufferInsertSize());
    m_cp = reinterpret_cast<uint8_t *>(bytes.data());
    m_endp = m_cp + size;
    header();
  }
  ~StateReader() override {}
  void finish() {
    trailer();
    fill();
  }
  void fill() override {
    if (m_cp > m_endp)
      throw std::runtime_error("the file ends too early");
  }

private:
  std::string bytes;
};

struct Writer {
  StateWriter &file;
  template <typename T> void operator()(T &value) { file.write(&value, sizeof(value)); }
  void operator()(std::vector<uint64_t> &values) {
    uint64_t count = values.size();
    (*this)(count);
    file.write(values.data(), count * sizeof(uint64_t));
  }
};

struct Reader {
  StateReader &file;
  template <typename T> void operator()(T &value) { file.read(&value, sizeof(value)); }
  void operator()(std::vector<uint64_t> &values) {
    uint64_t count = 0;
    (*this)(count);
    values.resize(count);
    file.read(values.data(), count * sizeof(uint64_t));
  }
};
} // namespace

// Through a file beside it, so that `path` is either whole or not there.
static bool writeWhole(const std::string &path, const std::string &bytes) {
  std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary);
  out.write(bytes.data(), bytes.size());
  out.close();
  if (out && std::rename(part.c_str(), path.c_str()) == 0)
    return true;
  std::remove(part.c_str());
  return false;
}

bool Machine::save(const char *path) {
  StateWriter file;
  file << *model;
  archive(Writer{file});
  if (writeWhole(path, file.take()))
    return true;
  error = std::string("cannot write '") + path + "'";
  return false;
}

bool Machine::load(const char *path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    error = std::string("cannot read '") + path + "'";
    return false;
  }
  StateReader file(std::string(std::istreambuf_iterator<char>(in), {}));
  alive = false; // until all of it has been read
  stop = {"", 0, "its saved state could not be read"};
  file >> *model;
  archive(Reader{file});
  file.finish();
  alive = true;
  return true;
}
#endif

//----------------------------------------------------------------------------------------------
// Waveforms and coverage

bool Machine::openTrace(const char *path) {
#if LATHE_TRACE
  closeTrace();
  if (!waveform) {
    waveform = std::make_unique<VerilatedFstC>();
    model->trace(waveform.get(), 99);
  }
  waveform->open(path);
  if (waveform->isOpen())
    return true;
  error = std::string("cannot write '") + path + "'";
  return false;
#else
  error = "this model was built without waveforms";
  return false;
#endif
}

void Machine::closeTrace() {
#if LATHE_TRACE
  if (waveform && waveform->isOpen())
    waveform->close();
#endif
}

bool Machine::writeCoverage(const char *path) {
#if LATHE_COVERAGE
  context->coveragep()->write(path);
  if (access(path, R_OK) == 0)
    return true;
  error = std::string("cannot write '") + path + "'";
  return false;
#else
  error = "this model was built without coverage";
  return false;
#endif
}

//----------------------------------------------------------------------------------------------
// Replay

bool Machine::recordInputs(bool on) {
#if LATHE_REPLAY
  recording = on;
  recorder.clear();
  return true;
#else
  error = "this model was built without replay";
  return false;
#endif
}

bool Machine::replayInputs(uint64_t &cycles) {
#if LATHE_REPLAY
  recording = false;
  reset();
  cycles = recorder.replay(*model->rootp, [&] { model->eval(); });
  return true;
#else
  cycles = 0;
  return recordInputs(false);
#endif
}
