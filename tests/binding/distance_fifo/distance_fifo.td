include "lathe/Isa.td"

def Samples : Space<"samples", i16, [Int<4>]> {
  let Summary = "rows of four samples, the last one lowest";
  let Layout = "samples[j]: bit 16*(3 - j)";
}
def Core : Unit<"core">;

class Call : Intrinsic<0> { let ExecutedBy = Core; }
def LOAD : Call {
  let Summary = "fill rows from host memory";
  let Operands = (ops Tile<Host, i16, ["rows", "4"]>:$src, Tile<Samples, i16, ["rows", "4"]>:$dst,
                      Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$src);
}
def DISTANCE : Call {
  let Summary = "squares of differences, one after the other into the output FIFO";
  let Operands = (ops Tile<Samples, i16, ["rows", "4"]>:$a, Tile<Samples, i16, ["rows", "4"]>:$b,
                      Tile<Host, i32, ["rows", "4"]>:$dst, Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = (i32(a[i,j]) - i32(b[i,j])) * (i32(a[i,j]) - i32(b[i,j]))";
  let Strides = (strides "stride":$dst);
  let Writes = [Write<1, "a">, Write<2, "b">, Write<3, "rows - 1">, Write<0, "1">];
}
