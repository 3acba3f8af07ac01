#include "sdk/mutation/MemoryCut.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace lathe;
using namespace lathe::mutation;
using llvm::StringRef;

namespace {
/// RTLIL's text: a line an item, cells from "  cell TYPE NAME" to "  end".
class Cutter {
public:
  explicit Cutter(StringRef rtlil) { rtlil.split(lines, '\n'); }
  std::string run();
  std::vector<MemoryPort> ports;

private:
  using Items = std::map<std::string, std::string>;
  void cut(bool isRead, Items parameters, Items connections);
  void output(const std::string &name, const std::string &width, const std::string &signal);

  llvm::SmallVector<StringRef> lines;
  std::string wires, rest;
  unsigned number = 100'000; ///< of the next port: behind the design's own
};
} // namespace

void Cutter::output(const std::string &name, const std::string &width, const std::string &signal) {
  wires += llvm::formatv("  wire width {0} output {1} \\{2}\n", width, number++, name);
  rest += llvm::formatv("  connect \\{0} {1}\n", name, signal);
}

void Cutter::cut(bool isRead, Items parameters, Items connections) {
  std::string name = llvm::formatv("{0}{1}", kCutPrefix, ports.size()).str();
  ports.push_back({parameters["MEMID"], connections["ADDR"], isRead});
  output(name + "_address", parameters["ABITS"], connections["ADDR"]);
  if (isRead) {
    wires += llvm::formatv("  wire width {0} input {1} \\{2}_read\n", parameters["WIDTH"], number++,
                           name);
    rest += llvm::formatv("  connect {0} \\{1}_read\n", connections["DATA"], name);
    return;
  }
  output(name + "_data", parameters["WIDTH"], connections["DATA"]);
  output(name + "_enable", parameters["WIDTH"], connections["EN"]);
}

std::string Cutter::run() {
  std::string kept;
  size_t afterModule = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    StringRef line = lines[i];
    if (line.starts_with("  memory "))
      continue;
    if (!line.starts_with("  cell $memrd") && !line.starts_with("  cell $memwr")) {
      if (line == "end")
        kept += rest;
      kept += line.str() + "\n";
      if (line.starts_with("module "))
        afterModule = kept.size();
      continue;
    }
    Items parameters, connections;
    bool isRead = line.starts_with("  cell $memrd");
    for (++i; i < lines.size() && lines[i] != "  end"; ++i) {
      auto [word, item] = lines[i].trim().split(' ');
      item.consume_front("signed ");
      auto [name, value] = item.split(' ');
      (word == "parameter" ? parameters : connections)[name.drop_front().str()] = value.str();
    }
    cut(isRead, std::move(parameters), std::move(connections));
  }
  return kept.insert(afterModule, wires);
}

std::string mutation::cutMemories(StringRef rtlil, std::vector<MemoryPort> &ports) {
  Cutter cutter(rtlil);
  std::string text = cutter.run();
  ports = std::move(cutter.ports);
  return text;
}
