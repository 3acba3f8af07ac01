#include "core/schedule/Slots.h"

#include <doctest/doctest.h>

using namespace lathe;

static int refills(const SlotPlan &plan) {
  int n = 0;
  for (const SlotUse &use : plan.uses)
    n += use.refill;
  return n;
}

TEST_CASE("tiles that all fit are brought in once") {
  SlotPlan plan = planSlotUse({7, 8, 9, 7, 8, 9, 9, 7}, 3);
  CHECK(refills(plan) == 3);
  CHECK(plan.uses[0].slot == plan.uses[3].slot);
  CHECK(plan.uses[1].slot == plan.uses[4].slot);
}

TEST_CASE("a cycle of n tiles in n-1 slots is not brought in anew at every step") {
  // Least recently used would miss all 12 times. By hand, with the tile of the step before kept:
  // 0 1 2 0(hit) 1 2 0 1 2 ... alternates; the optimum without that rule is 7.
  SlotPlan plan = planSlotUse({0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3}, 3);
  CHECK(refills(plan) >= 6);
  CHECK(refills(plan) <= 8);
}

TEST_CASE("the tile of the step before keeps its slot, so that a load can run beside it") {
  SlotPlan plan = planSlotUse({0, 1, 2, 3, 4}, 2);
  for (size_t t = 1; t < plan.uses.size(); ++t)
    CHECK(plan.uses[t].slot != plan.uses[t - 1].slot);
}

TEST_CASE("one slot serves every tile in turn") {
  SlotPlan plan = planSlotUse({0, 1, 1, 0}, 1);
  CHECK(refills(plan) == 3);
  CHECK(plan.uses[3].slot == 0);
}

TEST_CASE("passes that turn back bring in what the slots could not keep, and no more") {
  std::vector<int64_t> passes{0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3};
  for (int64_t slots : {1, 2, 3, 4})
    CHECK(refills(planSlotUse(passes, slots)) == 4 + 2 * (4 - slots));
}
