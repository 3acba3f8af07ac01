// Sixteen lanes on a ring. A word of memory holds one bit of every lane: the unit computes on planes.
include "lathe/Isa.td"

def N : Param<16, "lanes">;
// Seen from outside a row is sixteen cells of two bits for each of its elements' bit pairs.
def Mem : Space<"mem", i8, [N]> { let Layout = "bit(mem[j], b): byte 4*(b/2), bit 2*j + b % 2"; }
def Out : Space<"out", i16, [N]>;
def LoadUnit : Unit<"load">;
def Core : Unit<"core">;
def StoreUnit : Unit<"store">;

class Op<bits<4> op, Unit unit> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = unit; }

// Plane b of row i is the word at byte 16*i + 2*b, with lane j in its bit j.
def LOAD : Op<1, LoadUnit> {
  let Summary = "copy rows from bit planes";
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$src, Tile<Mem, i8, ["rows", "N"]>:$dst, Extent<1, Int<64>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Layouts = (layout "bit(src[i,j], b): byte N*i + 2*b, bit j":$src);
  bits<24> src; bits<7> dst; bits<7> rows;
  let Inst{23-0} = src; let Inst{30-24} = dst; let Inst{37-31} = rows;
}

class Lanes<bits<4> op> : Op<op, Core> {
  let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$a, Tile<Mem, i8, ["rows", "N"]>:$b,
                      Tile<Out, i16, ["rows", "N"]>:$dst, Extent<1, Int<64>>:$rows);
  bits<7> a; bits<7> b; bits<7> dst; bits<7> rows;
  let Inst{6-0} = a; let Inst{13-7} = b; let Inst{20-14} = dst; let Inst{27-21} = rows;
}
def ADD  : Lanes<2> { let Semantics = "dst[i,j] = i16(a[i,j]) + i16(b[i,j])"; }
// Each lane and its right neighbour; the last lane's is the first.
def EDGE : Lanes<3> { let Semantics = "dst[i,j] = i16(a[i,j]) - i16(b[i,(j+1) % N])"; }

// Words of 32 bits from the last lane to the first, 4 bytes behind the row's beginning.
def STORE : Op<4, StoreUnit> {
  let Summary = "copy rows to padded words, last lane first";
  let Operands = (ops Tile<Out, i16, ["rows", "N"]>:$src, Tile<Host, i16, ["rows", "N"]>:$dst, Extent<1, Int<64>>:$rows);
  let Semantics = "dst[i, N-1-j] = src[i,j]";
  let Layouts = (layout "dst[i,j] in 72*64: byte 72*i + 4 + 4*j, else 0":$dst);
  bits<24> dst; bits<7> src; bits<7> rows;
  let Inst{23-0} = dst; let Inst{30-24} = src; let Inst{37-31} = rows;
}
