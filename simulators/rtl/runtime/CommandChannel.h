// How commands reach the machine: here, words through a valid/ready port.
#pragma once

#include "LatheModel.h"

#include <cstdint>
#include <cstring>
#include <vector>

namespace lathe::model {

/// Offers command words of WordBits bits, in order, one a cycle. Once a word is offered it stays
/// until it is taken. Another way to command a machine is another class with these members.
template <unsigned WordBits> class FifoCommandChannel {
public:
  static constexpr unsigned kLimbs = (WordBits + 63) / 64;

  /// `gaps` may be null: none.
  void push(const uint64_t *limbs, uint64_t count, const uint32_t *gaps = nullptr) {
    dropTaken();
    if (empty() && gaps && count > 0)
      wait = gaps[0];
    for (uint64_t i = 0; i < count; ++i)
      waits.push_back(gaps ? gaps[i] : 0);
    size_t first = words.size();
    words.insert(words.end(), limbs, limbs + count * kLimbs);
    if constexpr (WordBits % 64 != 0)
      for (size_t i = first + kLimbs - 1; i < words.size(); i += kLimbs)
        words[i] &= (uint64_t(1) << (WordBits % 64)) - 1;
  }

  void reset() {
    words.clear();
    waits.clear();
    cycles.clear();
    head = accepted = wait = 0;
    offered = false;
    firstCycle = LATHE_NEVER;
  }

  bool empty() const { return head == words.size(); }

  /// Sets the inputs of this cycle. `held`: offer nothing new.
  template <typename Top> void drive(Top &top, bool held) {
    if (wait > 0) {
      --wait;
    } else if (!offered && !held && !empty()) {
      offered = true;
      std::memcpy(&top.cmd_word_i, &words[head], sizeof(top.cmd_word_i));
    }
    top.cmd_valid_i = offered;
  }

  /// Looks at the outputs before the clock edge. True when a word was taken in `cycle`.
  template <typename Top> bool sample(Top &top, uint64_t cycle) {
    if (!(offered & top.cmd_ready_o))
      return false;
    offered = false;
    head += kLimbs;
    if (!empty())
      wait = waits[head / kLimbs];
    if (accepted++ == 0)
      firstCycle = cycle;
    if (recording)
      cycles.push_back(cycle);
    return true;
  }

  uint64_t acceptedCount() const { return accepted; }
  uint64_t firstAcceptedCycle() const { return firstCycle; }
  void record(bool on) { recording = on; }
  const std::vector<uint64_t> &acceptedCycles() const { return cycles; }

  template <typename Archive> void archive(Archive &&visit) {
    visit(words);
    visit(waits);
    visit(cycles);
    visit(head);
    visit(accepted);
    visit(wait);
    visit(firstCycle);
    visit(offered);
  }

private:
  void dropTaken() {
    if (head < words.size() / 2)
      return;
    words.erase(words.begin(), words.begin() + head);
    waits.erase(waits.begin(), waits.begin() + head / kLimbs);
    head = 0;
  }

  std::vector<uint64_t> words; ///< kLimbs limbs a word, [head, end) not yet taken
  std::vector<uint64_t> waits; ///< by word: cycles it waits longer than it must
  std::vector<uint64_t> cycles;
  uint64_t head = 0;
  uint64_t wait = 0; ///< cycles left until the word at head may be offered
  uint64_t accepted = 0;
  uint64_t firstCycle = LATHE_NEVER;
  bool offered = false;
  bool recording = false;
};

} // namespace lathe::model
