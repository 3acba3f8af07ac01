include "lathe/Isa.td"

def X : Space<"x", i8, [Int<8>]> {
  let Summary = "a number for each cell, which has it from its neighbour on the ring";
  let Layout = "x[j]: bit 8*((j + 1) % 8)";
}
def W : Space<"w", i8,  [Int<8>]> { let Summary = "a factor for each cell"; }
def Y : Space<"y", i32, [Int<8>]> { let Summary = "a product for each cell"; }
def Core : Unit<"core">;

class Load<Space to> : Intrinsic<0> {
  let Summary = "fill " # to.Name # " from host memory";
  let Operands = (ops Tile<Host, to.ElementType, ["rows", "8"]>:$src, Tile<to, to.ElementType, ["rows", "8"]>:$dst,
                      Immediate<u16>:$stride, Extent<1, Int<4>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$src);
  let ExecutedBy = Core;
}
def LOAD_X : Load<X>;
def LOAD_W : Load<W>;
def LOAD_Y : Load<Y>;
def RUN : Intrinsic<0> {
  let Summary = "multiply in every cell";
  let Operands = (ops Tile<X, i8, ["rows", "8"]>:$x, Tile<W, i8, ["rows", "8"]>:$w, Tile<Y, i32, ["rows", "8"]>:$y,
                      Extent<1, Int<4>>:$rows);
  let Semantics = "y[i,j] = i32(x[i,j]) * i32(w[i,j])";
  let ExecutedBy = Core;
}
def STORE : Intrinsic<0> {
  let Summary = "read the products to host memory";
  let Operands = (ops Tile<Y, i32, ["rows", "8"]>:$src, Tile<Host, i32, ["rows", "8"]>:$dst,
                      Immediate<u16>:$stride, Extent<1, Int<4>>:$rows);
  let Strides = (strides "stride":$dst);
  let Semantics = "dst[i,j] = src[i,j]";
  let ExecutedBy = Core;
}
