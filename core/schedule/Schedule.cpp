#include "core/schedule/Schedule.h"

#include "core/program/Timing.h"

#include <algorithm>
#include <cassert>
#include <utility>

using namespace lathe;

namespace {

constexpr int64_t kAnyValue = INT64_MIN; ///< a state the instruction does not depend on after all

/// Puts the instructions that set states in front of those that read them.
class StateSetter {
public:
  StateSetter(const Rules &rules, const Target &target, InstructionStream &stream)
      : rules(rules), target(target), stream(stream), current(target.states.size()) {}

  void require(const Intrinsic &intrinsic, const int64_t *wanted) {
    for (size_t i = 0; i < intrinsic.statesRead.size(); ++i) {
      unsigned state = intrinsic.statesRead[i];
      // A value that does not matter must still be some value.
      bool differs = wanted[i] == kAnyValue ? !current[state] : current[state] != wanted[i];
      if (differs)
        set(state, intrinsic, wanted);
    }
  }

private:
  void set(unsigned state, const Intrinsic &reader, const int64_t *wanted) {
    const Rule *rule = rules.configures(state, target);
    assert(rule && "every state that is read can be set: checked by loadTarget");
    const Intrinsic &intrinsic = target.intrinsics[rule->intrinsic];
    std::vector<int64_t> values;
    for (const Argument &argument : intrinsic.arguments)
      values.push_back(std::clamp<int64_t>(0, argument.min, argument.max));
    for (auto [other, argument] : stateAssignments(target, intrinsic)) {
      int64_t value = current[other].value_or(values[argument]);
      for (size_t i = 0; i < reader.statesRead.size(); ++i)
        if (reader.statesRead[i] == other && wanted[i] != kAnyValue)
          value = wanted[i];
      values[argument] = value;
      current[other] = value;
    }
    stream.add(rule->intrinsic, values);
  }

  const Rules &rules;
  const Target &target;
  InstructionStream &stream;
  std::vector<std::optional<int64_t>> current;
};

/// Ascending by start, then by index. Within a lane (a pipe's instructions) both ascend already.
std::vector<uint32_t> merged(llvm::ArrayRef<std::vector<uint32_t>> lanes,
                             llvm::ArrayRef<int64_t> starts) {
  std::vector<uint32_t> order;
  order.reserve(starts.size());
  std::vector<size_t> next(lanes.size(), 0);
  while (order.size() < starts.size()) {
    std::optional<size_t> first;
    for (size_t lane = 0; lane < lanes.size(); ++lane) {
      if (next[lane] == lanes[lane].size())
        continue;
      uint32_t a = lanes[lane][next[lane]];
      uint32_t b = first ? lanes[*first][next[*first]] : 0;
      if (!first || starts[a] < starts[b] || (starts[a] == starts[b] && a < b))
        first = lane;
    }
    order.push_back(lanes[*first][next[*first]++]);
  }
  return order;
}

std::vector<uint32_t> orderByStart(const OpList &ops, const Target &target) {
  TimingModel model(target, TimingModel::Mode::Dataflow);
  std::vector<int64_t> starts(ops.size());
  std::vector<int64_t> states(target.states.size());
  std::vector<unsigned> firstLane; // of each unit
  unsigned laneCount = 0;
  for (const Unit &unit : target.units)
    firstLane.push_back(
        std::exchange(laneCount, laneCount + std::max<size_t>(1, unit.pipes.size())));
  std::vector<std::vector<uint32_t>> lanes(laneCount);
  for (size_t i = 0; i < ops.size(); ++i) {
    const Intrinsic &intrinsic = target.intrinsics[ops.intrinsics[i]];
    lanes[firstLane[intrinsic.unit] + intrinsic.pipe].push_back(i);
    for (size_t s = 0; s < intrinsic.statesRead.size(); ++s) {
      int64_t value = ops.states[ops.statesAt[i] + s];
      states[intrinsic.statesRead[s]] = value == kAnyValue ? 0 : value;
    }
    llvm::ArrayRef<int64_t> values(ops.values.data() + ops.valuesAt[i], intrinsic.arguments.size());
    starts[i] = model.issue(ops.intrinsics[i], values, states).start;
  }
  return merged(lanes, starts);
}

} // namespace

InstructionStream lathe::schedule(OpList ops, const Rules &rules, const Target &target) {
  std::vector<uint32_t> order = orderByStart(ops, target);
  InstructionStream stream(std::move(ops.values));
  stream.reserve(ops.size() + 64);
  StateSetter setter(rules, target, stream);
  for (uint32_t i : order) {
    const Intrinsic &intrinsic = target.intrinsics[ops.intrinsics[i]];
    setter.require(intrinsic, ops.states.data() + ops.statesAt[i]);
    stream.addFromPool(ops.intrinsics[i], ops.valuesAt[i], intrinsic.arguments.size());
  }
  return stream;
}
