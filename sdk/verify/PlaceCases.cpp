// Points of where operands lie: at the ends of banks, across them, and over each other.
#include "sdk/verify/Cases.h"

using namespace lathe;
using namespace lathe::verify;

static void addAt(const Target &target, const HostWindows &windows, unsigned id, unsigned tile,
                  int64_t address, std::optional<int64_t> rows, const std::string &name,
                  Cases &cases) {
  const TileOperand &operand = target.intrinsics[id].tiles[tile];
  CallWish wish;
  wish.intrinsic = id;
  wish.values = {{operand.argument, address}};
  auto leading = leadingArgument(target, operand);
  if (leading && rows)
    wish.values.push_back({*leading, *rows});
  wish.mostRows = 1;
  if (isPossible(target, windows, wish))
    addCase(cases, PointClass::Address,
            "address/" + target.intrinsics[id].name + "/" + operand.name + "=" + name,
            [wish](Script &script) { return runAlone(script, wish); });
}

// Banks are interleaved: address a is in bank a mod B.
static void addAddresses(const Target &target, const HostWindows &windows, unsigned id,
                         Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    const Space &space = target.spaces[tile.space];
    if (space.isHost)
      continue;
    int64_t banks = std::min(space.banks, space.addresses);
    for (int64_t bank = 0; bank < banks; ++bank) {
      std::string of = "bank" + std::to_string(bank);
      addAt(target, windows, id, t, bank, std::nullopt, of + ".first", cases);
      if (space.addresses > banks)
        addAt(target, windows, id, t, space.addresses - banks + bank, std::nullopt, of + ".last",
              cases);
      auto leading = leadingArgument(target, tile);
      if (leading && largestValues(target, intrinsic)[*leading] > 1)
        addAt(target, windows, id, t, space.addresses / 2 / banks * banks + bank, banks + 1,
              of + ".crossing", cases);
    }
  }
}

// Two operands in one space, of which one is written, some addresses apart.
static void addOverlap(const Target &target, const HostWindows &windows, unsigned id, unsigned a,
                       unsigned b, Cases &cases) {
  constexpr int64_t kRows = 5;
  const Intrinsic &intrinsic = target.intrinsics[id];
  const TileOperand &first = intrinsic.tiles[a], &second = intrinsic.tiles[b];
  for (int64_t offset = -kRows; offset <= kRows; ++offset) {
    int64_t base = target.spaces[first.space].addresses / 2;
    CallWish wish;
    wish.intrinsic = id;
    wish.values = {{first.argument, base}, {second.argument, base + offset}};
    auto leading = leadingArgument(target, first);
    if (leading)
      wish.values.push_back({*leading, kRows});
    if ((leading || offset == 0) && isPossible(target, windows, wish))
      addCase(cases, PointClass::Overlap,
              "overlap/" + intrinsic.name + "/" + first.name + "," + second.name +
                  (offset < 0 ? "" : "+") + std::to_string(offset),
              [wish](Script &script) { return runAlone(script, wish); });
  }
}

void verify::addPlaceCases(const Target &target, const HostWindows &windows, Cases &cases) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addAddresses(target, windows, id, cases);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
    const Intrinsic &intrinsic = target.intrinsics[id];
    for (unsigned a = 0; a < intrinsic.tiles.size(); ++a)
      for (unsigned b = a + 1; b < intrinsic.tiles.size(); ++b) {
        const TileOperand &x = intrinsic.tiles[a], &y = intrinsic.tiles[b];
        if (x.space == y.space && x.space != kHostSpace && (x.written || y.written))
          addOverlap(target, windows, id, a, b, cases);
      }
  }
}
