// The C interface over a Machine: no exception crosses it, and sizes of structs are respected.

#include "Machine.h"
#include "Signals.h"

#include <algorithm>
#include <cstring>
#include <exception>

using namespace lathe::model;

namespace {
constexpr Signal kSignals[] = {
#include "LatheSignals.inc"
    {}, // the end, so that a model without any compiles
};
constexpr uint32_t kSignalCount = std::size(kSignals) - 1;
} // namespace

struct LatheModel : Machine {
  using Machine::Machine;
};

static thread_local std::string createError;

// As many bytes of the caller's struct as both sides know; the rest keeps its default.
template <typename Config> static Config fromCaller(const Config *given) {
  Config config = {};
  if (given)
    std::memcpy(&config, given, std::min<size_t>(given->struct_size, sizeof(Config)));
  config.struct_size = sizeof(Config);
  return config;
}

template <typename Result> static void toCaller(Result value, Result *result) {
  value.struct_size = std::min<uint32_t>(result->struct_size, sizeof(Result));
  std::memcpy(result, &value, value.struct_size);
}

// Runs `action` with the model's log in place. What it throws becomes the model's error.
template <typename Action> static int guarded(LatheModel *model, Action &&action) {
  LogScope scope(model->log);
  model->enter();
  try {
    return action() ? 0 : -1;
  } catch (const RtlStopped &why) {
    model->error = why.text;
    model->stopped(why);
  } catch (const std::exception &why) {
    model->error = why.what();
  }
  return -1;
}

static bool fail(LatheModel *model, std::string why) {
  model->error = std::move(why);
  return false;
}

static int modelInfo(LatheModelInfo *info) {
  toCaller(LatheModelInfo{sizeof(LatheModelInfo), LATHE_COMMAND_BITS, LATHE_BEAT_BYTES, LATHE_TRACE,
                          LATHE_COVERAGE},
           info);
  return 0;
}

static void modelDestroy(LatheModel *model) { delete model; }

static int modelReset(LatheModel *model) {
  return guarded(model, [&] {
    model->reset();
    return true;
  });
}

static LatheModel *modelCreate(const LatheModelConfig *given) {
  LatheModelConfig config = fromCaller(given);
  if (config.select != 0 && !LATHE_SELECT) {
    createError = "the model has no 'lathe_select_i'";
    return nullptr;
  }
  auto *model = new (std::nothrow) LatheModel(config);
  if (!model) {
    createError = "out of memory";
    return nullptr;
  }
  LatheMemoryConfig memory = {};
  memory.latency_cycles = 1;
  model->configureMemory(memory);
  if (modelReset(model) == 0)
    return model;
  createError = model->error;
  delete model;
  return nullptr;
}

static int modelPush(LatheModel *model, const uint64_t *limbs, uint64_t count) {
  return guarded(model, [&] {
    model->commands.push(limbs, count);
    return true;
  });
}

static int modelPushSpaced(LatheModel *model, const uint64_t *limbs, uint64_t count,
                           const uint32_t *gaps) {
  return guarded(model, [&] {
    model->commands.push(limbs, count, gaps);
    return true;
  });
}

static int modelRestart(LatheModel *model) {
  return guarded(model, [&] {
    if (!model->isAlive())
      return fail(model, "the machine has stopped");
    model->restart();
    return true;
  });
}

static int modelAttach(LatheModel *model, uint64_t base, uint64_t size, void *bytes) {
  return guarded(model, [&] {
    return model->memory.memory.attach(base, size, static_cast<uint8_t *>(bytes)) ||
           fail(model, "this memory overlaps memory that is already attached");
  });
}

static int modelDetach(LatheModel *model) {
  model->memory.memory.detachAll();
  return 0;
}

static constexpr uint32_t kLongestLatency = 1 << 20;

static int modelSetMemory(LatheModel *model, const LatheMemoryConfig *given) {
  LatheMemoryConfig config = fromCaller(given);
  return guarded(model, [&] {
    if (config.latency_cycles < 1 || config.latency_cycles > kLongestLatency)
      return fail(model, "the memory's latency must be 1 to 1048576 cycles");
    if (!model->memory.empty())
      return fail(model, "the memory cannot change while beats are on their way");
    model->configureMemory(config);
    return true;
  });
}

static int modelSetHang(LatheModel *model, const LatheHangConfig *config) {
  model->configureHang(fromCaller(config));
  return 0;
}

static int modelRun(LatheModel *model, uint64_t maxCycles, LatheRunResult *result) {
  LatheStatus status = LATHE_FATAL;
  guarded(model, [&] {
    status = model->run(maxCycles);
    return true;
  });
  LatheRunResult full = {};
  model->describe(status, full);
  toCaller(full, result);
  return 0;
}

static int modelReadCounters(LatheModel *model, uint32_t first, uint32_t count, uint64_t *values) {
  return guarded(model, [&] {
    if (!model->isAlive())
      return fail(model, "the machine has stopped");
    model->readCounters(first, count, values);
    return true;
  });
}

//----------------------------------------------------------------------------------------------
// Signals

static uint32_t modelSignalCount(LatheModel *) { return kSignalCount; }

static const char *modelSignalName(LatheModel *, uint32_t index) {
  return index < kSignalCount ? kSignals[index].name : nullptr;
}

static const Signal *findElement(LatheModel *model, const char *name, uint64_t element) {
  const Signal *signal = findSignal(kSignals, kSignalCount, name);
  if (!signal)
    fail(model, std::string("the model has no signal '") + name + "'");
  else if (element >= signal->elements)
    fail(model, std::string("'") + name + "' has " + std::to_string(signal->elements) +
                    " elements, asked for number " + std::to_string(element));
  else
    return signal;
  return nullptr;
}

static int modelSignalShape(LatheModel *model, const char *name, uint32_t *bits,
                            uint64_t *elements) {
  return guarded(model, [&] {
    const Signal *signal = findElement(model, name, 0);
    if (!signal)
      return false;
    *bits = signal->bits;
    *elements = signal->elements;
    return true;
  });
}

static char *place(LatheModel *model, const Signal &signal, uint64_t element) {
  return reinterpret_cast<char *>(model->symbols()) + signal.offset + element * signal.elementBytes;
}

static int modelPeek(LatheModel *model, const char *name, uint64_t element, uint64_t *limbs) {
  return guarded(model, [&] {
    const Signal *signal = findElement(model, name, element);
    if (!signal)
      return false;
    std::memset(limbs, 0, (signal->bits + 63) / 64 * sizeof(uint64_t));
    std::memcpy(limbs, place(model, *signal, element), (signal->bits + 7) / 8);
    return true;
  });
}

static int modelPoke(LatheModel *model, const char *name, uint64_t element, const uint64_t *limbs) {
  return guarded(model, [&] {
    const Signal *signal = findElement(model, name, element);
    if (!signal || !model->isAlive())
      return signal ? fail(model, "the machine has stopped") : false;
    char *to = place(model, *signal, element);
    unsigned wholeBytes = signal->bits / 8, spareBits = signal->bits % 8;
    std::memcpy(to, limbs, wholeBytes);
    if (spareBits != 0)
      to[wholeBytes] = reinterpret_cast<const char *>(limbs)[wholeBytes] & ((1 << spareBits) - 1);
    model->settle();
    return true;
  });
}

//----------------------------------------------------------------------------------------------
// State, waveforms, coverage, events

static int modelSave(LatheModel *model, const char *path) {
  return guarded(model, [&] {
    return model->isAlive() ? model->save(path) : fail(model, "the machine has stopped");
  });
}

static int modelLoad(LatheModel *model, const char *path) {
  return guarded(model, [&] {
    return model->isAlive() ? model->load(path) : fail(model, "the machine has stopped");
  });
}

static int modelTraceOpen(LatheModel *model, const char *path) {
  return guarded(model, [&] {
    return model->isAlive() ? model->openTrace(path) : fail(model, "the machine has stopped");
  });
}

static int modelTraceClose(LatheModel *model) {
  return guarded(model, [&] {
    model->closeTrace();
    return true;
  });
}

static int modelCoverage(LatheModel *model, const char *path) {
  return guarded(model, [&] { return model->writeCoverage(path); });
}

static int modelRecord(LatheModel *model, int on) {
  model->commands.record(on != 0);
  return 0;
}

static const uint64_t *modelCommandCycles(LatheModel *model, uint64_t *count) {
  *count = model->commands.acceptedCycles().size();
  return model->commands.acceptedCycles().data();
}

static const char *modelLogTail(LatheModel *model) { return model->log.text().c_str(); }

static const char *modelLastError(LatheModel *model) {
  return model ? model->error.c_str() : createError.c_str();
}

static int modelRecordInputs(LatheModel *model, int on) {
  return guarded(model, [&] { return model->recordInputs(on != 0); });
}

static int modelReplayInputs(LatheModel *model, uint64_t *cycles) {
  return guarded(model, [&] { return model->replayInputs(*cycles); });
}

static int modelWatchWrite(LatheModel *model, uint64_t address) {
  model->memory.watch(address);
  return 0;
}

static uint64_t modelWatchedCycle(LatheModel *model) { return model->memory.watchedCycle(); }

static constexpr LatheModelApi kApi = {
    .struct_size = sizeof(LatheModelApi),
    .version = LATHE_MODEL_API_VERSION,
    .info = modelInfo,
    .create = modelCreate,
    .destroy = modelDestroy,
    .reset = modelReset,
    .push = modelPush,
    .attach_memory = modelAttach,
    .detach_memory = modelDetach,
    .set_memory = modelSetMemory,
    .set_hang = modelSetHang,
    .run = modelRun,
    .read_counters = modelReadCounters,
    .signal_count = modelSignalCount,
    .signal_name = modelSignalName,
    .signal_shape = modelSignalShape,
    .peek = modelPeek,
    .poke = modelPoke,
    .save = modelSave,
    .load = modelLoad,
    .trace_open = modelTraceOpen,
    .trace_close = modelTraceClose,
    .coverage_write = modelCoverage,
    .record_events = modelRecord,
    .command_cycles = modelCommandCycles,
    .log_tail = modelLogTail,
    .last_error = modelLastError,
    .record_inputs = modelRecordInputs,
    .replay_inputs = modelReplayInputs,
    .watch_write = modelWatchWrite,
    .watched_cycle = modelWatchedCycle,
    .push_spaced = modelPushSpaced,
    .restart = modelRestart,
};

extern "C" __attribute__((visibility("default"))) const LatheModelApi *lathe_model_api(void) {
  return &kApi;
}
