#include "core/semantics/Accesses.h"
#include "core/semantics/LoopRanges.h"
#include "core/semantics/Resolver.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace lathe;
using llvm::ArrayRef;
using llvm::StringRef;
using Kind = Syntax::Kind;

namespace {

void forEachName(const Syntax &node, llvm::function_ref<void(const Syntax &)> visit) {
  if (node.kind == Kind::Name)
    visit(node);
  for (const SyntaxRef &operand : node.operands)
    forEachName(*operand, visit);
}

/// Names in subscripts that nothing declares and no reduction binds, in order of appearance.
class FreeNames {
public:
  FreeNames(const Names &names, const llvm::StringSet<> &leftLoops) : names(names) {
    for (StringRef loop : leftLoops.keys())
      bound[loop] = 1;
  }

  std::vector<Word> of(const Syntax &node) {
    walk(node, false);
    return std::move(free);
  }

private:
  void walk(const Syntax &node, bool inSubscript) {
    if (node.kind == Kind::Name && inSubscript && bound.lookup(node.text) == 0 &&
        !names.tensor(node.text) && !names.size(node.text)) {
      bound[node.text] = 1;
      free.push_back({node.text, node.loc});
    }
    for (const Word &word : node.kind == Kind::Reduce ? node.words : std::vector<Word>())
      ++bound[word.text];
    for (const SyntaxRef &operand : node.operands)
      walk(*operand, inSubscript || node.kind == Kind::Subscript);
    for (const Word &word : node.kind == Kind::Reduce ? node.words : std::vector<Word>())
      --bound[word.text];
  }

  const Names &names;
  llvm::StringMap<int> bound;
  std::vector<Word> free;
};

/// Finds the reduction a trailing condition belongs to: the innermost ones that bind a name in it
/// while all its reduction loops are visible.
class ConditionHome {
public:
  explicit ConditionHome(const Syntax &condition) {
    forEachName(condition, [&](const Syntax &name) { mentioned.insert(name.text); });
  }

  std::vector<Syntax *> find(Syntax &value) {
    collectBound(value);
    walk(value);
    return std::move(homes);
  }
  bool mentionsReductionLoop() const { return !needed.empty(); }

private:
  void collectBound(const Syntax &node) {
    if (node.kind == Kind::Reduce)
      for (const Word &word : node.words)
        if (mentioned.contains(word.text))
          needed.insert(word.text);
    for (const SyntaxRef &operand : node.operands)
      collectBound(*operand);
  }

  void walk(Syntax &node) {
    size_t outer = visible.size();
    if (node.kind == Kind::Reduce) {
      bool binds = false;
      for (const Word &word : node.words) {
        visible.push_back(word.text);
        binds |= needed.contains(word.text);
      }
      bool all = llvm::all_of(needed.keys(),
                              [&](StringRef name) { return llvm::is_contained(visible, name); });
      if (binds && all)
        homes.push_back(&node);
    }
    for (const SyntaxRef &operand : node.operands)
      walk(*operand);
    visible.resize(outer);
  }

  llvm::StringSet<> mentioned, needed;
  std::vector<StringRef> visible;
  std::vector<Syntax *> homes;
};

class StatementResolver {
public:
  StatementResolver(StatementSyntax &syntax, Names &names)
      : syntax(syntax), names(names), resolver(names, statement.loops) {}

  bool run() {
    statement.loc = syntax.loc;
    auto known = names.tensor(syntax.target->text);
    bool done =
        checkTarget(known) && findParallelLoops() && attachConditions() && resolveParts(known);
    if (!done && !known)
      addTemporary(ElementType(), Names::State::Broken);
    if (known && names.state(*known) == Names::State::Declared)
      names.state(*known) = Names::State::Defined;
    if (done)
      names.semantics.statements.push_back(std::move(statement));
    return done;
  }

private:
  bool checkTarget(std::optional<unsigned> known) {
    const Syntax &target = *syntax.target;
    if (target.kind != Kind::Name && target.kind != Kind::Subscript) {
      names.reporter.error(Message::NotAssignable, target.loc, target.text);
      return false;
    }
    if (names.size(target.text)) {
      names.reporter.error(Message::NotAssignable, target.loc, target.text);
      return false;
    }
    if (!known) {
      statement.assign = assignKind();
      if (statement.assign == Assign::Set)
        return true;
      names.reporter.error(Message::UsedBeforeDefined, target.loc, target.text);
      return false;
    }
    const Tensor &tensor = names.semantics.tensors[*known];
    statement.assign = assignKind();
    bool isInput = names.isKernel ? tensor.role == Role::Input : tensor.role == Role::Immediate;
    if (isInput) {
      names.reporter.error(Message::NotAssignable, target.loc, target.text);
      return false;
    }
    if (names.state(*known) == Names::State::Broken)
      return false;
    if (tensor.shape.size() != target.operands.size()) {
      names.reporter.note(names.reporter.error(Message::SubscriptCount, target.loc, target.text,
                                               tensor.shape.size(), target.operands.size()),
                          tensor.loc, "'" + tensor.name + "' is declared here");
      return false;
    }
    bool isUndefined = names.state(*known) == Names::State::Declared;
    if (isUndefined && statement.assign != Assign::Set) {
      names.reporter.error(Message::UsedBeforeDefined, target.loc, target.text);
      return false;
    }
    return true;
  }

  Assign assignKind() const {
    StringRef text = syntax.assign.text;
    return text == "="     ? Assign::Set
           : text == "+="  ? Assign::Add
           : text == "max" ? Assign::Max
                           : Assign::Min;
  }

  bool findParallelLoops() {
    bool fine = true;
    for (const SyntaxRef &subscript : syntax.target->operands)
      forEachName(*subscript, [&](const Syntax &name) {
        if (leftLoops.contains(name.text))
          return;
        auto tensor = names.tensor(name.text);
        bool isScalar = tensor && names.semantics.tensors[*tensor].shape.empty();
        bool isBareSize = &name == subscript.get() && names.size(name.text) && names.isKernel;
        if (isScalar || (names.size(name.text) && !isBareSize))
          return;
        leftLoops.insert(name.text);
        fine &= resolver.enterLoop({name.text, name.loc}, /*isReduction=*/false);
      });
    return fine;
  }

  /// Wraps free loops of `+=`, `max=`, `min=` into a reduction, then moves trailing conditions that
  /// mention reduction loops into their reduction.
  bool attachConditions() {
    if (statement.assign != Assign::Set)
      wrapFreeLoops();
    bool fine = true;
    std::vector<SyntaxRef> kept;
    for (SyntaxRef &condition : syntax.conditions) {
      ConditionHome home(*condition);
      std::vector<Syntax *> homes = home.find(*syntax.value);
      if (!home.mentionsReductionLoop()) {
        kept.push_back(std::move(condition));
      } else if (homes.size() == 1) {
        homes[0]->operands.push_back(std::move(condition));
      } else {
        names.reporter.error(Message::AmbiguousCondition, condition->loc);
        fine = false;
      }
    }
    syntax.conditions = std::move(kept);
    return fine;
  }

  void wrapFreeLoops() {
    std::vector<Word> free = FreeNames(names, leftLoops).of(*syntax.value);
    if (free.empty())
      return;
    auto reduce = std::make_unique<Syntax>();
    reduce->kind = Kind::Reduce;
    reduce->loc = syntax.value->loc;
    reduce->text = statement.assign == Assign::Add   ? "sum"
                   : statement.assign == Assign::Max ? "max"
                                                     : "min";
    reduce->limits.resize(free.size());
    reduce->words = std::move(free);
    reduce->operands.push_back(std::move(syntax.value));
    syntax.value = std::move(reduce);
  }

  bool checkFreeLoops() {
    std::vector<Word> free = FreeNames(names, leftLoops).of(*syntax.value);
    for (const Word &word : free) {
      std::vector<StringRef> loops(leftLoops.keys().begin(), leftLoops.keys().end());
      std::string help = names.suggest(word.text, std::move(loops));
      if (help.empty())
        help =
            "write 'sum(" + word.text.str() + ") ...' or another reduction, or put it on the left";
      names.reporter.error(Message::FreeLoop, word.loc, word.text, help);
    }
    return free.empty();
  }

  bool resolveParts(std::optional<unsigned> known) {
    if (!checkFreeLoops())
      return false;
    std::vector<ExprRef> subscripts;
    for (const SyntaxRef &node : syntax.target->operands)
      if (ExprRef subscript = resolver.resolveSubscript(*node))
        subscripts.push_back(std::move(subscript));
    ExprResolver::Context context;
    if (known)
      context.hint = names.semantics.tensors[*known].type;
    statement.value = resolver.resolve(*syntax.value, context);
    bool conditions = resolver.resolveConditions(syntax.conditions, statement.conditions);
    if (!statement.value || !conditions || subscripts.size() != syntax.target->operands.size())
      return false;
    statement.subscripts = std::move(subscripts);
    return checkType(known) && (known ? finishKnown(*known) : finishTemporary());
  }

  bool checkType(std::optional<unsigned> known) {
    ElementType type = statement.value->type;
    llvm::SMLoc loc = syntax.assign.loc;
    std::string quoted = "'" + syntax.assign.text.str() + (isWordAssign() ? "='" : "'");
    if (!known && type.isIndex()) {
      names.reporter.error(Message::WrongOperandType, loc, quoted,
                           "a number; convert it, as in 'i32(...)'", name(type));
      return false;
    }
    if (!known)
      return true;
    ElementType wanted = names.semantics.tensors[*known].type;
    if (wanted == type)
      return true;
    names.reporter.error(Message::AssignMismatch, loc, name(type), syntax.target->text,
                         name(wanted), assignHelp(wanted, type));
    return false;
  }

  bool isWordAssign() const { return syntax.assign.text.starts_with("m"); }

  static std::string assignHelp(ElementType to, ElementType from) {
    bool isLossy = to.isInteger() && from.isInteger() &&
                   (from.bits > to.bits || from.isSigned() != to.isSigned()) &&
                   !(to.isSigned() && !from.isSigned() && to.bits > from.bits);
    if (isLossy)
      return "write 'sat_" + name(to) + "(...)' to saturate or 'wrap_" + name(to) +
             "(...)' to keep the low bits";
    return "write '" + name(to) + "(...)' around the right side";
  }

  bool finishKnown(unsigned id) {
    statement.tensor = id;
    return checkSelfReads() && inferRanges(statement, names.semantics, true, names.reporter) &&
           rangesAgree();
  }

  /// In an intrinsic a tile may be larger than what is used of it.
  bool rangesAgree() {
    return !names.isKernel || checkRangesAgree(statement, names.semantics, names.reporter);
  }

  /// All points of a statement happen at once, so it may read of its own tensor only what it
  /// writes.
  bool checkSelfReads() {
    bool fine = true;
    forEachAccess(statement, [&](const Access &access, ArrayRef<Guard>) {
      if (access.isWrite || access.tensor != statement.tensor)
        return;
      bool same = access.subscripts.size() == statement.subscripts.size() &&
                  llvm::all_of(llvm::zip(access.subscripts, statement.subscripts), [](auto pair) {
                    return equal(*std::get<0>(pair), *std::get<1>(pair));
                  });
      if (!same)
        names.reporter.error(Message::ReadsElsewhere, access.loc,
                             names.semantics.tensors[access.tensor].name);
      fine &= same;
    });
    return fine;
  }

  bool finishTemporary() {
    std::vector<bool> seen(statement.loops.size());
    for (const ExprRef &subscript : statement.subscripts) {
      bool isFresh = subscript->op == Op::Loop && !seen[subscript->id];
      if (!isFresh) {
        names.reporter.error(Message::TemporaryNeedsShape, subscript->loc, syntax.target->text);
        return false;
      }
      seen[subscript->id] = true;
    }
    // The entry must stand before ranges are inferred: the left side is an access of it.
    statement.tensor = addTemporary(statement.value->type, Names::State::Defined);
    bool known = inferRanges(statement, names.semantics, false, names.reporter);
    Tensor &tensor = names.semantics.tensors[statement.tensor];
    for (const ExprRef &subscript : statement.subscripts)
      tensor.shape.push_back(statement.loops[subscript->id].extent);
    if (!known)
      names.state(statement.tensor) = Names::State::Broken;
    return known && rangesAgree();
  }

  unsigned addTemporary(ElementType type, Names::State state) {
    if (auto present = names.tensor(syntax.target->text))
      return *present;
    Tensor tensor;
    tensor.name = syntax.target->text.str();
    tensor.type = type;
    tensor.loc = syntax.target->loc;
    if (names.size(tensor.name))
      return 0;
    return *names.addTensor(std::move(tensor), state);
  }

  StatementSyntax &syntax;
  Names &names;
  Statement statement;
  ExprResolver resolver;
  llvm::StringSet<> leftLoops;
};

} // namespace

bool lathe::resolveStatement(StatementSyntax &syntax, Names &names) {
  return StatementResolver(syntax, names).run();
}
