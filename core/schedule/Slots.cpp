#include "core/schedule/Slots.h"

#include <map>

using namespace lathe;

SlotPlan lathe::planSlotUse(llvm::ArrayRef<int64_t> pieces, int64_t slots) {
  // nextUse[t]: the next step that needs the same piece; pieces.size() when none does.
  std::vector<size_t> nextUse(pieces.size());
  std::map<int64_t, size_t> seen;
  for (size_t t = pieces.size(); t-- > 0;) {
    auto at = seen.find(pieces[t]);
    nextUse[t] = at == seen.end() ? pieces.size() : at->second;
    seen[pieces[t]] = t;
  }
  struct Slot {
    int64_t piece = -1;
    size_t nextUse = 0;
  };
  std::vector<Slot> state;
  std::map<int64_t, int64_t> where;
  SlotPlan plan;
  int64_t previous = -1;
  for (size_t t = 0; t < pieces.size(); ++t) {
    auto found = where.find(pieces[t]);
    bool refill = found == where.end();
    int64_t chosen = refill ? -1 : found->second;
    if (refill && int64_t(state.size()) < slots) {
      chosen = state.size();
      state.push_back({});
    } else if (refill) {
      for (int64_t s = 0; s < slots; ++s)
        if ((s != previous || slots == 1) &&
            (chosen < 0 || state[s].nextUse > state[chosen].nextUse))
          chosen = s;
      where.erase(state[chosen].piece);
    }
    state[chosen] = {pieces[t], nextUse[t]};
    where[pieces[t]] = chosen;
    plan.uses.push_back({chosen, refill});
    previous = chosen;
  }
  return plan;
}
