#include "sdk/run/Timeline.h"

#include "core/program/Assembly.h"
#include "core/program/Timing.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace lathe;

namespace {
class TimelineWriter {
public:
  TimelineWriter(const Program &program, const Target &target, llvm::raw_ostream &out)
      : target(target), symbols(program.symbols), json(out) {}

  void write(const Program &program, llvm::ArrayRef<uint64_t> commandCycles);

private:
  using Pipe = std::pair<unsigned, unsigned>;
  void nameTracks();
  struct Command {
    uint64_t index; ///< of the program
    uint64_t taken;
    uint64_t start, cycles; ///< predicted
  };
  void command(const ProgramStep &step, size_t i, const Command &command);
  int64_t trackOf(Pipe pipe) const { return pipe.first * 16 + pipe.second; }

  const Target &target;
  SymbolTable symbols;
  llvm::json::OStream json;
  std::map<Pipe, uint64_t> busyUntil;
};
} // namespace

void TimelineWriter::nameTracks() {
  for (unsigned unit = 0; unit < target.units.size(); ++unit)
    for (unsigned pipe = 0; pipe < target.units[unit].pipes.size(); ++pipe)
      json.object([&] {
        json.attribute("ph", "M");
        json.attribute("name", "thread_name");
        json.attribute("pid", 0);
        json.attribute("tid", trackOf({unit, pipe}));
        json.attributeObject("args", [&] {
          json.attribute("name", target.units[unit].name + "." + target.units[unit].pipes[pipe]);
        });
      });
}

void TimelineWriter::command(const ProgramStep &step, size_t i, const Command &command) {
  const InstructionStream &stream = step.instructions;
  const Intrinsic &intrinsic = target.intrinsics[stream.intrinsic(i)];
  Pipe pipe{intrinsic.unit, intrinsic.pipe};
  uint64_t start = std::max({command.taken, command.start, busyUntil[pipe]});
  busyUntil[pipe] = start + command.cycles;
  json.object([&] {
    json.attribute("ph", "X");
    json.attribute("name", intrinsic.name);
    json.attribute("pid", 0);
    json.attribute("tid", trackOf(pipe));
    json.attribute("ts", static_cast<int64_t>(start));
    json.attribute("dur", static_cast<int64_t>(command.cycles));
    json.attributeObject("args", [&] {
      json.attribute("index", static_cast<int64_t>(command.index));
      json.attribute("taken", static_cast<int64_t>(command.taken));
      json.attribute("instruction",
                     printInstruction(target, stream.intrinsic(i), stream.values(i), &symbols));
      if (!step.labels.empty())
        json.attribute("place", placeText(step, i));
    });
  });
}

void TimelineWriter::write(const Program &program, llvm::ArrayRef<uint64_t> commandCycles) {
  json.object([&] {
    json.attributeArray("traceEvents", [&] {
      nameTracks();
      uint64_t index = 0;
      for (const ProgramStep &step : program.steps) {
        if (step.instructions.size() == 0 || index >= commandCycles.size())
          continue;
        auto times = predictTimes(step.instructions, target);
        uint64_t first = commandCycles[index];
        for (size_t i = 0; i < times.size() && index < commandCycles.size(); ++i, ++index)
          command(step, i,
                  {index, commandCycles[index], first + static_cast<uint64_t>(times[i].start),
                   static_cast<uint64_t>(std::max<int64_t>(1, times[i].end - times[i].start))});
      }
    });
  });
}

std::string lathe::perfettoTimeline(const Program &program, const Target &target,
                                    llvm::ArrayRef<uint64_t> commandCycles) {
  std::string text;
  llvm::raw_string_ostream out(text);
  TimelineWriter(program, target, out).write(program, commandCycles);
  return text;
}
