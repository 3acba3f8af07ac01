#include "core/mapping/HostEncoding.h"

#include "core/semantics/Array.h"
#include "core/semantics/IndexRange.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

constexpr ElementType kIndex = ElementType::index(), kByte = ElementType::integer(8, false);

std::optional<int64_t> numberOf(const ExprRef &expr) {
  return expr->op == Op::Constant ? std::optional(expr->integer) : std::nullopt;
}

ExprRef number(int64_t value, ElementType type = kIndex) { return makeConstant(value, type); }

ExprRef plus(const ExprRef &a, const ExprRef &b) { return indexExpr(Op::Add, a, b); }
ExprRef times(int64_t factor, const ExprRef &a) { return indexExpr(Op::Mul, number(factor), a); }
ExprRef quotient(const ExprRef &a, int64_t by) { return indexExpr(Op::Div, a, number(by)); }
ExprRef remainder(const ExprRef &a, int64_t by) { return indexExpr(Op::Mod, a, number(by)); }

/// The two parts of a place: 8 * byte + bit.
struct Place {
  ExprRef byte, bit;
};

bool isBytes(const Expr &expr) { return expr.op == Op::Mul && numberOf(expr.operands[0]) == 8; }

Place partsOf(const Layout &layout) {
  const ExprRef &place = layout.position;
  if (isBytes(*place))
    return {place->operands[1], number(0)};
  if (place->op == Op::Add && isBytes(*place->operands[0]))
    return {place->operands[0]->operands[1], place->operands[1]};
  return {number(0), place};
}

/// Every element is whole bytes that follow each other.
bool hasWholeBytes(const Layout &layout) {
  if (!layout.bitIndex.empty() || layout.element.bits != 8 * layout.element.bytes())
    return false;
  std::vector<int64_t> index(layout.sizes.size(), 0);
  for (int64_t lane = 0; lane < layout.sizes.back(); ++lane) {
    index.back() = lane;
    if (layout.positionOf(index, 0) % 8 != 0)
      return false;
  }
  return true;
}

/// Writes the statements of one copy.
class Encoder {
public:
  Encoder(const Semantics &copy, bool isResult, const HostEncoding &encoding)
      : copy(copy), moves(copy.statements.front()), isResult(isResult),
        firstLane(encoding.firstLane), encoding(encoding), layout(*encoding.layout),
        wholeBytes(hasWholeBytes(layout)), bits(ElementType::integer(layout.element.bits, false)) {
    const Tensor &packed = copy.tensors[isResult ? 0 : 1];
    ExprRef lane;
    for (size_t d = firstLane; d < packed.sizes.size(); ++d)
      lane = lane ? plus(times(packed.sizes[d], lane), makeLoop(d)) : makeLoop(d);
    lane = lane ? lane : number(0);
    bool one = encoding.rowElements <= encoding.lanes;
    block = one ? number(0) : quotient(lane, encoding.lanes);
    inBlock = one ? lane : remainder(lane, encoding.lanes);
  }

  Semantics run() {
    out = copy;
    out.statements.clear();
    for (Tensor &tensor : out.tensors)
      if (tensor.type.isFloat()) // the bits alone matter
        tensor.type = bits;
    Tensor &packed = out.tensors[isResult ? 0 : 1];
    packed.type = kByte;
    setSizes(packed, encoding.rowBytes);
    isResult ? unpack() : pack();
    return std::move(out);
  }

private:
  void setSizes(Tensor &tensor, int64_t last) const {
    const Tensor &packed = copy.tensors[isResult ? 0 : 1];
    tensor.sizes = {encoding.blocks()};
    tensor.sizes.insert(tensor.sizes.end(), packed.sizes.begin(), packed.sizes.begin() + firstLane);
    tensor.sizes.push_back(last);
    tensor.shape.clear();
    for (int64_t size : tensor.sizes)
      tensor.shape.push_back(number(size));
  }

  static void addLoop(Statement &statement, std::string name, int64_t size) {
    Loop loop;
    loop.name = std::move(name);
    loop.size = size;
    loop.extent = number(size);
    statement.loops.push_back(std::move(loop));
  }

  /// A name that no loop of the copy has.
  std::string loopName(std::string name) const {
    while (llvm::any_of(moves.loops, [&](const Loop &loop) { return loop.name == name; }) ||
           llvm::any_of(copy.tensors, [&](const Tensor &tensor) { return tensor.name == name; }))
      name += "_";
    return name;
  }

  /// tensor[...] = value for every element; the loops are the tensor's dimensions.
  Statement fill(const Semantics &out, unsigned tensor, ExprRef value) const {
    Statement statement;
    statement.loc = moves.loc;
    statement.tensor = tensor;
    statement.value = std::move(value);
    size_t rank = out.tensors[tensor].sizes.size();
    for (size_t d = 0; d < rank; ++d) {
      bool inner = d > 0 && d + 1 < rank;
      addLoop(statement,
              inner    ? moves.loops[d - 1].name
              : d == 0 ? loopName("block")
                       : loopName("at"),
              out.tensors[tensor].sizes[d]);
      statement.subscripts.push_back(makeLoop(d));
    }
    return statement;
  }

  /// The byte, or with `ofBits` the bit, of an element's part in its block.
  Place placeAt(const ExprRef &bit) const {
    std::vector<ExprRef> loops(layout.sizes.size(), number(0));
    loops.back() = inBlock;
    loops.push_back(bit);
    Place parts = partsOf(layout);
    Place place{substituteLoops(parts.byte, loops), substituteLoops(parts.bit, loops)};
    if (layout.bitIndex.empty())
      place.bit = plus(place.bit, bit);
    return place;
  }

  /// Subscripts of the blocks, with `last` proved to stay inside.
  std::vector<ExprRef> at(ExprRef last, int64_t size, const Statement &statement) const {
    std::vector<ExprRef> subscripts{block};
    for (size_t d = 0; d < firstLane; ++d)
      subscripts.push_back(makeLoop(d));
    auto range = indexRange(*last, &statement, copy);
    if (!range || range->low < 0)
      last = makeExpr(Op::Max, kIndex, {last, number(0)});
    if (!range || range->high >= size)
      last = makeExpr(Op::Min, kIndex, {last, number(size - 1)});
    subscripts.push_back(std::move(last));
    return subscripts;
  }

  /// The element that the copy moves, as bits.
  ExprRef element(const ExprRef &expr) const {
    auto same = std::make_shared<Expr>(*expr);
    for (ExprRef &operand : same->operands)
      operand = element(operand);
    if (same->type.isFloat()) {
      same->type = bits;
      same->integer = 0; // a constant beside an element is zero
    }
    return same;
  }

  // ---- the order of loops

  /// Whether the lanes' loops get their ranges from the tensor's own shape, so that the statement
  /// can be written as one. Otherwise it goes through rows of elements.
  bool rangesAreKnown(llvm::ArrayRef<ExprRef> subscripts) const {
    const Tensor &plain = copy.tensors[isResult ? 1 : 0];
    for (unsigned loop = firstLane; loop < moves.loops.size(); ++loop)
      if (llvm::none_of(llvm::enumerate(subscripts), [&](const auto &at) {
            return at.value()->op == Op::Loop && at.value()->id == loop &&
                   plain.sizes[at.index()] == moves.loops[loop].size;
          }))
        return false;
    return true;
  }

  unsigned addTemporary(const char *suffix, ElementType type) {
    Tensor tensor = out.tensors[isResult ? 0 : 1];
    tensor.name += suffix;
    tensor.role = Role::Temporary;
    tensor.type = type;
    out.tensors.push_back(std::move(tensor));
    return out.tensors.size() - 1;
  }

  /// Rows of elements, as the packed tensor would be without a layout.
  unsigned addRows() {
    unsigned rows = addTemporary(".rows", elementType());
    out.tensors[rows].sizes = copy.tensors[isResult ? 0 : 1].sizes;
    out.tensors[rows].shape = copy.tensors[isResult ? 0 : 1].shape;
    return rows;
  }

  std::vector<ExprRef> rowSubscripts() const {
    std::vector<ExprRef> subscripts;
    for (unsigned loop = 0; loop < moves.loops.size(); ++loop)
      subscripts.push_back(makeLoop(loop));
    return subscripts;
  }

  ElementType elementType() const { return layout.element.isFloat() ? bits : layout.element; }

  // ---- packing

  void pack() {
    ExprRef value = element(moves.value);
    if (moves.value->op != Op::Load || !rangesAreKnown(moves.value->operands)) {
      unsigned rows = addRows();
      Statement statement = moves;
      statement.tensor = rows;
      statement.subscripts = rowSubscripts();
      statement.value = value;
      out.statements.push_back(std::move(statement));
      value = makeLoad(rows, elementType(), rowSubscripts());
    }
    unsigned filled = 1;
    if (!wholeBytes) {
      filled = addTemporary(".bits", kByte);
      setSizes(out.tensors[filled], 8 * encoding.rowBytes);
    }
    out.statements.push_back(fill(out, filled, number(0, kByte)));
    for (int64_t part = 0; part < parts(); ++part)
      out.statements.push_back(put(filled, value, part));
    if (!wholeBytes)
      out.statements.push_back(join(out, filled));
  }

  int64_t parts() const { return wholeBytes ? layout.element.bytes() : layout.element.bits; }

  /// A byte or bit of each element to its place.
  Statement put(unsigned tensor, ExprRef value, int64_t part) const {
    Statement statement = moves;
    statement.tensor = tensor;
    Place place = placeAt(number(wholeBytes ? 0 : part));
    if (wholeBytes) {
      ExprRef byte = plus(plus(place.byte, quotient(place.bit, 8)), number(part));
      statement.subscripts = at(byte, encoding.rowBytes, statement);
      if (part > 0)
        value = makeExpr(Op::Shr, value->type, {value, number(8 * part)});
    } else {
      statement.subscripts =
          at(plus(times(8, place.byte), place.bit), 8 * encoding.rowBytes, statement);
      value = makeExpr(Op::Bit, ElementType::condition(), {value, number(part)});
    }
    statement.value = value->type == kByte ? value : makeExpr(Op::Convert, kByte, {value});
    return statement;
  }

  static ExprRef shifted(ExprRef value, int64_t by) {
    ElementType type = value->type;
    return by == 0 ? value : makeExpr(Op::Shl, type, {std::move(value), number(by)});
  }

  static ExprRef either(const ExprRef &a, const ExprRef &b) {
    return a ? makeExpr(Op::Or, b->type, {a, b}) : b;
  }

  /// Eight bits to each byte.
  Statement join(const Semantics &out, unsigned single) const {
    Statement statement = fill(out, 1, nullptr);
    for (int64_t bit = 0; bit < 8; ++bit) {
      std::vector<ExprRef> subscripts = statement.subscripts;
      subscripts.back() = plus(times(8, subscripts.back()), number(bit));
      statement.value =
          either(statement.value, shifted(makeLoad(single, kByte, std::move(subscripts)), bit));
    }
    return statement;
  }

  // ---- unpacking

  void unpack() {
    Statement statement = moves;
    statement.value = assembled();
    if (!rangesAreKnown(moves.subscripts)) {
      unsigned rows = addRows();
      Statement first = statement;
      first.tensor = rows;
      first.subscripts = rowSubscripts();
      out.statements.push_back(std::move(first));
      statement.value = makeLoad(rows, elementType(), rowSubscripts());
    }
    out.statements.push_back(std::move(statement));
  }

  /// An element from its bytes or bits.
  ExprRef assembled() const {
    ExprRef value;
    for (int64_t part = 0; part < parts(); ++part) {
      Place place = placeAt(number(wholeBytes ? 0 : part));
      ExprRef byte = plus(place.byte, quotient(place.bit, 8));
      if (wholeBytes)
        byte = plus(byte, number(part));
      ExprRef load = makeLoad(0, kByte, at(byte, encoding.rowBytes, moves));
      if (!wholeBytes)
        load = makeExpr(Op::Bit, ElementType::condition(), {load, remainder(place.bit, 8)});
      ExprRef wide = load->type == bits ? load : makeExpr(Op::Convert, bits, {load});
      value = either(value, shifted(wide, wholeBytes ? 8 * part : part));
    }
    return value->type == elementType() ? value : makeExpr(Op::Convert, elementType(), {value});
  }

  const Semantics &copy;
  const Statement &moves;
  bool isResult;
  size_t firstLane;
  const HostEncoding &encoding;
  const Layout &layout;
  bool wholeBytes;
  ElementType bits;       ///< an element's bits as a number
  ExprRef block, inBlock; ///< of a lane, over the copy's loops
  Semantics out;
};

} // namespace

HostEncoding lathe::encodeRows(std::shared_ptr<const Layout> layout, llvm::ArrayRef<int64_t> sizes,
                               size_t firstLane) {
  HostEncoding encoding;
  encoding.lanes = layout->sizes.back();
  encoding.firstLane = firstLane;
  for (size_t d = 0; d < sizes.size(); ++d)
    (d < firstLane ? encoding.rows : encoding.rowElements) *= sizes[d];
  encoding.rowBytes = layout->bytes();
  encoding.layout = std::move(layout);
  return encoding;
}

Semantics lathe::encodedCopy(const Semantics &copy, bool isResult, const HostEncoding &encoding) {
  return Encoder(copy, isResult, encoding).run();
}

std::vector<uint8_t> lathe::encodedRow(const Layout &layout, int64_t value) {
  std::vector<int64_t> sizes = layout.sizes;
  if (layout.hasRows())
    sizes.front() = 1;
  Array row = Array::zeros(layout.element, sizes);
  for (int64_t i = 0; i < row.elements(); ++i)
    row.setInteger(i, value);
  std::vector<uint8_t> bytes(layout.bytes(), 0);
  LayoutMap(layout).write(bytes.data(), layout.bytes(), sizes, row.bytes.data());
  return bytes;
}
