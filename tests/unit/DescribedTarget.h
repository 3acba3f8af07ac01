// A small dense unit described in text, 4 x 4, whose parts a test can change: the whole path from
// description to results runs on it.
#pragma once

#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "simulators/functional/FunctionalSimulator.h"
#include "simulators/reference/Reference.h"
#include "tests/unit/BadDescriptions.h"
#include "tests/unit/NotationTools.h"

#include <random>

namespace lathe::test {

/// PAD_LOAD and PAD_HOP are what LOAD and PRELOAD put behind the last column and row; STORE_COLS is
/// the store's extent of columns.
inline const char *const kDenseUnit = R"td(
include "lathe/Isa.td"
def DIM  : Param<4, "rows and columns">;
def Spm  : Space<"spm", ELEMENT, [DIM]>;
def Acc  : Space<"acc", i32, [DIM]>;
def Wreg : Space<"wreg", ELEMENT, [DIM, DIM]>;
def LdStride : State<i32, "bytes from one loaded row to the next">;
def StStride : State<i32, "bytes from one stored row to the next">;
def LoadUnit : Unit<"load">;
def ExecuteUnit : Unit<"execute">;
def StoreUnit : Unit<"store">;
class Op<bits<4> op, Unit unit> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = unit; }
def LOAD : Op<1, LoadUnit> {
  let Operands = (ops Tile<Host, ELEMENT, ["rows", "cols"]>:$src, Tile<Spm, ELEMENT, ["rows", "DIM"]>:$dst,
                      Extent<1, Int<64>>:$rows, Extent<1, DIM>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, src[i,j], PAD_LOAD)";
  let Strides = (strides LdStride:$src);
  LOAD_LAYOUT
  bits<24> src; bits<10> dst; bits<7> rows; bits<3> cols;
  let Inst{23-0} = src; let Inst{33-24} = dst; let Inst{40-34} = rows; let Inst{43-41} = cols;
}
def PRELOAD : Op<2, ExecuteUnit> {
  let Operands = (ops Tile<Spm, ELEMENT, ["rows", "DIM"]>:$src, Tile<Wreg, ELEMENT, ["DIM", "DIM"]>:$dst,
                      Extent<1, DIM>:$rows);
  let Semantics = "dst[k,j] = select(k < rows, src[k,j], PAD_HOP)";
  bits<10> src; bits<1> dst; bits<3> rows;
  let Inst{9-0} = src; let Inst{10} = dst; let Inst{13-11} = rows;
}
class Multiply<bits<4> op> : Op<op, ExecuteUnit> {
  let Operands = (ops Tile<Spm, ELEMENT, ["rows", "DIM"]>:$a, Tile<Wreg, ELEMENT, ["DIM", "DIM"]>:$w,
                      Tile<Acc, i32, ["rows", "DIM"]>:$acc, Extent<1, Int<64>>:$rows,
                      Immediate<u8>:$step);
  let Strides = (strides "step":$a);
  bits<10> a; bits<1> w; bits<8> acc; bits<7> rows; bits<8> step;
  let Inst{9-0} = a; let Inst{10} = w; let Inst{18-11} = acc; let Inst{25-19} = rows;
  let Inst{33-26} = step;
}
def MUL : Multiply<3> { let Semantics = "acc[i,j] = BODY"; }
def MAC : Multiply<4> { let Semantics = "acc[i,j] UPDATE BODY"; }
def STORE : Op<5, StoreUnit> {
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$src, Tile<Host, i32, ["rows", STORE_COLS]>:$dst,
                      Extent<1, Int<64>>:$rows STORE_EXTENT);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides StStride:$dst);
  STORE_LAYOUT
  bits<24> dst; bits<8> src; bits<7> rows; STORE_FIELD
  let Inst{23-0} = dst; let Inst{31-24} = src; let Inst{38-32} = rows; STORE_INST
}
def SET_LOAD : Op<6, LoadUnit> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "LdStride = value";
  bits<32> value; let Inst{31-0} = value;
}
def SET_STORE : Op<7, StoreUnit> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "StStride = value";
  bits<32> value; let Inst{31-0} = value;
}
)td";

inline const char *const kDenseMachine = R"(lathe: machine/1
isa: base
clock: 100 MHz
spaces:
  host: {read: 8 B/cycle, write: 8 B/cycle, latency: 10 cycles}
  spm: {capacity: 4 KiB}
  acc: {capacity: 4 KiB}
  wreg: {capacity: 32 B}
units:
  load: {queue: 4, interval: {LOAD: rows}}
  execute: {queue: 4, interval: {PRELOAD: DIM, MUL: rows, MAC: rows}}
  store: {queue: 4, interval: {STORE: rows}}
)";

struct DenseUnit {
  std::string padLoad = "0", padHop = "0", element = "i8",
              update = "+=", body = "sum(k) i32(a[i,k]) * i32(w[k,j])", loadLayout = "",
              storeLayout = "";
  bool storeColumns = true;

  std::string text() const {
    std::string out = kDenseUnit;
    auto put = [&](llvm::StringRef word, llvm::StringRef with) {
      for (size_t at; (at = out.find(word.str())) != std::string::npos;)
        out.replace(at, word.size(), with.str());
    };
    put("PAD_LOAD", padLoad);
    put("PAD_HOP", padHop);
    put("ELEMENT", element);
    put("UPDATE", update);
    put("BODY", body);
    put("LOAD_LAYOUT", layout("src", loadLayout));
    put("STORE_LAYOUT", layout("dst", storeLayout));
    put("STORE_COLS", storeColumns ? "\"cols\"" : "\"DIM\"");
    put("STORE_EXTENT", storeColumns ? ", Extent<1, DIM>:$cols" : "");
    put("STORE_FIELD", storeColumns ? "bits<3> cols;" : "");
    put("STORE_INST", storeColumns ? "let Inst{41-39} = cols;" : "");
    return out;
  }

  static std::string layout(const char *operand, const std::string &text) {
    return text.empty() ? "" : "let Layouts = (layout \"" + text + "\":$" + operand + ");";
  }

  Target load() const {
    ScratchPlugin plugin;
    plugin.write("isa/base.td", text());
    plugin.write("machines/base.yaml", kDenseMachine);
    Sources sources;
    Diagnostics diagnostics(sources);
    auto manifest = readManifest(plugin.folder, diagnostics);
    auto target = manifest ? loadTarget(*manifest, "", diagnostics) : std::nullopt;
    std::string shown;
    llvm::raw_string_ostream out(shown);
    print(out, diagnostics);
    REQUIRE_MESSAGE(target, shown);
    return *target;
  }
};

/// The reference array's default machine.
inline Target referenceArray(Diagnostics &diagnostics) {
  auto plugin = readManifest(LATHE_SOURCE_DIR "/targets/systolic_array", diagnostics);
  REQUIRE(plugin);
  auto target = loadTarget(*plugin, "", diagnostics);
  REQUIRE(target);
  return std::move(*target);
}

inline Jit &jitOfTests() {
  static std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create(""));
  return *jit;
}

inline Arrays cornerInputs(const Semantics &kernel, uint64_t seed) {
  static const int64_t corners[] = {-128, -127, -1, 0, 1, 126, 127, 45};
  std::mt19937_64 random(seed);
  Arrays inputs;
  for (const Tensor &tensor : kernel.tensors) {
    if (tensor.role != Role::Input)
      continue;
    Array array = Array::zeros(tensor.type, tensor.sizes);
    for (int64_t i = 0; i < array.elements(); ++i)
      array.setInteger(i, corners[random() % std::size(corners)]);
    inputs[tensor.name] = std::move(array);
  }
  return inputs;
}

/// "equal", or what went wrong: the program on the functional simulator beside the reference.
inline std::string runBeside(const Semantics &kernel, const Compilation &compiled,
                             const Target &target, const Arrays &inputs) {
  Arrays expected = inputs, got = inputs;
  if (auto fault = evaluate(kernel, expected, jitOfTests()))
    return "reference: " + *fault;
  FunctionalSimulator simulator(target, jitOfTests());
  if (auto fault = simulator.run(compiled.program, got))
    return "functional: " + fault->text;
  for (const Tensor &tensor : kernel.tensors)
    if (tensor.role == Role::Output && expected.at(tensor.name).bytes != got.at(tensor.name).bytes)
      return "'" + tensor.name + "' differs";
  return "equal";
}

} // namespace lathe::test
