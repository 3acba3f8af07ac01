// The vocabulary of an ISA description. A plugin's isa/*.td includes this file and nothing else
// outside its own folder. What the instructions mean and how they are encoded stands in the .td;
// how big and how fast one machine is, in machines/*.yaml.
#ifndef LATHE_ISA_TD
#define LATHE_ISA_TD

// ---- Numbers ------------------------------------------------------------------------------------

/// A number that shapes and extents may use.
class Bound<int default> { int Default = default; }
/// A literal number where a Bound is wanted.
class Int<int value> : Bound<value>;
/// A size that a machine file may override under `parameters:`.
class Param<int default, string summary> : Bound<default> { string Summary = summary; }

// ---- Element types ------------------------------------------------------------------------------

class Element<string notation> { string Notation = notation; }
foreach width = [1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64] in {
  def i#width : Element<"i"#width>;
  def u#width : Element<"u"#width>;
}
/// Integers of as many bits as a parameter says: `Unsigned<CELL>`.
class Unsigned<Param width> : Element<"u" # !cast<string>(width)>;
class Signed<Param width> : Element<"i" # !cast<string>(width)>;
def f16 : Element<"f16">;
def bf16 : Element<"bf16">;
def f32 : Element<"f32">;

// ---- Memories and state -------------------------------------------------------------------------

/// A memory. One address names a block of shape `row` (an empty list: one element).
class Space<string name, Element element, list<Bound> row> {
  string Name = name;
  Element ElementType = element;
  list<Bound> Row = row;
  string Summary = "";
  /// How the elements at one address lie in its bits, where the RTL's memory is looked at from
  /// outside: "w[c]: bit 2*c". Empty: one after the other, each in whole bytes.
  string Layout = "";
  /// "interlocked": the hardware orders conflicting accesses. "ordered": one unit does, in order.
  string Hazards = "interlocked";
}
/// The host's memory: byte addresses, any element type. Every target has it.
def Host : Space<"host", u8, []> { let Hazards = "none"; }

/// A configuration register that intrinsics read. The code generator sets, hoists and elides it.
class State<Element element, string summary = ""> {
  Element ElementType = element;
  string Summary = summary;
}

/// Executes intrinsics in order; units run beside each other.
class Unit<string name> {
  string Name = name;
  string Summary = "";
}

// ---- Operands -----------------------------------------------------------------------------------

class OperandKind;
/// A block in `space` whose address is encoded in the field of the operand's name. Dimensions are
/// names of Extents or Params, or numbers. The last dimensions are the space's row shape; the ones
/// before step by one address each, or by what `Strides` says.
class Tile<Space space, Element element, list<string> shape> : OperandKind {
  Space In = space;
  Element ElementType = element;
  list<string> Shape = shape;
  string At = "";
}
/// A block without a field: it begins at the address of the operand `other`, a Tile on chip. For what
/// belongs to the same rows, as a count of their writes does.
class TileAt<string other, Space space, Element element, list<string> shape>
    : Tile<space, element, shape> {
  let At = other;
}
/// A run-time size from `min` to `max`, encoded in the field of its name.
class Extent<int min, Bound max> : OperandKind {
  int Min = min;
  Bound Max = max;
}
/// A number in the instruction, used by Semantics, Strides, or both.
class Immediate<Element element> : OperandKind { Element ElementType = element; }

def ops;
/// `(strides STATE:$operand, ...)` or `(strides "immediate":$operand, ...)`: the step of the operand's first dimension,
/// in addresses (bytes for host memory).
def strides;
/// `(layout "TEXT":$operand, ...)`: how the elements of an operand in host memory lie there, for
/// instance "src[i,j]: byte 16*i + 15 - j" or "bit(src[i,j], b) in 64: byte 8*i + b, bit j".
def layout;
/// `(defaults 1:$operand, DIM:$operand)`: what assembly that leaves the operand out means.
def defaults;

/// A register write: part of the encoding of an intrinsic of width 0. `value` is a number, or a sum of
/// operands times numbers: "rows - 1", "256*cols + rows".
class Write<int address, string value> {
  int Address = address;
  string Value = value;
}

// ---- Intrinsics ---------------------------------------------------------------------------------

/// An instruction of `width` bits, at most 256. One of width 0 has no bits of its own: the bridge that
/// `rtl.binding` of the manifest describes carries it out, by `Writes` or by what it knows of memories. Bits of Inst{width-1...0} that nothing sets are
/// reserved: encoded as zero, and another value is not a valid instruction.
class Intrinsic<int width> {
  int Width = width;
  bits<256> Inst = ?;
  string Summary = "";
  dag Operands = (ops);
  /// Index notation over the operands, extents, immediates, states and parameters.
  string Semantics = "";
  dag Strides = (strides);
  dag Layouts = (layout);
  /// Operands whose field holds the value minus one.
  list<string> MinusOne = [];
  dag Defaults = (defaults);
  /// In order; of an intrinsic of width 0.
  list<Write> Writes = [];
  Unit ExecutedBy = ?;
  /// Within a unit, intrinsics of one pipe follow each other without waiting for results.
  string Pipe = "main";
}

#endif // LATHE_ISA_TD
