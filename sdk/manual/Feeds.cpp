#include "sdk/manual/Feeds.h"

#include "core/mapping/Rules.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::manual;

static std::set<unsigned> contractions(const Target &target) {
  std::set<unsigned> found;
  for (const Rule &rule : deriveRules(target).rules)
    if (rule.kind == Rule::Kind::Contract)
      found.insert(rule.intrinsic);
  return found;
}

std::map<std::pair<unsigned, unsigned>, std::vector<std::string>>
lathe::manual::feeds(const Target &target) {
  std::map<std::pair<unsigned, unsigned>, std::vector<std::string>> found;
  std::set<unsigned> reducing = contractions(target);
  for (unsigned i = 0; i < target.intrinsics.size(); ++i) {
    const Intrinsic &intrinsic = target.intrinsics[i];
    if (reducing.count(i))
      continue;
    for (const TileOperand &to : intrinsic.tiles)
      for (const TileOperand &from : intrinsic.tiles)
        if (to.written && from.read && from.space != to.space &&
            from.shape.size() == to.shape.size())
          found[{from.space, to.space}].push_back(intrinsic.name);
  }
  return found;
}

std::vector<unsigned> lathe::manual::distances(const Target &target) {
  auto edges = feeds(target);
  unsigned unknown = target.spaces.size(), last = 1;
  std::vector<unsigned> distance(target.spaces.size(), unknown);
  distance[kHostSpace] = 0;
  for (size_t round = 0; round < target.spaces.size(); ++round)
    for (const auto &[edge, names] : edges)
      distance[edge.second] = std::min(distance[edge.second], distance[edge.first] + 1);
  for (unsigned it : distance)
    last = it < unknown ? std::max(last, it) : last;
  for (unsigned &it : distance)
    it = std::min(it, last + 1);
  return distance;
}

Traffic lathe::manual::trafficOf(const Target &target, unsigned unit, unsigned pipe) {
  Traffic traffic;
  for (const Intrinsic &intrinsic : target.intrinsics) {
    if (intrinsic.unit != unit || intrinsic.pipe != pipe)
      continue;
    traffic.intrinsics.push_back(intrinsic.name);
    for (const TileOperand &tile : intrinsic.tiles) {
      if (tile.read)
        traffic.reads.insert(tile.space);
      if (tile.written)
        traffic.writes.insert(tile.space);
    }
    traffic.states.insert(intrinsic.statesRead.begin(), intrinsic.statesRead.end());
    traffic.states.insert(intrinsic.statesWritten.begin(), intrinsic.statesWritten.end());
  }
  return traffic;
}
