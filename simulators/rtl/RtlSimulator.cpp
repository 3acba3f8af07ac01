#include "simulators/rtl/RtlSimulator.h"

#include "llvm/Support/MemoryBuffer.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>

using namespace lathe;
using llvm::StringRef;
using Clock = std::chrono::steady_clock;

StringRef lathe::name(RunStatus status) {
  switch (status) {
  case RunStatus::Idle:
    return "idle";
  case RunStatus::Limit:
    return "limit";
  case RunStatus::WallLimit:
    return "wall limit";
  case RunStatus::Cancelled:
    return "cancelled";
  case RunStatus::Fatal:
    return "fatal";
  case RunStatus::Hang:
    return "hang";
  case RunStatus::Error:
    return "error";
  }
  return "";
}

std::optional<uint64_t> RunResult::workCycles() const {
  if (!firstCommandCycle || !lastStoreCycle)
    return std::nullopt;
  return *lastStoreCycle - *firstCommandCycle + 1;
}

//----------------------------------------------------------------------------------------------
// Loading

// The library's interface, or null with the reason.
static const LatheModelApi *findApi(void *library, std::string &why) {
  auto entry = reinterpret_cast<LatheModelEntry>(dlsym(library, LATHE_MODEL_ENTRY));
  if (!entry) {
    why = "it is not a model";
    return nullptr;
  }
  const LatheModelApi *api = entry();
  if (api->version == LATHE_MODEL_API_VERSION && api->struct_size >= sizeof(LatheModelApi))
    return api;
  why = llvm::formatv("it has interface version {0}, this is version {1}", api->version,
                      int(LATHE_MODEL_API_VERSION));
  return nullptr;
}

// Loading a library whose end is missing kills the process. Linkers put the table of sections last.
static bool isWholeLibrary(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  Elf64_Ehdr header;
  if (!file || (*file)->getBufferSize() < sizeof(header))
    return false;
  std::memcpy(&header, (*file)->getBufferStart(), sizeof(header));
  uint64_t end = header.e_shoff + uint64_t(header.e_shnum) * header.e_shentsize;
  return end <= (*file)->getBufferSize();
}

std::unique_ptr<RtlSimulator> RtlSimulator::create(const BuiltModel &model,
                                                   Diagnostics &diagnostics, Options options) {
  std::unique_ptr<RtlSimulator> simulator(new RtlSimulator());
  simulator->sources = model.sources;
  simulator->diagnostics = &diagnostics;
  // Stays loaded: the next machine of this model is there at once, and Verilator keeps buffers in
  // thread-local variables that only the end of the thread frees.
  bool isWhole = isWholeLibrary(model.path);
  if (isWhole)
    simulator->library = dlopen(model.path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  std::string why;
  if (!simulator->library) {
    const char *reason = isWhole ? dlerror() : "the file is missing or not whole";
    why = reason ? reason : "unknown reason";
  } else {
    simulator->api = findApi(simulator->library, why);
  }
  if (simulator->api) {
    LatheModelConfig config = {sizeof(config), options.initialSeed,
                               options.select ? options.select : model.select};
    simulator->info.struct_size = sizeof(LatheModelInfo);
    simulator->api->info(&simulator->info);
    simulator->model = simulator->api->create(&config);
    if (!simulator->model)
      why = simulator->api->last_error(nullptr);
  }
  if (simulator->model) {
    simulator->setHang(HangRule());
    return simulator;
  }
  diagnostics.report(Message::ModelUnusable, Place{model.path, 0, 0, {}}, model.path, why);
  return nullptr;
}

RtlSimulator::~RtlSimulator() {
  if (model)
    api->destroy(model);
  if (library)
    dlclose(library);
}

//----------------------------------------------------------------------------------------------
// The machine

bool RtlSimulator::keep(int result) {
  if (result == 0)
    return true;
  lastError = sources.withUserPaths(api->last_error(model));
  return false;
}

bool RtlSimulator::reset() { return keep(api->reset(model)); }

bool RtlSimulator::attachMemory(uint64_t base, llvm::MutableArrayRef<uint8_t> bytes) {
  return keep(api->attach_memory(model, base, bytes.size(), bytes.data()));
}

void RtlSimulator::detachMemory() { api->detach_memory(model); }

bool RtlSimulator::setMemory(const MemoryBehaviour &behaviour) {
  LatheMemoryConfig config = {sizeof(config), behaviour.latencyCycles, behaviour.seed, {}, {}, {}};
  for (int channel = 0; channel < LATHE_CHANNELS; ++channel) {
    config.stall[channel] = std::lround(std::clamp(behaviour.stall[channel], 0.0, 1.0) * 65536);
    config.pattern_held[channel] = behaviour.pattern[channel].held;
    config.pattern_period[channel] = behaviour.pattern[channel].period;
  }
  return keep(api->set_memory(model, &config));
}

void RtlSimulator::setHang(const HangRule &rule) {
  LatheHangConfig config = {sizeof(config), rule.firstCounter, rule.counterCount, rule.cycles};
  api->set_hang(model, &config);
}

bool RtlSimulator::push(llvm::ArrayRef<uint64_t> limbs) {
  assert(limbs.size() % commandLimbs() == 0 && "the caller gives whole words");
  return keep(api->push(model, limbs.data(), limbs.size() / commandLimbs()));
}

bool RtlSimulator::push(llvm::ArrayRef<uint64_t> limbs, llvm::ArrayRef<uint32_t> gaps) {
  assert(limbs.size() == gaps.size() * commandLimbs() && "a gap for each word");
  return keep(api->push_spaced(model, limbs.data(), gaps.size(), gaps.data()));
}

void RtlSimulator::recordCommands(bool on) { api->record_events(model, on); }

llvm::ArrayRef<uint64_t> RtlSimulator::commandCycles() const {
  uint64_t count = 0;
  const uint64_t *cycles = api->command_cycles(model, &count);
  return {cycles, size_t(count)};
}

std::optional<std::vector<uint64_t>> RtlSimulator::counters(uint32_t first, uint32_t count) {
  std::vector<uint64_t> values(count);
  if (!keep(api->read_counters(model, first, count, values.data())))
    return std::nullopt;
  return values;
}

std::vector<StringRef> RtlSimulator::signals() const {
  std::vector<StringRef> names;
  for (uint32_t i = 0, count = api->signal_count(model); i < count; ++i)
    names.push_back(api->signal_name(model, i));
  return names;
}

std::optional<std::vector<uint64_t>> RtlSimulator::peek(const std::string &signal,
                                                        uint64_t element) {
  uint32_t bits = 0;
  uint64_t elements = 0;
  if (!keep(api->signal_shape(model, signal.c_str(), &bits, &elements)))
    return std::nullopt;
  std::vector<uint64_t> limbs((bits + 63) / 64);
  if (!keep(api->peek(model, signal.c_str(), element, limbs.data())))
    return std::nullopt;
  return limbs;
}

bool RtlSimulator::poke(const std::string &signal, llvm::ArrayRef<uint64_t> limbs,
                        uint64_t element) {
  uint32_t bits = 0;
  uint64_t elements = 0;
  if (!keep(api->signal_shape(model, signal.c_str(), &bits, &elements)))
    return false;
  std::vector<uint64_t> whole = limbs.vec();
  whole.resize((bits + 63) / 64);
  return keep(api->poke(model, signal.c_str(), element, whole.data()));
}

bool RtlSimulator::save(const std::string &path) { return keep(api->save(model, path.c_str())); }
bool RtlSimulator::load(const std::string &path) { return keep(api->load(model, path.c_str())); }

bool RtlSimulator::openTrace(const std::string &path) {
  return keep(api->trace_open(model, path.c_str()));
}

void RtlSimulator::closeTrace() { api->trace_close(model); }

bool RtlSimulator::writeCoverage(const std::string &path) {
  return keep(api->coverage_write(model, path.c_str()));
}

bool RtlSimulator::recordInputs(bool on) { return keep(api->record_inputs(model, on)); }

std::optional<uint64_t> RtlSimulator::replayInputs() {
  uint64_t cycles = 0;
  if (!keep(api->replay_inputs(model, &cycles)))
    return std::nullopt;
  return cycles;
}

//----------------------------------------------------------------------------------------------
// Running

static RunStatus fromModel(uint32_t status) {
  switch (LatheStatus(status)) {
  case LATHE_IDLE:
    return RunStatus::Idle;
  case LATHE_LIMIT:
    return RunStatus::Limit;
  case LATHE_FATAL:
    return RunStatus::Fatal;
  case LATHE_HANG:
    return RunStatus::Hang;
  case LATHE_ERROR:
    return RunStatus::Error;
  }
  return RunStatus::Fatal;
}

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The model cannot be interrupted, so it runs in slices of about this long.
static constexpr double kSliceSeconds = 0.05;
static constexpr uint64_t kFirstSlice = 4096, kLongestSlice = uint64_t(1) << 32;

RunStatus RtlSimulator::runSlices(const RunLimits &limits, LatheRunResult &last) {
  auto start = Clock::now();
  uint64_t slice = kFirstSlice, left = limits.cycles;
  for (;;) {
    auto sliceStart = Clock::now();
    if (limits.lastAlive)
      *limits.lastAlive = sliceStart.time_since_epoch() / std::chrono::nanoseconds(1);
    uint64_t cycles = std::min(slice, left);
    last.struct_size = sizeof(last);
    api->run(model, cycles, &last);
    left -= cycles;
    if (last.status != LATHE_LIMIT || left == 0)
      return fromModel(last.status);
    if (limits.progress)
      limits.progress(last.cycles);
    if (limits.cancel && limits.cancel->load(std::memory_order_relaxed))
      return RunStatus::Cancelled;
    if (limits.seconds > 0 && secondsSince(start) > limits.seconds)
      return RunStatus::WallLimit;
    double factor = kSliceSeconds / std::max(secondsSince(sliceStart), 1e-6);
    slice = std::clamp<uint64_t>(slice * std::clamp(factor, 0.25, 8.0), 1, kLongestSlice);
  }
}

static std::optional<uint64_t> ifItHappened(uint64_t cycle) {
  return cycle == LATHE_NEVER ? std::nullopt : std::optional(cycle);
}

std::optional<uint64_t> RtlSimulator::watchedCycle() const {
  return ifItHappened(api->watched_cycle(model));
}

RunResult RtlSimulator::describe(RunStatus status, const LatheRunResult &last) const {
  RunResult result;
  result.status = status;
  result.errorCode = last.error_code;
  result.cycles = last.cycles;
  result.firstCommandCycle = ifItHappened(last.first_command_cycle);
  result.lastStoreCycle = ifItHappened(last.last_store_cycle);
  result.commandsAccepted = last.commands_accepted;
  result.beatsRead = last.beats_read;
  result.beatsWritten = last.beats_written;
  result.failure = sources.withUserPaths(last.failure_text);
  if (last.failure_line != 0)
    result.where = sources.place(last.failure_file, last.failure_line, 1, *diagnostics);
  result.log = sources.withUserPaths(api->log_tail(model));
  return result;
}

RunResult RtlSimulator::run(const RunLimits &limits) {
  LatheRunResult last = {};
  RunStatus status = runSlices(limits, last);
  if (limits.lastAlive)
    *limits.lastAlive = 0;
  return describe(status, last);
}

// The cycles of `limits` that are left after `done`.
static RunLimits after(RunLimits limits, uint64_t done) {
  limits.cycles -= std::min(done, limits.cycles);
  return limits;
}

std::optional<RunResult> RtlSimulator::runTraced(const std::string &path, uint64_t from,
                                                 uint64_t to, const RunLimits &limits) {
  LatheRunResult last = {};
  last.struct_size = sizeof(last);
  api->run(model, 0, &last); // says how far it is
  uint64_t start = last.cycles;
  auto runTo = [&](uint64_t cycle) {
    RunLimits part = after(limits, last.cycles - start);
    uint64_t cycles = cycle > last.cycles ? cycle - last.cycles : 0;
    bool isPart = cycles < part.cycles;
    part.cycles = std::min(part.cycles, cycles);
    RunStatus status = runSlices(part, last);
    return std::pair(status, isPart && status == RunStatus::Limit);
  };
  auto [status, goesOn] = runTo(from);
  if (!goesOn)
    return describe(status, last);
  if (!openTrace(path))
    return std::nullopt;
  std::tie(status, goesOn) = runTo(to);
  closeTrace();
  if (goesOn)
    status = runSlices(after(limits, last.cycles - start), last);
  return describe(status, last);
}
