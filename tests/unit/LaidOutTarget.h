// A vector unit whose operands in host memory lie as a test says: the whole path runs on it.
#pragma once

#include "tests/unit/DescribedTarget.h"

namespace lathe::test {

inline const char *const kLaidOutUnit = R"td(
include "lathe/Isa.td"
def N : Param<8, "lanes">;
def Mem : Space<"mem", IN, [N]> { SPACE }
def Out : Space<"out", OUT, [N]>;
def Pitch : State<i32, "bytes from row to row">;
def Core : Unit<"core">;
class Op<bits<4> op> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = Core; }
def LOAD : Op<1> {
  let Operands = (ops Tile<Host, IN, LOAD_SHAPE>:$src, Tile<Mem, IN, ["rows", "N"]>:$dst, Extent<1, Int<32>>:$rows);
  let Semantics = "LOAD_SEMANTICS";
  LOAD_LAYOUT
  bits<24> src; bits<8> dst; bits<6> rows;
  let Inst{23-0} = src; let Inst{31-24} = dst; let Inst{37-32} = rows;
}
def ADD : Op<2> {
  let Operands = (ops Tile<Mem, IN, ["rows", "N"]>:$a, Tile<Mem, IN, ["rows", "N"]>:$b,
                      Tile<Out, OUT, ["rows", "N"]>:$dst, Extent<1, Int<32>>:$rows);
  let Semantics = "ADD_SEMANTICS";
  bits<8> a; bits<8> b; bits<8> dst; bits<6> rows;
  let Inst{7-0} = a; let Inst{15-8} = b; let Inst{23-16} = dst; let Inst{29-24} = rows;
}
def STORE : Op<3> {
  let Operands = (ops Tile<Out, OUT, ["rows", "N"]>:$src, Tile<Host, OUT, ["rows", "N"]>:$dst, Extent<1, Int<32>>:$rows);
  let Semantics = "STORE_SEMANTICS";
  STORE_LAYOUT
  bits<24> dst; bits<8> src; bits<6> rows;
  let Inst{23-0} = dst; let Inst{31-24} = src; let Inst{37-32} = rows;
}
def PITCH : Op<4> {
  let Operands = (ops Immediate<i16>:$value);
  let Semantics = "Pitch = i32(value)";
  bits<16> value; let Inst{15-0} = value;
}
)td";

inline const char *const kLaidOutMachine = R"(lathe: machine/1
isa: base
clock: 100 MHz
spaces:
  host: {read: 8 B/cycle, write: 8 B/cycle, latency: 10 cycles}
  mem: {capacity: MEM_BYTES B}
  out: {capacity: 1 KiB}
units:
  core: {queue: 4, interval: {LOAD: rows, ADD: rows, STORE: rows}}
)";

struct LaidOutUnit {
  std::string in = "i8", out = "i16", loadShape = R"(["rows", "N"])",
              loadSemantics = "dst[i,j] = src[i,j]",
              addSemantics = "dst[i,j] = i16(a[i,j]) + i16(b[i,j])",
              storeSemantics = "dst[i,j] = src[i,j]",
              loadLayout = "let Strides = (strides Pitch:$src);",
              storeLayout = "let Strides = (strides Pitch:$dst);", space;
  int memoryBytes = 2048;

  /// `let Layouts = ...`; with `stepped`, rows step by the state.
  static std::string layout(const char *operand, const std::string &text, bool stepped = false) {
    std::string name = operand;
    return (stepped ? "let Strides = (strides Pitch:$" + name + "); " : std::string()) +
           "let Layouts = (layout \"" + text + "\":$" + name + ");";
  }

  static void put(std::string &text, llvm::StringRef word, llvm::StringRef with) {
    for (size_t at = 0; (at = text.find(word.str(), at)) != std::string::npos; at += with.size())
      text.replace(at, word.size(), with.str());
  }

  std::string text() const {
    std::string text = kLaidOutUnit;
    put(text, "LOAD_LAYOUT", loadLayout);
    put(text, "STORE_LAYOUT", storeLayout);
    put(text, "LOAD_SEMANTICS", loadSemantics);
    put(text, "ADD_SEMANTICS", addSemantics);
    put(text, "STORE_SEMANTICS", storeSemantics);
    put(text, "LOAD_SHAPE", loadShape);
    put(text, "SPACE", space);
    put(text, "OUT", out);
    put(text, "IN,", in + ",");
    return text;
  }

  /// The target, or nothing and the messages in `shown`.
  std::optional<Target> tryLoad(std::string &shown) const {
    ScratchPlugin plugin;
    std::string machine = kLaidOutMachine;
    put(machine, "MEM_BYTES", std::to_string(memoryBytes));
    plugin.write("isa/base.td", text());
    plugin.write("machines/base.yaml", machine);
    Sources sources;
    Diagnostics diagnostics(sources);
    auto manifest = readManifest(plugin.folder, diagnostics);
    auto target = manifest ? loadTarget(*manifest, "", diagnostics) : std::nullopt;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    return target;
  }

  Target load() const {
    std::string shown;
    auto target = tryLoad(shown);
    REQUIRE_MESSAGE(target, shown);
    return std::move(*target);
  }
};

} // namespace lathe::test
