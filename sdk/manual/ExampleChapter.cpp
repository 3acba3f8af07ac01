// A small kernel, compiled: its instructions explained and their words decoded.
#include "sdk/manual/Chapters.h"
#include "sdk/manual/Diagram.h"
#include "sdk/manual/Narrate.h"
#include "sdk/manual/TargetWords.h"

#include "core/target/Encoding.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <set>

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

static Grid symbolGrid(const Program &program) {
  Grid grid{"Host memory of the example", {"symbol", "is", "elements", ">address", ">bytes"}, {}};
  for (const Symbol &symbol : program.symbols) {
    std::string shape = name(symbol.type) + "[";
    for (size_t i = 0; i < symbol.sizes.size(); ++i)
      shape += (i ? "," : "") + std::to_string(symbol.sizes[i]);
    grid.rows.push_back({code(symbol.name), spelling(symbol.kind).str(), code(shape + "]"),
                         formatv("{0:x}", symbol.address).str(),
                         grouped(static_cast<int64_t>(symbol.bytes()))});
  }
  return grid;
}

static void addList(Blocks &out, const ProgramStep &step, const Target &target,
                    const SymbolTable &symbols) {
  const InstructionStream &stream = step.instructions;
  Grid grid{"Instructions of the example", {">#", "word", "assembly", "what it does here"}, {}};
  for (size_t i = 0; i < stream.size(); ++i) {
    const Intrinsic &it = target.intrinsics[stream.intrinsic(i)];
    grid.rows.push_back(
        {std::to_string(i), code(hexadecimal(encode(it, stream.values(i)), it.width)),
         code(printInstruction(target, stream.intrinsic(i), stream.values(i), &symbols)),
         narrate(target, stream.intrinsic(i), stream.values(i), symbols)});
  }
  out.push_back(std::move(grid));
}

static std::string shown(uint64_t value, const BitField &field) {
  return field.width <= 8 ? binary(value, field.width) : formatv("{0:x}", value).str();
}

static void addDecoded(Blocks &out, const ProgramStep &step, const Target &target) {
  std::set<unsigned> seen;
  const InstructionStream &stream = step.instructions;
  for (size_t i = 0; i < stream.size(); ++i) {
    if (!seen.insert(stream.intrinsic(i)).second)
      continue;
    const Intrinsic &it = target.intrinsics[stream.intrinsic(i)];
    Word word = encode(it, stream.values(i));
    out.push_back(Paragraph{
        formatv("**Instruction {0}** is {1}: {2}", i, code(hexadecimal(word, it.width)), linkTo(it))
            .str()});
    out.push_back(Bits{bitLayout(it), word});
    std::string fields;
    for (unsigned argument = 0; argument < it.arguments.size(); ++argument) {
      const Argument &of = it.arguments[argument];
      for (const BitRun &run : of.runs) {
        BitField field{BitField::Kind::Argument, run.lsb, run.width, "", 0};
        fields += formatv("{0}bits {1} hold {2}", fields.empty() ? "" : "; ", bitRange(field),
                          code(shown(bitsIn(field, word), field)))
                      .str();
      }
      fields += formatv(": {0} = {1}", code(of.name), stream.values(i)[argument]).str();
    }
    if (!fields.empty())
      out.push_back(Paragraph{"Fields: " + fields + "."});
  }
}

static void addDeviceStep(Blocks &out, const ProgramStep &step, const ManualInput &input,
                          unsigned number) {
  std::string suffix = number ? "-" + std::to_string(number + 1) : "";
  addList(out, step, input.target, SymbolTable(input.example->compilation.program.symbols));
  Prediction prediction = predict(step.instructions, input.target);
  out.push_back(
      Figure{"timeline" + suffix,
             formatv("The instructions in their pipes, by number, over {0} cycles as predicted",
                     grouped(prediction.idleAt))
                 .str(),
             timelineDiagram(step.instructions, input.target)});
}

void lathe::manual::addExample(Blocks &out, const ManualInput &input) {
  if (!input.example)
    return;
  const Program &program = input.example->compilation.program;
  out.push_back(Heading{1, "example", "A worked example", ""});
  out.push_back(Paragraph{formatv("The kernel {0}{1}{2}, compiled for {3}.", code(program.kernel),
                                  input.example->sizes.empty() ? "" : " with ",
                                  input.example->sizes, code(program.target))
                              .str()});
  out.push_back(Code{input.example->source});
  out.push_back(symbolGrid(program));
  out.push_back(Heading{2, "example-list", "The program", ""});
  unsigned number = 0;
  for (const ProgramStep &step : program.steps) {
    if (step.kind == ProgramStep::Kind::Device)
      addDeviceStep(out, step, input, number++);
    else
      out.push_back(Paragraph{"The host then does: " + plain(step.what) + "."});
  }
  out.push_back(Heading{2, "example-decoded", "Words, decoded", ""});
  out.push_back(Paragraph{"The first of each kind. Below each field stands what it holds."});
  for (const ProgramStep &step : program.steps)
    if (step.kind == ProgramStep::Kind::Device) {
      addDecoded(out, step, input.target);
      break;
    }
}
