// The programming model: commands, units, memories, configuration state.
#include "sdk/manual/Chapters.h"
#include "sdk/manual/Feeds.h"
#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

static std::string counted(int64_t count, llvm::StringRef what) {
  return grouped(count) + " " + what.str() + (count == 1 ? "" : "s");
}
static std::string cycles(int64_t count) { return counted(count, "cycle"); }

static void addCommands(Blocks &out, const Target &target) {
  out.push_back(Heading{2, "commands", "Commands", ""});
  out.push_back(Paragraph{
      formatv("A program is a sequence of command words of {0} bits. The machine takes them in "
              "order, one "
              "every {1}, and hands each to its unit {2} later, once that unit's queue has room.",
              target.instructionWidth, cycles(target.commandInterval),
              cycles(target.commandLatency))
          .str()});
  out.push_back(
      List{{"A word whose opcode bits are those of no instruction, or with a reserved bit set, is "
            "not a valid command.",
            "Units run beside each other. Where a space is **interlocked**, the hardware orders "
            "accesses that "
            "conflict, so that a program behaves as if its instructions ran one after the other.",
            "Within a pipe, instructions start in order and follow each other without waiting for "
            "results.",
            "Configuration keeps its value until an instruction sets it again."}});
}

static void addUnits(Blocks &out, const Target &target) {
  out.push_back(Heading{2, "units", "Units and pipes", ""});
  Grid grid{"Units", {"unit", "pipe", ">queue", "instructions", "states"}, {}};
  for (unsigned unit = 0; unit < target.units.size(); ++unit)
    for (unsigned pipe = 0; pipe < target.units[unit].pipes.size(); ++pipe) {
      Traffic traffic = trafficOf(target, unit, pipe);
      auto names = llvm::map_range(traffic.intrinsics, [&](const std::string &name) {
        return linkTo(target.intrinsics[*target.findIntrinsic(name)]);
      });
      auto states =
          llvm::map_range(traffic.states, [&](unsigned id) { return linkToState(target, id); });
      grid.rows.push_back({code(target.units[unit].name), code(target.units[unit].pipes[pipe]),
                           std::to_string(target.units[unit].queue), llvm::join(names, ", "),
                           llvm::join(states, ", ")});
    }
  out.push_back(std::move(grid));
  out.push_back(Paragraph{"The queue holds the commands of all pipes of a unit that wait or run."});
  for (const Unit &unit : target.units)
    if (!unit.summary.empty())
      out.push_back(Paragraph{code(unit.name) + ": " + plain(unit.summary) + "."});
}

static std::string users(const Target &target, llvm::function_ref<bool(const Intrinsic &)> uses) {
  std::vector<std::string> names;
  for (const Intrinsic &intrinsic : target.intrinsics)
    if (uses(intrinsic))
      names.push_back(linkTo(intrinsic));
  return names.empty() ? "none" : llvm::join(names, ", ");
}

static std::string spaceFacts(const Space &space) {
  if (space.isHost)
    return formatv("The host's memory: byte addresses, elements of any type, little-endian. A read "
                   "of up "
                   "to {0} bytes and a write of up to {1} bytes a cycle; a response comes {2} "
                   "after its "
                   "request.",
                   space.readBytes, space.writeBytes, cycles(space.latencyCycles))
        .str();
  std::string text = space.summary.empty() ? "" : plain(space.summary) + ". ";
  if (!text.empty())
    text[text[0] == '\\'] = llvm::toUpper(text[text[0] == '\\']);
  text +=
      formatv("{0} addresses (0 to {1}); each holds {2} ({3} bytes). ", grouped(space.addresses),
              grouped(space.addresses - 1), code(rowText(space)), space.rowBytes())
          .str();
  if (space.layout)
    text += "Seen from outside, an address lies as " + code(space.layout->text) + ". ";
  if (space.banks > 1)
    text += formatv("{0} banks, address a in bank a mod {0}, each with {1} and {2} a cycle. ",
                    space.banks, counted(space.readsPerCycle, "read"),
                    counted(space.writesPerCycle, "write"))
                .str();
  return text + (space.interlocked ? "Interlocked: the hardware orders conflicting accesses."
                                   : "Not interlocked: one unit accesses it, in order.");
}

static void addSpaces(Blocks &out, const Target &target) {
  out.push_back(Heading{2, "memories", "Memories", ""});
  Grid grid{"Memories",
            {"space", "one address", ">addresses", ">capacity", ">banks", ">reads", ">writes"},
            {}};
  for (unsigned id = 0; id < target.spaces.size(); ++id) {
    const Space &space = target.spaces[id];
    auto rate = [&](int64_t bytes, int64_t accesses) {
      return space.isHost ? std::to_string(bytes) + " B/cycle"
                          : std::to_string(accesses) + " per cycle";
    };
    grid.rows.push_back({linkToSpace(target, id), code(rowText(space)),
                         space.isHost ? "" : grouped(space.addresses),
                         space.isHost ? "" : humanBytes(static_cast<uint64_t>(space.capacityBytes)),
                         space.isHost ? "" : std::to_string(space.banks),
                         rate(space.readBytes, space.readsPerCycle),
                         rate(space.writeBytes, space.writesPerCycle)});
  }
  out.push_back(std::move(grid));
  for (unsigned id = 0; id < target.spaces.size(); ++id) {
    out.push_back(Heading{3, "space-" + target.spaces[id].name, target.spaces[id].name, ""});
    out.push_back(Paragraph{spaceFacts(target.spaces[id])});
    auto reads = [&](const Intrinsic &it) {
      return llvm::any_of(it.tiles,
                          [&](const TileOperand &tile) { return tile.space == id && tile.read; });
    };
    auto writes = [&](const Intrinsic &it) {
      return llvm::any_of(
          it.tiles, [&](const TileOperand &tile) { return tile.space == id && tile.written; });
    };
    out.push_back(List{{"Written by " + users(target, writes), "Read by " + users(target, reads)}});
  }
}

static void addStates(Blocks &out, const Target &target) {
  if (target.states.empty())
    return;
  out.push_back(Heading{2, "states", "Configuration state", ""});
  out.push_back(Paragraph{"Registers that instructions read beside their operands."});
  for (unsigned id = 0; id < target.states.size(); ++id) {
    const State &state = target.states[id];
    out.push_back(Heading{3, "state-" + state.name, state.name, code(name(state.element))});
    if (!state.summary.empty())
      out.push_back(Paragraph{plain(state.summary) + "."});
    auto sets = [&](const Intrinsic &it) { return llvm::is_contained(it.statesWritten, id); };
    auto reads = [&](const Intrinsic &it) { return llvm::is_contained(it.statesRead, id); };
    out.push_back(List{{"Set by " + users(target, sets), "Read by " + users(target, reads)}});
  }
}

void lathe::manual::addProgrammingModel(Blocks &out, const ManualInput &input) {
  out.push_back(Heading{1, "model", "Programming model", ""});
  addCommands(out, input.target);
  addUnits(out, input.target);
  addSpaces(out, input.target);
  addStates(out, input.target);
}
