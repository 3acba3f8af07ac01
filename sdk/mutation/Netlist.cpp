#include "sdk/mutation/Netlist.h"

#include "sdk/mutation/FaultList.h"
#include "simulators/rtl/Subprocess.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace lathe;
using namespace lathe::mutation;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

// Changes when the way a netlist is made does.
static constexpr StringRef kFormat = "netlist/5";
// As deep as includes may climb (RtlSources::kDepth).
static constexpr StringRef kSourceFolder = "src/1/2/3/4";
static constexpr StringRef kToFolder = "../../../../../";
static constexpr unsigned kMostRounds = 12;

namespace {
/// Makes a netlist in a folder of its own. Members say by false that they reported why not.
class NetlistBuilder {
public:
  NetlistBuilder(const ModelSpec &spec, const RtlSources &sources, const NetlistOptions &options,
                 std::string folder, Diagnostics &diagnostics)
      : spec(spec), sources(sources), options(options), folder(std::move(folder)),
        diagnostics(diagnostics) {}

  bool build() {
    if (options.eventDriven)
      return writeSources() && readRtl() && joinEnables();
    return writeSources() && readRtl() && listFaults() && insertFaults() && splitLoops();
  }

private:
  bool writeSources();
  bool readRtl();
  bool listFaults();
  bool insertFaults();
  bool splitLoops();
  bool joinEnables();
  std::optional<std::set<std::string>> netsInLoops();
  bool yosys(StringRef script, StringRef directory = "");
  bool run(Command command, bool mayFail);
  void reportYosys(StringRef log);
  bool write(StringRef name, StringRef text);
  std::string read(StringRef name) const;
  std::string in(StringRef name) const { return folder + "/" + name.str(); }

  const ModelSpec &spec;
  const RtlSources &sources;
  const NetlistOptions &options;
  std::string folder;
  Diagnostics &diagnostics;
};
} // namespace

// ---- files and programs

bool NetlistBuilder::write(StringRef name, StringRef text) {
  std::string path = in(name);
  std::error_code failure = fs::create_directories(llvm::sys::path::parent_path(path));
  if (!failure) {
    llvm::raw_fd_ostream out(path, failure);
    if (!failure)
      out << text;
    out.close();
    failure = failure ? failure : out.error();
    out.clear_error();
  }
  if (failure)
    diagnostics.report(Message::FileUnwritable, Place{path, 0, 0, {}}, path, failure.message());
  return !failure;
}

std::string NetlistBuilder::read(StringRef name) const {
  auto buffer = llvm::MemoryBuffer::getFile(in(name), /*IsText=*/true);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

bool NetlistBuilder::run(Command command, bool mayFail) {
  size_t failed = 0;
  const CacheOptions &cache = options.cache;
  switch (runCommands(command, 1, cache.buildSeconds, cache.cancel, failed)) {
  case CommandOutcome::Succeeded:
    return true;
  case CommandOutcome::NotStarted:
    diagnostics.report(Message::RtlToolMissing, Place(), command.arguments[0]);
    return false;
  case CommandOutcome::TimedOut:
    diagnostics.report(Message::RtlBuildTimeout, Place(), spec.top, cache.buildSeconds);
    return false;
  case CommandOutcome::Cancelled:
    return false;
  case CommandOutcome::Failed:
    return mayFail;
  }
  return false;
}

// "rtl.0/alu.sv:12: ERROR: syntax error", or "ERROR: Module ..."
void NetlistBuilder::reportYosys(StringRef log) {
  static const llvm::Regex located("^([^ :]+):([0-9]+): ERROR: (.*)$");
  llvm::SmallVector<StringRef> lines, match;
  log.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    unsigned number = 0;
    if (located.match(line, &match) && !match[2].getAsInteger(10, number)) {
      diagnostics.report(Message::NetlistFailed, sources.place(match[1], number, 0, diagnostics),
                         spec.top, match[3]);
      return;
    }
    if (line.consume_front("ERROR: ")) {
      diagnostics.report(Message::NetlistFailed, Place(), spec.top, sources.withUserPaths(line));
      return;
    }
  }
  diagnostics.report(Message::NetlistFailed, Place(), spec.top,
                     lines.empty() ? "it said nothing" : lines.back());
}

bool NetlistBuilder::yosys(StringRef script, StringRef directory) {
  if (!write("script.ys", script))
    return false;
  std::string up = directory.empty() ? "" : kToFolder.str();
  unsigned errorsBefore = diagnostics.errorCount();
  write("yosys.log", "");
  Command command{{options.yosys, "-q", up + "script.ys"},
                  directory.empty() ? folder : in(directory),
                  up + "yosys.log"};
  std::string log;
  if (!run(command, /*mayFail=*/true))
    return false;
  log = read("yosys.log");
  if (StringRef(log).contains("ERROR: ") && diagnostics.errorCount() == errorsBefore)
    reportYosys(log);
  return diagnostics.errorCount() == errorsBefore;
}

// ---- from RTL to a netlist

bool NetlistBuilder::writeSources() {
  for (const RtlSources::File &file : sources.files())
    if (!write(kSourceFolder.str() + "/" + file.privatePath, sources.text(file, diagnostics)))
      return false;
  return true;
}

bool NetlistBuilder::readRtl() {
  std::string script = "read_verilog -sv";
  for (const std::string &directory : sources.privateDirectories())
    script += " -I" + directory;
  for (StringRef flag : spec.flags)
    if (flag.consume_front("+define+") || flag.consume_front("-D"))
      script += " -D" + flag.str();
  for (size_t i : sources.compileOrder(diagnostics))
    if (!StringRef(sources.files()[i].path).ends_with(".vlt"))
      script += " " + sources.files()[i].privatePath;
  script += "\n";
  for (const auto &[name, value] : spec.parameters)
    script += llvm::formatv("chparam -set {0} {1} {2}\n", name, value, spec.top);
  script += llvm::formatv("hierarchy -check -top {0}\nproc\nflatten\n"
                          "opt_expr -mux_undef\nopt -fast\n{2}opt_clean -purge\n"
                          "rename -top {0}\nwrite_rtlil {1}original.il\n",
                          spec.top, kToFolder, options.eventDriven ? "" : "wreduce\nopt -fast\n");
  return yosys(script, kSourceFolder);
}

bool NetlistBuilder::listFaults() {
  if (options.faults == 0)
    return write("faults.txt", "");
  // Some are left out.
  size_t wanted = options.faults + options.faults / 20 + 20;
  if (!yosys(llvm::formatv("read_rtlil original.il\nmutate -list {0} -seed {1} -o listed.txt\n",
                           wanted, options.seed)
                 .str()))
    return false;
  return write("faults.txt", usableFaults(read("listed.txt"), options.faults));
}

// Every fault behind its own value of the selector, and outputs that are read inside behind a
// buffer, so that the nets behind them can be split.
bool NetlistBuilder::insertFaults() {
  std::string script = "read_rtlil original.il\n", text = read("faults.txt");
  llvm::SmallVector<StringRef> lines;
  StringRef(text).split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (size_t i = 0; i < lines.size(); ++i)
    script += faultCommand(lines[i], i + 1) + "\n";
  script += "opt_clean\niopadmap -bits -outpad $_BUF_ A:Y\n"
            "setparam -type $pos -set A_WIDTH 1 -set Y_WIDTH 1 -set A_SIGNED 0 t:$_BUF_\n"
            "rename -enumerate -pattern n%_\nwrite_rtlil netlist.il\n"
            "write_verilog -noattr netlist.v\n";
  return yosys(script);
}

// The nets that Verilator names as parts of combinational loops.
std::optional<std::set<std::string>> NetlistBuilder::netsInLoops() {
  Command command{{options.cache.verilator, "--lint-only", "-Wno-lint", "-Wno-style", "-Wno-fatal",
                   "--top-module", spec.top, "netlist.v"},
                  folder,
                  "lint.log"};
  if (!run(command, /*mayFail=*/true))
    return std::nullopt;
  std::string log = read("lint.log");
  const llvm::Regex loop("^%Warning-UNOPTFLAT.*'" + spec.top + "\\.(.*)'$"),
      path("Example path: " + spec.top + "\\.(.*)$");
  std::set<std::string> nets;
  llvm::SmallVector<StringRef> lines, match;
  StringRef(log).split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : lines)
    if (loop.match(line, &match) || path.match(line, &match))
      nets.insert(match[1].str());
  return nets;
}

// A vector whose bits depend on each other is no loop once it is split. Verilator does not name
// every vector of a loop: when splitting what it names changes nothing, what their cells touch is
// split as well. What cannot be split further is left for the model's build to report.
bool NetlistBuilder::splitLoops() {
  std::set<std::string> before;
  bool isWide = false;
  for (unsigned round = 0; round < kMostRounds; ++round) {
    std::optional<std::set<std::string>> nets = netsInLoops();
    if (!nets)
      return false;
    bool isStuck = *nets == before;
    if (nets->empty() || (isStuck && isWide))
      return true;
    isWide = isStuck;
    std::string script = "read_rtlil netlist.il\nselect -set loops";
    for (const std::string &net : *nets)
      script += " w:" + net;
    script += isWide ? "\nselect -set loops @loops %x2\n" : "\n";
    script += "splitnets @loops\nwrite_rtlil netlist.il\nwrite_verilog -noattr netlist.v\n";
    if (!yosys(script))
      return false;
    before = std::move(*nets);
  }
  return true;
}

// A memory's write enable is a bit for each bit of data, most of them the same signal behind a
// multiplexer of their own: as gates they are seen to be one, and a write is one statement.
bool NetlistBuilder::joinEnables() {
  return yosys("read_rtlil original.il\nselect -set enables w:*_EN* %ci1 t:$mux %i\n"
               "simplemap @enables\nopt_expr -mux_bool\nopt_merge\n"
               "splitnets w:*_EN*\nsplitnets -driver\nopt_clean -purge\n"
               "write_verilog -noattr netlist.v\n") &&
         write("faults.txt", "");
}

// ---- in the cache

static std::string identity(StringRef program) {
  auto found = llvm::sys::findProgramByName(program);
  fs::file_status status;
  if (!found || fs::status(*found, status))
    return "";
  int64_t time = status.getLastModificationTime().time_since_epoch().count();
  return llvm::formatv("{0} {1} {2}", *found, status.getSize(), time).str();
}

std::optional<Netlist> mutation::makeNetlist(const ModelSpec &spec, const NetlistOptions &options,
                                             Diagnostics &diagnostics) {
  std::string tool = identity(options.yosys);
  if (tool.empty()) {
    diagnostics.report(Message::RtlToolMissing, Place(), options.yosys);
    return std::nullopt;
  }
  // What Verilator refuses, with its reasons, does not get to yosys.
  std::optional<BuiltModel> model = ModelCache(options.cache).get(spec, diagnostics);
  if (!model)
    return std::nullopt;
  std::string key =
      llvm::formatv("{0}-{1}-{2}-{3:x}", model->key, options.faults, options.seed,
                    llvm::hash_value(tool + kFormat.str() + (options.eventDriven ? "e" : "")));
  bool wasThere = false;
  if (options.cache.progress)
    options.cache.progress("making the netlist");
  auto entry =
      CacheDirectory(options.cache)
          .get(
              "netlists", key,
              [&](const std::string &folder) {
                return NetlistBuilder(spec, model->sources, options, folder, diagnostics).build();
              },
              wasThere, diagnostics);
  if (!entry)
    return std::nullopt;
  auto textOf = [&](StringRef name) {
    auto text = llvm::MemoryBuffer::getFile(*entry + name.str(), /*IsText=*/true);
    return text ? (*text)->getBuffer().str() : std::string();
  };
  return Netlist{*entry + "/netlist.v", *entry + "/original.il", *entry + "/netlist.il", spec.top,
                 parseFaults(textOf("/faults.txt"), drivenByCells(textOf("/original.il")),
                             model->sources, diagnostics)};
}

ModelSpec mutation::netlistSpec(const ModelSpec &spec, const Netlist &netlist) {
  ModelSpec result = spec;
  result.top = netlist.top;
  result.files = {netlist.verilog};
  result.includeDirectories.clear();
  result.parameters.clear();
  result.flags = {"-Wno-lint", "-Wno-style"};
  return result;
}
