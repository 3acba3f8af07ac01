// Summary and reference of the instructions.
#include "sdk/manual/BitDiagram.h"
#include "sdk/manual/Chapters.h"
#include "sdk/manual/Narrate.h"
#include "sdk/manual/TargetWords.h"

#include "core/program/Assembly.h"
#include "core/target/Encoding.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

static std::string opcodeText(const Intrinsic &intrinsic) {
  std::string text;
  for (const BitField &field : bitLayout(intrinsic).fields)
    if (field.kind == BitField::Kind::Fixed)
      text += (text.empty() ? "" : ", ") + bitRange(field) + ": " +
              code(binary(field.value, field.width));
  return text;
}

static void addSummary(Blocks &out, const Target &target) {
  out.push_back(Heading{2, "summary", "Summary", ""});
  Grid grid{"Instructions", {"instruction", "unit", "opcode", "what it does"}, {}};
  for (const Intrinsic &it : target.intrinsics)
    grid.rows.push_back({linkTo(it), code(pipeText(it, target)), opcodeText(it),
                         it.summary.empty() ? code(it.semanticsText) : plain(it.summary)});
  out.push_back(std::move(grid));
  out.push_back(Heading{2, "encodings", "Encodings", ""});
  out.push_back(Paragraph{
      "Bit 0 is the lowest bit of a command word. Dark fields are the opcode; bits without "
      "a name are reserved and zero."});
  out.push_back(Figure{"encodings", "Every instruction's fields, to scale", encodingMap(target)});
}

static std::string stepText(const Target &target, const Intrinsic &intrinsic,
                            const TileOperand &tile) {
  const char *unit = tile.space == kHostSpace ? "bytes" : "addresses";
  switch (tile.step.kind) {
  case Step::Kind::State:
    return formatv("; its rows lie {0} {1} apart", linkToState(target, tile.step.id), unit).str();
  case Step::Kind::Argument:
    return formatv("; its rows lie {0} {1} apart", code(intrinsic.arguments[tile.step.id].name),
                   unit)
        .str();
  case Step::Kind::Fixed:
    return "";
  }
  return "";
}

// "`src` lies as `src[i,j]: byte 16*i + 15 - j`, in rows of 16 bytes"
static std::string layoutNote(const TileOperand &tile) {
  const Layout &layout = *tile.layout;
  std::string text = code(tile.name) + " lies as " + code(layout.text);
  text += formatv(", in {0} {1} bytes", layout.hasRows() ? "rows of" : "a block of",
                  grouped(layout.bytes()));
  if (layout.rest)
    text += formatv("; a store puts {0} into bits that hold no element", *layout.rest ? 1 : 0);
  return text;
}

// The tiles that have a dimension of this extent.
static std::vector<std::string> tilesWith(const Intrinsic &intrinsic, unsigned extent) {
  std::vector<std::string> names;
  for (const TileOperand &tile : intrinsic.tiles)
    if (llvm::any_of(tile.shape, [&](const Dimension &it) { return it.argument == extent; }))
      names.push_back(code(tile.name));
  return names;
}

static std::string meaningOf(const Target &target, const Intrinsic &intrinsic, unsigned argument) {
  const Argument &it = intrinsic.arguments[argument];
  if (it.kind == Argument::Kind::Extent)
    return "size of " + llvm::join(tilesWith(intrinsic, argument), ", ");
  if (it.kind == Argument::Kind::Immediate)
    return "number in the instruction, " + code(name(it.type));
  const TileOperand *tile = tileAt(intrinsic, argument);
  if (!tile)
    return "address";
  std::string access = tile->read && tile->written ? "read and written"
                       : tile->written             ? "written"
                                                   : "read";
  return formatv("address in {0} of {1}, {2}{3}", linkToSpace(target, tile->space),
                 code(shapeText(*tile, intrinsic)), access, stepText(target, intrinsic, *tile))
      .str();
}

// Assembly may leave such an operand out.
static std::string defaultText(const Argument &argument) {
  return argument.defaultValue ? ", " + std::to_string(*argument.defaultValue) + " when left out"
                               : "";
}

static Grid operandGrid(const Target &target, const Intrinsic &intrinsic) {
  Grid grid{"", {"operand", "bits", ">from", ">to", "field holds", "meaning"}, {}};
  for (unsigned i = 0; i < intrinsic.arguments.size(); ++i) {
    const Argument &it = intrinsic.arguments[i];
    std::string runs;
    for (const BitRun &run : llvm::reverse(it.runs))
      runs += (runs.empty() ? "" : ", ") +
              bitRange({BitField::Kind::Argument, run.lsb, run.width, "", 0});
    grid.rows.push_back({code(it.name), runs, grouped(it.min), grouped(it.max),
                         it.minusOne ? "value - 1" : "value",
                         meaningOf(target, intrinsic, i) + defaultText(it)});
  }
  return grid;
}

static std::string stateList(const Target &target, llvm::ArrayRef<unsigned> states) {
  auto names = llvm::map_range(states, [&](unsigned id) { return linkToState(target, id); });
  return llvm::join(names, ", ");
}

static std::string timingSentence(const Intrinsic &it) {
  const Timing &timing = it.timing;
  if (timing.interval.base == 0 && timing.interval.terms.empty())
    return "Takes effect as it passes; it holds no pipe.";
  std::string text =
      formatv("Holds its pipe for {0} cycles; its result can be used {1} cycles later",
              code(cyclesText(timing.interval, it)), timing.latencyCycles)
          .str();
  if (timing.releaseCycles != 0)
    text += formatv(", its operands overwritten {0} cycles later", timing.releaseCycles).str();
  return text + ".";
}

static void addInstruction(Blocks &out, const Target &target, unsigned id) {
  const Intrinsic &it = target.intrinsics[id];
  out.push_back(
      Heading{3, "insn-" + it.name, plain(it.name), "unit " + code(pipeText(it, target))});
  if (!it.summary.empty()) {
    std::string summary = it.summary;
    summary[0] = llvm::toUpper(summary[0]);
    out.push_back(Paragraph{plain(summary) + "."});
  }
  out.push_back(Bits{bitLayout(it), std::nullopt});
  out.push_back(Code{it.semanticsText});
  if (!it.arguments.empty())
    out.push_back(operandGrid(target, it));
  std::vector<std::string> notes;
  if (!it.statesRead.empty())
    notes.push_back("Reads " + stateList(target, it.statesRead));
  if (!it.statesWritten.empty())
    notes.push_back("Sets " + stateList(target, it.statesWritten));
  for (const TileOperand &tile : it.tiles)
    if (tile.layout)
      notes.push_back(layoutNote(tile));
  notes.push_back(timingSentence(it));
  std::vector<int64_t> values = exampleValues(target, it);
  notes.push_back(formatv("Example: {0} is {1}", code(printInstruction(target, id, values)),
                          code(hexadecimal(encode(it, values), it.width)))
                      .str());
  out.push_back(List{std::move(notes)});
}

void lathe::manual::addInstructions(Blocks &out, const ManualInput &input) {
  out.push_back(Heading{1, "instructions", "Instructions", ""});
  addSummary(out, input.target);
  out.push_back(Heading{2, "reference", "Reference", ""});
  out.push_back(Paragraph{"Ranges are those of the machine " + code(input.target.machine) +
                          ": an address reaches to the end of its memory."});
  for (unsigned id = 0; id < input.target.intrinsics.size(); ++id)
    addInstruction(out, input.target, id);
}
