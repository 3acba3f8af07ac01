#include "simulators/rtl/ModelBuilder.h"

#include "simulators/rtl/Bridge.h"
#include "simulators/rtl/IcarusBench.h"
#include "simulators/rtl/RtlSafety.h"
#include "simulators/rtl/RuntimeSources.h"
#include "simulators/rtl/SignalTable.h"
#include "simulators/rtl/VerilatorLog.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

// Verilator works kDepth folders below "src", so that includes may climb (see RtlSources).
static constexpr StringRef kSourceFolder = "src/1/2/3/4";
static_assert(RtlSources::kDepth == 4);
static constexpr StringRef kBridgeFile = "lathe_bridge.sv";
static constexpr StringRef kToFolder = "../../../../../";

// Generated code of up to this size is compiled as one piece: most of the time goes into headers.
static constexpr uint64_t kSmallModelBytes = 200'000;

//----------------------------------------------------------------------------------------------
// Files and processes

static bool writeFile(const std::string &name, StringRef text, Diagnostics &diagnostics) {
  std::error_code failure = fs::create_directories(path::parent_path(name));
  if (!failure) {
    llvm::raw_fd_ostream out(name, failure);
    if (!failure) {
      out << text;
      out.close();
      failure = out.error();
      out.clear_error();
    }
  }
  if (failure)
    diagnostics.report(Message::FileUnwritable, Place{name, 0, 0, {}}, name, failure.message());
  return !failure;
}

bool ModelBuilder::write(StringRef name, StringRef text) {
  return writeFile(in(name), text, diagnostics);
}

std::string ModelBuilder::read(StringRef name) const {
  auto buffer = llvm::MemoryBuffer::getFile(in(name), /*IsText=*/true);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

void ModelBuilder::say(StringRef what) const {
  if (options.progress)
    options.progress(what);
}

// What a person looks for first in a compiler's output.
std::string ModelBuilder::firstErrorLine(StringRef log) const {
  llvm::SmallVector<StringRef> lines;
  log.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef line : lines)
    if (line.contains_insensitive("error"))
      return sources.withUserPaths(line.trim());
  return lines.empty() ? "it said nothing" : lines.back().trim().str();
}

// `quietFailure`: the caller reads the log and reports.
bool ModelBuilder::run(llvm::ArrayRef<Command> commands, StringRef what, bool quietFailure) {
  size_t failed = 0;
  CommandOutcome outcome =
      runCommands(commands, options.jobs, options.buildSeconds, options.cancel, failed);
  Place place;
  switch (outcome) {
  case CommandOutcome::Succeeded:
    return true;
  case CommandOutcome::Cancelled:
    return false;
  case CommandOutcome::NotStarted:
    diagnostics.report(Message::RtlToolMissing, place, commands[failed].arguments[0]);
    return false;
  case CommandOutcome::TimedOut:
    diagnostics.report(Message::RtlBuildTimeout, place, spec.top, options.buildSeconds);
    return false;
  case CommandOutcome::Failed:
    break;
  }
  if (!quietFailure) {
    auto log =
        llvm::MemoryBuffer::getFile(commands[failed].directory + "/" + commands[failed].logFile);
    diagnostics.report(Message::RtlBuildFailed, place, what, spec.top,
                       firstErrorLine(log ? (*log)->getBuffer() : ""));
  }
  return false;
}

//----------------------------------------------------------------------------------------------
// RTL to C++

bool ModelBuilder::writeSources() {
  for (const RtlSources::File &file : sources.files())
    if (!write(kSourceFolder.str() + "/" + file.privatePath, sources.text(file, diagnostics)))
      return false;
  return !fs::create_directories(in("out"));
}

// The bridge gives the design its parameters.
std::vector<std::string> ModelBuilder::verilatorArguments(bool ofBridge) const {
  std::vector<std::string> arguments = {options.verilator, "--top-module",
                                        ofBridge ? "lathe_top" : spec.top, "--relative-includes"};
  for (const std::string &directory : sources.privateDirectories())
    arguments.push_back("-I" + directory);
  if (!ofBridge)
    for (const auto &[name, value] : spec.parameters)
      arguments.push_back(llvm::formatv("-G{0}={1}", name, value));
  arguments.insert(arguments.end(), spec.flags.begin(), spec.flags.end());
  return arguments;
}

// What is wrong with the text is left to verilate(), which meets it again and reports it.
bool ModelBuilder::preprocess() {
  unsigned errorsBefore = diagnostics.errorCount();
  Command command{verilatorArguments(/*ofBridge=*/false), in(kSourceFolder),
                  kToFolder.str() + "preprocessed"};
  command.arguments.push_back("-E");
  addFiles(command);
  if (!run(command, "verilator", /*quietFailure=*/true)) {
    if (diagnostics.errorCount() == errorsBefore)
      verilate();
    return false;
  }
  return reportUnsafeRtl(read("preprocessed"), sources, diagnostics);
}

void ModelBuilder::addFiles(Command &command) {
  for (size_t i : sources.compileOrder(diagnostics))
    command.arguments.push_back(sources.files()[i].privatePath);
}

// The design alone, for its ports; then the bridge between them and the contract.
bool ModelBuilder::writeBridge() {
  Command command{verilatorArguments(/*ofBridge=*/false), in(kSourceFolder),
                  kToFolder.str() + kVerilatorLog.str()};
  for (const char *more :
       {"--cc", "--prefix", "VLatheDesign", "--Mdir", "../../../../../design", "-Wno-fatal", "-O0"})
    command.arguments.push_back(more);
  addFiles(command);
  unsigned errorsBefore = diagnostics.errorCount();
  if (!run(command, "verilator", /*quietFailure=*/true)) {
    reportVerilatorLog(read(kVerilatorLog), sources, diagnostics);
    if (diagnostics.errorCount() == errorsBefore && !(options.cancel && *options.cancel))
      diagnostics.report(Message::RtlBuildFailed, Place(), "verilator", spec.top,
                         firstErrorLine(read(kVerilatorLog)));
    return false;
  }
  std::vector<RtlPort> ports = parsePorts(read("design/VLatheDesign.h"));
  return spec.bridge->check(ports, sources, diagnostics) &&
         write(kSourceFolder.str() + "/" + kBridgeFile.str(), spec.bridge->text(ports));
}

// An array that Verilator does not find is the manifest's mistake.
bool ModelBuilder::explainBridge(StringRef log) {
  return spec.bridge && spec.bridge->explain(log, diagnostics);
}

bool ModelBuilder::verilate() {
  Command command{verilatorArguments(spec.bridge != nullptr), in(kSourceFolder),
                  kToFolder.str() + kVerilatorLog.str()};
  auto add = [&](std::initializer_list<const char *> more) {
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
  };
  add({"--cc", "--prefix", "VLatheModel", "--Mdir", "../../../../../out", "--x-assign", "fast",
       "--x-initial", "unique", "--assert", "-Wno-fatal", "-Werror-STMTDLY",
       spec.icarus ? "-Wno-UNOPTFLAT" : "-Werror-UNOPTFLAT"});
  add({spec.optimize && !spec.icarus ? "-O3" : "-O0"});
  if (spec.trace)
    add({"--trace-fst"});
  // Verilator cannot save the state of a model that counts coverage.
  add({spec.coverage ? "--coverage" : spec.lineCoverage ? "--coverage-line" : "--savable"});
  addFiles(command);
  if (spec.bridge) {
    add({"-Wno-MULTIDRIVEN"}); // arrays that the bridge fills
    command.arguments.push_back(kBridgeFile.str());
  }
  unsigned errorsBefore = diagnostics.errorCount();
  bool succeeded = run(command, "verilator", /*quietFailure=*/true);
  if (!succeeded && explainBridge(read(kVerilatorLog)))
    return false;
  reportVerilatorLog(read(kVerilatorLog), sources, diagnostics);
  if (!succeeded && diagnostics.errorCount() == errorsBefore &&
      !(options.cancel && *options.cancel))
    diagnostics.report(Message::RtlBuildFailed, Place(), "verilator", spec.top,
                       firstErrorLine(read(kVerilatorLog)));
  return succeeded;
}

static std::string portsText(const PortSizes &sizes) {
  return llvm::formatv("#define LATHE_COMMAND_BITS {0}\n#define LATHE_BEAT_BYTES {1}\n"
                       "#define LATHE_SELECT {2}\n",
                       sizes.commandBits, sizes.beatBytes, sizes.hasSelect ? 1 : 0);
}

// Verilator has read the file for its ports; what simulates is Icarus.
bool ModelBuilder::compileForIcarus(const PortSizes &sizes) {
  auto vvp = llvm::sys::findProgramByName(options.vvp);
  if (!vvp) {
    diagnostics.report(Message::RtlToolMissing, Place(), options.vvp);
    return false;
  }
  const RtlSources::File &file = sources.files().front();
  Command command{{options.iverilog, "-g2005-sv", "-s", "lathe_bench", "-o", kIcarusFile.str(),
                   "bench.v", kSourceFolder.str() + "/" + file.privatePath},
                  folder,
                  "icarus.log"};
  say("compiling " + spec.top + " for Icarus Verilog");
  return write("bench.v", icarusBench(spec.top, sizes, sources.text(file, diagnostics))) &&
         run(command, options.iverilog) && write("out/LatheSignals.inc", "") &&
         write("out/LathePorts.h",
               portsText(sizes) + llvm::formatv("#define LATHE_VVP \"{0}\"\n", *vvp).str());
}

bool ModelBuilder::writeTables(const PortSizes &sizes) {
  std::vector<GeneratedClass> classes;
  std::error_code failure;
  for (fs::directory_iterator it(in("out"), failure), end; it != end && !failure;
       it.increment(failure))
    if (path::extension(it->path()) == ".h")
      classes.push_back(
          {path::stem(it->path()).str(), read("out/" + path::filename(it->path()).str())});
  return write("out/LatheSignals.inc", signalTable(read("out/VLatheModel__Syms.h"), classes)) &&
         write("out/LathePorts.h", portsText(sizes));
}

bool ModelBuilder::checkGenerated() {
  std::vector<RtlPort> ports = parsePorts(read("out/VLatheModel.h"));
  std::optional<PortSizes> sizes =
      checkPorts(ports, spec.bridge ? "lathe_top" : spec.top, sources, diagnostics);
  if (!sizes)
    return false;
  // What reportUnsafeRtl refuses makes Verilator write this; nothing else may get this far.
  assert(!fs::exists(in("out/VLatheModel__Dpi.h")) && "foreign functions were refused before");
  if (spec.icarus)
    return compileForIcarus(*sizes);
  return writeTables(*sizes) &&
         (!spec.bridge || spec.bridge->checkArrays(read("out/LatheSignals.inc"), diagnostics));
}

bool ModelBuilder::generate() {
  say("verilating " + spec.top);
  return writeSources() && preprocess() && (!spec.bridge || writeBridge()) && verilate() &&
         checkGenerated();
}

//----------------------------------------------------------------------------------------------
// C++ to a library

bool ModelBuilder::writeRuntimeTexts() {
  for (const RuntimeSource &source : runtimeSources())
    if (!write("runtime/" + source.name.str(), source.text))
      return false;
  return true;
}

std::vector<std::string> ModelBuilder::compilerArguments(StringRef verilatorInclude,
                                                         StringRef level) const {
  return {compiler, level.str(), "-march=native", "-ffp-contract=off", "-std=c++20", "-fPIC", "-w",
          "-fvisibility=hidden", "-fvisibility-inlines-hidden",
          // One copy of everything per library, and a library that can be unloaded.
          StringRef(compiler).contains("g++") && !StringRef(compiler).contains("clang")
              ? "-fno-gnu-unique"
              : "-fbracket-depth=4096",
          "-I.", "-Iout", "-Iruntime", "-I" + verilatorInclude.str(),
          "-I" + verilatorInclude.str() + "/vltstd", "-DVM_TRACE=1", "-DVM_COVERAGE=1",
          "-DVL_USER_FINISH", "-DVL_USER_STOP", "-DVL_USER_FATAL",
          llvm::formatv("-DLATHE_TRACE={0}", spec.trace ? 1 : 0),
          llvm::formatv("-DLATHE_COVERAGE={0}", spec.coverage || spec.lineCoverage ? 1 : 0),
          llvm::formatv("-DLATHE_REPLAY={0}", spec.replay ? 1 : 0),
          llvm::formatv("-DLATHE_ICARUS={0}", spec.icarus ? 1 : 0), "-include",
          "runtime/ModelPrint.h", "-c"};
}

static std::string includeAll(llvm::ArrayRef<std::string> files) {
  std::string text;
  for (const std::string &file : files)
    text += "#include \"" + file + "\"\n";
  return text;
}

// Groups the generated files into a few that take about as long each: "unit0.cpp" holds the machine
// and, of a small model, everything; "slow.cpp" what runs once.
std::vector<std::string> ModelBuilder::writeUnits() {
  if (spec.icarus) {
    write("unit0.cpp", includeAll({"Machine.cpp", "ModelMain.cpp", "IcarusModel.cpp"}));
    return {"unit0"};
  }
  std::vector<std::pair<uint64_t, std::string>> fast;
  std::vector<std::string> slow;
  uint64_t total = 0;
  std::error_code failure;
  for (fs::directory_iterator it(in("out"), failure), end; it != end && !failure;
       it.increment(failure)) {
    StringRef name = path::filename(it->path());
    uint64_t size = 0;
    if (path::extension(name) != ".cpp" || fs::file_size(it->path(), size))
      continue;
    total += size;
    if (name.contains("Slow") || name.contains("__Syms") || name.contains("__Trace"))
      slow.push_back(name.str());
    else
      fast.emplace_back(size, name.str());
  }
  llvm::sort(slow);
  llvm::sort(fast, [](auto &a, auto &b) {
    return std::pair(b.first, a.second) < std::pair(a.first, b.second);
  });
  bool isSmall = total <= kSmallModelBytes;
  unsigned count = isSmall ? 1 : std::max(1u, options.jobs);
  std::vector<std::vector<std::string>> units(count);
  std::vector<uint64_t> sizes(count);
  for (auto &[size, name] : fast) {
    size_t smallest = llvm::min_element(sizes) - sizes.begin();
    units[smallest].push_back(name);
    sizes[smallest] += size;
  }
  if (isSmall)
    units[0].insert(units[0].end(), slow.begin(), slow.end());
  units.back().insert(units.back().end(), {"Machine.cpp", "ModelMain.cpp"});
  std::vector<std::string> names;
  for (unsigned i = 0; i < count; ++i) {
    names.push_back(llvm::formatv("unit{0}", i));
    write(names.back() + ".cpp", includeAll(units[i]));
  }
  if (!isSmall) {
    names.push_back("slow");
    write("slow.cpp", includeAll(slow));
  }
  return names;
}

bool ModelBuilder::compile(StringRef verilatorInclude) {
  if (!writeRuntimeTexts())
    return false;
  std::vector<Command> commands;
  for (const std::string &unit : writeUnits()) {
    // The linker keeps the first of equal inline functions: fast objects come first.
    objects.push_back(unit + ".o");
    Command command{compilerArguments(verilatorInclude, unit == "slow" ? "-O1" : "-O2"), folder,
                    unit + ".log"};
    command.arguments.insert(command.arguments.end(), {unit + ".cpp", "-o", unit + ".o"});
    commands.push_back(std::move(command));
  }
  say(llvm::formatv("compiling {0} ({1} files)", spec.top, commands.size()).str());
  return run(commands, compiler);
}

bool ModelBuilder::link(llvm::ArrayRef<std::string> runtimeObjects) {
  Command command{{compiler, "-shared", "-o", kModelFile.str()}, folder, "link.log"};
  auto &arguments = command.arguments;
  arguments.insert(arguments.end(), objects.begin(), objects.end());
  arguments.insert(arguments.end(), runtimeObjects.begin(), runtimeObjects.end());
  arguments.insert(arguments.end(), {"-Wl,-Bsymbolic", "-Wl,-z,defs", "-lpthread", "-lm"});
  if (spec.trace)
    arguments.push_back("-lz");
  say("linking " + spec.top);
  if (!run(command, compiler))
    return false;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; it != end && !failure;
       it.increment(failure)) {
    StringRef name = path::filename(it->path());
    if (name == kModelFile || name == kIcarusFile || name == kVerilatorLog)
      continue;
    if (fs::is_directory(it->path()))
      failure = fs::remove_directories(it->path());
    else
      failure = fs::remove(it->path());
  }
  return true;
}

bool ModelBuilder::compileRuntime(llvm::ArrayRef<std::string> files, StringRef verilatorInclude) {
  if (!writeRuntimeTexts())
    return false;
  std::vector<Command> commands;
  for (const std::string &file : files) {
    bool isOurs = fs::exists(in("runtime/" + file + ".cpp"));
    std::string source =
        isOurs ? "runtime/" + file + ".cpp" : verilatorInclude.str() + "/" + file + ".cpp";
    Command command{compilerArguments(verilatorInclude, "-O2"), folder, file + ".log"};
    command.arguments.insert(command.arguments.end(), {source, "-o", file + ".o"});
    commands.push_back(std::move(command));
  }
  say(llvm::formatv("compiling the simulator's runtime ({0} files), once", files.size()).str());
  return run(commands, compiler);
}
