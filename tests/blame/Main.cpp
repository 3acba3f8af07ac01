// lathe-blame-faults: single faults, and who is blamed for them.
//
//   lathe-blame-faults PLUGIN CACHE VECTORS --verilator tests/blame/verilator [--machine NAME]
//                      [--compiler N] [--description N] [--rtl N] [--simulator N] [--seed S]
//                      [--print yes]
//
// Injects faults of each party until N of them were noticed by a kernel or by conformance, and asks
// who is to blame. VECTORS were recorded of the machine without a fault; files are written beside
// it. A fault of the simulator is RTL that Verilator simulates wrongly (Loops.h). Exit code 1 when
// a wrong party was blamed, more than 2 % are undecided, or on Ctrl-C, with what there is.

#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "core/semantics/Parser.h"
#include "sdk/mutation/DescriptionMutants.h"
#include "tests/blame/Loops.h"
#include "tests/blame/Trials.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <csignal>
#include <map>
#include <mutex>

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
  bool compileKernels();
  bool prepareModels();
  std::optional<mutation::Netlist> netlistOf(const ModelSpec &spec, size_t faults);
  bool prepareFaults(const ModelSpec &spec, const ModelSpec &slow);
  bool prepareLoops(const ModelSpec &spec, const ModelSpec &slow);
  size_t wanted(const char *name) {
    size_t value = 0;
    llvm::StringRef(options[name]).getAsInteger(10, value);
    return value;
  }
  void forTrials(Party party, size_t most, size_t candidates,
                 const std::function<Trial(size_t)> &attempt);
  void count(Party party, const Trial &trial);
  void tryDescriptions(size_t most);
  void tryRtl(size_t most);
  void trySimulators(size_t most);
  void tryPrograms(size_t most);
  int report() const;

  std::map<std::string, std::string> options;
  std::vector<std::string> words;
  Sources sources;
  Diagnostics diagnostics{sources};
  Accepted accepted;
  std::optional<mutation::Netlist> netlist;
  std::optional<LoopedRtl> loops;
  Hardware faulty, looped; ///< of the netlist; of LoopedRtl
  std::map<Party, Tally> tallies;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};
} // namespace

static std::atomic<bool> cancelled = false;

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
  accepted.cache.cancel = accepted.cancel = &cancelled;
  accepted.seed = std::max<size_t>(1, wanted("seed"));
  auto file = llvm::MemoryBuffer::getFile(words[2]);
  auto vectors =
      file ? verify::readVectors((*file)->getBuffer(), words[2], diagnostics) : std::nullopt;
  if (!vectors)
    return false;
  accepted.vectors = std::move(*vectors);
  return compileKernels() && prepareModels();
}

bool Driver::compileKernels() {
  auto kernels = parseKernels(sources.add("faults.lathe", kKernels.str()), diagnostics);
  for (const Semantics &kernel : *kernels) {
    auto bound = lathe::bind(kernel, {}, {}, diagnostics);
    auto compiled = bound ? compile(*bound, accepted.target, {}, diagnostics) : std::nullopt;
    if (!compiled)
      return false;
    accepted.kernels.push_back({std::move(*bound), std::move(compiled->program)});
  }
  return true;
}

bool Driver::prepareModels() {
  ModelSpec spec = modelSpec(accepted.target, /*trace=*/false), slow = spec;
  slow.optimize = false;
  auto model = ModelCache(accepted.cache).get(spec, diagnostics);
  if (!model || !prepareFaults(spec, slow) || !prepareLoops(spec, slow))
    return false;
  BuiltModel second = faulty.others.front(); // without a fault
  accepted.machine = {*model, {second}};
  accepted.conformance = std::make_unique<Conformance>(accepted.target, *accepted.jit,
                                                       accepted.machine.model, accepted.seed);
  return true;
}

std::optional<mutation::Netlist> Driver::netlistOf(const ModelSpec &spec, size_t faults) {
  mutation::NetlistOptions wish;
  wish.cache = accepted.cache;
  wish.faults = faults;
  wish.seed = accepted.seed;
  return mutation::makeNetlist(spec, wish, diagnostics);
}

// More faults than are wanted: not every one is noticed.
bool Driver::prepareFaults(const ModelSpec &spec, const ModelSpec &slow) {
  netlist = netlistOf(spec, 4 + wanted("rtl") * 3 / 2);
  if (!netlist)
    return false;
  ModelCache cache(accepted.cache);
  auto second = cache.get(netlistSpec(slow, *netlist), diagnostics);
  auto model = cache.get(netlistSpec(spec, *netlist), diagnostics);
  if (model && second)
    faulty = {*model, {*second}};
  return model && second;
}

// Icarus is asked where Verilator without optimisations is wrong as well.
bool Driver::prepareLoops(const ModelSpec &spec, const ModelSpec &slow) {
  if (wanted("simulator") == 0)
    return true;
  size_t modules = 4 + wanted("simulator") * 3 / 2;
  auto places = netlistOf(spec, modules);
  std::string folder = llvm::sys::path::parent_path(words[2]).str();
  if (places)
    loops = makeLoops(*places, modules, accepted.seed, folder.empty() ? "." : folder, diagnostics);
  if (!loops)
    return false;
  CacheOptions permissive = accepted.cache;
  permissive.verilator = options["verilator"];
  ModelCache cache(permissive);
  ModelSpec icarus = spec;
  icarus.icarus = true;
  auto modelOf = [&](const ModelSpec &from) {
    ModelSpec result = netlistSpec(from, *places);
    result.files = from.icarus ? std::vector{loops->flat} : loops->files;
    return cache.get(result, diagnostics);
  };
  auto model = modelOf(spec), second = modelOf(slow), other = modelOf(icarus);
  if (model && second && other)
    looped = {*model, {*second, *other}};
  return model && second && other;
}

// ---- trials

// Two at a time. They count in order, until `most` were noticed.
void Driver::forTrials(Party party, size_t most, size_t candidates,
                       const std::function<Trial(size_t)> &attempt) {
  std::vector<std::optional<Trial>> trials(candidates);
  size_t counted = 0;
  std::atomic<size_t> next = 0;
  std::atomic<bool> enough = most == 0;
  std::mutex mutex;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(2));
  for (unsigned thread = 0; thread < 2; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < candidates && !enough && !cancelled; i = next++) {
        Trial trial = attempt(i);
        std::lock_guard lock(mutex);
        if (cancelled)
          return;
        trials[i] = std::move(trial);
        while (counted < candidates && trials[counted] && tallies[party].noticed < most)
          count(party, *trials[counted++]);
        enough = tallies[party].noticed >= most;
      }
    });
  pool.wait();
}

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
  constexpr size_t kOften = 10;
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  if (tally.noticed % kOften == 0)
    llvm::outs() << llvm::formatv("{0,5:F0} s: {1}: {2} noticed of {3}, {4} undecided, {5} wrong\n",
                                  passed.count(), name(party), tally.noticed, tally.injected,
                                  tally.undecided, tally.wrong);
  llvm::outs().flush();
}

void Driver::tryDescriptions(size_t most) {
  std::vector<mutation::DescriptionMutant> mutants = mutation::descriptionMutants(accepted.target);
  llvm::erase_if(mutants, [](const auto &mutant) { return !mutant.same.empty(); });
  verify::Random random(accepted.seed);
  for (size_t left = mutants.size(); left > 1; --left)
    std::swap(mutants[left - 1], mutants[random.bits() % left]);
  forTrials(Party::Description, most, mutants.size(), [&](size_t i) {
    Trial trial = tryDescription(accepted, mutants[i].make());
    trial.fault = mutants[i].what + ", seen at " + trial.fault;
    return trial;
  });
}

static Hardware select(Hardware machine, uint32_t select) {
  machine.model.select = select;
  for (BuiltModel &other : machine.others)
    other.select = select;
  return machine;
}

void Driver::tryRtl(size_t most) {
  forTrials(Party::Rtl, most, netlist->faults.size(), [&](size_t i) {
    Trial trial = tryHardware(accepted, select(faulty, mutation::RtlMutants::select(i)));
    trial.fault = netlist->faults[i].what + ", seen at " + trial.fault;
    return trial;
  });
}

void Driver::trySimulators(size_t most) {
  if (!loops)
    return;
  forTrials(Party::Simulator, most, loops->loops.size(), [&](size_t k) {
    Trial trial = tryHardware(accepted, select(looped, loops->loopSelect(k)));
    trial.fault = loops->loops[k] + ", seen at " + trial.fault;
    return trial;
  });
}

void Driver::tryPrograms(size_t most) {
  constexpr size_t kTriesEach = 20;
  forTrials(Party::Compiler, most, kTriesEach * most,
            [&](size_t n) { return tryProgram(accepted, accepted.seed * 1000 + n); });
}

int Driver::report() const {
  size_t noticed = 0, wrong = 0, undecided = 0;
  llvm::outs() << "fault in     injected  unnoticed  noticed  right  undecided  wrong\n";
  for (const auto &[party, tally] : tallies) {
    llvm::outs() << llvm::formatv("{0,-12} {1,8} {2,10} {3,8} {4,6} {5,10} {6,6}\n", name(party),
                                  tally.injected, tally.injected - tally.noticed, tally.noticed,
                                  tally.right, tally.undecided, tally.wrong);
    noticed += tally.noticed;
    wrong += tally.wrong;
    undecided += tally.undecided;
  }
  llvm::outs() << llvm::formatv("{0} faults noticed: {1} wrong blames, {2} undecided{3}\n", noticed,
                                wrong, undecided, cancelled ? "; interrupted" : "");
  return noticed > 0 && wrong == 0 && undecided * 50 <= noticed && !cancelled ? 0 : 1;
}

int Driver::run() {
  if (!prepare()) {
    print(llvm::errs(), diagnostics);
    llvm::errs()
        << "usage: lathe-blame-faults PLUGIN CACHE VECTORS --verilator tests/blame/verilator"
           " [--compiler N] [--description N] [--rtl N] [--simulator N] [--seed S]\n";
    return 2;
  }
  llvm::outs() << "models are there\n";
  tryPrograms(wanted("compiler"));
  tryDescriptions(wanted("description"));
  tryRtl(wanted("rtl"));
  trySimulators(wanted("simulator"));
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
  for (int signal : {SIGINT, SIGTERM})
    std::signal(signal, [](int) { cancelled = true; });
  return Driver(std::move(options), std::move(words)).run();
}
