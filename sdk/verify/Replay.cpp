// A recorded vector again: on the hardware, and as the description reads it.
#include "core/target/Encoding.h"
#include "sdk/verify/Vectors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace lathe;
using namespace lathe::verify;

static constexpr uint64_t kHangCycles = 20'000;
static constexpr uint64_t kAlignment = 4096; ///< of windows in one image

namespace {
/// Host memory as one image: the windows after each other.
class Image {
public:
  explicit Image(const Vector &vector) : vector(vector) {
    uint64_t total = 0;
    for (const Vector::Window &window : vector.windows) {
      starts.push_back(total);
      total += (window.bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
    bytes = filled(total, vector.before);
  }

  std::optional<uint64_t> at(uint64_t address) const {
    for (auto [window, start] : llvm::zip(vector.windows, starts))
      if (address >= window.address && address - window.address < window.bytes)
        return start + (address - window.address);
    return std::nullopt;
  }
  uint64_t start(size_t window) const { return starts[window]; }

  /// The first difference between `got`, an image, and what the vector has.
  std::optional<std::string> compare(llvm::ArrayRef<uint8_t> got) const;

  std::vector<uint8_t> bytes; ///< at first as before the script

private:
  std::vector<uint8_t> filled(uint64_t total, llvm::ArrayRef<MemoryPiece> pieces) const {
    std::vector<uint8_t> image(total);
    for (const MemoryPiece &piece : pieces)
      std::copy(piece.bytes.begin(), piece.bytes.end(), image.begin() + *at(piece.address));
    return image;
  }

  const Vector &vector;
  std::vector<uint64_t> starts;
};
} // namespace

std::optional<std::string> Image::compare(llvm::ArrayRef<uint8_t> got) const {
  std::vector<uint8_t> expected = filled(bytes.size(), vector.after);
  for (const Vector::Window &range : vector.ignored)
    std::copy_n(got.begin() + *at(range.address), range.bytes,
                expected.begin() + *at(range.address));
  for (auto [window, start] : llvm::zip(vector.windows, starts))
    for (uint64_t i = 0; i < window.bytes; ++i)
      if (got[start + i] != expected[start + i])
        return llvm::formatv("host memory at 0x{0:x-} is {1}, was {2}", window.address + i,
                             unsigned(got[start + i]), unsigned(expected[start + i]))
            .str();
  return std::nullopt;
}

// ---- on the hardware

namespace {
class HardwareReplay {
public:
  HardwareReplay(const Vector &vector, const BuiltModel &model, const std::atomic<bool> *cancel)
      : vector(vector), model(model), cancel(cancel), image(vector) {}

  std::optional<Difference> run();

private:
  bool begin();
  std::optional<std::string> runPart(const Vector::Part &part, size_t first);
  void compareCounters();

  const Vector &vector;
  const BuiltModel &model;
  const std::atomic<bool> *cancel;
  Image image;
  Sources sources;
  Diagnostics diagnostics{sources};
  std::unique_ptr<RtlSimulator> simulator;
  std::string inTime; ///< the first difference in cycles
  std::string inCounters;
};
} // namespace

bool HardwareReplay::begin() {
  simulator = RtlSimulator::create(model, diagnostics, {vector.registerSeed});
  bool ready = simulator && simulator->setMemory(vector.ports);
  for (size_t i = 0; i < vector.windows.size() && ready; ++i)
    ready = simulator->attachMemory(
        vector.windows[i].address,
        llvm::MutableArrayRef(image.bytes).slice(image.start(i), vector.windows[i].bytes));
  if (ready)
    simulator->setHang({kHangCycles, 0, 0});
  return ready;
}

std::optional<std::string> HardwareReplay::runPart(const Vector::Part &part, size_t first) {
  std::vector<uint64_t> limbs;
  std::vector<uint32_t> gaps;
  for (const Command &command : llvm::ArrayRef(vector.commands).slice(first, part.count)) {
    limbs.insert(limbs.end(), command.word.begin(),
                 command.word.begin() + simulator->commandLimbs());
    gaps.push_back(command.gap);
  }
  if (part.count > 0) {
    if (!simulator->push(limbs, gaps))
      return simulator->error();
    RunLimits limits;
    limits.cycles = part.cut.value_or(2 * part.cycles + 2 * kHangCycles);
    limits.cancel = cancel;
    RunResult result = simulator->run(limits);
    RunStatus wanted =
        part.cut && result.status == RunStatus::Limit ? RunStatus::Limit : RunStatus::Idle;
    if (result.status != wanted)
      return "the run ends with '" + name(result.status).str() + "'";
    if (result.errorCode != part.errorCode)
      return llvm::formatv("error code {0}, was {1}", result.errorCode, part.errorCode).str();
    if (inTime.empty() && result.cycles != part.cycles && !part.restarts)
      inTime = llvm::formatv("idle in cycle {0}, was {1}", result.cycles, part.cycles).str();
  }
  if (part.restarts && !simulator->restart())
    return simulator->error();
  return std::nullopt;
}

// A counter of instructions is a result, others count cycles.
void HardwareReplay::compareCounters() {
  auto values = simulator->counters(0, vector.counters.size());
  if (!values)
    return;
  for (auto [counter, value] : llvm::zip(vector.counters, *values)) {
    if (counter.value == value)
      continue;
    bool isResult = llvm::StringRef(counter.name).starts_with("retired_");
    std::string &into = isResult ? inCounters : inTime;
    if (into.empty())
      into = llvm::formatv("counter '{0}' is {1}, was {2}", counter.name, value, counter.value);
  }
}

std::optional<Difference> HardwareReplay::run() {
  if (!begin())
    return Difference{simulator ? simulator->error() : "the model cannot be loaded"};
  std::optional<std::string> stopped;
  size_t command = 0;
  for (const Vector::Part &part : vector.parts) {
    stopped = runPart(part, command);
    if (stopped)
      break;
    command += part.count;
  }
  if (auto wrong = image.compare(image.bytes); wrong && !stopped)
    return Difference{*wrong};
  if (stopped)
    return Difference{*stopped};
  compareCounters();
  if (!inCounters.empty())
    return Difference{inCounters};
  return inTime.empty() ? std::nullopt : std::optional(Difference{inTime, true});
}

std::optional<Difference> verify::replayOnHardware(const Vector &vector, const BuiltModel &model,
                                                   const std::atomic<bool> *cancel) {
  return HardwareReplay(vector, model, cancel).run();
}

// ---- as the description reads it

namespace {
class ModelReplay {
public:
  ModelReplay(const Vector &vector, const Target &target, Jit &jit)
      : vector(vector), target(target), machine(target, jit), image(vector) {}

  std::optional<std::string> run();

private:
  void load();
  void restart();
  std::optional<std::string> execute(const Word &word);
  std::optional<std::string> runPart(const Vector::Part &part, size_t first);
  std::optional<std::string> compareRetired() const;
  llvm::ArrayRef<uint8_t> memory() const {
    return {machine.memory(kHostSpace).data(), image.bytes.size()};
  }

  const Vector &vector;
  const Target &target;
  Machine machine;
  Image image;
  std::vector<Symbol> symbols;
  std::map<std::string, uint64_t> retired; ///< since the last reset
};
} // namespace

// At the begin.
void ModelReplay::load() {
  for (size_t i = 0; i < vector.windows.size(); ++i)
    symbols.push_back({"window" + std::to_string(i),
                       Symbol::Kind::Internal,
                       ElementType::integer(8),
                       {static_cast<int64_t>(vector.windows[i].bytes)},
                       image.start(i),
                       {}});
  (void)machine.reset(symbols, image.bytes.size());
  machine.write(kHostSpace, 0, image.bytes);
}

void ModelReplay::restart() {
  machine.restart();
  retired.clear();
}

std::optional<std::string> ModelReplay::execute(const Word &word) {
  std::optional<Decoded> decoded = decode(target, word);
  if (!decoded)
    return "an instruction is not a valid one by the description";
  const Intrinsic &intrinsic = target.intrinsics[decoded->intrinsic];
  for (const TileOperand &tile : intrinsic.tiles) {
    if (tile.space != kHostSpace)
      continue;
    int64_t &value = decoded->values[tile.argument];
    std::optional<uint64_t> there = image.at(static_cast<uint64_t>(value));
    if (!there)
      return intrinsic.name + " reaches host memory that it did not";
    value = static_cast<int64_t>(*there);
  }
  if (Problem problem = machine.execute(decoded->intrinsic, decoded->values))
    return intrinsic.name + ": " + *problem;
  ++retired["retired_" + intrinsic.name];
  return std::nullopt;
}

std::optional<std::string> ModelReplay::runPart(const Vector::Part &part, size_t first) {
  for (const Command &command : llvm::ArrayRef(vector.commands).slice(first, part.count)) {
    std::optional<std::string> problem = execute(command.word);
    if (part.refused && !problem)
      return "the description allows a word that was refused";
    if (!part.refused && problem)
      return problem;
  }
  if (part.restarts)
    restart();
  return std::nullopt;
}

std::optional<std::string> ModelReplay::compareRetired() const {
  for (const Vector::Counter &counter : vector.counters) {
    if (!llvm::StringRef(counter.name).starts_with("retired_"))
      continue;
    auto found = retired.find(counter.name);
    uint64_t count = found == retired.end() ? 0 : found->second;
    if (count != counter.value)
      return llvm::formatv("the description reads {0} of {1}, {2} were retired", count,
                           counter.name.substr(llvm::StringRef("retired_").size()), counter.value)
          .str();
  }
  return std::nullopt;
}

std::optional<std::string> ModelReplay::run() {
  load();
  size_t command = 0;
  for (const Vector::Part &part : vector.parts) {
    if (auto wrong = runPart(part, command))
      return wrong;
    command += part.count;
  }
  if (auto wrong = image.compare(memory()))
    return wrong;
  return compareRetired();
}

std::optional<Difference> verify::replayOnModel(const Vector &vector, const Target &target,
                                                Jit &jit) {
  std::optional<std::string> wrong = ModelReplay(vector, target, jit).run();
  return wrong ? std::optional(Difference{*wrong}) : std::nullopt;
}
