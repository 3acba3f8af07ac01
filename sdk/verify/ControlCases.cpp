// Points of how a machine is driven: hesitating ports, reset, configuration, what memories begin
// with, and long sequences.
#include "sdk/verify/Cases.h"

#include "core/program/Timing.h"

using namespace lathe;
using namespace lathe::verify;

static CallWish smallWish(unsigned intrinsic) {
  CallWish wish;
  wish.intrinsic = intrinsic;
  wish.mostRows = 4;
  return wish;
}

// ---- ports

static void addPorts(const Target &target, Cases &cases) {
  constexpr llvm::StringLiteral kChannels[LATHE_CHANNELS] = {
      "command", "read_request", "read_response", "write_request", "write_response"};
  struct Way {
    llvm::StringLiteral name;
    MemoryBehaviour::Pattern pattern;
    double stall;
  };
  const Way ways[] = {{"always", {0, 0}, 0},      {"never-64", {64, 128}, 0},
                      {"alternating", {1, 2}, 0}, {"quarter", {0, 0}, 0.25},
                      {"half", {0, 0}, 0.5},      {"three-quarters", {0, 0}, 0.75}};
  for (unsigned channel = 0; channel < LATHE_CHANNELS; ++channel)
    for (const Way &way : ways) {
      MemoryBehaviour behaviour;
      behaviour.latencyCycles = 3;
      behaviour.seed = channel + 1;
      behaviour.stall[channel] = way.stall;
      behaviour.pattern[channel] = way.pattern;
      std::string port = (kChannels[channel] + "/" + way.name).str();
      for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
        Case &added =
            addCase(cases, PointClass::Port, "port/" + port + "/" + target.intrinsics[id].name,
                    [id](Script &script) { return runAlone(script, smallWish(id)); });
        added.begin = Case::Begin::Nothing;
        added.portName = port;
        added.ports = behaviour;
      }
    }
}

// ---- reset

static int64_t cyclesAlone(const Target &target, unsigned id) {
  InstructionStream stream;
  std::vector<int64_t> values = largestValues(target, target.intrinsics[id]);
  for (const TileOperand &tile : target.intrinsics[id].tiles)
    if (auto leading = leadingArgument(target, tile))
      values[*leading] = std::min<int64_t>(values[*leading], 3);
  stream.add(id, values);
  return predict(stream, target).idleAt;
}

static bool runCut(Script &script, unsigned id, uint64_t cycles) {
  CallWish wish = smallWish(id);
  wish.mostRows = 3;
  std::optional<Call> call = arrange(script, wish);
  if (!call || !script.cut(*call, cycles))
    return false;
  script.unprotect();
  bool works = runAlone(script, wish);
  script.sync();
  script.restart();
  return works;
}

static void addResets(const Target &target, Cases &cases) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
    int64_t cycles = std::min<int64_t>(cyclesAlone(target, id) + 4, 400);
    for (int64_t cycle = 1; cycle <= cycles; ++cycle)
      addCase(cases, PointClass::Reset,
              "reset/" + target.intrinsics[id].name + "/" + std::to_string(cycle),
              [id, cycle](Script &script) { return runCut(script, id, cycle); })
          .begin = Case::Begin::Reset;
  }
}

// ---- configuration

static std::vector<NamedValue> stateValues(const Target &target, const Intrinsic &intrinsic,
                                           unsigned state) {
  std::vector<NamedValue> values;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::State && tile.step.id == state) {
      int64_t dense = denseStep(tile, largestValues(target, intrinsic));
      values = {{"dense", dense},
                {"dense+1", dense + 1},
                {"-dense", -dense},
                {"4096", 4096},
                {"65543", 65543}};
      if (!tile.written)
        values.push_back({"0", 0});
      if (!target.states[state].element.isSigned())
        llvm::erase_if(values, [](const NamedValue &value) { return value.value < 0; });
      return values;
    }
  for (uint64_t bits : cornersOf(target.states[state].element))
    values.push_back({cornerName(target.states[state].element, bits), static_cast<int64_t>(bits)});
  return values;
}

// The state goes from one value to the other just before the instruction.
static bool runChange(Script &script, unsigned id, unsigned state, int64_t from, int64_t to) {
  CallWish wish = smallWish(id);
  wish.states = {{state, to}};
  std::optional<Call> call = arrange(script, wish);
  if (!call)
    return false;
  std::vector<Script::Range> shown = widened(script, touched(script, *call, Touch::Written));
  for (const Script::Range &range : shown)
    if (!defineRange(script, range))
      return false;
  script.sync();
  if (!script.setState(state, from) || !script.setState(state, to) || !script.test(*call))
    return false;
  script.sync();
  return script.observeRanges(shown);
}

static void addConfigs(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  std::vector<unsigned> read = intrinsic.statesRead;
  for (unsigned state : stepStates(intrinsic))
    if (!llvm::is_contained(read, state))
      read.push_back(state);
  auto text = [&](unsigned state, const NamedValue &value) {
    return target.states[state].name + "=" + value.name;
  };
  std::string prefix = "config/" + intrinsic.name + "/";
  for (size_t i = 0; i < read.size(); ++i) {
    std::vector<NamedValue> values = stateValues(target, intrinsic, read[i]);
    for (const NamedValue &from : values)
      for (const NamedValue &to : values)
        addCase(cases, PointClass::Config, prefix + text(read[i], from) + ">" + to.name,
                [id, state = read[i], from = from.value, to = to.value](Script &script) {
                  return runChange(script, id, state, from, to);
                });
    for (size_t j = i + 1; j < read.size(); ++j)
      for (const NamedValue &x : values)
        for (const NamedValue &y : stateValues(target, intrinsic, read[j])) {
          CallWish wish = smallWish(id);
          wish.states = {{read[i], x.value}, {read[j], y.value}};
          addCase(cases, PointClass::Config, prefix + text(read[i], x) + "," + text(read[j], y),
                  [wish](Script &script) { return runAlone(script, wish); });
        }
  }
}

// ---- initial values

static void addInitials(const Target &target, Cases &cases) {
  for (int seed = 1; seed <= 5; ++seed)
    for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
      std::string name = "seed" + std::to_string(seed);
      CallWish wish = smallWish(id);
      wish.keepContents = true;
      addCase(cases, PointClass::Initial, "initial/" + target.intrinsics[id].name + "/" + name,
              [wish](Script &script) { return runAlone(script, wish); })
          .portName = name;
    }
}

// ---- sequences

// Instructions whose operands meet, since they share a few addresses.
static bool runSequence(Script &script) {
  constexpr int kInstructions = 16;
  const Target &target = script.target();
  std::vector<Script::Range> shown;
  script.sync();
  for (int i = 0; i < kInstructions; ++i) {
    CallWish wish = smallWish(script.random.between(0, target.intrinsics.size() - 1));
    wish.keepContents = true;
    wish.mostAddress = 12;
    wish.leaveRoom = true;
    std::optional<Call> call = arrange(script, wish);
    script.unprotect();
    if (!call || !script.test(*call))
      return false;
    llvm::append_range(shown, touched(script, *call, Touch::Written));
  }
  script.sync();
  return script.observeRanges(widened(script, shown));
}

static void addSequences(const Target &target, Cases &cases) {
  constexpr int kSequences = 240, kBehaviours = 8;
  for (int i = 0; i < kSequences; ++i) {
    int which = i % kBehaviours;
    Random random("ports", which);
    MemoryBehaviour behaviour;
    behaviour.latencyCycles = static_cast<uint32_t>(random.between(1, 60));
    behaviour.seed = which + 1;
    for (double &stall : behaviour.stall)
      stall = static_cast<double>(random.between(0, 3)) / 4;
    Case &added =
        addCase(cases, PointClass::Sequence, "sequence/" + std::to_string(i), runSequence);
    added.portName = "mixed" + std::to_string(which);
    added.ports = behaviour;
  }
}

void verify::addControlCases(const Target &target, Cases &cases) {
  addPorts(target, cases);
  addResets(target, cases);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addConfigs(target, id, cases);
  addInitials(target, cases);
  addSequences(target, cases);
}
