#include "sdk/mutation/DescriptionMutants.h"

#include "sdk/mutation/Rewrite.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace lathe;
using namespace lathe::mutation;

static constexpr llvm::StringLiteral kNames[kMistakes] = {
    "sign",  "width",  "rounding", "saturation", "lane order", "operator",
    "field", "opcode", "step",     "timing",     "side effect"};

llvm::StringRef mutation::name(Mistake mistake) { return kNames[static_cast<unsigned>(mistake)]; }

// ---- what a changed statement reads and writes

namespace {
struct Use {
  std::set<unsigned> read, written;
};
} // namespace

static Use useOf(const Semantics &semantics) {
  Use use;
  for (const Statement &statement : semantics.statements) {
    use.written.insert(statement.tensor);
    if (statement.assign != Assign::Set)
      use.read.insert(statement.tensor);
    auto visit = [&](const ExprRef &node, unsigned) {
      if (node->op == Op::Load)
        use.read.insert(node->id);
    };
    forEachNode(statement.value, visit);
    for (const ExprRef &subscript : statement.subscripts)
      forEachNode(subscript, visit);
    for (const ExprRef &condition : statement.conditions)
      forEachNode(condition, visit);
  }
  return use;
}

// Tiles and states as the statements use them.
static void settle(const Target &target, Intrinsic &intrinsic) {
  Use use = useOf(intrinsic.semantics);
  for (TileOperand &tile : intrinsic.tiles) {
    tile.read = use.read.count(tile.tensor);
    tile.written = use.written.count(tile.tensor);
  }
  auto isUsed = [&](const std::set<unsigned> &tensors, unsigned state) {
    auto tensor = intrinsic.semantics.findTensor(target.states[state].name);
    return tensor && tensors.count(*tensor);
  };
  std::set<unsigned> steps;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::State)
      steps.insert(tile.step.id);
  llvm::erase_if(intrinsic.statesRead,
                 [&](unsigned state) { return !steps.count(state) && !isUsed(use.read, state); });
  llvm::erase_if(intrinsic.statesWritten,
                 [&](unsigned state) { return !isUsed(use.written, state); });
}

// ---- mutants

namespace {
class Maker {
public:
  explicit Maker(const Target &target) : target(target) {}
  std::vector<DescriptionMutant> all;

  void run() {
    for (id = 0; id < target.intrinsics.size(); ++id) {
      addStatements();
      addFields();
      addSteps();
      addTimings();
    }
    addQueues();
  }

private:
  const Intrinsic &intrinsic() const { return target.intrinsics[id]; }
  void add(Mistake mistake, const std::string &what, std::function<void(Intrinsic &)> change) {
    all.push_back({mistake, intrinsic().name + ": " + what, "",
                   [&target = target, id = id, change = std::move(change)] {
                     Target mutant = target;
                     change(mutant.intrinsics[id]);
                     settle(target, mutant.intrinsics[id]);
                     return mutant;
                   }});
  }
  void addValue(Mistake mistake, const std::string &what, size_t s, unsigned node, ExprRef by) {
    add(mistake, what + place(s), [s, node, by = std::move(by)](Intrinsic &changed) {
      ExprRef &value = changed.semantics.statements[s].value;
      value = replaced(value, node, by);
    });
  }
  std::string place(size_t s) const {
    bool isOnly = intrinsic().semantics.statements.size() == 1;
    return isOnly ? "" : " in statement " + std::to_string(s + 1);
  }
  void addStatements();
  void addNode(size_t s, const ExprRef &node, unsigned number);
  void addNarrowing(size_t s, const ExprRef &node, unsigned number);
  void addOperator(size_t s, const ExprRef &node, unsigned number);
  void addLanes(size_t s, const ExprRef &node, unsigned number);
  void addEffects(size_t s);
  void addFields();
  void addSteps();
  void addTimings();
  void addQueues();

  const Target &target;
  unsigned id = 0;
};
} // namespace

static std::string nameOf(const Intrinsic &intrinsic, const ExprRef &node) {
  return node->op == Op::Load ? "'" + intrinsic.semantics.tensors[node->id].name + "'"
                              : "'" + spelling(node->op).str() + "'";
}

// Conversions: what comes in, what goes out.
void Maker::addNarrowing(size_t s, const ExprRef &node, unsigned number) {
  if (node->operands.empty())
    return;
  const ExprRef &from = node->operands[0];
  ElementType type = from->type;
  bool widens = node->op == Op::Convert && type.isInteger() && type.bits > 1 &&
                node->type.isInteger() && node->type.bits > type.bits;
  auto through = [&](ElementType other) {
    return makeExpr(Op::Convert, node->type, {makeExpr(Op::Convert, other, {from})});
  };
  std::string what = nameOf(intrinsic(), from);
  if (widens) {
    addValue(Mistake::Sign, what + " read with the other sign", s, number,
             through(ElementType::integer(type.bits, !type.isSigned())));
    addValue(Mistake::Width, what + " read one bit narrower", s, number,
             through(ElementType::integer(type.bits - 1, type.isSigned())));
  }
  if (node->op != Op::Saturate || !node->type.isInteger() || !type.isInteger())
    return;
  ElementType narrow = ElementType::integer(node->type.bits - 1, node->type.isSigned());
  ElementType other = ElementType::integer(node->type.bits, !node->type.isSigned());
  auto saturated = [&](ElementType to) {
    return makeExpr(Op::Convert, node->type, {makeExpr(Op::Saturate, to, {from})});
  };
  addValue(Mistake::Saturation, "wraps instead of saturating", s, number,
           makeExpr(Op::Convert, node->type, {from}));
  addValue(Mistake::Saturation, "saturates at half the range", s, number, saturated(narrow));
  addValue(Mistake::Saturation, "saturates with the other sign", s, number, saturated(other));
}

void Maker::addOperator(size_t s, const ExprRef &node, unsigned number) {
  auto swap = [&](Mistake mistake, Op op, std::vector<ExprRef> operands) {
    addValue(mistake, nameOf(intrinsic(), node) + " is '" + spelling(op).str() + "'", s, number,
             makeExpr(op, node->type, std::move(operands)));
  };
  const std::vector<ExprRef> &x = node->operands;
  switch (node->op) {
  case Op::RoundShift:
    swap(Mistake::Rounding, Op::Shr, x);
    if (x[0]->type.isInteger())
      addValue(
          Mistake::Rounding, "ties are rounded down", s, number,
          makeExpr(Op::RoundShift, node->type,
                   {makeExpr(Op::Sub, x[0]->type, {x[0], makeConstant(1, x[0]->type)}), x[1]}));
    break;
  case Op::Shr:
    swap(Mistake::Rounding, Op::RoundShift, x);
    break;
  case Op::Clamp:
    swap(Mistake::Saturation, Op::Max, {x[0], x[1]});
    swap(Mistake::Saturation, Op::Min, {x[0], x[2]});
    break;
  case Op::Add:
    swap(Mistake::Operator, Op::Sub, x);
    break;
  case Op::Sub:
    swap(Mistake::Operator, Op::Add, x);
    break;
  case Op::Mul:
    swap(Mistake::Operator, Op::Add, x);
    break;
  case Op::Max:
    swap(Mistake::Operator, Op::Min, x);
    break;
  case Op::Min:
    swap(Mistake::Operator, Op::Max, x);
    break;
  case Op::Less:
    swap(Mistake::Operator, Op::LessEqual, x);
    break;
  case Op::LessEqual:
    swap(Mistake::Operator, Op::Less, x);
    break;
  case Op::Select:
    swap(Mistake::Operator, Op::Select, {x[0], x[2], x[1]});
    break;
  default:
    break;
  }
  if (node->op == Op::Constant && node->type.isInteger() && node->integer < node->type.max())
    addValue(Mistake::Operator, std::to_string(node->integer) + " is one more", s, number,
             makeConstant(node->integer + 1, node->type));
  if (node->op == Op::Reduce && node->reduction == Reduction::Sum) {
    auto copy = std::make_shared<Expr>(*node);
    copy->reduction = Reduction::Max;
    addValue(Mistake::Operator, "the greatest instead of the sum", s, number, copy);
  }
}

static ExprRef backwards(const Statement &statement, const ExprRef &loop) {
  ElementType index = loop->type;
  ExprRef last =
      makeExpr(Op::Sub, index, {statement.loops[loop->id].extent, makeConstant(1, index)});
  return makeExpr(Op::Sub, index, {last, loop});
}

void Maker::addLanes(size_t s, const ExprRef &node, unsigned number) {
  if (node->op != Op::Load)
    return;
  const Statement &statement = intrinsic().semantics.statements[s];
  for (size_t d = 0; d < node->operands.size(); ++d) {
    if (node->operands[d]->op != Op::Loop)
      continue;
    auto copy = std::make_shared<Expr>(*node);
    copy->operands[d] = backwards(statement, node->operands[d]);
    addValue(Mistake::LaneOrder,
             nameOf(intrinsic(), node) + " backwards in dimension " + std::to_string(d), s, number,
             copy);
  }
  // Only where both dimensions are as long: else the subscripts leave the tile.
  const Tensor &tensor = intrinsic().semantics.tensors[node->id];
  if (tensor.sizes.size() == 2 && tensor.sizes[0] == tensor.sizes[1]) {
    auto copy = std::make_shared<Expr>(*node);
    std::swap(copy->operands[0], copy->operands[1]);
    addValue(Mistake::LaneOrder, nameOf(intrinsic(), node) + " transposed", s, number, copy);
  }
}

void Maker::addNode(size_t s, const ExprRef &node, unsigned number) {
  addNarrowing(s, node, number);
  addOperator(s, node, number);
  addLanes(s, node, number);
}

void Maker::addEffects(size_t s) {
  const Statement &statement = intrinsic().semantics.statements[s];
  for (unsigned l = 0; l < statement.loops.size(); ++l) {
    const Loop &loop = statement.loops[l];
    if (loop.reduction)
      continue;
    add(Mistake::SideEffect, "the last of '" + loop.name + "' is not written" + place(s),
        [s, l](Intrinsic &changed) {
          Statement &to = changed.semantics.statements[s];
          ExprRef extent = to.loops[l].extent;
          ExprRef last = makeExpr(Op::Sub, extent->type, {extent, makeConstant(1, extent->type)});
          ElementType u1 = ElementType::condition();
          to.conditions.push_back(makeExpr(Op::Less, u1, {makeLoop(l), last}));
        });
  }
  if (intrinsic().semantics.statements.size() > 1)
    add(Mistake::SideEffect, "statement " + std::to_string(s + 1) + " is missing",
        [s](Intrinsic &changed) {
          auto &statements = changed.semantics.statements;
          statements.erase(statements.begin() + static_cast<long>(s));
        });
  for (size_t c = 0; c < statement.conditions.size(); ++c)
    add(Mistake::SideEffect, "condition " + std::to_string(c + 1) + " is missing" + place(s),
        [s, c](Intrinsic &changed) {
          auto &conditions = changed.semantics.statements[s].conditions;
          conditions.erase(conditions.begin() + static_cast<long>(c));
        });
  if (statement.assign != Assign::Set)
    add(Mistake::SideEffect, "what was there is lost" + place(s),
        [s](Intrinsic &changed) { changed.semantics.statements[s].assign = Assign::Set; });
  else if (!statement.subscripts.empty())
    add(Mistake::SideEffect, "adds to what was there" + place(s),
        [s](Intrinsic &changed) { changed.semantics.statements[s].assign = Assign::Add; });
}

void Maker::addStatements() {
  const std::vector<Statement> &statements = intrinsic().semantics.statements;
  for (size_t s = 0; s < statements.size(); ++s) {
    forEachNode(statements[s].value,
                [&](const ExprRef &node, unsigned number) { addNode(s, node, number); });
    addEffects(s);
  }
}

void Maker::addFields() {
  const std::vector<Argument> &arguments = intrinsic().arguments;
  for (unsigned a = 0; a < arguments.size(); ++a) {
    const Argument &field = arguments[a];
    if (field.runs.empty())
      continue;
    add(Mistake::Field, "'" + field.name + "' one bit off", [a](Intrinsic &changed) {
      for (BitRun &run : changed.arguments[a].runs)
        run.lsb += run.lsb > 0 ? -1 : 1;
    });
    if (field.minusOne)
      add(Mistake::Field, "'" + field.name + "' as it is, not minus one", [a](Intrinsic &changed) {
        changed.arguments[a].minusOne = false;
        changed.arguments[a].max = std::min<int64_t>(
            changed.arguments[a].max, (int64_t(1) << changed.arguments[a].width()) - 1);
      });
    for (unsigned b = a + 1; b < arguments.size(); ++b)
      if (field.width() == arguments[b].width())
        add(Mistake::Field, "'" + field.name + "' and '" + arguments[b].name + "' exchanged",
            [a, b](Intrinsic &changed) {
              std::swap(changed.arguments[a].runs, changed.arguments[b].runs);
            });
  }
  // The highest bit that tells intrinsics apart.
  for (unsigned bit = intrinsic().width; bit-- > 0;) {
    auto isSet = [&](const Word &word) { return word[bit / 64] >> (bit % 64) & 1; };
    if (!isSet(intrinsic().mask) || isSet(intrinsic().reserved))
      continue;
    add(Mistake::Opcode, "bit " + std::to_string(bit) + " of the pattern inverted",
        [bit](Intrinsic &changed) { changed.match[bit / 64] ^= uint64_t(1) << (bit % 64); });
    return;
  }
}

void Maker::addSteps() {
  for (unsigned t = 0; t < intrinsic().tiles.size(); ++t) {
    const TileOperand &tile = intrinsic().tiles[t];
    if (tile.step.kind == Step::Kind::Fixed && tile.step.amount == 1)
      continue;
    add(Mistake::Step, "rows of '" + tile.name + "' dense",
        [t](Intrinsic &changed) { changed.tiles[t].step = {}; });
    if (tile.step.kind != Step::Kind::State)
      continue;
    for (unsigned state = 0; state < target.states.size(); ++state)
      if (state != tile.step.id &&
          target.states[state].element == target.states[tile.step.id].element)
        add(Mistake::Step,
            "rows of '" + tile.name + "' apart by '" + target.states[state].name + "'",
            [t, state](Intrinsic &changed) {
              unsigned before = changed.tiles[t].step.id;
              changed.tiles[t].step.id = state;
              std::replace(changed.statesRead.begin(), changed.statesRead.end(), before, state);
            });
  }
}

// Whether the beats of host memory, at least one a row, hold the pipe no less than the interval
// does.
static bool isHeldByBeats(const Target &target, const Intrinsic &intrinsic) {
  const CycleCount &interval = intrinsic.timing.interval;
  bool isOneARow =
      interval.base == 0 && interval.terms.size() == 1 && interval.terms[0].second <= 1;
  std::set<unsigned> read; // operands of one space share its ports, and take longer
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.space != kHostSpace && tile.read && !read.insert(tile.space).second)
      return false;
  if (!isOneARow)
    return false;
  return llvm::any_of(intrinsic.tiles, [&](const TileOperand &tile) {
    const Space &host = target.spaces[kHostSpace];
    return tile.space == kHostSpace && tile.shape.size() > 1 && !tile.layout &&
           tile.shape[0].argument == interval.terms[0].first &&
           (tile.written ? host.writeBytes : host.readBytes) > 0;
  });
}

static void scaleInterval(Intrinsic &intrinsic, int64_t by) {
  CycleCount &interval = intrinsic.timing.interval;
  interval.base *= by;
  for (auto &[argument, factor] : interval.terms)
    factor *= by;
}

// Claims that are too fast break what is planned with them; those that are too slow waste the
// machine.
void Maker::addTimings() {
  const Timing &timing = intrinsic().timing;
  if (timing.interval.base > 0 || !timing.interval.terms.empty()) {
    add(Mistake::Timing, "claims half the interval", [](Intrinsic &changed) {
      changed.timing.interval.base /= 2;
      changed.timing.interval.terms.clear();
    });
    if (isHeldByBeats(target, intrinsic()))
      all.back().same = "the beats of its rows hold its pipe as long";
    add(Mistake::Timing, "claims three times the interval",
        [](Intrinsic &changed) { scaleInterval(changed, 3); });
  }
  if (timing.latencyCycles > 1)
    add(Mistake::Timing, "claims no latency",
        [](Intrinsic &changed) { changed.timing.latencyCycles = 0; });
}

void Maker::addQueues() {
  for (unsigned u = 0; u < target.units.size(); ++u)
    all.push_back({Mistake::Timing, target.units[u].name + ": claims a longer queue", "",
                   [&target = target, u] {
                     Target mutant = target;
                     mutant.units[u].queue += mutant.commandLatency + 2;
                     return mutant;
                   }});
}

std::vector<DescriptionMutant> mutation::descriptionMutants(const Target &target) {
  Maker maker(target);
  maker.run();
  return std::move(maker.all);
}
