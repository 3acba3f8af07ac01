#include "sdk/verify/Routes.h"

#include "sdk/verify/Sandbox.h"

#include <set>

using namespace lathe;
using namespace lathe::verify;

// ---- operands

unsigned verify::leadingDimensions(const Target &target, const TileOperand &tile) {
  const Space &space = target.spaces[tile.space];
  return space.isHost ? tile.shape.size() : tile.shape.size() - space.row.size();
}

std::optional<unsigned> verify::leadingArgument(const Target &target, const TileOperand &tile) {
  return leadingDimensions(target, tile) == 0 ? std::nullopt : tile.shape[0].argument;
}

static int64_t sizeOf(const Dimension &dimension, llvm::ArrayRef<int64_t> values) {
  return dimension.argument ? values[*dimension.argument] : dimension.size;
}

int64_t verify::addressesOf(const Target &target, const TileOperand &tile,
                            llvm::ArrayRef<int64_t> values) {
  int64_t addresses = 1;
  for (unsigned d = 0; d < leadingDimensions(target, tile); ++d)
    addresses *= sizeOf(tile.shape[d], values);
  return addresses;
}

int64_t verify::elementsOf(const TileOperand &tile, llvm::ArrayRef<int64_t> values) {
  int64_t elements = 1;
  for (const Dimension &dimension : tile.shape)
    elements *= sizeOf(dimension, values);
  return elements;
}

std::vector<unsigned> verify::stepStates(const Intrinsic &intrinsic) {
  std::vector<unsigned> states;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::State)
      states.push_back(tile.step.id);
  return states;
}

std::vector<unsigned> verify::stepArguments(const Intrinsic &intrinsic) {
  std::vector<unsigned> arguments;
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::Argument)
      arguments.push_back(tile.step.id);
  return arguments;
}

std::vector<unsigned> verify::freeExtents(const Intrinsic &intrinsic) {
  std::vector<unsigned> extents;
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a)
    if (intrinsic.arguments[a].kind == Argument::Kind::Extent &&
        llvm::none_of(intrinsic.tiles, [&](const TileOperand &tile) {
          return llvm::any_of(tile.shape, [&](const Dimension &it) { return it.argument == a; });
        }))
      extents.push_back(a);
  return extents;
}

int64_t verify::denseStep(const TileOperand &tile, llvm::ArrayRef<int64_t> values) {
  if (tile.layout)
    return tile.layout->rowBytes.value_or(tile.layout->bytes());
  int64_t bytes = tile.element.bytes();
  for (unsigned d = 1; d < tile.shape.size(); ++d)
    bytes *= sizeOf(tile.shape[d], values);
  return bytes;
}

int64_t verify::hostBytes(const TileOperand &tile, llvm::ArrayRef<int64_t> values) {
  if (!tile.layout)
    return elementsOf(tile, values) * tile.element.bytes();
  int64_t rows = tile.layout->hasRows() ? sizeOf(tile.shape[0], values) : 1;
  return std::max<int64_t>(0, rows - 1) * denseStep(tile, values) + tile.layout->bytes();
}

static std::vector<int64_t> sizesOf(const TileOperand &tile, llvm::ArrayRef<int64_t> values) {
  std::vector<int64_t> sizes;
  for (const Dimension &dimension : tile.shape)
    sizes.push_back(sizeOf(dimension, values));
  return sizes;
}

std::vector<uint8_t> verify::inHostMemory(const TileOperand &tile, llvm::ArrayRef<int64_t> values,
                                          std::vector<uint8_t> dense) {
  if (!tile.layout)
    return dense;
  std::vector<uint8_t> bytes(hostBytes(tile, values));
  LayoutMap(*tile.layout)
      .write(bytes.data(), denseStep(tile, values), sizesOf(tile, values), dense.data());
  return bytes;
}

std::vector<int64_t> verify::largestValues(const Target &target, const Intrinsic &intrinsic) {
  std::vector<int64_t> values;
  for (const Argument &argument : intrinsic.arguments)
    values.push_back(argument.kind == Argument::Kind::Extent ? argument.max
                                                             : std::max<int64_t>(0, argument.min));
  for (const TileOperand &tile : intrinsic.tiles)
    if (auto rows = leadingArgument(target, tile); rows && tile.space != kHostSpace)
      values[*rows] = std::max(intrinsic.arguments[*rows].min,
                               std::min(values[*rows], target.spaces[tile.space].addresses));
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::Argument)
      values[tile.step.id] = tile.space == kHostSpace ? denseStep(tile, values) : 1;
  return values;
}

// ---- writing

// The load that `value` passes on as it is, wherever a condition over the loops chooses it.
static const Expr *copiedLoad(const Expr &value) {
  if (value.op == Op::Load)
    return &value;
  if (value.op == Op::Convert && value.operands[0]->type == value.type)
    return copiedLoad(*value.operands[0]);
  if (value.op != Op::Select)
    return nullptr;
  bool first = value.operands[2]->op == Op::Constant;
  bool second = value.operands[1]->op == Op::Constant;
  return first ? copiedLoad(*value.operands[1]) : second ? copiedLoad(*value.operands[2]) : nullptr;
}

static unsigned tileNumber(const Intrinsic &intrinsic, const TileOperand *tile) {
  return tile - intrinsic.tiles.data();
}

static bool readsOnlySteps(const Intrinsic &intrinsic) {
  std::vector<unsigned> steps = stepStates(intrinsic);
  return llvm::all_of(intrinsic.statesRead,
                      [&](unsigned state) { return llvm::is_contained(steps, state); });
}

/// Loops, numbers and sizes with the operators of subscripts.
static bool isPlainIndex(const Expr &expr) {
  static const Op operators[] = {Op::Constant, Op::Loop, Op::Size, Op::Add,
                                 Op::Sub,      Op::Mul,  Op::Div,  Op::Mod};
  return llvm::is_contained(operators, expr.op) &&
         llvm::all_of(expr.operands, [](const ExprRef &operand) { return isPlainIndex(*operand); });
}

/// `expr` with numbers in place of sizes.
static ExprRef withSizes(const ExprRef &expr, const Intrinsic &intrinsic,
                         llvm::ArrayRef<int64_t> values) {
  if (expr->op == Op::Size) {
    const Size &size = intrinsic.semantics.sizes[expr->id];
    auto argument = intrinsic.findArgument(size.name);
    return makeConstant(size.value ? *size.value : argument ? values[*argument] : 1, expr->type);
  }
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = withSizes(operand, intrinsic, values);
  return copy;
}

/// The element of a tile of `sizes` at subscripts over `loops`; nothing when it is outside.
static std::optional<int64_t> elementAt(llvm::ArrayRef<ExprRef> subscripts,
                                        llvm::ArrayRef<int64_t> sizes,
                                        llvm::ArrayRef<int64_t> loops) {
  int64_t element = 0;
  for (size_t d = 0; d < sizes.size(); ++d) {
    int64_t at = evaluateIndex(*subscripts[d], loops);
    if (at < 0 || at >= sizes[d])
      return std::nullopt;
    element = element * sizes[d] + at;
  }
  return element;
}

std::vector<uint8_t> verify::sourceFor(const Target &target, const WriteRoute &route,
                                       llvm::ArrayRef<int64_t> values,
                                       llvm::ArrayRef<uint8_t> data) {
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  const Statement &statement = intrinsic.semantics.statements[route.statement];
  const TileOperand &to = intrinsic.tiles[route.to], &from = intrinsic.tiles[route.from];
  std::vector<int64_t> toSizes = sizesOf(to, values), fromSizes = sizesOf(from, values);
  std::vector<ExprRef> writes, reads;
  for (auto [list, subscripts] :
       {std::pair(&writes, &statement.subscripts), std::pair(&reads, &route.load->operands)})
    for (const ExprRef &subscript : *subscripts) {
      if (!isPlainIndex(*subscript))
        return {};
      list->push_back(withSizes(subscript, intrinsic, values));
    }
  std::vector<int64_t> extents, loops;
  for (const Loop &loop : statement.loops)
    extents.push_back(evaluateIndex(*withSizes(loop.extent, intrinsic, values), {}));
  loops.assign(extents.size(), 0);
  size_t bytes = to.element.bytes();
  std::vector<uint8_t> source(elementsOf(from, values) * bytes);
  std::vector<bool> taken(elementsOf(from, values)), written(elementsOf(to, values));
  for (bool more = true; more;) {
    auto at = elementAt(reads, fromSizes, loops), there = elementAt(writes, toSizes, loops);
    // Elements that a condition leaves out are read from nowhere.
    if (at && there && (*there + 1) * bytes <= data.size()) {
      if (taken[*at] || written[*there])
        return {};
      taken[*at] = written[*there] = true;
      std::copy_n(data.begin() + *there * bytes, bytes, source.begin() + *at * bytes);
    }
    more = false;
    for (size_t d = loops.size(); d-- > 0 && !more;) {
      more = ++loops[d] < extents[d];
      if (!more)
        loops[d] = 0;
    }
  }
  size_t copied = llvm::count(written, true);
  return copied == std::min(written.size(), data.size() / bytes) ? source : std::vector<uint8_t>();
}

static std::optional<WriteRoute> copyOf(const Target &target, unsigned id, unsigned number) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  if (!readsOnlySteps(intrinsic))
    return std::nullopt;
  const Statement &statement = intrinsic.semantics.statements[number];
  const TileOperand *to = intrinsic.tileOfTensor(statement.tensor);
  const Expr *load = copiedLoad(*statement.value);
  const TileOperand *from = load ? intrinsic.tileOfTensor(load->id) : nullptr;
  if (!to || !from || statement.assign != Assign::Set || !statement.conditions.empty() ||
      from->element != to->element || leadingDimensions(target, *to) > 1)
    return std::nullopt;
  auto writesToo = [&](const Statement &other) {
    return &other != &statement && other.tensor == statement.tensor;
  };
  if (llvm::any_of(intrinsic.semantics.statements, writesToo))
    return std::nullopt;
  WriteRoute route{id, number, tileNumber(intrinsic, to), tileNumber(intrinsic, from), load};
  std::vector<int64_t> values = largestValues(target, intrinsic);
  std::vector<uint8_t> whole(elementsOf(*to, values) * to->element.bytes());
  return sourceFor(target, route, values, whole).empty() ? std::nullopt : std::optional(route);
}

// Host memory is known; a space joins when something copies to it from one that is.
static void findWrites(Routes &routes, const Target &target) {
  std::set<unsigned> known{kHostSpace};
  for (size_t before = 0; before != known.size();) {
    before = known.size();
    std::set<unsigned> found;
    for (unsigned id = 0; id < target.intrinsics.size(); ++id)
      for (unsigned n = 0; n < target.intrinsics[id].semantics.statements.size(); ++n) {
        std::optional<WriteRoute> route = copyOf(target, id, n);
        if (!route)
          continue;
        const Intrinsic &intrinsic = target.intrinsics[id];
        unsigned to = intrinsic.tiles[route->to].space, from = intrinsic.tiles[route->from].space;
        if (known.count(to) || !known.count(from) || routes.writes[to])
          continue;
        routes.writes[to] = route;
        found.insert(to);
      }
    known.insert(found.begin(), found.end());
  }
}

// ---- seeing

// As few results as there are elements to be seen, at least.
static void shrink(const Target &target, const Intrinsic &intrinsic, const TileOperand &from,
                   const TileOperand &to, std::vector<int64_t> &values) {
  auto own = leadingArgument(target, from), other = leadingArgument(target, to);
  if (own) {
    const Argument &rows = intrinsic.arguments[*own];
    values[*own] = std::clamp<int64_t>(2, rows.min, values[*own]);
  } else if (other) {
    int64_t most = values[*other];
    for (values[*other] = intrinsic.arguments[*other].min;
         values[*other] < most && elementsOf(to, values) < elementsOf(from, values);)
      ++values[*other];
  }
}

static std::vector<int64_t> settingsOf(ElementType type) {
  if (!type.isInteger())
    return {0};
  return {0, type.min(), type.max(), 1};
}

// The settings of one intrinsic's free scalars, all combinations, at most 256.
static std::vector<SeeRoute> settings(const Target &target, const SeeRoute &route) {
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  std::vector<SeeRoute> all{route};
  auto multiply = [&](llvm::ArrayRef<int64_t> choices, auto &&set) {
    std::vector<SeeRoute> next;
    for (const SeeRoute &one : all)
      for (int64_t choice : choices) {
        next.push_back(one);
        set(next.back(), choice);
      }
    if (next.size() <= 256)
      all = std::move(next);
  };
  std::vector<unsigned> steps = stepStates(intrinsic);
  for (unsigned state : intrinsic.statesRead)
    if (!llvm::is_contained(steps, state))
      multiply(settingsOf(target.states[state].element),
               [&](SeeRoute &to, int64_t value) { to.states.push_back({state, value}); });
  std::vector<unsigned> stepped = stepArguments(intrinsic);
  for (unsigned a : freeExtents(intrinsic))
    multiply({intrinsic.arguments[a].min, intrinsic.arguments[a].max},
             [&](SeeRoute &to, int64_t value) { to.values[a] = value; });
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a)
    if (intrinsic.arguments[a].kind == Argument::Kind::Immediate && !llvm::is_contained(stepped, a))
      multiply(settingsOf(intrinsic.arguments[a].type),
               [&](SeeRoute &to, int64_t value) { to.values[a] = value; });
  return all;
}

static std::vector<unsigned> otherReads(const Intrinsic &intrinsic, unsigned tile) {
  std::vector<unsigned> others;
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (t != tile && intrinsic.tiles[t].read && !intrinsic.tiles[t].written)
      others.push_back(t);
  return others;
}

// Without fixtures when the result shows everything whatever the other operands hold.
static SeeRoute judged(Sandbox &sandbox, const Target &target, SeeRoute route) {
  std::vector<unsigned> others = otherReads(target.intrinsics[route.intrinsic], route.from);
  double blind = sandbox.visibility(route, Sandbox::Others::Zero);
  if (blind >= 1 && sandbox.visibility(route, Sandbox::Others::Odd) >= 1) {
    route.seen = 1;
    return route;
  }
  route.fixtures = others;
  route.seen = sandbox.visibility(route, Sandbox::Others::Odd);
  return route;
}

// The fixtures' spaces must be ones that can be filled.
static bool canBeSetUp(const Routes &routes, const Target &target, const SeeRoute &route) {
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  auto written = [&](unsigned tile) {
    return routes.writes[intrinsic.tiles[tile].space].has_value();
  };
  auto settable = [&](unsigned state) { return routes.setters[state].has_value(); };
  return llvm::all_of(route.fixtures, written) && llvm::all_of(intrinsic.statesRead, settable);
}

static bool isBetter(const SeeRoute &route, const std::optional<SeeRoute> &than) {
  if (!than || route.seen != than->seen)
    return route.seen > (than ? than->seen : 0);
  return route.fixtures.size() < than->fixtures.size();
}

static std::optional<SeeRoute> bestRoute(Sandbox &sandbox, const Routes &routes,
                                         const Target &target, unsigned space,
                                         const std::set<unsigned> &visible) {
  std::optional<SeeRoute> best;
  for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
    const Intrinsic &intrinsic = target.intrinsics[id];
    for (unsigned from = 0; from < intrinsic.tiles.size(); ++from)
      for (unsigned to = 0; to < intrinsic.tiles.size(); ++to) {
        const TileOperand &source = intrinsic.tiles[from], &result = intrinsic.tiles[to];
        if (source.space != space || !source.read || source.written || !result.written ||
            !visible.count(result.space) || leadingDimensions(target, source) > 1)
          continue;
        SeeRoute route{id, from, to, largestValues(target, intrinsic), {}, {}, 0};
        shrink(target, intrinsic, source, result, route.values);
        for (const SeeRoute &setting : settings(target, route)) {
          SeeRoute tried = judged(sandbox, target, setting);
          if (canBeSetUp(routes, target, tried) && isBetter(tried, best))
            best = tried;
          if (best && best->seen >= 1 && best->fixtures.empty())
            return best;
        }
      }
  }
  return best;
}

// Half as many addresses in one step as long as they hide each other.
static int64_t rowsThatShow(Sandbox &sandbox, const Target &target, SeeRoute route) {
  constexpr double kSampling = 0.02; // shares are of a sample
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  auto leading = leadingArgument(target, intrinsic.tiles[route.from]);
  if (!leading)
    return INT64_MAX;
  int64_t &rows = route.values[*leading], least = intrinsic.arguments[*leading].min;
  for (rows = largestValues(target, intrinsic)[*leading]; rows > least; rows /= 2)
    if (sandbox.visibility(route, Sandbox::Others::Odd) >= route.seen - kSampling &&
        sandbox.tellsAddressesApart(route, Sandbox::Others::Odd))
      return rows;
  return std::max<int64_t>(1, least);
}

// One step for each address is enough of what has to do with other operands alone: the least of
// every other extent that shows as much.
static void shrinkOthers(Sandbox &sandbox, const Target &target, SeeRoute &route) {
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  auto leading = leadingArgument(target, intrinsic.tiles[route.from]);
  for (unsigned a = 0; leading && a < intrinsic.arguments.size(); ++a) {
    const Argument &argument = intrinsic.arguments[a];
    if (argument.kind != Argument::Kind::Extent || a == *leading)
      continue;
    SeeRoute smaller = route;
    smaller.values[a] = argument.min;
    if (sandbox.visibility(smaller, Sandbox::Others::Odd) >= route.seen &&
        sandbox.tellsAddressesApart(smaller, Sandbox::Others::Odd) ==
            sandbox.tellsAddressesApart(route, Sandbox::Others::Odd))
      route = smaller;
  }
}

static void findSees(Routes &routes, const Target &target, Jit &jit) {
  Sandbox sandbox(target, jit);
  std::set<unsigned> visible{kHostSpace};
  for (size_t before = 0; before != visible.size();) {
    before = visible.size();
    std::set<unsigned> found;
    for (unsigned space = 1; space < target.spaces.size(); ++space) {
      if (visible.count(space))
        continue;
      routes.sees[space] = bestRoute(sandbox, routes, target, space, visible);
      if (std::optional<SeeRoute> &route = routes.sees[space]) {
        shrinkOthers(sandbox, target, *route);
        route->mostRows = rowsThatShow(sandbox, target, *route);
        found.insert(space);
      }
    }
    visible.insert(found.begin(), found.end());
  }
}

// ---- order

// Spaces that change when `space` is written or seen.
static void addWritten(const Routes &routes, const Target &target, unsigned space,
                       std::set<unsigned> &changed) {
  if (space == kHostSpace || !changed.insert(space).second || !routes.writes[space])
    return;
  const WriteRoute &route = *routes.writes[space];
  addWritten(routes, target, target.intrinsics[route.intrinsic].tiles[route.from].space, changed);
}

static void addSeen(const Routes &routes, const Target &target, unsigned space,
                    std::set<unsigned> &changed) {
  if (space == kHostSpace || !routes.sees[space])
    return;
  const SeeRoute &route = *routes.sees[space];
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  for (unsigned fixture : route.fixtures)
    addWritten(routes, target, intrinsic.tiles[fixture].space, changed);
  unsigned to = intrinsic.tiles[route.to].space;
  if (to == kHostSpace)
    return;
  changed.insert(to);
  addSeen(routes, target, to, changed);
}

static void findOrder(Routes &routes, const Target &target) {
  std::vector<std::pair<size_t, unsigned>> ranked;
  for (unsigned space = 1; space < target.spaces.size(); ++space) {
    std::set<unsigned> changed;
    addSeen(routes, target, space, changed);
    ranked.push_back({changed.size(), space});
  }
  llvm::sort(ranked);
  for (auto [disturbed, space] : ranked)
    if (routes.sees[space])
      routes.order.push_back(space);
}

Routes Routes::find(const Target &target, Jit &jit) {
  Routes routes;
  routes.writes.resize(target.spaces.size());
  routes.sees.resize(target.spaces.size());
  routes.setters.resize(target.states.size());
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    for (auto [state, argument] : stateAssignments(target, target.intrinsics[id]))
      if (!routes.setters[state])
        routes.setters[state] = std::pair(id, argument);
  findWrites(routes, target);
  findSees(routes, target, jit);
  findOrder(routes, target);
  return routes;
}
