// The plugin's machines beside each other, and the timing of one.
#include "sdk/manual/Chapters.h"
#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

namespace {
using Cell = llvm::function_ref<std::string(const Target &)>;

class MachineGrid {
public:
  explicit MachineGrid(llvm::ArrayRef<Target> machines) : machines(machines) {
    grid = {"Machines", {"quantity"}, {}};
    for (const Target &machine : machines)
      grid.columns.push_back(">`" + machine.machine + "`");
  }
  void row(const std::string &name, Cell cell) {
    std::vector<std::string> &cells = grid.rows.emplace_back(std::vector<std::string>{name});
    for (const Target &machine : machines)
      cells.push_back(cell(machine));
  }
  Grid grid;

private:
  llvm::ArrayRef<Target> machines;
};
} // namespace

static void addSpaceRows(MachineGrid &grid, const Target &first, unsigned id) {
  std::string name = code(first.spaces[id].name);
  if (id == kHostSpace) {
    grid.row(name + " read, bytes a cycle",
             [](const Target &it) { return std::to_string(it.spaces[kHostSpace].readBytes); });
    grid.row(name + " write, bytes a cycle",
             [](const Target &it) { return std::to_string(it.spaces[kHostSpace].writeBytes); });
    grid.row(name + " latency, cycles",
             [](const Target &it) { return std::to_string(it.spaces[kHostSpace].latencyCycles); });
    return;
  }
  grid.row(name + " capacity", [=](const Target &it) {
    return humanBytes(static_cast<uint64_t>(it.spaces[id].capacityBytes));
  });
  grid.row(name + " addresses", [=](const Target &it) { return grouped(it.spaces[id].addresses); });
  grid.row(name + " banks", [=](const Target &it) { return std::to_string(it.spaces[id].banks); });
}

void lathe::manual::addMachines(Blocks &out, const ManualInput &input) {
  out.push_back(Heading{1, "machines", "Machines", ""});
  out.push_back(
      Paragraph{"One instruction set, several machines: sizes and speeds differ, encodings and "
                "operations do not. The first one is what tools take when none is named."});
  MachineGrid grid(input.machines);
  const Target &first = input.machines.front();
  grid.row("clock", [](const Target &it) { return formatv("{0:F0} MHz", it.clockHz / 1e6).str(); });
  for (size_t i = 0; i < first.parameters.size(); ++i)
    grid.row(code(first.parameters[i].first),
             [=](const Target &it) { return std::to_string(it.parameters[i].second); });
  grid.row("multiply-adds a cycle", [](const Target &it) { return grouped(peakMacsPerCycle(it)); });
  for (unsigned id = 0; id < first.spaces.size(); ++id)
    addSpaceRows(grid, first, id);
  for (size_t i = 0; i < first.units.size(); ++i)
    grid.row(code(first.units[i].name) + " queue",
             [=](const Target &it) { return std::to_string(it.units[i].queue); });
  if (llvm::any_of(input.machines, [](const Target &it) { return it.launchCycles > 0; }))
    grid.row("cycles to start a program",
             [](const Target &it) { return std::to_string(it.launchCycles); });
  out.push_back(std::move(grid.grid));
}

static void addMeasured(Blocks &out, const ManualInput &input) {
  out.push_back(Heading{2, "measured", "As measured", ""});
  out.push_back(Paragraph{
      "Programs of one instruction, and of nine of the same one, run on the RTL. **One** is from "
      "the cycle in which its command is taken until the machine is idle again; **next** is what "
      "each further one adds. Beside each stands what the timing model says."});
  Grid grid{"Cycles on the RTL",
            {"instruction", "operands", ">one", ">described", ">next", ">described"},
            {}};
  for (size_t i = 0; i < input.measured.size(); ++i)
    if (const auto &it = input.measured[i])
      grid.rows.push_back({linkTo(input.target.intrinsics[i]),
                           it->operands.empty() ? "" : code(it->operands), grouped(it->cycles),
                           grouped(it->predictedCycles), formatv("{0:F2}", it->interval).str(),
                           formatv("{0:F2}", it->predictedInterval).str()});
  out.push_back(std::move(grid));
}

void lathe::manual::addTiming(Blocks &out, const ManualInput &input) {
  const Target &target = input.target;
  out.push_back(Heading{1, "timing", "Timing", ""});
  out.push_back(Paragraph{
      "An instruction starts when its pipe is free and what it reads and overwrites is settled."});
  out.push_back(List{
      {"**Interval**: cycles it holds its pipe; one that moves host memory takes the beats of the "
       "port when they are more.",
       "**Latency**: from the end of the interval until its results can be used.",
       "**Release**: from the end of the interval until its sources may be overwritten.",
       "**Queue**: commands of its unit that wait or run; a full queue holds up all that "
       "follow."}});
  out.push_back(Heading{2, "described", "As described", ""});
  Grid grid{"Cycles of " + plain(target.name) + "@" + plain(target.machine) +
                ", from its machine file",
            {"instruction", "unit", "interval", ">latency", ">release", ">queue"},
            {}};
  for (const Intrinsic &it : target.intrinsics)
    grid.rows.push_back(
        {linkTo(it), code(pipeText(it, target)), code(cyclesText(it.timing.interval, it)),
         std::to_string(it.timing.latencyCycles), std::to_string(it.timing.releaseCycles),
         std::to_string(target.units[it.unit].queue)});
  out.push_back(std::move(grid));
  if (!input.measured.empty())
    addMeasured(out, input);
}
