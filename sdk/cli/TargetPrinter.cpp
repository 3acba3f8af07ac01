#include "sdk/cli/TargetPrinter.h"

#include "sdk/cli/Table.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::formatv;
using llvm::raw_ostream;

static Table operandTable(const Intrinsic &intrinsic, const Target &target) {
  Table table({"operand", "is", "bits", ">from", ">to"});
  for (unsigned i = 0; i < intrinsic.arguments.size(); ++i) {
    const Argument &argument = intrinsic.arguments[i];
    std::string kind = operandText(intrinsic, i, target);
    if (argument.defaultValue)
      kind += formatv(", {0} when left out", *argument.defaultValue).str();
    table.add({argument.name, std::move(kind), bitsText(argument), std::to_string(argument.min),
               std::to_string(argument.max)});
  }
  return table;
}

/// The layouts of the operands, one a line.
static std::string layoutsText(const Intrinsic &intrinsic, llvm::StringRef indent) {
  std::string text;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.layout)
      text += formatv("{0}layout {1}\n", indent, tile.layout->text).str();
  return text;
}

static void printIntrinsic(raw_ostream &out, const Intrinsic &intrinsic, const Target &target,
                           Format format) {
  Table table = operandTable(intrinsic, target);
  if (format == Format::Markdown) {
    out << formatv("\n### {0}\n\n{1}. Executed by {2}.\n\n    {3}\n{4}\n", intrinsic.name,
                   intrinsic.summary, pipeText(intrinsic, target), intrinsic.semanticsText,
                   layoutsText(intrinsic, "    "));
    return table.printMarkdown(out);
  }
  out << formatv("\n{0}: {1} ({2})\n    {3}\n", intrinsic.name, intrinsic.summary,
                 pipeText(intrinsic, target), intrinsic.semanticsText);
  out << layoutsText(intrinsic, "    ");
  out << formatv("    word & {0:X16} == {1:X16}\n", intrinsic.mask[0], intrinsic.match[0]);
  table.printText(out, "    ");
}

void lathe::cli::printIsa(raw_ostream &out, const Target &target, Format format) {
  out << formatv("{0}{1} {2}: {3} intrinsics in {4}-bit commands\n",
                 format == Format::Markdown ? "## " : "", target.name, target.version,
                 target.intrinsics.size(), target.instructionWidth);
  for (const Intrinsic &intrinsic : target.intrinsics)
    printIntrinsic(out, intrinsic, target, format);
}

static Table spaceTable(const Target &target) {
  Table table(
      {"space", "one address", ">addresses", ">capacity", ">banks", ">reads", ">writes", "what"});
  for (const Space &space : target.spaces) {
    auto rate = [&](int64_t bytes, int64_t accesses) {
      return space.isHost ? formatv("{0} B/cycle", bytes).str()
                          : formatv("{0} per cycle", accesses).str();
    };
    table.add(
        {space.name, rowText(space), space.isHost ? "-" : grouped(space.addresses),
         space.isHost ? "-" : humanBytes(space.capacityBytes), std::to_string(space.banks),
         rate(space.readBytes, space.readsPerCycle), rate(space.writeBytes, space.writesPerCycle),
         space.isHost ? formatv("latency {0} cycles", space.latencyCycles).str() : space.summary});
  }
  return table;
}

static Table timingTable(const Target &target) {
  Table table({"intrinsic", "unit", "interval", ">latency", ">release"});
  for (const Intrinsic &intrinsic : target.intrinsics)
    table.add({intrinsic.name, pipeText(intrinsic, target),
               cyclesText(intrinsic.timing.interval, intrinsic),
               std::to_string(intrinsic.timing.latencyCycles),
               std::to_string(intrinsic.timing.releaseCycles)});
  return table;
}

/// What the RTL of this machine is built with.
static void printRtlParameters(raw_ostream &out, const Target &target) {
  if (!target.rtl || target.rtl->parameters.empty())
    return;
  out << "\nRTL '" << target.rtl->top << "':";
  for (const auto &[name, value] : target.rtl->parameters)
    out << formatv(" {0}={1}", name, value);
  out << '\n';
}

void lathe::cli::printMachine(raw_ostream &out, const Target &target, Format format) {
  out << formatv("{0}{1}@{2}: {3} MHz, a command every {4}, at its unit {5} cycles later\n",
                 format == Format::Markdown ? "## " : "", target.name, target.machine,
                 target.clockHz / 1e6, target.commandInterval, target.commandLatency);
  if (target.launchCycles > 0)
    out << formatv("a program is started in {0} cycles\n", target.launchCycles);
  for (const auto &[name, value] : target.parameters)
    out << formatv("{0} = {1}\n", name, value);
  for (const Table &table : {spaceTable(target), timingTable(target)}) {
    out << '\n';
    format == Format::Markdown ? table.printMarkdown(out) : table.printText(out);
  }
  for (const Space &space : target.spaces)
    if (space.layout)
      out << formatv("\nlayout {0}\n", space.layout->text);
  printRtlParameters(out, target);
}

static llvm::json::Object
parametersToJson(llvm::ArrayRef<std::pair<std::string, int64_t>> parameters) {
  llvm::json::Object object;
  for (const auto &[name, value] : parameters)
    object[name] = value;
  return object;
}

static llvm::json::Value argumentToJson(const Intrinsic &intrinsic, unsigned argument,
                                        const Target &target) {
  const Argument &it = intrinsic.arguments[argument];
  llvm::json::Array runs;
  for (const BitRun &run : it.runs)
    runs.push_back(
        llvm::json::Object{{"lsb", run.lsb}, {"valueLsb", run.valueLsb}, {"width", run.width}});
  return llvm::json::Object{
      {"name", it.name},         {"is", operandText(intrinsic, argument, target)},
      {"min", it.min},           {"max", it.max},
      {"minusOne", it.minusOne}, {"bits", std::move(runs)}};
}

llvm::json::Value lathe::cli::isaToJson(const Target &target) {
  llvm::json::Array intrinsics;
  for (const Intrinsic &intrinsic : target.intrinsics) {
    llvm::json::Array arguments;
    llvm::json::Object layouts;
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.layout)
        layouts[tile.name] = tile.layout->text;
    for (unsigned i = 0; i < intrinsic.arguments.size(); ++i)
      arguments.push_back(argumentToJson(intrinsic, i, target));
    intrinsics.push_back(llvm::json::Object{{"name", intrinsic.name},
                                            {"summary", intrinsic.summary},
                                            {"semantics", intrinsic.semanticsText},
                                            {"layouts", std::move(layouts)},
                                            {"unit", pipeText(intrinsic, target)},
                                            {"mask", formatv("{0:X16}", intrinsic.mask[0]).str()},
                                            {"match", formatv("{0:X16}", intrinsic.match[0]).str()},
                                            {"operands", std::move(arguments)}});
  }
  return llvm::json::Object{{"name", target.name},
                            {"version", target.version},
                            {"instructionWidth", target.instructionWidth},
                            {"intrinsics", std::move(intrinsics)}};
}

llvm::json::Value lathe::cli::machineToJson(const Target &target) {
  llvm::json::Array spaces, timing;
  for (const Space &space : target.spaces)
    spaces.push_back(llvm::json::Object{{"name", space.name},
                                        {"layout", space.layout ? space.layout->text : ""},
                                        {"addresses", space.addresses},
                                        {"capacityBytes", space.capacityBytes},
                                        {"rowBytes", space.rowBytes()},
                                        {"banks", space.banks},
                                        {"readBytes", space.readBytes},
                                        {"writeBytes", space.writeBytes},
                                        {"latencyCycles", space.latencyCycles}});
  for (const Intrinsic &intrinsic : target.intrinsics)
    timing.push_back(
        llvm::json::Object{{"intrinsic", intrinsic.name},
                           {"interval", cyclesText(intrinsic.timing.interval, intrinsic)},
                           {"latencyCycles", intrinsic.timing.latencyCycles},
                           {"releaseCycles", intrinsic.timing.releaseCycles}});
  llvm::json::Object rtl;
  if (target.rtl)
    rtl = parametersToJson(target.rtl->parameters);
  return llvm::json::Object{{"name", target.machine},
                            {"clockHz", target.clockHz},
                            {"commandInterval", target.commandInterval},
                            {"commandLatency", target.commandLatency},
                            {"launchCycles", target.launchCycles},
                            {"parameters", parametersToJson(target.parameters)},
                            {"rtlParameters", std::move(rtl)},
                            {"spaces", std::move(spaces)},
                            {"timing", std::move(timing)}};
}

void lathe::cli::printDot(raw_ostream &out, const Target &target) {
  out << "digraph \"" << target.name << "\" {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Space &space : target.spaces)
    out << formatv("  \"{0}\" [label=\"{0}\\n{1}\"];\n", space.name,
                   space.isHost ? "host memory" : humanBytes(space.capacityBytes));
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const TileOperand &from : intrinsic.tiles)
      for (const TileOperand &to : intrinsic.tiles)
        if (from.read && to.written && &from != &to)
          out << formatv("  \"{0}\" -> \"{1}\" [label=\"{2}\"];\n", target.spaces[from.space].name,
                         target.spaces[to.space].name, intrinsic.name);
  out << "}\n";
}
