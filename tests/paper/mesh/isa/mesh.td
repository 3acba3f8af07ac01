// On paper: a mesh of processing elements with local memory alone. Every operand is distributed over the grid: a move
// is an index statement over its coordinates. Without RTL: what the language can say of such a machine.
include "lathe/Isa.td"

def W : Param<8, "elements of the grid in a row">;
def H : Param<8, "rows of the grid">;
def N : Param<16, "side of a tile that an element holds">;

def Mem  : Space<"mem",  f32, [W, H, N]> { let Summary = "rows of operands: at each address one row on every element"; }
def Tiles : Space<"tile", f32, [W, H, N, N]> { let Summary = "operands that stay: a tile on every element"; }

def Pitch : State<i32, "host bytes from one row of the whole grid to the next">;
def Fabric : Unit<"fabric">;
def Core   : Unit<"core">;
class Op<bits<4> op, Unit unit> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = unit; }

class Route<bits<4> op> : Op<op, Fabric> {
  let Operands = (ops Tile<Mem, f32, ["rows", "W", "H", "N"]>:$src, Tile<Mem, f32, ["rows", "W", "H", "N"]>:$dst,
                      Extent<1, Int<64>>:$rows);
  bits<12> src; bits<12> dst; bits<7> rows;
  let Inst{11-0} = src; let Inst{23-12} = dst; let Inst{30-24} = rows;
}
def BROADCAST_ROW : Route<1> { let Semantics = "dst@[i,x,y][k] = src@[i,0,y][k]"; }
def REDUCE_ROW    : Route<2> { let Semantics = "dst@[i,d,y][k] = sum(x) src@[i,x,y][k]"; }
def SHIFT_EAST    : Route<3> { let Semantics = "dst@[i,x,y][k] = src@[i,(x + W - 1) % W,y][k]"; }

def MAC : Op<4, Core> {
  let Summary = "on every element the same product";
  let Operands = (ops Tile<Mem, f32, ["rows", "W", "H", "N"]>:$a, Tile<Tiles, f32, ["W", "H", "N", "N"]>:$b,
                      Tile<Mem, f32, ["rows", "W", "H", "N"]>:$acc, Extent<1, Int<64>>:$rows);
  let Semantics = "acc@[i,x,y][j] += sum(k) a@[i,x,y][k] * b@[x,y][k,j]";
  bits<12> a; bits<4> b; bits<12> acc; bits<7> rows;
  let Inst{11-0} = a; let Inst{15-12} = b; let Inst{27-16} = acc; let Inst{34-28} = rows;
}

// ---- from and to host memory, through the edge
class Edge<bits<4> op> : Op<op, Fabric> {
  bits<32> host; bits<12> mem; bits<7> rows;
  let Inst{31-0} = host; let Inst{43-32} = mem; let Inst{50-44} = rows;
}
def LOAD : Edge<5> {
  let Operands = (ops Tile<Host, f32, ["rows", "W", "H", "N"]>:$host, Tile<Mem, f32, ["rows", "W", "H", "N"]>:$mem, Extent<1, Int<64>>:$rows);
  let Semantics = "mem@[i,x,y][k] = host[i,x,y,k]";
  let Strides = (strides Pitch:$host);
}
def STORE : Edge<6> {
  let Operands = (ops Tile<Host, f32, ["rows", "W", "H", "N"]>:$host, Tile<Mem, f32, ["rows", "W", "H", "N"]>:$mem, Extent<1, Int<64>>:$rows);
  let Semantics = "host[i,x,y,k] = mem@[i,x,y][k]";
  let Strides = (strides Pitch:$host);
}
def HOLD : Op<7, Fabric> {
  let Summary = "rows of every element as a tile that stays";
  let Operands = (ops Tile<Mem, f32, ["N", "W", "H", "N"]>:$src, Tile<Tiles, f32, ["W", "H", "N", "N"]>:$dst);
  let Semantics = "dst@[x,y][k,j] = src@[k,x,y][j]";
  bits<12> src; bits<4> dst;
  let Inst{11-0} = src; let Inst{15-12} = dst;
}
def SET_PITCH : Op<8, Fabric> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "Pitch = value";
  bits<32> value; let Inst{31-0} = value;
}
