#include "core/Lower.h"

#include "core/mapping/Forms.h"
#include "core/mapping/Identities.h"
#include "core/mapping/Planes.h"
#include "core/mapping/Validate.h"
#include "core/schedule/Emit.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <functional>

using namespace lathe;

namespace {

constexpr size_t kMostTrials = 16; ///< forms priced for one group

/// Points of the reductions in `expr`, one after the other, for each point around them.
int64_t reducedPoints(const Expr &expr, const Statement &statement) {
  int64_t inner = 0, own = 1;
  for (const ExprRef &operand : expr.operands)
    inner += reducedPoints(*operand, statement);
  if (expr.op != Op::Reduce)
    return inner;
  for (unsigned loop : expr.loops)
    own *= statement.loops[loop].size;
  return own * std::max<int64_t>(1, inner);
}

int64_t iterations(const Statement &statement) {
  int64_t n = std::max<int64_t>(1, reducedPoints(*statement.value, statement));
  for (const Loop &loop : statement.loops)
    if (!loop.reduction)
      n *= loop.size;
  return n;
}

class KernelCompiler {
public:
  KernelCompiler(const Semantics &written, const Target &target, const CompileOptions &options,
                 llvm::ArrayRef<const LibraryUse *> uses, Diagnostics &diagnostics)
      : kernel(written), target(target), options(options), diagnostics(diagnostics),
        rules(deriveRules(target)), states(written.statements.size()) {
    for (const LibraryUse *use : uses)
      for (unsigned s : use->group.statements)
        states[s].use = use;
  }

  Compilation run() {
    out.program.kernel = kernel.name;
    out.program.target = target.name + "@" + target.machine;
    for (unsigned s = 0; s < kernel.statements.size(); ++s)
      while (!states[s].done)
        for (unsigned covered : place(s))
          states[covered].done = true;
    lower(kernel, std::move(placed), rules, target, diagnostics, out);
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
    if (states[first].use)
      return fromLibrary(*states[first].use, std::move(placement));
    std::vector<Group> groups = groupsFrom(kernel, first);
    llvm::erase_if(groups, [&](const Group &group) {
      return llvm::any_of(group.statements, [&](unsigned s) { return states[s].use; });
    });
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
        if (rewrite(groups, placement.refusals))
          return {};
        placement.mappings = std::move(ranked);
        return onTarget(group, std::move(placement));
      }
      if (placement.mappings.empty())
        placement.mappings = std::move(ranked);
    }
    if (rewrite(groups, placement.refusals))
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

  /// How well statements `statements` of `trial` map. What `packing` ones do is no work of the
  /// kernel's own, as a copy is not: it counts as cycles.
  Score score(const Semantics &trial, std::vector<unsigned> statements,
              llvm::ArrayRef<unsigned> packing = {}) {
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
        (llvm::is_contained(packing, s) ? total.second : total.first) +=
            iterations(trial.statements[s]);
      llvm::erase_if(todo, [&](unsigned g) { return llvm::is_contained(covered, g); });
    }
    return total;
  }

  /// Why the last statement of a form does not map: nearer than why the statement as written does
  /// not.
  void addRefusals(const Replaced &trial, std::vector<Refusal> &refusals) {
    std::vector<Refusal> of;
    for (const Group &group : groupsFrom(trial.kernel, trial.added.back())) {
      std::vector<RankedMapping> ranked = rank(trial.kernel, group, of, {});
      if (fits(ranked))
        return;
    }
    for (const Refusal &refusal : of)
      for (Refusal &known : refusals)
        if (known.intrinsic == refusal.intrinsic)
          known = refusal;
  }

  std::vector<Form> allForms(const Group &group) {
    std::vector<Form> forms = formsOf(kernel, group, target, rules, algebra);
    llvm::append_range(forms, planeForms(kernel, group, target, rules));
    return forms;
  }

  /// Replaces one of `groups`, which do not map, by the form that maps best, if one leaves less to
  /// the host, or as much and takes fewer cycles.
  bool rewrite(llvm::ArrayRef<Group> groups, std::vector<Refusal> &refusals) {
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
      for (Form &form : allForms(group)) {
        if (++tried > kMostTrials)
          break;
        if (!best)
          best = score(kernel, all);
        Replaced trial = replaced(kernel, group, form);
        std::vector<unsigned> statements = trial.added;
        for (unsigned s : all)
          if (trial.moved[s])
            statements.push_back(*trial.moved[s]);
        Score found = score(trial.kernel, std::move(statements),
                            llvm::ArrayRef(trial.added).take_front(form.packs));
        bool isAllHost = found.second == 0; // which computes what is written as well
        if (found >= *best || isAllHost) {
          if (form.packs > 0)
            addRefusals(trial, refusals);
          continue;
        }
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
    for (Placed &each : placed)
      for (auto *moved : {&each.group.statements, &each.placement.statements})
        for (unsigned &s : *moved)
          s = *form.moved[s];
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
    placement.onTarget = true;
    placement.intrinsic = target.intrinsics[placement.mappings.front().mapping.intrinsic].name;
    return add(group, std::move(placement));
  }

  std::vector<unsigned> fromLibrary(const LibraryUse &use, Placement placement) {
    Group group{{}, use.group.statement};
    for (unsigned s = 0; s < states.size(); ++s) // forms move statements
      if (states[s].use == &use)
        group.statements.push_back(s);
    placement.onTarget = true;
    placement.intrinsic = placement.library = use.entry->name;
    add(group, std::move(placement));
    placed.back().use = &use;
    return group.statements;
  }

  std::vector<unsigned> onHost(unsigned statement, Placement placement) {
    placement.intrinsic = "host";
    return add({{statement}, kernel.statements[statement]}, std::move(placement));
  }

  std::vector<unsigned> add(const Group &group, Placement placement) {
    unsigned last = group.statements.back();
    placement.statements = group.statements;
    placement.rules = rulesOf(group.statements);
    placement.partOf = states[last].partOf;
    placement.written = states[last].written;
    placement.result = kernel.tensors[group.statement.tensor].name;
    placement.macs = iterations(group.statement);
    placed.push_back({group, std::move(placement)});
    return group.statements;
  }

  struct StatementState {
    bool done = false;
    bool isForm = false;             ///< and not to be rewritten again
    const LibraryUse *use = nullptr; ///< the entry that computes it
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
  std::vector<Placed> placed;
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

int64_t lathe::costOf(const Compilation &compilation, const Target &target) {
  int64_t cycles = compilation.predictedCycles;
  for (const ProgramStep &step : compilation.program.steps)
    if (step.kind == ProgramStep::Kind::Host)
      cycles += hostCost(*step.semantics, target).cycles;
  return cycles;
}

/// What the library's program for `result` is, beside what it would replace.
static LibraryOffer offerOf(const Compilation &trial, const Compilation &derived,
                            llvm::StringRef result, const Target &target) {
  LibraryOffer offer =
      *llvm::find_if(trial.offers, [&](const LibraryOffer &each) { return each.result == result; });
  int64_t cost = costOf(trial, target), before = costOf(derived, target);
  offer.derivedCycles = before - (cost - offer.cycles);
  offer.taken = offer.unfit.empty() && cost < before;
  return offer;
}

/// Puts programs of the library in place of what was derived, one after the other, where that makes
/// the whole cheaper.
static Compilation withLibrary(Compilation best, const Semantics &kernel, const Target &target,
                               const CompileOptions &options, Diagnostics &diagnostics) {
  constexpr size_t kMostUses = 16; ///< tried: each is a compilation
  std::vector<LibraryUse> uses = findLibraryUses(kernel, target, diagnostics.sourceTexts());
  std::vector<const LibraryUse *> taken;
  std::vector<bool> covered(kernel.statements.size());
  std::vector<LibraryOffer> offers;
  for (const LibraryUse &use : llvm::ArrayRef(uses).take_front(kMostUses)) {
    const std::vector<unsigned> &statements = use.group.statements;
    if (llvm::any_of(statements, [&](unsigned s) { return covered[s]; }))
      continue;
    taken.push_back(&use);
    Compilation trial = KernelCompiler(kernel, target, options, taken, diagnostics).run();
    const std::string &result = kernel.tensors[use.group.statement.tensor].name;
    offers.push_back(offerOf(trial, best, result, target));
    if (!offers.back().taken) {
      taken.pop_back();
      continue;
    }
    best = std::move(trial);
    for (unsigned s : statements)
      covered[s] = true;
  }
  best.offers = std::move(offers);
  return best;
}

std::optional<Compilation> lathe::compile(const Semantics &kernel, const Target &target,
                                          const CompileOptions &options, Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  Compilation compilation = KernelCompiler(kernel, target, options, {}, diagnostics).run();
  if (!options.hostOnly && !options.only)
    compilation = withLibrary(std::move(compilation), kernel, target, options, diagnostics);
  if (diagnostics.errorCount() == errorsBefore)
    checkFields(compilation.program, kernel, target, diagnostics);
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return compilation;
}
