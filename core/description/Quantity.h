// Numbers with units: `256 KiB`, `16 B/cycle`, `40 cycles`, `1 per cycle`, `500 MHz`.
#pragma once

#include "core/support/Diagnostic.h"

namespace lathe {

enum class Measure : uint8_t {
  None,          ///< a plain count
  Bytes,         ///< B, KiB, MiB, GiB; kept in bytes
  BytesPerCycle, ///< B/cycle
  PerCycle,      ///< per cycle
  Cycles,        ///< cycle, cycles
  Frequency,     ///< Hz, kHz, MHz, GHz; kept in Hz
};

/// How a unit is written in messages, documents and the JSON schema.
struct MeasureInfo {
  llvm::StringLiteral what;    ///< "bytes"
  llvm::StringLiteral example; ///< "256 KiB"
  llvm::StringLiteral pattern; ///< ECMA regular expression of a whole quantity
};
const MeasureInfo &measureInfo(Measure measure);

/// The number in the unit's base, or nothing after a diagnostic at `loc`. `name` is the key's.
std::optional<int64_t> parseQuantity(llvm::StringRef text, Measure measure, llvm::StringRef name,
                                     llvm::SMLoc loc, Diagnostics &diagnostics);

/// `262144` -> "256 KiB": the shortest exact form.
std::string formatQuantity(int64_t value, Measure measure);

} // namespace lathe
