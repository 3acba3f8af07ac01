include "base.td"
multiclass Two<bits<4> op, string source> {
  def NAME : Move<op> {
    let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
    let Semantics = "mem[i,j] = " # source # "[i,j] + typo[i,j]";
  }
}
defm FIRST : Two<3, "host">;
defm SECOND : Two<4, "host">;
// expect: L0509 5:55
