include "lathe/Isa.td"

def Spm : Space<"spm", i16, [Int<4>]> {
  let Summary = "rows of lanes of 24 bits, even lanes first";
  let Layout = "spm[j] in 12: bit 24*(2*(j % 2) + j/2)";
}
def Wreg : Space<"wreg", i16, [Int<4>, Int<4>]> { let Summary = "weights"; }
def Res  : Space<"res",  i32, [Int<4>]>         { let Summary = "sums"; }
def Core : Unit<"core">;

// Width 0: register writes, or nothing where the host itself moves data.
class Call : Intrinsic<0> { let ExecutedBy = Core; }
class Load<Space to> : Call {
  let Summary = "fill rows of " # to.Name # " from host memory";
  let Operands = (ops Tile<Host, to.ElementType, ["rows", "4"]>:$src, Tile<to, to.ElementType, ["rows", "4"]>:$dst,
                      Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$src);
}
def LOAD     : Load<Spm>;
def LOAD_RES : Load<Res>;
def PRELOAD : Call {
  let Summary = "take four rows as the weights";
  let Operands = (ops Tile<Spm, i16, ["4", "4"]>:$src, Tile<Wreg, i16, ["4", "4"]>:$dst);
  let Semantics = "dst[k,j] = src[k,j]";
  let Writes = [Write<0x0c, "src">, Write<0x00, "1">];
}
class Dot<string command> : Call {
  let Operands = (ops Tile<Spm, i16, ["rows", "4"]>:$a, Tile<Wreg, i16, ["4", "4"]>:$w, Tile<Res, i32, ["rows", "4"]>:$dst,
                      Extent<1, Int<8>>:$rows);
  let Writes = [Write<0x08, "a">, Write<0x10, "dst">, Write<0x14, "rows - 1">, Write<0x00, command>];
}
def DOT : Dot<"3"> {
  let Summary = "dot products of rows with the columns of the weights";
  let Semantics = "dst[i,j] = sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def DOT_ACC : Dot<"7"> {
  let Summary = "add dot products of rows with the columns of the weights";
  let Semantics = "dst[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def STORE : Call {
  let Summary = "read sums to host memory";
  let Operands = (ops Tile<Res, i32, ["rows", "4"]>:$src, Tile<Host, i32, ["rows", "4"]>:$dst,
                      Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$dst);
}
