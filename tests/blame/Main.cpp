// lathe-blame-faults: single faults, and who is blamed for them.
//
//   lathe-blame-faults PLUGIN CACHE VECTORS [--machine NAME] [--compiler N] [--description N]
//                      [--rtl N] [--simulator N] [--seed S] [--print yes]
//
// Injects faults of each party until N of them were noticed by a kernel or by conformance, and asks
// who is to blame. VECTORS were recorded of the machine without a fault. A fault of the simulator
// is RTL that only the second simulator simulates as it is written. Exit code 1 when a wrong party
// was blamed, or more than 2 % are undecided.

#include "core/description/Plugin.h"
#include "core/semantics/Parser.h"
#include "sdk/mutation/DescriptionMutants.h"
#include "tests/blame/Trials.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace lathe;
using namespace lathe::blame;

static constexpr llvm::StringLiteral kKernels = R"(
kernel product(a: i8[11,9], b: i8[9,7]) -> c: i32[11,7] {
  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])
}
kernel narrow(a: i8[13,8], b: i8[8,6]) -> y: i8[13,6] {
  s[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])
  y[i,j] = sat_i8(round_shift(s[i,j], 5))
}
)";

namespace {
struct Tally {
  size_t injected = 0, noticed = 0, right = 0, undecided = 0, wrong = 0;
};

class Driver {
public:
  Driver(std::map<std::string, std::string> options, std::vector<std::string> words)
      : options(std::move(options)), words(std::move(words)) {}
  int run();

private:
  bool prepare();
  bool prepareModels();
  size_t wanted(const char *name) {
    size_t value = 0;
    llvm::StringRef(options[name]).getAsInteger(10, value);
    return value;
  }
  void count(Party party, const Trial &trial);
  void tryDescriptions(size_t most);
  void tryRtl(Party party, size_t most);
  void tryPrograms(size_t most);
  int report() const;

  std::map<std::string, std::string> options;
  std::vector<std::string> words;
  Sources sources;
  Diagnostics diagnostics{sources};
  Accepted accepted;
  std::optional<mutation::RtlMutants> faulty, faultySecond;
  std::map<Party, Tally> tallies;
};
} // namespace

// ---- the accepted machine

bool Driver::prepare() {
  if (words.size() != 3)
    return false;
  auto plugin = readManifest(words[0], diagnostics);
  std::string machine = options.count("machine") ? options["machine"] : "default";
  auto target = plugin ? loadTarget(*plugin, machine, diagnostics) : std::nullopt;
  auto jit = Jit::create(words[1] + "/jit");
  if (!target || !jit)
    return false;
  accepted.target = std::move(*target);
  accepted.jit = std::move(*jit);
  accepted.cache.directory = words[1];
  accepted.seed = std::max<size_t>(1, wanted("seed"));
  auto file = llvm::MemoryBuffer::getFile(words[2]);
  auto vectors =
      file ? verify::readVectors((*file)->getBuffer(), words[2], diagnostics) : std::nullopt;
  if (!vectors)
    return false;
  accepted.vectors = std::move(*vectors);
  auto kernels = parseKernels(sources.add("faults.lathe", kKernels.str()), diagnostics);
  for (const Semantics &kernel : *kernels)
    if (auto bound = lathe::bind(kernel, {}, {}, diagnostics))
      accepted.kernels.push_back(std::move(*bound));
  return !accepted.kernels.empty() && prepareModels();
}

// Twice as many faults of the RTL as are wanted: not every one is noticed.
bool Driver::prepareModels() {
  ModelSpec spec = modelSpec(accepted.target, /*trace=*/false), slow = spec;
  slow.optimize = false;
  ModelCache cache(accepted.cache);
  auto model = cache.get(spec, diagnostics), second = cache.get(slow, diagnostics);
  if (!model || !second)
    return false;
  accepted.model = *model;
  accepted.second = *second;
  size_t faults = wanted("rtl") + wanted("simulator");
  if (faults == 0)
    return true;
  mutation::NetlistOptions netlist;
  netlist.cache = accepted.cache;
  netlist.faults = 2 * faults;
  netlist.seed = accepted.seed;
  faulty = mutation::makeRtlMutants(spec, netlist, diagnostics);
  faultySecond = mutation::makeRtlMutants(slow, netlist, diagnostics);
  return faulty && faultySecond;
}

// ---- trials

void Driver::count(Party party, const Trial &trial) {
  Tally &tally = tallies[party];
  ++tally.injected;
  if (!trial.noticed)
    return;
  ++tally.noticed;
  bool isRight = trial.verdict->isDecided() && trial.verdict->parties.front() == party;
  bool isWrong = trial.verdict->isDecided() && !isRight;
  tally.right += isRight;
  tally.wrong += isWrong;
  tally.undecided += !trial.verdict->isDecided();
  if (!isRight || options.count("print"))
    llvm::outs() << llvm::formatv("{0} fault: {1}\n    {2}\n", name(party), trial.fault,
                                  trial.verdict->text());
}

void Driver::tryDescriptions(size_t most) {
  std::vector<mutation::DescriptionMutant> mutants = mutation::descriptionMutants(accepted.target);
  verify::Random random(accepted.seed);
  for (size_t left = mutants.size(); left > 1; --left)
    std::swap(mutants[left - 1], mutants[random.bits() % left]);
  for (const mutation::DescriptionMutant &mutant : mutants) {
    if (tallies[Party::Description].noticed >= most)
      return;
    Trial trial = tryDescription(accepted, mutant.make());
    trial.fault = mutant.what + ", seen at " + trial.fault;
    count(Party::Description, trial);
  }
}

void Driver::tryRtl(Party party, size_t most) {
  if (!faulty)
    return;
  // Simulator faults take them from the other end.
  size_t faults = faulty->faults().size();
  for (size_t i = 0; i < faults && tallies[party].noticed < most; ++i) {
    size_t fault = party == Party::Rtl ? i : faults - 1 - i;
    BuiltModel model = faulty->model, second = faultySecond->model;
    model.select = mutation::RtlMutants::select(fault);
    second.select = party == Party::Rtl ? model.select : 0;
    Trial trial = tryHardware(accepted, model, second);
    trial.fault = faulty->faults()[fault].what + ", seen at " + trial.fault;
    count(party, trial);
  }
}

void Driver::tryPrograms(size_t most) {
  constexpr size_t kTriesEach = 20;
  for (uint64_t n = 0; n < kTriesEach * most && tallies[Party::Compiler].noticed < most; ++n)
    count(Party::Compiler, tryProgram(accepted, accepted.seed * 1000 + n));
}

int Driver::report() const {
  size_t noticed = 0, wrong = 0, undecided = 0;
  llvm::outs() << "fault in     injected  noticed  right  undecided  wrong\n";
  for (const auto &[party, tally] : tallies) {
    llvm::outs() << llvm::formatv("{0,-12} {1,8} {2,8} {3,6} {4,10} {5,6}\n", name(party),
                                  tally.injected, tally.noticed, tally.right, tally.undecided,
                                  tally.wrong);
    noticed += tally.noticed;
    wrong += tally.wrong;
    undecided += tally.undecided;
  }
  llvm::outs() << llvm::formatv("{0} faults noticed: {1} wrong blames, {2} undecided\n", noticed,
                                wrong, undecided);
  return noticed > 0 && wrong == 0 && undecided * 50 <= noticed ? 0 : 1;
}

int Driver::run() {
  if (!prepare()) {
    print(llvm::errs(), diagnostics);
    llvm::errs() << "usage: lathe-blame-faults PLUGIN CACHE VECTORS [--compiler N] "
                    "[--description N] [--rtl N] [--simulator N] [--seed S]\n";
    return 2;
  }
  tryPrograms(wanted("compiler"));
  tryDescriptions(wanted("description"));
  tryRtl(Party::Rtl, wanted("rtl"));
  tryRtl(Party::Simulator, wanted("simulator"));
  return report();
}

int main(int argc, char **argv) {
  std::map<std::string, std::string> options;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef word = argv[i];
    if (word.consume_front("--") && i + 1 < argc)
      options[word.str()] = argv[++i];
    else
      words.push_back(word.str());
  }
  return Driver(std::move(options), std::move(words)).run();
}
