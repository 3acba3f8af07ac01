#include "sdk/mutation/Equivalence.h"

#include "sdk/mutation/FaultList.h"
#include "simulators/rtl/Subprocess.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

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

bool Prover::prepare(Diagnostics &diagnostics) {
  llvm::SmallString<128> made;
  std::error_code failure = fs::createUniqueDirectory("lathe-equivalence", made);
  folder = made.str().str();
  std::string cut = folder + "/cut.il";
  bool written = !failure && write(cut, cutMemories(read(netlist.original), ports));
  if (!written)
    diagnostics.report(Message::FileUnwritable, Place{cut, 0, 0, {}}, cut, failure.message());
  return written;
}

// What is not proved equal; nothing when yosys did not get that far.
std::optional<Prover::Names> Prover::differences(const std::string &own, const std::string &changes,
                                                 const std::string &blacklist,
                                                 bool structural) const {
  std::string script = llvm::formatv("read_rtlil ../cut.il\nrename {0} gold\nread_rtlil ../cut.il\n"
                                     "{1}rename {0} gate\n"
                                     "equiv_make -blacklist blacklist gold gate equiv\n"
                                     "hierarchy -top equiv\n{2}equiv_simple\nequiv_induct -seq 2\n"
                                     "equiv_status\n",
                                     netlist.top, changes,
                                     structural ? "equiv_struct -icells\nequiv_remove\nclean\n"
                                                : "opt_merge -share_all\nopt_clean\n");
  if (!write(own + "/blacklist", blacklist) || !write(own + "/proof.ys", script))
    return std::nullopt;
  size_t failed = 0;
  Command command{{options.yosys, "proof.ys"}, own, "proof.log"};
  if (runCommands(command, 1, seconds, options.cache.cancel, failed) != CommandOutcome::Succeeded)
    return std::nullopt;
  std::string log = read(own + "/proof.log");
  static const llvm::Regex unproven("Unproven \\$equiv [^ ]*: (.*)_gold ");
  Names names;
  bool isProved = false;
  llvm::SmallVector<StringRef> lines, match;
  StringRef(log).split(lines, '\n');
  for (StringRef line : lines) {
    isProved |= line.contains("Equivalence successfully proven!");
    if (unproven.match(line, &match))
      names.push_back(match[1].str());
  }
  return isProved || !names.empty() ? std::optional(names) : std::nullopt;
}

// Inner nets may differ as long as nothing depends on it: they are no points to compare in the next
// round, whose proof is complete without them.
bool Prover::isEqual(const std::string &own, const std::string &changes) const {
  constexpr int kRounds = 4;
  std::optional<Names> first = differences(own, changes, "", /*structural=*/true);
  if (first && first->empty())
    return true;
  std::string blacklist;
  for (int round = 0; round < kRounds; ++round) {
    std::optional<Names> names = differences(own, changes, blacklist, /*structural=*/false);
    if (!names || names->empty())
      return names.has_value();
    for (StringRef name : std::set<std::string>(names->begin(), names->end())) {
      if (name.drop_front().starts_with(kCutPrefix) ||
          llvm::is_contained(netlist.outputs, name.drop_front()))
        return false;
      blacklist += name.str() + "\n";
    }
  }
  return false;
}

// The inverse of a fault that exchanges addresses of a memory, at all ports of that memory.
std::optional<std::string> Prover::relabelling(const Fault &fault) const {
  std::optional<NetFault> net = netFault(fault.command);
  if (!net)
    return std::nullopt;
  std::string changes;
  for (const MemoryPort &port : ports) {
    bool isOfMemory = llvm::any_of(ports, [&](const MemoryPort &other) {
      return other.memory == port.memory && other.address == net->wire;
    });
    if (isOfMemory)
      changes += "mutate -mode " + net->mode + " -module " + netlist.top + " -cell " + port.buffer +
                 " -port A " + net->bits + "\n";
  }
  return changes.empty() ? std::nullopt : std::optional(changes);
}

Proof Prover::prove(size_t fault) const {
  const Fault &which = netlist.faults[fault];
  std::string own = folder + "/" + std::to_string(fault);
  if (fs::create_directory(own))
    return Proof::None;
  std::string changes = which.command + "\n";
  Proof proof = Proof::None;
  if (isEqual(own, changes))
    proof = Proof::Equal;
  else if (auto more = relabelling(which); more && isEqual(own, changes + *more))
    proof = Proof::Relabelled;
  (void)fs::remove_directories(own);
  return proof;
}
