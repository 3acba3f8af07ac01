// Instructions that a description allows, with some of their fields given.
#pragma once

#include "sdk/verify/Script.h"

namespace lathe::verify {

/// What is given; the rest is chosen.
struct CallWish {
  unsigned intrinsic = 0;
  std::vector<std::pair<unsigned, int64_t>> values; ///< (argument, value)
  std::vector<std::pair<unsigned, int64_t>> states; ///< set before
  int64_t mostRows = 4;                             ///< of extents that are not given
  std::vector<std::pair<unsigned, std::vector<uint8_t>>> operands; ///< (tile, all its elements)
  int64_t mostAddress = INT64_MAX; ///< on chip, of operands that are not given
  bool leaveRoom = false; ///< of small memories, half stays free for what showing them needs
  std::vector<Script::Range> avoid; ///< addresses that no chosen operand may touch
  std::vector<Script::Range> keep;  ///< addresses that no chosen operand may write
  bool keepContents = false;        ///< operands on chip are left as they are

  std::optional<int64_t> given(unsigned argument) const;
};

/// True when some choice of the rest makes the wish an instruction that stays inside its memories.
bool isPossible(const Target &target, const HostWindows &windows, const CallWish &wish);

/// Chooses the rest, sets the states, and fills the operands: those given, the others at random.
/// Nothing, with the script's reason, when it cannot be done.
std::optional<Call> arrange(Script &script, const CallWish &wish);

/// Addresses on chip that the tiles of `call` touch; written ones only, or read ones too.
enum class Touch : uint8_t { Written, All };
std::vector<Script::Range> touched(const Script &script, const Call &call, Touch which);

/// Gives random values to the addresses of `range` of which some are undefined.
bool defineRange(Script &script, const Script::Range &range);
/// `ranges` with an address more on either side.
std::vector<Script::Range> widened(const Script &script, llvm::ArrayRef<Script::Range> ranges);

/// Arranges the call, runs it alone, and shows what it wrote with an address on either side.
bool runAlone(Script &script, const CallWish &wish);

} // namespace lathe::verify
