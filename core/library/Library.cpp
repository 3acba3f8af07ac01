#include "core/library/Library.h"

#include "core/library/Unify.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace lathe;
using Sizes = std::vector<std::pair<std::string, int64_t>>;
using TensorMap = std::map<unsigned, unsigned>; ///< the entry's to the kernel's

static constexpr size_t kMostInputs = 6; ///< of an entry that is matched: every order is tried

static void collectTensors(const Expr &expr, std::set<unsigned> &tensors) {
  if (expr.op == Op::Load)
    tensors.insert(expr.id);
  for (const ExprRef &operand : expr.operands)
    collectTensors(*operand, tensors);
}

/// The tensors that a statement reads, without the one that it writes.
static std::vector<unsigned> inputsOf(const Statement &statement) {
  std::set<unsigned> tensors;
  collectTensors(*statement.value, tensors);
  for (const ExprRef &condition : statement.conditions)
    collectTensors(*condition, tensors);
  tensors.erase(statement.tensor);
  return {tensors.begin(), tensors.end()};
}

static bool alike(const Tensor &a, const Tensor &b) {
  return a.type == b.type && a.shape.size() == b.shape.size() && a.sparse.empty() &&
         b.sparse.empty();
}

/// The kernel of an entry with the sizes that its tensors have in `kernel`.
static std::optional<Semantics> boundTo(const Semantics &pattern, const TensorMap &tensors,
                                        const Semantics &kernel, Sources &sources) {
  std::vector<ArrayShape> shapes;
  for (auto [from, to] : tensors)
    shapes.push_back(
        {pattern.tensors[from].name, kernel.tensors[to].sizes, pattern.tensors[from].type});
  Diagnostics unsaid(sources); // shapes that contradict each other are no mistake here
  return bind(pattern, {}, shapes, unsaid);
}

/// The statements of an entry as one.
static std::optional<Group> wholeGroup(const Semantics &bound) {
  std::vector<Group> groups = groupsFrom(bound, 0);
  if (groups.empty() || groups.front().statements.size() != bound.statements.size())
    return std::nullopt;
  return std::move(groups.front());
}

namespace {
/// Tries an entry on a group: every order of its inputs.
class EntryMatch {
public:
  EntryMatch(const LibraryEntry &entry, const Semantics &kernel, const Group &group,
             Sources &sources)
      : entry(entry), kernel(kernel), group(group), sources(sources),
        wanted(inputsOf(group.statement)) {}

  std::optional<LibraryUse> find() {
    TensorMap tensors;
    std::vector<unsigned> inputs;
    for (unsigned t = 0; t < entry.kernel.tensors.size(); ++t) {
      if (entry.kernel.tensors[t].role == Role::Input)
        inputs.push_back(t);
      if (entry.kernel.tensors[t].role == Role::Output &&
          !tensors.try_emplace(t, group.statement.tensor).second)
        return std::nullopt;
    }
    bool fits =
        tensors.size() == 1 && inputs.size() == wanted.size() && inputs.size() <= kMostInputs &&
        alike(entry.kernel.tensors[tensors.begin()->first], kernel.tensors[group.statement.tensor]);
    return fits ? assign(inputs, 0, tensors) : std::nullopt;
  }

private:
  std::optional<LibraryUse> assign(llvm::ArrayRef<unsigned> inputs, size_t next,
                                   TensorMap &tensors) {
    if (next == inputs.size())
      return check(tensors);
    for (unsigned candidate : wanted) {
      bool taken =
          llvm::any_of(tensors, [&](const auto &known) { return known.second == candidate; });
      if (taken || !alike(entry.kernel.tensors[inputs[next]], kernel.tensors[candidate]))
        continue;
      tensors[inputs[next]] = candidate;
      if (auto use = assign(inputs, next + 1, tensors))
        return use;
      tensors.erase(inputs[next]);
    }
    return std::nullopt;
  }

  std::optional<LibraryUse> check(const TensorMap &tensors) {
    std::optional<Semantics> bound = boundTo(entry.kernel, tensors, kernel, sources);
    std::optional<Group> whole = bound ? wholeGroup(*bound) : std::nullopt;
    if (!whole || !isRenamed(whole->statement, group.statement, tensors))
      return std::nullopt;
    LibraryUse use{&entry, group, {}, {}};
    for (const Size &size : bound->sizes)
      use.sizes.emplace_back(size.name, size.value.value_or(1));
    for (auto [from, to] : tensors)
      use.tensors.emplace_back(bound->tensors[from].name, kernel.tensors[to].name);
    return use;
  }

  const LibraryEntry &entry;
  const Semantics &kernel;
  const Group &group;
  Sources &sources;
  std::vector<unsigned> wanted; ///< inputs of the group
};
} // namespace

std::vector<LibraryUse> lathe::findLibraryUses(const Semantics &kernel, const Target &target,
                                               Sources &sources) {
  std::vector<LibraryUse> uses;
  if (target.library.empty())
    return uses;
  for (unsigned s = 0; s < kernel.statements.size(); ++s)
    for (const Group &group : groupsFrom(kernel, s))
      for (const LibraryEntry &entry : target.library)
        if (auto use = EntryMatch(entry, kernel, group, sources).find())
          uses.push_back(std::move(*use));
  return uses;
}

static bool isForDevice(const LibraryEntry &entry, const Assembled &assembled,
                        Diagnostics &diagnostics) {
  Place place = diagnostics.sourceTexts().wholeFile(entry.path);
  unsigned errorsBefore = diagnostics.errorCount();
  if (!assembled.kernel)
    diagnostics.report(Message::LibraryProgram, place, entry.name, "names no kernel",
                       "write 'kernel \"" + entry.name + ".lathe\"'");
  for (const ProgramStep &step : assembled.program.steps)
    if (step.kind == ProgramStep::Kind::Host)
      diagnostics.report(Message::LibraryProgram, place, entry.name, "has a host step",
                         "an entry is priced by the device's cycles");
  for (const Symbol &symbol : assembled.program.symbols) {
    bool isTensor = symbol.kind == Symbol::Kind::Input || symbol.kind == Symbol::Kind::Output;
    if (isTensor && assembled.kernel && !assembled.kernel->findTensor(symbol.name))
      diagnostics.report(Message::LibraryProgram, place, entry.name,
                         "has a symbol '" + symbol.name + "' that is no tensor of the kernel",
                         "declare it 'internal'");
  }
  if (assembled.kernel && !wholeGroup(*assembled.kernel))
    diagnostics.report(Message::LibraryStatements, place, entry.name,
                       std::to_string(assembled.kernel->statements.size()) + " statements");
  return diagnostics.errorCount() == errorsBefore;
}

std::optional<Assembled> lathe::assembleEntry(const LibraryEntry &entry, const Target &target,
                                              llvm::ArrayRef<std::pair<std::string, int64_t>> sizes,
                                              const std::function<uint64_t(const Symbol &)> &place,
                                              Diagnostics &diagnostics) {
  AssembleOptions options;
  options.sizes.assign(sizes.begin(), sizes.end());
  options.place = place;
  options.kernel = [&](llvm::StringRef path, llvm::StringRef, llvm::SMLoc line) {
    if (path == entry.name + ".lathe")
      return std::optional(entry.kernel);
    diagnostics.report(Message::LibraryProgram, line, entry.name, "names another kernel",
                       "write 'kernel \"" + entry.name + ".lathe\"'");
    return std::optional<Semantics>();
  };
  unsigned file = diagnostics.sourceTexts().add(entry.path, entry.assembly);
  std::optional<Assembled> assembled = assemble(file, target, options, diagnostics);
  bool usable = assembled && isForDevice(entry, *assembled, diagnostics);
  return usable ? std::move(assembled) : std::nullopt;
}

std::vector<Sizes> lathe::testSizesOf(const LibraryEntry &entry, const Target &target,
                                      Sources &sources) {
  Diagnostics unsaid(sources);
  std::optional<Assembled> byDefault = assembleEntry(entry, target, {}, {}, unsaid);
  if (!byDefault)
    return {};
  std::vector<Sizes> all{byDefault->sizes};
  auto add = [&](auto value) {
    Sizes sizes = byDefault->sizes;
    for (auto &[name, size] : sizes)
      size = value(size);
    if (!llvm::is_contained(all, sizes) && assembleEntry(entry, target, sizes, {}, unsaid))
      all.push_back(std::move(sizes));
  };
  add([](int64_t) { return 1; });
  add([](int64_t) { return 17; });
  add([](int64_t size) { return size + 1; });
  add([](int64_t size) { return 2 * size; });
  return all;
}
