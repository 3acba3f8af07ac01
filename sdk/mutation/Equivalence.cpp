#include "sdk/mutation/Equivalence.h"

#include "sdk/mutation/FaultList.h"
#include "sdk/mutation/RtlMutants.h"
#include "simulators/rtl/Subprocess.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using namespace lathe::mutation;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

static bool write(const std::string &path, StringRef text) {
  std::error_code failure;
  llvm::raw_fd_ostream out(path, failure);
  if (failure)
    return false;
  out << text;
  out.close();
  failure = out.error();
  out.clear_error();
  return !failure;
}

static std::string read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

Prover::~Prover() {
  if (!folder.empty())
    (void)fs::remove_directories(folder);
}

// Undefined bits are 0 in both machines.
static std::string gatesScript() {
  return "read_rtlil cut.il\nsetundef -zero\nopt_clean\nasync2sync\ntechmap\nsimplemap\n"
         "dfflegalize -cell $_DFF_P_ x\naigmap\nclean\n"
         "write_aiger -ascii -symbols gates.aag\n";
}

bool Prover::prepare(Diagnostics &diagnostics) {
  llvm::SmallString<128> made;
  std::error_code failure = fs::createUniqueDirectory("lathe-equivalence", made);
  folder = made.str().str();
  std::string cut = folder + "/cut.il";
  (void)cutMemories(read(netlist.original), original);
  if (failure || !write(cut, cutMemories(read(netlist.selectable), ports)) ||
      !write(folder + "/gates.ys", gatesScript())) {
    diagnostics.report(Message::FileUnwritable, Place{cut, 0, 0, {}}, cut, failure.message());
    return false;
  }
  size_t failed = 0;
  Command command{{options.yosys, "-q", "gates.ys"}, folder, "gates.log"};
  const CacheOptions &cache = options.cache;
  if (runCommands(command, 1, cache.buildSeconds, cache.cancel, failed) ==
      CommandOutcome::Succeeded)
    if (auto parsed = Circuit::parse(read(folder + "/gates.aag"))) {
      circuit = std::move(*parsed);
      miter.emplace(circuit, ports);
      return true;
    }
  StringRef log = StringRef(read(folder + "/gates.log")).trim();
  if (!cache.cancel || !*cache.cancel)
    diagnostics.report(Message::NetlistFailed, Place(), netlist.top,
                       log.empty() ? "no gates came out" : log.rsplit('\n').second);
  return false;
}

// The fault's inverse at a memory's ports, when it exchanges that memory's addresses.
std::optional<Relabelling> Prover::relabellingOf(const Fault &fault) const {
  std::optional<NetFault> net = netFault(fault.command);
  if (!net)
    return std::nullopt;
  for (const MemoryPort &port : original)
    if (port.address == net->wire)
      return Relabelling{port.memory, net->bit, net->control, net->level};
  return std::nullopt;
}

// "Output 0 of miter "m" was asserted in frame 12."
static std::optional<unsigned> frameIn(StringRef log) {
  static const llvm::Regex pattern("asserted in frame ([0-9]+)");
  llvm::SmallVector<StringRef> match;
  unsigned frame = 0;
  bool isFound = pattern.match(log, &match) && !match[1].getAsInteger(10, frame);
  return isFound ? std::optional(frame) : std::nullopt;
}

// What yosys-abc says to `question`.
std::string Prover::answer(const std::string &name, const std::string &question,
                           StringRef commands) const {
  if (!write(folder + "/" + name + ".aig", question))
    return "";
  size_t failed = 0;
  Command command{
      {options.yosys + "-abc", "-q", ("read_aiger " + name + ".aig; scleanup; " + commands).str()},
      folder,
      name + ".log"};
  (void)runCommands(command, 1, 2 * seconds, options.cache.cancel, failed);
  std::string log = read(folder + "/" + name + ".log");
  for (StringRef suffix : {".aig", ".log"})
    (void)fs::remove(folder + "/" + name + suffix.str());
  return log;
}

Verdict Prover::ask(size_t fault, const std::optional<Relabelling> &relabelling,
                    Effort effort) const {
  constexpr unsigned kFrames = 60, kFrameSeconds = 3; // within which most differences show
  Verdict proved{relabelling ? Proof::Relabelled : Proof::Equal, std::nullopt};
  std::string name = llvm::formatv("{0}{1}", fault, relabelling ? "r" : "").str();
  uint32_t select = RtlMutants::select(fault);
  auto cycle = miter->questionOfCycle(select, relabelling);
  if (!cycle || StringRef(answer(name + "c", *cycle, "iprove")).contains("UNSATISFIABLE"))
    return proved;
  if (effort == Effort::OneCycle)
    return {};
  auto question = miter->question(select, relabelling);
  if (!question)
    return proved;
  std::string commands = llvm::formatv("bmc3 -T {0} -F {1}; scorr; dc2; scorr; pdr -T {2}",
                                       kFrameSeconds, kFrames, static_cast<unsigned>(seconds));
  std::string log = answer(name, *question, commands);
  return StringRef(log).contains("Property proved") ? proved : Verdict{Proof::None, frameIn(log)};
}

Verdict Prover::prove(size_t fault, Effort effort) const {
  Verdict verdict = ask(fault, std::nullopt, effort);
  if (verdict.proof == Proof::Equal)
    return verdict;
  if (auto relabelling = relabellingOf(netlist.faults[fault])) {
    Verdict other = ask(fault, relabelling, effort);
    if (other.proof != Proof::None)
      return other;
  }
  return verdict;
}
