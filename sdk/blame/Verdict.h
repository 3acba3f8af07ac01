// Who is to blame when the hardware does something else: a function of what was observed.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace lathe::blame {

enum class Party : uint8_t { Compiler, Description, Rtl, Simulator };
/// "compiler", "description", "RTL", "simulator".
llvm::StringRef name(Party party);

/// How two that should agree compare.
enum class Vote : uint8_t { Unknown, Same, Differs };

/// What was observed of one failure. "Expected" is what the functional simulator computes; of a
/// kernel, what the reference computes.
struct Evidence {
  enum class Kind : uint8_t {
    Kernel,   ///< a program's results
    Case,     ///< a conformance case's results
    Timing,   ///< a claim about time
    NoProgram ///< a point that the description lets nothing reach
  };
  Kind kind = Kind::Kernel;
  bool isCompiled = true; ///< of a kernel: the program follows from the description

  Vote modelReference = Vote::Unknown; ///< functional simulator and reference; a fault differs
  Vote rtlReference = Vote::Unknown;   ///< RTL and reference
  Vote rtlModel = Vote::Unknown;       ///< RTL and functional simulator
  Vote wordsReadBack = Vote::Unknown;  ///< the program, and its words decoded
  Vote otherRegisters = Vote::Unknown; ///< the RTL, and itself with registers that begin otherwise
  Vote otherRegistersThere =
      Vote::Unknown;                   ///< the same on a second simulator that does as expected
  Vote secondRtl = Vote::Unknown;      ///< the RTL on a second simulator, and on the first
  Vote secondExpected = Vote::Unknown; ///< the RTL on a second simulator, and what is expected

  // Of vectors: what was accepted.
  size_t vectors = 0;                       ///< that were replayed
  bool hasOwnVector = false;                ///< one of them is of the very case that fails
  Vote vectorsModel = Vote::Unknown;        ///< what the description makes of their words
  Vote vectorsRtl = Vote::Unknown;          ///< what the RTL makes of their words
  Vote vectorsTime = Vote::Unknown;         ///< the RTL's cycles
  std::string modelText, rtlText, timeText; ///< the first differences
};

/// One party, or two when the evidence leaves both.
struct Verdict {
  std::vector<Party> parties;
  std::vector<std::string> reasons; ///< phrases
  bool isCompiled = true;           ///< else the compiler is whoever wrote the program

  bool isDecided() const { return parties.size() == 1; }
  /// "blame: the RTL: REASON; REASON", "blame: undecided, the description or the RTL: ...".
  std::string text() const;
};

/// The rules of docs/decisions/0016-blame.md: the first that holds. Assumes one fault.
Verdict decide(const Evidence &evidence);

} // namespace lathe::blame
