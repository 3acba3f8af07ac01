#include "sdk/mutation/FaultList.h"

#include <map>

using namespace lathe;
using namespace lathe::mutation;
using llvm::StringRef;

static constexpr StringRef kCommand = "mutate";

namespace {
/// mutate -mode const1 -module top -cell $add$a.sv:7$3 -port A -portbit 2 -wire w -wirebit 1 -src
/// a.sv:7.3-7.9
struct Line {
  std::map<StringRef, StringRef> options; ///< of several `-src`, the last: the innermost expression
  StringRef operator[](StringRef name) const {
    auto found = options.find(name);
    return found == options.end() ? StringRef() : found->second;
  }
};
} // namespace

static Line split(StringRef text) {
  llvm::SmallVector<StringRef> words;
  text.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  Line line;
  for (size_t i = 1; i + 1 < words.size(); i += 2)
    line.options[words[i]] = words[i + 1];
  return line;
}

static std::vector<StringRef> linesOf(StringRef list) {
  llvm::SmallVector<StringRef> lines;
  list.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  llvm::erase_if(lines, [](StringRef line) { return !line.starts_with(kCommand); });
  return {lines.begin(), lines.end()};
}

std::string mutation::usableFaults(StringRef list, size_t most) {
  std::string usable;
  for (StringRef line : linesOf(list)) {
    if (most == 0)
      break;
    if (split(line)["-port"] == "CLK")
      continue;
    usable += line.str() + "\n";
    --most;
  }
  return usable;
}

std::string mutation::faultCommand(StringRef line, size_t select) {
  line.consume_front(kCommand);
  return llvm::formatv("{0} -ctrl lathe_select_i 32 {1}{2}", kCommand, select, line).str();
}

std::optional<NetFault> mutation::netFault(StringRef text) {
  Line line = split(text);
  StringRef mode = line["-mode"], wire = line["-wire"];
  bool isMap = mode == "inv" || mode.starts_with("cnot");
  if (!isMap || wire.empty() || (line["-port"] != "Y" && line["-port"] != "Q") ||
      line["-portbit"] != line["-wirebit"])
    return std::nullopt;
  NetFault fault{"\\" + wire.str(), 0, std::nullopt, mode.ends_with("1")};
  unsigned control = 0;
  if (line["-portbit"].getAsInteger(10, fault.bit) ||
      (mode != "inv" && line["-ctrlbit"].getAsInteger(10, control)))
    return std::nullopt;
  if (mode != "inv")
    fault.control = control;
  return fault;
}

static std::string effect(StringRef mode, StringRef otherBit) {
  if (mode == "const0")
    return "is stuck at 0";
  if (mode == "const1")
    return "is stuck at 1";
  if (mode == "inv")
    return "is inverted";
  // cnot0: while the other bit is 0.
  return ("is inverted where bit " + otherBit + " is " + mode.take_back()).str();
}

static std::string describe(const Line &line) {
  StringRef wire = line["-wire"], cell = line["-cell"];
  std::string pin =
      wire.empty() ? ("pin " + line["-port"] + " of '" + cell + "', bit " + line["-portbit"]).str()
                   : ("'" + wire + "' bit " + line["-wirebit"] + " at pin " + line["-port"]).str();
  return pin + " " + effect(line["-mode"], line["-ctrlbit"]);
}

// "rtl.0/alu.sv:12.3-12.9"
static Place placeOf(StringRef text, const RtlSources &sources, Diagnostics &diagnostics) {
  auto [file, rest] = text.rsplit(':');
  auto [row, column] = rest.split('-').first.split('.');
  unsigned line = 0, at = 0;
  if (file.empty() || row.getAsInteger(10, line) || column.getAsInteger(10, at))
    return {};
  return sources.place(file, line, at, diagnostics);
}

// A line of a cell's connections: `connect \Q \count_q`, `connect \Y \sum [3:0]`.
static std::string outputWire(StringRef line) {
  for (StringRef pin : {"connect \\Q ", "connect \\Y "})
    if (line.consume_front(pin)) {
      size_t from = line.find('\\');
      bool isNamed = from != StringRef::npos && !line.starts_with("$");
      return isNamed ? line.drop_front(from + 1).split(' ').first.str() : "";
    }
  return "";
}

std::map<std::string, Driven> mutation::drivenByCells(StringRef rtlil) {
  std::map<std::string, std::string> sources;
  std::map<std::string, Driven> driven;
  std::string source, cell;
  llvm::SmallVector<StringRef> lines;
  rtlil.split(lines, '\n');
  for (StringRef line : lines) {
    line = line.trim();
    if (line.consume_front("attribute \\src ")) {
      source = line.trim('"').split('|').first.str();
    } else if (line.starts_with("wire ")) {
      StringRef name = line.rsplit(' ').second;
      if (name.consume_front("\\"))
        sources[name.str()] = source;
      source.clear();
    } else if (line.starts_with("cell ")) {
      cell = line.rsplit(' ').second.str();
      source.clear();
    } else if (std::string wire = outputWire(line); !wire.empty()) {
      driven[cell] = {wire, sources[wire]};
    }
  }
  return driven;
}

std::vector<Fault> mutation::parseFaults(StringRef list,
                                         const std::map<std::string, Driven> &driven,
                                         const RtlSources &sources, Diagnostics &diagnostics) {
  std::vector<Fault> faults;
  for (StringRef text : linesOf(list)) {
    Line line = split(text);
    std::string what = describe(line);
    Place place = placeOf(line["-src"], sources, diagnostics);
    auto found = driven.find(line["-cell"].str());
    if (place.file.empty() && found != driven.end()) {
      place = placeOf(found->second.source, sources, diagnostics);
      if (line["-wire"] != found->second.wire)
        what += ", in what drives '" + found->second.wire + "'";
    }
    faults.push_back({sources.withUserPaths(what), text.str(), place});
  }
  return faults;
}
