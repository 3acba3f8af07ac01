// When addresses on chip were written and read, and which commands a unit holds: what the timing
// model remembers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace lathe {

/// Addresses [first, last] of an on-chip operand.
struct Range {
  int64_t first = 0, last = -1;
};

/// The latest time of any pipe in a block of addresses, and of any but that one.
struct BlockTimes {
  int64_t latest = 0, second = 0;
  unsigned pipe = ~0u; ///< whose `latest` is

  int64_t ofOthers(unsigned than) const { return than == pipe ? second : latest; }
  void add(unsigned by, int64_t time) {
    if (by == pipe) {
      latest = std::max(latest, time);
    } else if (time >= latest) {
      second = latest;
      latest = time;
      pipe = by;
    } else {
      second = std::max(second, time);
    }
  }
};

/// When something was written, and by which pipe.
class Stamp {
public:
  Stamp() = default;
  Stamp(int64_t time, unsigned pipe) : bits(time << kPipeBits | pipe) {}
  int64_t ofOthers(unsigned than) const {
    return (bits & ((1 << kPipeBits) - 1)) == than ? 0 : bits >> kPipeBits;
  }

private:
  static constexpr unsigned kPipeBits = 16;
  int64_t bits = 0xffff;
};

/// When each address of a space was last written, and when each pipe will have read it.
struct SpaceTimes {
  std::vector<Stamp> written;
  std::vector<std::vector<int64_t>> read; ///< per global pipe; empty when that pipe does not
  /// Per block of kBlock addresses: what has long settled is passed over without a look at each.
  std::vector<BlockTimes> blocks;
};

constexpr uint64_t kBlock = 16;

/// Completions of the commands that wait or run in a unit, at most `depth` of them.
class CommandQueue {
public:
  explicit CommandQueue(int64_t depth) : depth(depth) {}
  /// When the next command finds room: whichever completes first makes it.
  int64_t free() const { return running.size() - first < depth ? 0 : running[first]; }
  void push(int64_t done) {
    if (running.size() - first == depth)
      ++first;
    if (first == kSpent) {
      running.erase(running.begin(), running.begin() + kSpent);
      first = 0;
    }
    // Most complete in the order in which they come.
    size_t at = running.size();
    running.push_back(done);
    for (; at > first && running[at - 1] > done; --at)
      running[at] = running[at - 1];
    running[at] = done;
  }

private:
  static constexpr size_t kSpent = 1024; ///< of `running`, before they are given back
  size_t depth, first = 0;
  std::vector<int64_t> running; ///< from `first` on, ascending
};

} // namespace lathe
