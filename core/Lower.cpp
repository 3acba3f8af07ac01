#include "core/Lower.h"

#include "core/program/Timing.h"
#include "core/schedule/Join.h"
#include "core/schedule/Schedule.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <functional>

using namespace lathe;

namespace {

constexpr size_t kLongestChain = 8; ///< groups

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

  uint64_t addressOfSplat(int64_t value, ElementType type, int64_t elements,
                          const Layout *layout) override {
    std::string label =
        "splat_" + lathe::name(type) + "_" +
        (value < 0 ? "m" + std::to_string(-(value + 1)) + "_1" : std::to_string(value));
    if (layout)
      label += "_as_" + std::to_string(numberOf(*layout));
    if (const Symbol *symbol = program.find(label))
      return symbol->address;
    if (layout) {
      std::vector<uint8_t> bytes = encodedRow(*layout, value);
      std::vector<int64_t> sizes{static_cast<int64_t>(bytes.size())};
      return add({label, Symbol::Kind::Constant, ElementType::integer(8, false), sizes, 0,
                  std::move(bytes)});
    }
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

  /// What has been added since `mark` is taken back by `reset`.
  std::pair<size_t, uint64_t> mark() const { return {program.symbols.size(), program.imageBytes}; }
  void reset(std::pair<size_t, uint64_t> mark) {
    program.symbols.resize(mark.first);
    program.imageBytes = mark.second;
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
  /// Layouts in the order in which constants were laid out as they say.
  size_t numberOf(const Layout &layout) {
    auto known = llvm::find(layouts, layout.text);
    if (known == layouts.end())
      known = layouts.insert(known, layout.text);
    return known - layouts.begin();
  }

  const Semantics &kernel;
  Program &program;
  std::vector<std::string> layouts;
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

/// What is done in one device step, with the copies before and after it.
struct Emitted {
  InstructionStream instructions;
  int64_t cycles = 0;
  std::vector<Tally> tallies; ///< per group
  std::vector<ProgramStep> before, after;
  std::vector<std::pair<std::string, std::string>> made; ///< copies that later steps may use
};

class Lowering {
public:
  Lowering(const Semantics &kernel, std::vector<Placed> given, const Rules &rules,
           const Target &target, Diagnostics &diagnostics, Compilation &out)
      : kernel(kernel), placed(std::move(given)), rules(rules), target(target),
        diagnostics(diagnostics), out(out), image(kernel, out.program) {}

  void run() {
    for (const Tensor &tensor : kernel.tensors)
      if (tensor.role != Role::Temporary)
        image.addressOf(tensor.name);
    for (size_t i = 0; i < placed.size();)
      if (placed[i].use)
        lowerFromLibrary(i++);
      else if (placed[i].placement.onTarget)
        i += lowerOnTarget(i);
      else
        lowerOnHost(placed[i++].placement);
    for (Placed &each : placed)
      out.placements.push_back(std::move(each.placement));
  }

private:
  RankedMapping &chosen(size_t i) { return placed[i].placement.mappings.front(); }

  /// Lowers the group at `first`, and those after it that are best done in one step with it.
  /// Returns how many.
  size_t lowerOnTarget(size_t first) {
    size_t most = 0;
    while (most < kLongestChain && first + most < placed.size() &&
           placed[first + most].placement.onTarget && !placed[first + most].use &&
           leastInstructions(first + most) <= kMostInstructions)
      ++most;
    for (size_t n = most; n > 1; --n)
      if (lowerTogether(first, n))
        return n;
    if (most > 0)
      lowerAlone(first);
    else
      diagnostics.report(Message::ProgramTooLong, placed[first].group.statement.loc, kernel.name,
                         leastInstructions(first), kMostInstructions);
    return 1;
  }

  // ---- one group

  Emitted emitAlone(size_t i) {
    RankedMapping &ranked = chosen(i);
    Emitted emitted;
    OpList ops;
    for (size_t n = 0; n < ranked.mapping.nests.size(); ++n) {
      Nest &nest = ranked.mapping.nests[n];
      nameCopies(nest, placed[i].group.statements.back(), n == 0, emitted);
      emitNest(nest, ranked.tilings[n], rules, target, image, ops);
    }
    emitted.tallies.emplace_back().add(ops, 0, ops.size(), target);
    finish(std::move(ops), emitted);
    return emitted;
  }

  static void take(Tally &tally, Placement &placement) {
    placement.calls = std::move(tally.calls);
    placement.hostBytes = tally.hostBytes;
  }

  void lowerAlone(size_t i) {
    Placement &placement = placed[i].placement;
    Emitted emitted = emitAlone(i);
    take(emitted.tallies.front(), placement);
    placement.instructions = emitted.instructions.size();
    placement.predictedCycles = emitted.cycles;
    for (const Nest &nest : chosen(i).mapping.nests)
      placement.boundCycles += lowerBound(nest, rules, target);
    addSteps(std::move(emitted), placed[i].group.statements.back(),
             placement.result + " on " + placement.intrinsic);
  }

  // ---- chains

  /// Lowers groups [first, first + n) as one step, when they form a chain and that takes fewer
  /// cycles than one after the other.
  bool lowerTogether(size_t first, size_t n) {
    std::vector<Link> links;
    for (size_t i = first; i < first + n; ++i)
      links.push_back({&placed[i].group, &chosen(i).mapping});
    auto joined = joinLinks(kernel, links, rules, target);
    if (!joined)
      return false;
    std::vector<Chain> chains = tileChain(*joined, rules, target);
    if (chains.empty())
      return false;
    auto mark = image.mark();
    int64_t best = 0;
    for (size_t i = first; i < first + n; ++i)
      best += emitAlone(i).cycles;
    image.reset(mark);
    Chain *taken = nullptr;
    for (Chain &chain : chains) {
      int64_t cycles = emitTogether(first, chain).cycles;
      image.reset(mark);
      if (cycles >= best)
        continue;
      best = cycles;
      taken = &chain;
    }
    if (!taken)
      return false;
    Emitted emitted = emitTogether(first, *taken);
    describe(first, *taken, emitted);
    addSteps(std::move(emitted), placed[first + n - 1].group.statements.back(), nameOf(first, n));
    return true;
  }

  Emitted emitTogether(size_t first, Chain &chain) {
    Emitted emitted;
    for (auto [n, nest] : llvm::enumerate(chain.nests))
      nameCopies(nest, placed[first + n].group.statements.back(), true, emitted);
    OpList ops;
    emitted.tallies = emitChain(chain, rules, target, image, ops);
    finish(std::move(ops), emitted);
    return emitted;
  }

  /// Divides the step's cycles between its placements by what each costs, and says what stays
  /// where.
  void describe(size_t first, const Chain &chain, Emitted &emitted) {
    int64_t sum = 0, given = 0;
    auto costOf = [&](size_t n) {
      const TilingCost &cost = chain.tilings[n].cost;
      return std::max({int64_t(1), cost.load, cost.compute, cost.store});
    };
    for (size_t n = 0; n < chain.nests.size(); ++n)
      sum += costOf(n);
    for (size_t n = 0; n < chain.nests.size(); ++n) {
      Placement &placement = placed[first + n].placement;
      const Nest &nest = chain.nests[n];
      bool last = n + 1 == chain.nests.size();
      placement.chain = chains;
      placement.part = ChainPart{nest, chain.tilings[n]};
      take(emitted.tallies[n], placement);
      placement.predictedCycles = last ? emitted.cycles - given : emitted.cycles * costOf(n) / sum;
      given += placement.predictedCycles;
      placement.instructions = last ? emitted.instructions.size() : 0;
      placement.boundCycles = lowerBound(nest, rules, target);
      if (nest.place == ResultPlace::Host)
        continue;
      const KeptTensor &kept = chain.kept[nest.kept];
      const SlotRegion &results = chain.tilings[n].results;
      bool left = nest.place == ResultPlace::Left;
      placement.stays = {target.spaces[kept.space].name,
                         left ? results.slotRows * results.slots : kept.slotRows * kept.slots,
                         nest.hostStore.has_value()};
    }
    ++chains;
  }

  std::string nameOf(size_t first, size_t n) {
    std::string results;
    std::vector<std::string> intrinsics;
    for (size_t i = first; i < first + n; ++i) {
      const Placement &placement = placed[i].placement;
      results += (i == first ? "" : ", ") + placement.result;
      if (!llvm::is_contained(intrinsics, placement.intrinsic))
        intrinsics.push_back(placement.intrinsic);
    }
    return results + " on " + llvm::join(intrinsics, ", ");
  }

  // ---- steps

  void finish(OpList ops, Emitted &emitted) const {
    emitted.instructions = schedule(std::move(ops), rules, target);
    emitted.cycles = predict(emitted.instructions, target).cycles;
  }

  void addSteps(Emitted emitted, unsigned statement, std::string what) {
    out.predictedCycles += emitted.cycles;
    ProgramStep step;
    step.kind = ProgramStep::Kind::Device;
    step.instructions = std::move(emitted.instructions);
    step.statement = statement;
    step.what = std::move(what);
    for (auto &[key, symbol] : emitted.made)
      made[key] = symbol;
    llvm::append_range(out.program.steps, emitted.before);
    out.program.steps.push_back(std::move(step));
    llvm::append_range(out.program.steps, emitted.after);
  }

  /// Of a group's mapping: if each instruction did its largest extent of rows.
  int64_t leastInstructions(size_t i) {
    int64_t rows = 0, longest = 1;
    for (const Nest &nest : chosen(i).mapping.nests)
      rows += lowerBound(nest, rules, target);
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const Argument &argument : intrinsic.arguments)
        if (argument.kind == Argument::Kind::Extent)
          longest = std::max(longest, argument.max);
    return rows / longest;
  }

  /// An input of the kernel: a copy of it stays as it is.
  bool isFixed(llvm::StringRef tensor) const {
    return kernel.tensors[*kernel.findTensor(tensor)].role == Role::Input;
  }

  /// The symbol of a copy made before, in this step or an earlier one.
  const std::string *knownCopy(const std::string &key, const Emitted &emitted) const {
    for (const auto &[other, symbol] : emitted.made)
      if (other == key)
        return &symbol;
    auto known = made.find(key);
    return known == made.end() ? nullptr : &known->second;
  }

  /// What two copies have in common that are one.
  static std::string keyOf(const HostView &view) {
    Semantics copy = view.packing->semantics;
    copy.name = copy.tensors[1].name = "packed";
    return print(copy) + (view.encoding ? view.encoding->layout->text + "/" +
                                              std::to_string(view.encoding->lanes) + "/" +
                                              std::to_string(view.encoding->wholeRows)
                                        : "");
  }

  /// Gives the nest's packed copies symbols, and host steps when `makeSteps`: nests cut from one
  /// statement share them.
  void nameCopies(Nest &nest, unsigned statement, bool makeSteps, Emitted &emitted) {
    if (makeSteps)
      copies.clear();
    unsigned next = 0;
    auto name = [&](HostView &view, bool isResult) {
      if (!view.packing)
        return;
      Semantics &copy = view.packing->semantics;
      Tensor &packed = copy.tensors[isResult ? 0 : 1];
      const std::string plain = copy.tensors[isResult ? 1 : 0].name;
      if (!makeSteps) {
        packed.name = copy.name = view.tensor = copies[next++];
        return;
      }
      image.addressOf(plain);
      std::string key = keyOf(view);
      if (const std::string *known = isResult ? nullptr : knownCopy(key, emitted)) {
        copies.push_back(*known);
        packed.name = copy.name = view.tensor = copies[next++];
        return;
      }
      copies.push_back(image.freshName(plain));
      packed.name = copy.name = view.tensor = copies[next++];
      if (!isResult && isFixed(plain))
        emitted.made.push_back({std::move(key), view.tensor});
      ProgramStep step;
      step.kind = ProgramStep::Kind::Host;
      step.semantics = view.encoding ? encodedCopy(copy, isResult, *view.encoding) : copy;
      const Tensor &stored = step.semantics->tensors[isResult ? 0 : 1];
      image.add({view.tensor, Symbol::Kind::Internal, stored.type, stored.sizes, 0, {}});
      step.statement = statement;
      step.what = (isResult ? "unpack " : "pack ") + plain;
      (isResult ? emitted.after : emitted.before).push_back(std::move(step));
    };
    for (StagedInput &input : nest.inputs)
      name(input.view, false);
    name(nest.result, true);
  }

  // ---- library entries

  /// The entry's tensors are the kernel's; what else it declares is its own.
  uint64_t addressFor(const Symbol &symbol, const LibraryUse &use) {
    for (const auto &[own, kernels] : use.tensors)
      if (own == symbol.name)
        return image.addressOf(kernels);
    Symbol added = symbol;
    added.name = image.freshName(use.entry->name + "_" + symbol.name);
    return image.add(std::move(added));
  }

  void lowerFromLibrary(size_t i) {
    const LibraryUse &use = *placed[i].use;
    Placement &placement = placed[i].placement;
    Diagnostics found(diagnostics.sourceTexts()); // what does not fit is an answer, not a mistake
    auto assembled = assembleEntry(
        *use.entry, target, use.sizes,
        [&](const Symbol &symbol) { return addressFor(symbol, use); }, found);
    LibraryOffer offer;
    offer.entry = use.entry->name;
    offer.result = placement.result;
    if (!assembled)
      offer.unfit = found.all().front().text;
    else
      addProgram(std::move(assembled->program), use, placed[i]);
    offer.cycles = placement.predictedCycles;
    out.offers.push_back(std::move(offer));
  }

  void addProgram(Program program, const LibraryUse &use, Placed &each) {
    Placement &placement = each.placement;
    Tally tally;
    for (ProgramStep &step : program.steps) {
      for (size_t n = 0; n < step.instructions.size(); ++n)
        if (target.intrinsics[step.instructions.intrinsic(n)].statesWritten.empty())
          tally.add(step.instructions.intrinsic(n), step.instructions.values(n), target);
      placement.instructions += static_cast<int64_t>(step.instructions.size());
      placement.predictedCycles += predict(step.instructions, target).cycles;
      step.statement = each.group.statements.back();
      step.what = placement.result + " by library entry " + use.entry->name;
      out.program.steps.push_back(std::move(step));
    }
    take(tally, placement);
    out.predictedCycles += placement.predictedCycles;
  }

  void lowerOnHost(Placement &placement) {
    unsigned statement = placement.statements.front();
    ProgramStep step;
    step.kind = ProgramStep::Kind::Host;
    step.semantics = extract(kernel, statement);
    step.statement = statement;
    for (const Tensor &tensor : step.semantics->tensors)
      image.addressOf(tensor.name);
    placement.host = hostCost(*step.semantics, target);
    step.what = placement.result + " on the host";
    out.program.steps.push_back(std::move(step));
  }

  const Semantics &kernel;
  std::vector<Placed> placed;
  const Rules &rules;
  const Target &target;
  Diagnostics &diagnostics;
  Compilation &out;
  Image image;
  std::vector<std::string> copies;         ///< symbols of the group's packed tensors
  std::map<std::string, std::string> made; ///< symbols of copies of inputs, by what they hold
  unsigned chains = 0;
};

} // namespace

void lathe::lower(const Semantics &kernel, std::vector<Placed> placed, const Rules &rules,
                  const Target &target, Diagnostics &diagnostics, Compilation &out) {
  Lowering(kernel, std::move(placed), rules, target, diagnostics, out).run();
}
