// Points of what operands hold: corners crossed, one element alone, the ends of wide types, ties.
#include "sdk/verify/Cases.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using namespace lathe::verify;

std::string verify::cornerName(ElementType type, uint64_t bits) {
  if (!type.isInteger())
    return "0x" + llvm::utohexstr(bits);
  int64_t value = static_cast<int64_t>(bits);
  if (value == 0 || value == 1 || value == -1)
    return std::to_string(value);
  if (type.bits >= 63)
    return std::to_string(value);
  int64_t fromMin = value - type.min(), fromMax = value - type.max();
  if (fromMin >= 0 && fromMin <= 2)
    return fromMin == 0 ? "min" : "min+" + std::to_string(fromMin);
  if (fromMax <= 0 && fromMax >= -2)
    return fromMax == 0 ? "max" : "max" + std::to_string(fromMax);
  return std::to_string(value);
}

namespace {
/// Something that an intrinsic computes with: a tile, an immediate or a state.
struct Operand {
  enum class Kind : uint8_t { Tile, Immediate, State } kind;
  unsigned id;
  ElementType type;
  std::string name;
};
} // namespace

static std::vector<Operand> operandsOf(const Target &target, const Intrinsic &intrinsic) {
  std::vector<Operand> operands;
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (intrinsic.tiles[t].read)
      operands.push_back(
          {Operand::Kind::Tile, t, intrinsic.tiles[t].element, intrinsic.tiles[t].name});
  std::vector<unsigned> stepped = stepArguments(intrinsic), steps = stepStates(intrinsic);
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a)
    if (intrinsic.arguments[a].kind == Argument::Kind::Immediate && !llvm::is_contained(stepped, a))
      operands.push_back(
          {Operand::Kind::Immediate, a, intrinsic.arguments[a].type, intrinsic.arguments[a].name});
  for (unsigned state : intrinsic.statesRead)
    if (!llvm::is_contained(steps, state))
      operands.push_back(
          {Operand::Kind::State, state, target.states[state].element, target.states[state].name});
  return operands;
}

// Elements of `tile` in an instruction of `wish`, whose extents are all given.
static int64_t elementCount(const Target &target, const CallWish &wish, unsigned tile) {
  const Intrinsic &intrinsic = target.intrinsics[wish.intrinsic];
  std::vector<int64_t> values = largestValues(target, intrinsic);
  for (auto [argument, value] : wish.values)
    values[argument] = value;
  return elementsOf(intrinsic.tiles[tile], values);
}

// Every extent given: those that count addresses `rows`, the others at their largest.
static CallWish sizedWish(const Target &target, unsigned id, int64_t rows) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  CallWish wish;
  wish.intrinsic = id;
  std::vector<int64_t> largest = largestValues(target, intrinsic);
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a) {
    if (intrinsic.arguments[a].kind != Argument::Kind::Extent)
      continue;
    bool leads = llvm::any_of(intrinsic.tiles, [&](const TileOperand &tile) {
      return tile.space != kHostSpace && leadingArgument(target, tile) == a;
    });
    int64_t least = intrinsic.arguments[a].min;
    wish.values.push_back({a, leads ? std::clamp(rows, least, largest[a]) : largest[a]});
  }
  return wish;
}

static void hold(const Target &target, const Operand &operand, uint64_t bits, CallWish &wish) {
  switch (operand.kind) {
  case Operand::Kind::Tile:
    wish.operands.push_back(
        {operand.id, repeatElement(operand.type, elementCount(target, wish, operand.id), bits)});
    return;
  case Operand::Kind::Immediate:
    wish.values.push_back({operand.id, static_cast<int64_t>(bits)});
    return;
  case Operand::Kind::State:
    wish.states.push_back({operand.id, static_cast<int64_t>(bits)});
    return;
  }
}

static void add(Cases &cases, PointClass group, std::string name, CallWish wish) {
  addCase(cases, group, std::move(name),
          [wish = std::move(wish)](Script &script) { return runAlone(script, wish); });
}

// ---- corners

static void addCorners(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  std::vector<Operand> operands = operandsOf(target, intrinsic);
  std::string prefix = "corner/" + intrinsic.name + "/";
  CallWish plain = sizedWish(target, id, 2);
  auto text = [](const Operand &operand, uint64_t bits) {
    return operand.name + "=" + cornerName(operand.type, bits);
  };
  if (operands.size() == 1)
    for (uint64_t bits : cornersOf(operands[0].type)) {
      CallWish wish = plain;
      hold(target, operands[0], bits, wish);
      add(cases, PointClass::Corner, prefix + text(operands[0], bits), wish);
    }
  for (size_t i = 0; i < operands.size(); ++i)
    for (size_t j = i + 1; j < operands.size(); ++j)
      for (uint64_t x : cornersOf(operands[i].type))
        for (uint64_t y : cornersOf(operands[j].type)) {
          CallWish wish = plain;
          hold(target, operands[i], x, wish);
          hold(target, operands[j], y, wish);
          add(cases, PointClass::Corner, prefix + text(operands[i], x) + "," + text(operands[j], y),
              wish);
        }
}

// ---- lanes

static std::string indexText(const TileOperand &tile, int64_t flat,
                             llvm::ArrayRef<int64_t> values) {
  std::string text;
  for (size_t d = tile.shape.size(); d-- > 0;) {
    const Dimension &dimension = tile.shape[d];
    int64_t size = dimension.argument ? values[*dimension.argument] : dimension.size;
    text = std::to_string(flat % size) + (text.empty() ? "" : "," + text);
    flat /= size;
  }
  return tile.name + "[" + text + "]";
}

static void addLanes(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  CallWish plain = sizedWish(target, id, 1);
  std::vector<int64_t> values = largestValues(target, intrinsic);
  for (auto [argument, value] : plain.values)
    values[argument] = value;
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    if (!tile.read)
      continue;
    int64_t count = elementCount(target, plain, t);
    for (int64_t lane = 0; lane < count; ++lane) {
      CallWish wish = plain;
      std::vector<uint8_t> elements = repeatElement(tile.element, count, 0);
      Random random(tile.name, lane);
      std::vector<uint8_t> one = oddElements(tile.element, 1, random);
      std::copy(one.begin(), one.end(), elements.begin() + lane * tile.element.bytes());
      wish.operands.push_back({t, std::move(elements)});
      add(cases, PointClass::Lane, "lane/" + intrinsic.name + "/" + indexText(tile, lane, values),
          wish);
    }
  }
}

// ---- limits

// The tile near an end of its type, everything it meets within 2 of zero.
static void addLimits(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  std::vector<Operand> operands = operandsOf(target, intrinsic);
  for (const Operand &operand : operands) {
    if (operand.kind != Operand::Kind::Tile || !operand.type.isInteger() || operand.type.bits < 16)
      continue;
    for (bool upper : {false, true})
      for (int64_t distance = 0; distance <= 2; ++distance)
        for (int64_t other = -2; other <= 2; ++other) {
          int64_t end = upper ? operand.type.max() - distance : operand.type.min() + distance;
          CallWish wish = sizedWish(target, id, 2);
          hold(target, operand, end, wish);
          std::vector<const Operand *> rest;
          for (const Operand &candidate : operands)
            if (&candidate != &operand && candidate.kind == Operand::Kind::Tile)
              rest.push_back(&candidate);
          for (const Operand *one : rest) // their product is `other`
            hold(target, *one, one == rest.back() ? other : 1, wish);
          bool alone = rest.empty();
          std::string name =
              "limit/" + intrinsic.name + "/" + operand.name + "=" + cornerName(operand.type, end);
          if (!alone)
            name += ",others=" + std::to_string(other);
          if (!alone || other == 0)
            add(cases, PointClass::Limit, name, wish);
        }
  }
}

// Each bit of a wide element alone, and all but it: what compares, shifts or carries within it.
// States are at their least, so that they hide nothing.
static void addBits(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  std::vector<Operand> operands = operandsOf(target, intrinsic);
  auto isWide = [](const Operand &one) {
    return one.kind == Operand::Kind::Tile && one.type.isInteger() && one.type.bits >= 16;
  };
  for (const Operand &operand : llvm::make_filter_range(operands, isWide))
    for (unsigned bit = 0; bit < operand.type.bits; ++bit)
      for (bool others : {false, true}) {
        CallWish wish = sizedWish(target, id, 1);
        uint64_t alone = uint64_t(1) << bit;
        for (const Operand &one : operands)
          if (&one == &operand)
            hold(target, one, others ? ~alone : alone, wish);
          else if (one.kind == Operand::Kind::Tile)
            hold(target, one, 0, wish);
          else if (one.kind == Operand::Kind::State && one.type.isInteger())
            hold(target, one, one.type.min(), wish);
        add(cases, PointClass::Limit,
            "limit/" + intrinsic.name + "/" + operand.name + (others ? "=allbut" : "=bit") +
                std::to_string(bit),
            wish);
      }
}

// ---- ties

// The first rounding shift in `expr`.
static const Expr *roundingShift(const Expr &expr) {
  if (expr.op == Op::RoundShift)
    return &expr;
  for (const ExprRef &operand : expr.operands)
    if (const Expr *found = roundingShift(*operand))
      return found;
  return nullptr;
}

// The tile whose elements are shifted when every other operand is neutral: the first that is read
// in the shifted expression.
static std::optional<unsigned> firstTile(const Expr &expr, const Intrinsic &intrinsic) {
  if (expr.op == Op::Load)
    if (const TileOperand *tile = intrinsic.tileOfTensor(expr.id))
      return tile - intrinsic.tiles.data();
  for (const ExprRef &operand : expr.operands)
    if (auto found = firstTile(*operand, intrinsic))
      return found;
  return std::nullopt;
}

// (2k + 1) * 2^(s-1) is halfway between k and k + 1: k even or odd, below and above zero; and what
// is just below it.
static void addTies(const Target &target, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  const Expr *shift = nullptr;
  for (const Statement &statement : intrinsic.semantics.statements)
    if (!shift)
      shift = roundingShift(*statement.value);
  auto source = shift ? firstTile(*shift->operands[0], intrinsic) : std::nullopt;
  if (!source)
    return;
  std::vector<Operand> operands = operandsOf(target, intrinsic);
  const Expr *amountExpr = shift->operands[1].get();
  while (amountExpr->op == Op::Convert)
    amountExpr = amountExpr->operands[0].get();
  if (amountExpr->op != Op::Load)
    return;
  const std::string &amountName = intrinsic.semantics.tensors[amountExpr->id].name;
  const Operand *amount = nullptr;
  for (const Operand &operand : operands)
    if (operand.name == amountName)
      amount = &operand;
  ElementType type = intrinsic.tiles[*source].element;
  int64_t most = amount ? std::min<int64_t>(amount->type.max(), type.bits - 1) : 0;
  for (int64_t s = 1; s <= most; ++s)
    for (int64_t k : {0, 1, -1, -2})
      for (int64_t below : {0, 1}) { // the last that is rounded down, too
        CallWish wish = sizedWish(target, id, 1);
        int64_t tie = (2 * k + 1) * (int64_t(1) << (s - 1)) - below;
        if (tie < type.min() || tie > type.max())
          continue;
        for (const Operand &operand : operands) {
          if (&operand == amount)
            hold(target, operand, s, wish);
          else if (operand.kind == Operand::Kind::Tile)
            hold(target, operand, operand.id == *source ? tie : 0, wish);
          else if (operand.type.isInteger())
            hold(target, operand, operand.type.min(), wish); // no lower bound
        }
        add(cases, PointClass::Tie,
            "tie/" + intrinsic.name + "/shift=" + std::to_string(s) + "," +
                (k % 2 == 0 ? "even" : "odd") + (k < 0 ? ",negative" : ",positive") +
                (below ? ",below" : ""),
            wish);
      }
}

void verify::addOperandCases(const Target &target, Cases &cases) {
  for (auto group : {addCorners, addLanes, addLimits, addBits, addTies})
    for (unsigned id = 0; id < target.intrinsics.size(); ++id)
      group(target, id, cases);
}
