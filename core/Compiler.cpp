#include "core/Compiler.h"

#include "core/mapping/Forms.h"
#include "core/mapping/Identities.h"
#include "core/mapping/Validate.h"
#include "core/program/Timing.h"
#include "core/schedule/Schedule.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <functional>

using namespace lathe;

namespace {

constexpr uint64_t kSymbolAlignment = 64;
/// More would take gigabytes, and longer to simulate than anybody waits.
constexpr int64_t kMostInstructions = int64_t(1) << 24;
constexpr size_t kMostTrials = 16; ///< forms priced for one group

/// Host memory: symbols at addresses, made when first asked for.
class Image : public SymbolAddresses {
public:
  Image(const Semantics &kernel, Program &program) : kernel(kernel), program(program) {}

  uint64_t addressOf(llvm::StringRef name) override {
    if (const Symbol *symbol = program.find(name))
      return symbol->address;
    const Tensor &tensor = kernel.tensors[*kernel.findTensor(name)];
    Symbol::Kind kind = tensor.role == Role::Input    ? Symbol::Kind::Input
                        : tensor.role == Role::Output ? Symbol::Kind::Output
                                                      : Symbol::Kind::Internal;
    return add({tensor.name, kind, tensor.type, tensor.sizes, 0, {}});
  }

  uint64_t addressOfSplat(int64_t value, ElementType type, int64_t elements) override {
    std::string label =
        "splat_" + lathe::name(type) + "_" +
        (value < 0 ? "m" + std::to_string(-(value + 1)) + "_1" : std::to_string(value));
    if (const Symbol *symbol = program.find(label))
      return symbol->address;
    Array row = Array::zeros(type, {elements});
    for (int64_t i = 0; i < elements; ++i)
      row.setInteger(i, value);
    return add({label, Symbol::Kind::Constant, type, {elements}, 0, std::move(row.bytes)});
  }

  uint64_t add(Symbol symbol) {
    symbol.address = program.imageBytes;
    program.imageBytes += llvm::alignTo(std::max<uint64_t>(1, symbol.bytes()), kSymbolAlignment);
    program.symbols.push_back(std::move(symbol));
    return program.symbols.back().address;
  }

  /// A name that no tensor or symbol has.
  std::string freshName(const std::string &base) {
    for (unsigned n = 0;; ++n) {
      std::string name = base + "_packed" + std::to_string(n);
      if (!program.find(name) && !kernel.findTensor(name))
        return name;
    }
  }

private:
  const Semantics &kernel;
  Program &program;
};

/// One statement as semantics of its own: the tensors it uses, as inputs and output.
Semantics extract(const Semantics &kernel, unsigned index) {
  Semantics out;
  out.name = kernel.name;
  out.sizes = kernel.sizes;
  out.bound = kernel.bound;
  out.loc = kernel.statements[index].loc;
  std::map<unsigned, unsigned> renamed;
  auto use = [&](unsigned tensor) {
    auto [at, added] = renamed.insert({tensor, out.tensors.size()});
    if (added) {
      out.tensors.push_back(kernel.tensors[tensor]);
      out.tensors.back().role = Role::Input;
    }
    return at->second;
  };
  std::function<ExprRef(const ExprRef &)> rename = [&](const ExprRef &expr) -> ExprRef {
    auto copy = std::make_shared<Expr>(*expr);
    if (copy->op == Op::Load)
      copy->id = use(copy->id);
    for (ExprRef &operand : copy->operands)
      operand = rename(operand);
    return copy;
  };
  Statement statement = kernel.statements[index];
  statement.value = rename(statement.value);
  for (ExprRef &subscript : statement.subscripts)
    subscript = rename(subscript);
  for (ExprRef &condition : statement.conditions)
    condition = rename(condition);
  statement.tensor = use(statement.tensor);
  out.tensors[statement.tensor].role = Role::Output;
  out.statements.push_back(std::move(statement));
  return out;
}

int64_t iterations(const Statement &statement) {
  int64_t n = 1;
  for (const Loop &loop : statement.loops)
    n *= loop.size;
  return n;
}

class KernelCompiler {
public:
  KernelCompiler(const Semantics &written, const Target &target, const CompileOptions &options,
                 Diagnostics &diagnostics)
      : kernel(written), target(target), options(options), diagnostics(diagnostics),
        rules(deriveRules(target)), image(kernel, out.program) {}

  Compilation run() {
    out.program.kernel = kernel.name;
    out.program.target = target.name + "@" + target.machine;
    for (const Tensor &tensor : kernel.tensors)
      if (tensor.role != Role::Temporary)
        image.addressOf(tensor.name);
    states.resize(kernel.statements.size());
    for (unsigned s = 0; s < kernel.statements.size(); ++s)
      while (!states[s].done)
        for (unsigned covered : place(s))
          states[covered].done = true;
    out.kernel = std::move(kernel);
    return std::move(out);
  }

private:
  /// Places the longest group that starts with statement `first` and maps; returns its statements,
  /// or none when statements have been rewritten and are to be placed instead.
  std::vector<unsigned> place(unsigned first) {
    Placement placement;
    if (options.hostOnly)
      return onHost(first, std::move(placement));
    std::vector<Group> groups = groupsFrom(kernel, first);
    for (const Group &group : withEquivalents(groups, kernel, target)) {
      std::vector<Refusal> refusals;
      std::vector<RankedMapping> ranked =
          rank(kernel, group, refusals, options, &placement.enumerated);
      if (placement.refusals.empty())
        placement.refusals = std::move(refusals);
      if (fits(ranked)) {
        // What a longer group would leave to the host may map in another form.
        llvm::erase_if(groups, [&](const Group &other) {
          return other.statements.size() <= group.statements.size();
        });
        if (rewrite(groups))
          return {};
        placement.mappings = std::move(ranked);
        return onTarget(group, std::move(placement));
      }
      if (placement.mappings.empty())
        placement.mappings = std::move(ranked);
    }
    if (rewrite(groups))
      return {};
    return onHost(first, std::move(placement));
  }

  std::vector<std::string> rulesOf(llvm::ArrayRef<unsigned> statements) const {
    std::vector<std::string> names;
    for (unsigned s : statements)
      for (const std::string &rule : states[s].rules)
        if (!llvm::is_contained(names, rule))
          names.push_back(rule);
    return names;
  }

  static bool fits(llvm::ArrayRef<RankedMapping> ranked) {
    return !ranked.empty() && !ranked.front().tilings.empty();
  }

  /// Work left to the host first: iterations of its statements. Then cycles of the target.
  using Score = std::pair<int64_t, int64_t>;

  /// How well statements `statements` of `trial` map.
  Score score(const Semantics &trial, std::vector<unsigned> statements) {
    llvm::sort(statements);
    Score total{0, 0};
    std::vector<unsigned> todo = statements;
    for (unsigned s : statements) {
      if (!llvm::is_contained(todo, s))
        continue;
      std::vector<unsigned> covered{s};
      bool mapped = llvm::any_of(
          withEquivalents(groupsFrom(trial, s), trial, target), [&](const Group &group) {
            if (!llvm::all_of(group.statements,
                              [&](unsigned g) { return llvm::is_contained(todo, g); }))
              return false;
            std::vector<Refusal> refusals;
            std::vector<RankedMapping> ranked = rank(trial, group, refusals, {});
            if (!fits(ranked))
              return false;
            total.second += ranked.front().estimatedCycles;
            covered = group.statements;
            return true;
          });
      if (!mapped)
        total.first += iterations(trial.statements[s]);
      llvm::erase_if(todo, [&](unsigned g) { return llvm::is_contained(covered, g); });
    }
    return total;
  }

  /// Replaces one of `groups`, which do not map, by the form that maps best, if one leaves less to
  /// the host, or as much and takes fewer cycles.
  bool rewrite(llvm::ArrayRef<Group> groups) {
    if (groups.empty())
      return false;
    const std::vector<unsigned> &all = groups.front().statements;
    if (llvm::any_of(all, [&](unsigned s) { return states[s].isForm; }))
      return false;
    std::optional<Score> best;
    std::optional<Replaced> chosen;
    std::vector<std::string> chosenRules;
    const Group *chosenGroup = nullptr;
    size_t tried = 0;
    for (const Group &group : groups)
      for (Form &form : formsOf(kernel, group, target, rules, algebra)) {
        if (++tried > kMostTrials)
          break;
        if (!best)
          best = score(kernel, all);
        Replaced trial = replaced(kernel, group, form);
        std::vector<unsigned> statements = trial.added;
        for (unsigned s : all)
          if (trial.moved[s])
            statements.push_back(*trial.moved[s]);
        Score found = score(trial.kernel, std::move(statements));
        if (found >= *best)
          continue;
        best = found;
        chosen = std::move(trial);
        chosenRules = std::move(form.rules);
        chosenGroup = &group;
      }
    if (!chosen)
      return false;
    take(*chosenGroup, std::move(*chosen), std::move(chosenRules));
    return true;
  }

  /// Goes on with a kernel in which a form stands in place of statements.
  void take(const Group &group, Replaced form, std::vector<std::string> formRules) {
    std::vector<std::string> written;
    for (unsigned s : group.statements)
      written.push_back(print(kernel.statements[s], kernel));
    std::vector<StatementState> before = std::move(states);
    states.assign(form.kernel.statements.size(), {});
    for (size_t s = 0; s < before.size(); ++s)
      if (form.moved[s])
        states[*form.moved[s]] = std::move(before[s]);
    const std::string &result =
        form.kernel.tensors[form.kernel.statements[form.added.back()].tensor].name;
    for (unsigned s : form.added)
      states[s] = {.isForm = true, .partOf = result};
    StatementState &last = states[form.added.back()];
    last.partOf.clear();
    last.rules = std::move(formRules);
    last.written = std::move(written);
    for (Placement &placement : out.placements)
      for (unsigned &s : placement.statements)
        s = *form.moved[s];
    for (ProgramStep &step : out.program.steps)
      step.statement = *form.moved[step.statement];
    kernel = std::move(form.kernel);
  }

  std::vector<RankedMapping> rank(const Semantics &kernel, const Group &group,
                                  std::vector<Refusal> &refusals, const CompileOptions &options,
                                  unsigned *enumerated = nullptr) {
    std::vector<Mapping> mappings = enumerateMappings(kernel, group, target, rules, refusals);
    if (enumerated)
      *enumerated = mappings.size();
    if (options.only && !mappings.empty())
      mappings = {std::move(mappings[*options.only % mappings.size()])};
    std::vector<std::pair<int64_t, size_t>> byBound;
    for (size_t m = 0; m < mappings.size(); ++m) {
      int64_t bound = packingCycles(mappings[m]);
      for (const Nest &nest : mappings[m].nests) {
        int64_t rows = lowerBound(nest, rules, target);
        // Each call holds a command: among equals, long rows first.
        bound += rows + rows / std::max<int64_t>(1, nest.loops[nest.rowLoop].extent) / 8;
      }
      byBound.push_back({bound, m});
    }
    llvm::sort(byBound);
    std::vector<RankedMapping> ranked;
    std::optional<size_t> searched; // how many were priced to choose; the others to be listed
    int64_t best = INT64_MAX;
    for (auto [bound, m] : byBound) {
      // What cannot be better by a hundredth is not worth its search.
      if (!searched && bound + bound / 100 >= best)
        searched = ranked.size();
      if (searched && !options.priceAll)
        break;
      Reason why;
      if (!mappings[m].finish(why)) {
        refuse(refusals,
               {mappings[m].intrinsic, std::move(why.text), kDepthOfRest, std::move(why.help)});
        continue;
      }
      if (auto fault = mappingFault(kernel, group, mappings[m], rules, target)) {
        refuse(refusals, {mappings[m].intrinsic, "not proved: " + *fault, kDepthOfRest + 1, ""});
        continue;
      }
      RankedMapping priced = price(std::move(mappings[m]));
      if (!priced.tilings.empty())
        best = std::min(best, priced.estimatedCycles);
      ranked.push_back(std::move(priced));
    }
    auto cheaper = [](const RankedMapping &a, const RankedMapping &b) {
      return a.estimatedCycles < b.estimatedCycles;
    };
    auto rest = ranked.begin() + searched.value_or(ranked.size());
    std::stable_sort(ranked.begin(), rest, cheaper);
    // The choice is the same whether or not the others are listed.
    if (rest != ranked.begin())
      std::stable_sort(ranked.begin() + 1, ranked.end(), cheaper);
    return ranked;
  }

  /// Adds a refusal unless the intrinsic has been refused for the same reason.
  static void refuse(std::vector<Refusal> &refusals, Refusal refusal) {
    if (llvm::none_of(refusals, [&](const Refusal &known) {
          return known.intrinsic == refusal.intrinsic && known.reason == refusal.reason;
        }))
      refusals.push_back(std::move(refusal));
  }

  /// A copy by the host is priced at the rate of the target's memory port.
  int64_t packingCycles(const Mapping &mapping) const {
    return mapping.packedBytes / std::max<int64_t>(1, target.spaces[kHostSpace].readBytes);
  }

  RankedMapping price(Mapping mapping) {
    RankedMapping priced;
    priced.estimatedCycles = packingCycles(mapping);
    for (Nest &nest : mapping.nests) {
      completeViews(nest, rules);
      auto tiling = chooseTiling(nest, rules, target, priced.unfit);
      if (!tiling) {
        priced.tilings.clear();
        priced.estimatedCycles = INT64_MAX;
        break;
      }
      priced.estimatedCycles += tiling->cost.total();
      priced.trafficBytes += tiling->cost.loadBytes + tiling->cost.storeBytes;
      priced.tilings.push_back(std::move(*tiling));
    }
    priced.mapping = std::move(mapping);
    return priced;
  }

  std::vector<unsigned> onTarget(const Group &group, Placement placement) {
    RankedMapping &chosen = placement.mappings.front();
    placement.statements = group.statements;
    placement.rules = rulesOf(group.statements);
    placement.partOf = states[group.statements.back()].partOf;
    placement.written = states[group.statements.back()].written;
    placement.onTarget = true;
    placement.result = kernel.tensors[group.statement.tensor].name;
    placement.intrinsic = target.intrinsics[chosen.mapping.intrinsic].name;
    placement.macs = iterations(group.statement);
    if (isTooLong(chosen.mapping, group.statement.loc))
      return group.statements;
    OpList ops;
    std::vector<ProgramStep> before, after;
    for (size_t n = 0; n < chosen.mapping.nests.size(); ++n) {
      Nest &nest = chosen.mapping.nests[n];
      nameCopies(nest, group.statements.back(), n == 0, before, after);
      placement.boundCycles += lowerBound(nest, rules, target);
      emitNest(nest, chosen.tilings[n], rules, target, image, ops);
    }
    ProgramStep step;
    step.kind = ProgramStep::Kind::Device;
    step.instructions = schedule(std::move(ops), rules, target);
    step.statement = group.statements.back();
    step.what = placement.result + " on " + placement.intrinsic;
    placement.instructions = step.instructions.size();
    placement.predictedCycles = predict(step.instructions, target).cycles;
    out.predictedCycles += placement.predictedCycles;
    llvm::append_range(out.program.steps, before);
    out.program.steps.push_back(std::move(step));
    llvm::append_range(out.program.steps, after);
    std::vector<unsigned> covered = placement.statements;
    out.placements.push_back(std::move(placement));
    return covered;
  }

  /// Reports a mapping that no program can hold: each instruction does its largest extent of rows.
  bool isTooLong(const Mapping &mapping, llvm::SMLoc loc) {
    int64_t rows = 0, longest = 1;
    for (const Nest &nest : mapping.nests)
      rows += lowerBound(nest, rules, target);
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const Argument &argument : intrinsic.arguments)
        if (argument.kind == Argument::Kind::Extent)
          longest = std::max(longest, argument.max);
    if (rows / longest <= kMostInstructions)
      return false;
    diagnostics.report(Message::ProgramTooLong, loc, kernel.name, rows / longest,
                       kMostInstructions);
    return true;
  }

  /// Gives the nest's packed copies symbols, and host steps when `makeSteps`: nests cut from one
  /// statement share them.
  void nameCopies(Nest &nest, unsigned statement, bool makeSteps, std::vector<ProgramStep> &before,
                  std::vector<ProgramStep> &after) {
    if (makeSteps)
      copies.clear();
    unsigned next = 0;
    auto name = [&](HostView &view, bool isResult) {
      if (!view.packing)
        return;
      Semantics &copy = view.packing->semantics;
      Tensor &packed = copy.tensors[isResult ? 0 : 1];
      Tensor &plain = copy.tensors[isResult ? 1 : 0];
      if (makeSteps) {
        image.addressOf(plain.name);
        copies.push_back(image.freshName(plain.name));
        image.add({copies.back(), Symbol::Kind::Internal, packed.type, packed.sizes, 0, {}});
      }
      packed.name = copy.name = view.tensor = copies[next++];
      if (!makeSteps)
        return;
      ProgramStep step;
      step.kind = ProgramStep::Kind::Host;
      step.semantics = copy;
      step.statement = statement;
      step.what = (isResult ? "unpack " : "pack ") + plain.name;
      (isResult ? after : before).push_back(std::move(step));
    };
    for (StagedInput &input : nest.inputs)
      name(input.view, false);
    name(nest.result, true);
  }

  std::vector<unsigned> onHost(unsigned statement, Placement placement) {
    ProgramStep step;
    step.kind = ProgramStep::Kind::Host;
    step.semantics = extract(kernel, statement);
    step.statement = statement;
    for (const Tensor &tensor : step.semantics->tensors)
      image.addressOf(tensor.name);
    placement.statements = {statement};
    placement.rules = states[statement].rules;
    placement.partOf = states[statement].partOf;
    placement.written = states[statement].written;
    placement.result = kernel.tensors[kernel.statements[statement].tensor].name;
    placement.intrinsic = "host";
    placement.macs = iterations(kernel.statements[statement]);
    step.what = placement.result + " on the host";
    out.program.steps.push_back(std::move(step));
    out.placements.push_back(std::move(placement));
    return {statement};
  }

  struct StatementState {
    bool done = false;
    bool isForm = false; ///< and not to be rewritten again
    std::string partOf = {};
    std::vector<std::string> rules = {}, written = {};
  };

  Semantics kernel; ///< forms take the place of statements
  const Target &target;
  const CompileOptions &options;
  Diagnostics &diagnostics;
  Rules rules;
  Algebra algebra;
  std::vector<StatementState> states;
  Compilation out;
  Image image;
  std::vector<std::string> copies; ///< symbols of the group's packed tensors
};

} // namespace

// Tiles keep extents and addresses on chip in range; where the host's data lies, nothing does.
static void checkFields(const Program &program, const Semantics &kernel, const Target &target,
                        Diagnostics &diagnostics) {
  for (const ProgramStep &step : program.steps)
    for (size_t i = 0; i < step.instructions.size(); ++i) {
      const Intrinsic &intrinsic = target.intrinsics[step.instructions.intrinsic(i)];
      auto values = step.instructions.values(i);
      for (size_t a = 0; a < values.size(); ++a) {
        const Argument &argument = intrinsic.arguments[a];
        if (values[a] >= argument.min && values[a] <= argument.max)
          continue;
        diagnostics.report(Message::AddressBeyond, kernel.loc, argument.name, intrinsic.name,
                           values[a], argument.min, argument.max);
        return;
      }
    }
}

int64_t lathe::peakMacsPerCycle(const Target &target) {
  int64_t peak = 0;
  for (const Rule &rule : deriveRules(target).rules) {
    if (rule.kind != Rule::Kind::Contract)
      continue;
    int64_t macs = 1;
    for (unsigned l = 0; l < rule.loops.size(); ++l)
      if (rule.destination.addressedDims == 0 || l != rule.destination.loops[0])
        macs *= rule.loops[l].max;
    peak = std::max(peak, macs);
  }
  return peak;
}

std::optional<Compilation> lathe::compile(const Semantics &kernel, const Target &target,
                                          const CompileOptions &options, Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  Compilation compilation = KernelCompiler(kernel, target, options, diagnostics).run();
  checkFields(compilation.program, kernel, target, diagnostics);
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return compilation;
}
