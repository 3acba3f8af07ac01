#include "core/mapping/Rules.h"

#include "core/mapping/Places.h"
#include "core/mapping/Planes.h"
#include "core/semantics/Fold.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>

using namespace lathe;

namespace {

/// Derives one rule; `why` says what stands in the way.
class RuleReader {
public:
  RuleReader(const Target &target, unsigned index)
      : target(target), intrinsic(target.intrinsics[index]), semantics(intrinsic.semantics) {
    rule.intrinsic = index;
  }

  std::optional<Rule> read() {
    if (semantics.statements.empty())
      return fail("it has no statement");
    if (llvm::all_of(semantics.statements, [&](const Statement &s) { return setsState(s); })) {
      rule.kind = Rule::Kind::Configure;
      return rule;
    }
    llvm::ArrayRef<Statement> others = llvm::ArrayRef(semantics.statements).drop_front();
    if (!llvm::all_of(others, [&](const Statement &s) { return keepsToItself(s); }))
      return fail("several statements that are not counts of what the first does");
    const Statement statement = inOrder(semantics.statements.front(), intrinsic, target);
    if (!statement.conditions.empty())
      return fail("a 'where' condition");
    return readLoops(statement) && readBody(statement) && readTiles(statement)
               ? std::optional<Rule>(std::move(rule))
               : std::nullopt;
  }

  std::string why;

private:
  std::nullopt_t fail(const char *reason) {
    why = reason;
    return std::nullopt;
  }

  /// The update that goes on with a reduction.
  static std::optional<Assign> updateOf(Reduction reduction) {
    switch (reduction) {
    case Reduction::Sum:
      return Assign::Add;
    case Reduction::Max:
      return Assign::Max;
    case Reduction::Min:
      return Assign::Min;
    default:
      return std::nullopt;
    }
  }

  bool setsState(const Statement &statement) const {
    return semantics.tensors[statement.tensor].role == Role::State;
  }

  /// It changes its tensor by what that held: no other operand depends on it, nor it on others.
  bool keepsToItself(const Statement &statement) const {
    std::function<bool(const Expr &)> isOwn = [&](const Expr &expr) {
      return (expr.op != Op::Load || expr.id == statement.tensor) &&
             llvm::all_of(expr.operands, [&](const ExprRef &operand) { return isOwn(*operand); });
    };
    bool isFirsts = semantics.statements.front().tensor == statement.tensor;
    return !isFirsts && intrinsic.tileOfTensor(statement.tensor) && isOwn(*statement.value);
  }

  bool readLoops(const Statement &statement) {
    for (const Loop &loop : statement.loops) {
      RuleLoop out;
      out.reduction = loop.reduction;
      if (loop.extent->op == Op::Size) {
        const Size &size = semantics.sizes[loop.extent->id];
        out.max = size.value.value_or(size.max);
        if (!size.value)
          out.extent = intrinsic.findArgument(size.name);
      } else if (loop.extent->op == Op::Constant) {
        out.max = loop.extent->integer;
      } else {
        fail("a loop extent that is neither a size nor a number");
        return false;
      }
      rule.loops.push_back(out);
    }
    return true;
  }

  bool readBody(const Statement &statement) {
    rule.accumulates = statement.assign != Assign::Set;
    rule.body = statement.value;
    readDifference(statement);
    readSaturation(statement);
    readPart();
    if (rule.body->op == Op::Reduce) {
      if (rule.body->operands.size() > 1 && !readWindow(*rule.body) &&
          !readMovedLanes(*rule.body)) {
        fail("a condition inside the reduction that is neither 'first <= loop < first + count' nor "
             "the end of an operand's row");
        return false;
      }
      rule.reduction = rule.body->reduction;
      rule.body = rule.body->operands[0];
      rule.kind = Rule::Kind::Contract;
      bool isSum = rule.reduction == Reduction::Sum;
      if ((rule.shift || rule.part || rule.subtracts) && !isSum) {
        fail("a shift, a limit or a difference around a reduction that is no sum");
        return false;
      }
      if (!rule.accumulates || rule.limits || rule.subtracts ||
          statement.assign == updateOf(rule.reduction))
        return true;
      fail("its update is not that of its reduction, so that a reduction cannot be split over "
           "calls");
      return false;
    }
    if (rule.accumulates) {
      fail("an update without a reduction");
      return false;
    }
    readPadding();
    return true;
  }

  /// A reduction, perhaps clamped and shifted.
  static bool isPart(const Expr &expr) {
    bool isAround = expr.op == Op::Shl || expr.op == Op::Clamp;
    return expr.op == Op::Reduce || (isAround && isPart(*expr.operands[0]));
  }

  /// `acc = acc - e` goes on with a sum of -e, when e reduces: others are computed element by
  /// element.
  void readDifference(const Statement &statement) {
    const Expr &value = *statement.value;
    if (statement.assign != Assign::Set || value.op != Op::Sub || !isPart(*value.operands[1]) ||
        !isDestination(*value.operands[0], statement))
      return;
    rule.subtracts = rule.accumulates = true;
    rule.body = value.operands[1];
  }

  /// `clamp(sum, low, high) << shift`, either of them, of the part of a sum that one call adds.
  void readPart() {
    bool goesOn = rule.accumulates && !rule.limits;
    ExprRef value = rule.body;
    if (value->op == Op::Shl && isScalar(*value->operands[1])) {
      rule.shift = scalarOf(value->operands[1].get())->id;
      value = value->operands[0];
    }
    if (value->op == Op::Clamp && (goesOn || rule.shift)) {
      auto low = numberOf(value->operands[1]), high = numberOf(value->operands[2]);
      if (low && high) {
        rule.part = RuleLimits{*low, *high};
        value = value->operands[0];
      }
    }
    if (value->op == Op::Reduce) {
      rule.body = value;
      return;
    }
    rule.shift.reset();
    rule.part.reset();
  }

  /// Without a conversion around it.
  static const Expr *scalarOf(const Expr *expr) {
    return expr->op == Op::Convert ? expr->operands[0].get() : expr;
  }
  bool isScalar(const Expr &expr) const {
    const Expr &load = *scalarOf(&expr);
    return load.op == Op::Load && load.operands.empty() && !intrinsic.tileOfTensor(load.id);
  }

  std::optional<int64_t> numberOf(const ExprRef &expr) const {
    return valueAt(*fold(expr, semantics), {});
  }

  /// `first <= loop and loop < first + count`, of immediates and extents.
  bool readWindow(const Expr &reduction) {
    std::vector<ExprRef> conditions;
    for (const ExprRef &condition : llvm::drop_begin(reduction.operands))
      if (condition->op == Op::LogicalAnd)
        llvm::append_range(conditions, condition->operands);
      else
        conditions.push_back(condition);
    if (conditions.size() != 2 || conditions[0]->op != Op::LessEqual ||
        conditions[1]->op != Op::Less)
      return false;
    const Expr &low = *conditions[0], &high = *conditions[1];
    const Expr &end = *scalarOf(high.operands[1].get());
    if (end.op != Op::Add || scalarOf(low.operands[1].get())->op != Op::Loop ||
        !equal(*low.operands[1], *high.operands[0]))
      return false;
    auto first = argumentOf(*low.operands[0]), again = argumentOf(*end.operands[0]);
    auto count = argumentOf(*end.operands[1]);
    if (!first || first != again || !count)
      return false;
    rule.window = RuleWindow{scalarOf(low.operands[1].get())->id, *first, *count, std::nullopt};
    rule.loops[rule.window->loop].extent = count;
    return true;
  }

  /// `first + loop < lanes`, where an operand has the subscript `first + loop` along its row.
  bool readMovedLanes(const Expr &reduction) {
    if (reduction.operands.size() != 2 || reduction.operands[1]->op != Op::Less)
      return false;
    const ExprRef &place = reduction.operands[1]->operands[0];
    auto lanes = numberOf(reduction.operands[1]->operands[1]);
    auto window = movedBy(*place);
    std::vector<const Expr *> loads;
    collectLoads(reduction.operands[0], loads);
    for (const Expr *load : loads) {
      const TileOperand &operand = *intrinsic.tileOfTensor(load->id);
      if (!window || load->operands.empty() || !equal(*load->operands.back(), *place) ||
          lanes != operand.shape.back().size)
        continue;
      window->movedOperand = &operand - intrinsic.tiles.data();
      rule.window = window;
      movedPlace = place;
      return true;
    }
    return false;
  }

  /// A loop behind an argument, in either order; the loop has a run-time extent.
  std::optional<RuleWindow> movedBy(const Expr &place) const {
    if (place.op != Op::Add)
      return std::nullopt;
    for (unsigned side : {0, 1}) {
      const Expr &loop = *place.operands[side];
      auto first = argumentOf(*place.operands[1 - side]);
      if (loop.op == Op::Loop && first && rule.loops[loop.id].extent)
        return RuleWindow{loop.id, *first, *rule.loops[loop.id].extent, std::nullopt};
    }
    return std::nullopt;
  }

  std::optional<unsigned> argumentOf(const Expr &expr) const {
    const Expr &leaf = *scalarOf(&expr);
    if (leaf.op == Op::Size)
      return intrinsic.findArgument(semantics.sizes[leaf.id].name);
    return isScalar(leaf) ? intrinsic.findArgument(semantics.tensors[leaf.id].name) : std::nullopt;
  }

  /// `acc = clamp(acc + sum(k) e, low, high)` and `acc = clamp(sum(k) e, low, high)` are sums of e
  /// that go on from what the destination holds, or start, in accumulators that saturate.
  void readSaturation(const Statement &statement) {
    const Expr &clamp = *statement.value;
    if (statement.assign != Assign::Set || clamp.op != Op::Clamp ||
        clamp.operands[1]->op != Op::Constant || clamp.operands[2]->op != Op::Constant)
      return;
    ExprRef reduction = clamp.operands[0];
    bool adds = reduction->op == Op::Add;
    if (adds) {
      bool first = isDestination(*reduction->operands[0], statement);
      if (!first && !isDestination(*reduction->operands[1], statement))
        return;
      reduction = reduction->operands[first ? 1 : 0];
    }
    if (reduction->op != Op::Reduce || reduction->reduction != Reduction::Sum)
      return;
    rule.limits = RuleLimits{clamp.operands[1]->integer, clamp.operands[2]->integer};
    rule.accumulates = adds;
    rule.body = reduction;
  }

  /// `expr` reads the element that the statement writes.
  static bool isDestination(const Expr &expr, const Statement &statement) {
    return expr.op == Op::Load && expr.id == statement.tensor &&
           llvm::equal(expr.operands, statement.subscripts,
                       [](const ExprRef &a, const ExprRef &b) { return equal(*a, *b); });
  }

  /// `select(j < extent, body, constant)` is the body with padding behind `extent`.
  void readPadding() {
    if (rule.body->op != Op::Select || rule.body->operands[2]->op != Op::Constant)
      return;
    const Expr &condition = *rule.body->operands[0];
    if (condition.op != Op::Less || condition.operands[0]->op != Op::Loop ||
        condition.operands[1]->op != Op::Size)
      return;
    auto argument = intrinsic.findArgument(semantics.sizes[condition.operands[1]->id].name);
    if (!argument)
      return;
    rule.padding =
        RulePadding{condition.operands[0]->id, *argument, rule.body->operands[2]->integer};
    rule.body = rule.body->operands[1];
  }

  bool readTile(const TileOperand &operand, llvm::ArrayRef<ExprRef> subscripts, RuleTile &tile) {
    tile.operand = &operand - intrinsic.tiles.data();
    std::vector<ExprRef> places;
    for (const ExprRef &subscript : subscripts) {
      bool isMoved = movedPlace && rule.window->movedOperand == tile.operand &&
                     &subscript == &subscripts.back() && equal(*subscript, *movedPlace);
      auto place = placeOf(isMoved ? makeLoop(rule.window->loop) : subscript, semantics);
      if (!place) {
        fail("a subscript that is not one loop, moved by numbers");
        return false;
      }
      tile.loops.push_back(place->loop);
      places.push_back(place->place);
    }
    unsigned rowRank = target.spaces[operand.space].row.size();
    bool hostRows = target.spaces[operand.space].isHost;
    // Host memory has single elements; the last dimension of a host tile is contiguous.
    unsigned contiguous = hostRows ? 1 : rowRank;
    tile.addressedDims = tile.loops.size() > contiguous ? tile.loops.size() - contiguous : 0;
    if (tile.addressedDims > 1) {
      fail("more than one addressed dimension");
      return false;
    }
    return hostRows ? readRows(operand, places, tile) : readLane(operand, places, tile);
  }

  /// Host memory: rows as the operand's layout and the subscripts say.
  bool readRows(const TileOperand &operand, llvm::ArrayRef<ExprRef> places, RuleTile &tile) {
    if (!operand.layout && llvm::all_of(places, isPlain))
      return true;
    std::vector<int64_t> most;
    for (unsigned loop : tile.loops)
      most.push_back(rule.loops[loop].max);
    const char *reason = nullptr;
    tile.layout = layoutAt(operand, places, most, reason);
    if (!tile.layout)
      fail(reason);
    return tile.layout != nullptr;
  }

  /// On chip: the lanes of a row in another order, all of them.
  bool readLane(const TileOperand &operand, llvm::ArrayRef<ExprRef> places, RuleTile &tile) {
    if (llvm::all_of(places, isPlain))
      return true;
    const RuleLoop &loop = rule.loops[tile.loops.back()];
    int64_t lanes = operand.shape.back().size;
    bool inRow = !target.spaces[operand.space].row.empty() &&
                 llvm::all_of(places.drop_back(), isPlain) && !loop.extent && loop.max == lanes &&
                 isOrder(places.back(), lanes);
    if (!inRow)
      fail("a subscript that is not a loop, nor all lanes of a row in another order");
    tile.lane = places.back();
    return inRow;
  }

  void collectLoads(const ExprRef &expr, std::vector<const Expr *> &loads) const {
    if (expr->op == Op::Load && intrinsic.tileOfTensor(expr->id))
      loads.push_back(expr.get());
    for (const ExprRef &operand : expr->operands)
      collectLoads(operand, loads);
  }

  bool readTiles(const Statement &statement) {
    const TileOperand *destination = intrinsic.tileOfTensor(statement.tensor);
    if (!destination) {
      fail("a result that is no tile");
      return false;
    }
    if (!readTile(*destination, statement.subscripts, rule.destination))
      return false;
    if (rule.destination.lane) {
      fail("a result whose lanes are in another order");
      return false;
    }
    std::vector<const Expr *> loads;
    collectLoads(rule.body, loads);
    for (const Expr *load : loads) {
      RuleTile tile;
      const Expr *first =
          *llvm::find_if(loads, [&](const Expr *one) { return one->id == load->id; });
      if (!equal(*first, *load)) {
        fail("an operand that is read at two places");
        return false;
      }
      if (!readTile(*intrinsic.tileOfTensor(load->id), load->operands, tile))
        return false;
      if (llvm::none_of(rule.sources,
                        [&](const RuleTile &seen) { return seen.operand == tile.operand; }))
        rule.sources.push_back(std::move(tile));
    }
    if (rule.kind != Rule::Kind::Contract)
      rule.kind = classify();
    return true;
  }

  Rule::Kind classify() const {
    if (rule.sources.empty())
      return Rule::Kind::Fill;
    const Expr *body = rule.body.get();
    if (body->op == Op::Convert)
      body = body->operands[0].get();
    return body->op == Op::Load ? Rule::Kind::Move : Rule::Kind::Pointwise;
  }

  const Target &target;
  const Intrinsic &intrinsic;
  const Semantics &semantics;
  Rule rule;
  ExprRef movedPlace; ///< `first + loop`, of an operand that begins inside its row
};

} // namespace

std::shared_ptr<const Layout> lathe::layoutThrough(const Target &target, const Rule &load,
                                                   const ExprRef &lane) {
  const RuleTile &source = load.sources[0];
  if (!lane)
    return source.layout;
  const TileOperand &operand = target.intrinsics[load.intrinsic].tiles[source.operand];
  return turnedLanes(operand, source.layout.get(), lane, load.loops[source.loops.back()].max);
}

Rules lathe::deriveRules(const Target &target) {
  Rules rules;
  for (unsigned i = 0; i < target.intrinsics.size(); ++i) {
    RuleReader reader(target, i);
    if (auto rule = reader.read())
      rules.rules.push_back(std::move(*rule));
    else
      rules.unused.push_back({i, reader.why});
  }
  return rules;
}

static const TileOperand &tileOf(const Target &target, const Rule &rule, const RuleTile &tile) {
  return target.intrinsics[rule.intrinsic].tiles[tile.operand];
}

std::vector<Route> Rules::routesTo(unsigned space, ElementType element,
                                   const Target &target) const {
  std::vector<Route> routes;
  for (unsigned last = 0; last < rules.size(); ++last) {
    const Rule &rule = rules[last];
    if (rule.kind != Rule::Kind::Move)
      continue;
    const TileOperand &to = tileOf(target, rule, rule.destination);
    const TileOperand &from = tileOf(target, rule, rule.sources[0]);
    if (to.space != space || to.element != element || from.space == space)
      continue;
    if (from.space == kHostSpace) {
      routes.push_back({{last}});
      continue;
    }
    for (unsigned first = 0; first < rules.size(); ++first) {
      const Rule &before = rules[first];
      if (before.kind != Rule::Kind::Move)
        continue;
      const TileOperand &middle = tileOf(target, before, before.destination);
      const TileOperand &source = tileOf(target, before, before.sources[0]);
      if (middle.space == from.space && middle.element == from.element &&
          source.space == kHostSpace)
        routes.push_back({{first, last}});
    }
  }
  llvm::stable_sort(routes,
                    [](const Route &a, const Route &b) { return a.moves.size() < b.moves.size(); });
  return routes;
}

const Rule *Rules::configures(unsigned state, const Target &target) const {
  for (const Rule &rule : rules)
    if (rule.kind == Rule::Kind::Configure &&
        llvm::is_contained(target.intrinsics[rule.intrinsic].statesWritten, state))
      return &rule;
  return nullptr;
}
