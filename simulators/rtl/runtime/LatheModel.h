// The C interface of a simulated machine: one shared library per model, one struct of functions.
//
// A library exports `lathe_model_api`. Every struct begins with its size in bytes as the caller or
// the library knows it; fields are only ever added at the end, so that a newer side can tell what
// the older one understands. Functions that return int return 0, or -1 with the reason in
// last_error. No function prints, exits or throws. One model is used by one thread at a time;
// different models are independent.
#ifndef LATHE_MODEL_H
#define LATHE_MODEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { LATHE_MODEL_API_VERSION = 1 };

/// A cycle that has not happened.
#define LATHE_NEVER UINT64_MAX

typedef struct LatheModel LatheModel;

/// How a run ended.
typedef enum LatheStatus {
  LATHE_IDLE = 0,  ///< every command accepted, `idle` high, nothing outstanding on the memory ports
  LATHE_LIMIT = 1, ///< max_cycles passed
  LATHE_FATAL =
      2,          ///< the RTL stopped itself: $fatal, $error, $finish, an assertion, no convergence
  LATHE_HANG = 3, ///< not idle, yet no handshake and no progress for the configured cycles
  LATHE_ERROR = 4 ///< the RTL did what the host must refuse: an access outside attached memory
} LatheStatus;

/// What this library was built with.
typedef struct LatheModelInfo {
  uint32_t struct_size;
  uint32_t command_bits; ///< a command word is ceil(command_bits / 64) limbs, lowest bits first
  uint32_t beat_bytes;   ///< bytes of one beat of the memory ports
  uint32_t has_trace;    ///< 1 when trace_open can work
  uint32_t has_coverage; ///< 1 when coverage_write can work
} LatheModelInfo;

typedef struct LatheModelConfig {
  uint32_t struct_size;
  /// What registers without a reset hold at first: 0 for all zeros, else a seed of random bits.
  uint32_t initial_seed;
  /// What the input `lathe_select_i` holds from the first cycle on; 0 for a model without one.
  uint32_t select;
} LatheModelConfig;

/// The channels that can be held back at random, in this order everywhere.
typedef enum LatheChannel {
  LATHE_COMMAND = 0,
  LATHE_READ_REQUEST = 1,
  LATHE_READ_RESPONSE = 2,
  LATHE_WRITE_REQUEST = 3,
  LATHE_WRITE_RESPONSE = 4,
  LATHE_CHANNELS = 5
} LatheChannel;

typedef struct LatheMemoryConfig {
  uint32_t struct_size;
  uint32_t latency_cycles; ///< from a request's handshake to its response's valid, >= 1
  uint64_t seed;           ///< of the back-pressure
  /// Per channel: how often, in 1/65536 of the cycles, the host's side holds back. 0 is never.
  uint32_t stall[LATHE_CHANNELS];
  /// Per channel: it is held back in the first `pattern_held` cycles of every `pattern_period`
  /// cycles since reset as well. A period of 0 is never.
  uint32_t pattern_held[LATHE_CHANNELS];
  uint32_t pattern_period[LATHE_CHANNELS];
} LatheMemoryConfig;

typedef struct LatheHangConfig {
  uint32_t struct_size;
  /// Counters [first_counter, first_counter + counter_count) that change while the machine works.
  uint32_t first_counter;
  uint32_t counter_count;
  uint64_t cycles; ///< without a handshake and without a change of those counters; 0 is no watch
} LatheHangConfig;

typedef struct LatheRunResult {
  uint32_t struct_size;
  uint32_t status;              ///< LatheStatus
  uint32_t error_code;          ///< error_o at the end, 0 is none
  uint32_t failure_line;        ///< in failure_file, 0 when unknown
  uint64_t cycles;              ///< since reset
  uint64_t first_command_cycle; ///< since reset, of the first command accepted, or LATHE_NEVER
  uint64_t last_store_cycle;    ///< since reset, of the last write beat accepted, or LATHE_NEVER
  uint64_t commands_accepted;   ///< since reset
  uint64_t beats_read;          ///< since reset
  uint64_t beats_written;       ///< since reset
  uint64_t failure_address;     ///< of a refused access
  const char *failure_file;     ///< RTL file that stopped, as named to the build; "" when unknown
  const char *failure_text;     ///< one line, "" when nothing failed; valid until the next call
} LatheRunResult;

typedef struct LatheModelApi {
  uint32_t struct_size;
  uint32_t version; ///< LATHE_MODEL_API_VERSION

  /// Fills `info`, whose struct_size the caller has set.
  int (*info)(LatheModelInfo *info);

  /// A model in reset, or NULL with the reason in last_error(NULL).
  LatheModel *(*create)(const LatheModelConfig *config);
  void (*destroy)(LatheModel *model);
  /// Back to the state after create: registers reset, commands not yet taken dropped, cycle 0.
  /// Attached memory, the memory and hang configuration and an event log's being on stay.
  int (*reset)(LatheModel *model);

  /// Appends `count` command words. The words are copied.
  int (*push)(LatheModel *model, const uint64_t *limbs, uint64_t count);
  /// Gives host memory [base, base + size) to the machine, in place: `bytes` must outlive its use.
  /// Regions may not overlap.
  int (*attach_memory)(LatheModel *model, uint64_t base, uint64_t size, void *bytes);
  int (*detach_memory)(LatheModel *model);
  int (*set_memory)(LatheModel *model, const LatheMemoryConfig *config);
  int (*set_hang)(LatheModel *model, const LatheHangConfig *config);

  /// Runs until one of LatheStatus, at most `max_cycles` more cycles. Returns 0 also when the
  /// machine failed: how it ended is in `result`.
  int (*run)(LatheModel *model, uint64_t max_cycles, LatheRunResult *result);

  /// Counters [first, first + count) through the performance port; takes count + 1 cycles.
  int (*read_counters)(LatheModel *model, uint32_t first, uint32_t count, uint64_t *values);

  /// Every port, register and wire that the build kept, by hierarchical name.
  uint32_t (*signal_count)(LatheModel *model);
  const char *(*signal_name)(LatheModel *model, uint32_t index);
  /// Bits of one element and number of elements (1 unless a memory) of the signal `name`.
  int (*signal_shape)(LatheModel *model, const char *name, uint32_t *bits, uint64_t *elements);
  /// Copies element `element` of `name` to or from ceil(bits / 64) limbs.
  int (*peek)(LatheModel *model, const char *name, uint64_t element, uint64_t *limbs);
  int (*poke)(LatheModel *model, const char *name, uint64_t element, const uint64_t *limbs);

  /// The machine and the ports' state, without attached memory.
  int (*save)(LatheModel *model, const char *path);
  int (*load)(LatheModel *model, const char *path);

  /// FST waveform of the cycles run while it is open.
  int (*trace_open)(LatheModel *model, const char *path);
  int (*trace_close)(LatheModel *model);
  int (*coverage_write)(LatheModel *model, const char *path);

  /// When on, the cycle at which each command was accepted is kept: cycles[i] for command i.
  int (*record_events)(LatheModel *model, int on);
  const uint64_t *(*command_cycles)(LatheModel *model, uint64_t *count);

  /// The end of what the RTL printed. Valid until the next call.
  const char *(*log_tail)(LatheModel *model);
  const char *(*last_error)(LatheModel *model);

  /// Of a model built for replay: keep the inputs of each cycle that is run from now on; reset and
  /// give the model those inputs again, without commands or memory. `cycles`: how many there were.
  int (*record_inputs)(LatheModel *model, int on);
  int (*replay_inputs)(LatheModel *model, uint64_t *cycles);

  /// Watches the byte of host memory at `address` from now on; one byte at a time.
  int (*watch_write)(LatheModel *model, uint64_t address);
  /// The cycle of the last write beat that wrote the watched byte, or LATHE_NEVER.
  uint64_t (*watched_cycle)(LatheModel *model);

  /// push, where word i is offered `gaps[i]` cycles later than it could be: after the word before
  /// it was taken, or after this call when all were.
  int (*push_spaced)(LatheModel *model, const uint64_t *limbs, uint64_t count,
                     const uint32_t *gaps);
  /// Pulls the reset line of the machine as it stands: what has no reset keeps its value. Commands
  /// not yet taken and beats on their way are dropped; cycles count from 0 again.
  int (*restart)(LatheModel *model);
} LatheModelApi;

typedef const LatheModelApi *(*LatheModelEntry)(void);
#define LATHE_MODEL_ENTRY "lathe_model_api"

#ifdef __cplusplus
}
#endif
#endif
