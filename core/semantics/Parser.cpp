#include "core/semantics/Parser.h"

#include "core/semantics/Bounds.h"
#include "core/semantics/IndexRange.h"
#include "core/semantics/Resolver.h"
#include "core/semantics/SyntaxParser.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {

/// Names and items of one kernel or intrinsic.
class BodyBuilder {
public:
  BodyBuilder(Semantics &semantics, Reporter &reporter, bool isKernel)
      : names(semantics, reporter, isKernel) {}

  void declare(DeclarationSyntax &syntax, Role role) {
    Tensor tensor;
    tensor.name = syntax.name.text.str();
    tensor.type = syntax.type;
    tensor.role = role;
    tensor.loc = syntax.name.loc;
    bool complete = true;
    for (const SyntaxRef &node : syntax.shape) {
      ExprRef size = resolveShape(*node, names);
      complete &= size != nullptr;
      tensor.shape.push_back(std::move(size));
    }
    tensor.sparse = std::move(syntax.sparse);
    checkLevels(syntax, tensor);
    using State = Names::State;
    State state = !complete             ? State::Broken
                  : role == Role::Input ? State::Defined
                                        : State::Declared;
    names.addTensor(std::move(tensor), state);
  }

  void resolveItems(std::vector<ItemSyntax> &items) {
    for (ItemSyntax &item : items) {
      if (item.declaration)
        declare(*item.declaration, Role::Temporary);
      else if (item.statement)
        resolveStatement(*item.statement, names);
      else
        noteBroken(*item.broken);
    }
  }

  /// Results that nothing writes, temporaries that nothing reads.
  void checkUses() {
    // The missing use may stand in a line that was not understood.
    if (hasBrokenLines || names.reporter.hasErrors())
      return;
    std::vector<bool> read(names.semantics.tensors.size());
    for (const Statement &statement : names.semantics.statements)
      forEachAccess(statement, [&](const Access &access, llvm::ArrayRef<Guard>) {
        if (!access.isWrite)
          read[access.tensor] = true;
      });
    for (unsigned id = 0; id < read.size(); ++id) {
      const Tensor &tensor = names.semantics.tensors[id];
      if (tensor.role == Role::Output && names.state(id) == Names::State::Declared)
        names.reporter.error(Message::ResultNotWritten, tensor.loc, tensor.name);
      if (tensor.role == Role::Temporary && !read[id] && names.state(id) != Names::State::Broken)
        names.reporter.error(Message::NeverRead, tensor.loc, tensor.name, suggestOther(tensor));
    }
  }

private:
  /// What a line with a mistake would have defined is not reported again where it is used.
  void noteBroken(const Word &name) {
    hasBrokenLines = true;
    auto known = names.tensor(name.text);
    if (known || names.size(name.text)) {
      if (known && names.state(*known) == Names::State::Declared)
        names.state(*known) = Names::State::Defined;
      return;
    }
    Tensor tensor;
    tensor.name = name.text.str();
    tensor.loc = name.loc;
    names.addTensor(std::move(tensor), Names::State::Broken);
  }

  std::string suggestOther(const Tensor &tensor) {
    std::vector<StringRef> others;
    for (const Tensor &other : names.semantics.tensors)
      if (&other != &tensor && other.role != Role::Input)
        others.push_back(other.name);
    auto near = nearest(tensor.name, others);
    return near ? "did you mean '" + near->str() + "'?" : "";
  }

  /// Every dimension of a sparse tensor is a size and has one level.
  void checkLevels(const DeclarationSyntax &syntax, const Tensor &tensor) {
    for (size_t i = 0; i < tensor.sparse.size(); ++i) {
      StringRef dimension = tensor.sparse[i].dimension;
      bool found = llvm::any_of(tensor.shape, [&](const ExprRef &size) {
        return size && size->op == Op::Size && names.semantics.sizes[size->id].name == dimension;
      });
      if (!found)
        names.reporter.error(Message::UnknownDimension, syntax.sparseLocs[i], dimension,
                             tensor.name);
    }
  }

  Names names;
  bool hasBrokenLines = false;
};

Semantics buildKernel(KernelSyntax &syntax, Reporter &reporter) {
  Semantics semantics;
  semantics.name = syntax.name.text.str();
  semantics.loc = syntax.name.loc;
  semantics.reassociate = syntax.reassociate;
  BodyBuilder builder(semantics, reporter, /*isKernel=*/true);
  for (DeclarationSyntax &declaration : syntax.parameters)
    builder.declare(declaration, Role::Input);
  for (DeclarationSyntax &declaration : syntax.results)
    builder.declare(declaration, Role::Output);
  builder.resolveItems(syntax.body);
  builder.checkUses();
  return semantics;
}

void checkKernelNames(const std::vector<Semantics> &kernels, Reporter &reporter) {
  for (size_t i = 0; i < kernels.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (kernels[i].name == kernels[j].name) {
        reporter.note(reporter.error(Message::DuplicateName, kernels[i].loc, kernels[i].name),
                      kernels[j].loc, "'" + kernels[j].name + "' is already declared here");
        break;
      }
}

} // namespace

std::optional<std::vector<Semantics>> lathe::parseKernels(unsigned file, Diagnostics &diagnostics) {
  Reporter reporter(diagnostics);
  SyntaxParser parser(lex(diagnostics.sourceTexts().text(file), reporter), reporter);
  std::vector<Semantics> kernels;
  for (KernelSyntax &syntax : parser.parseFile()) {
    // Errors of one kernel do not silence the checks of the next.
    Reporter own(diagnostics);
    kernels.push_back(buildKernel(syntax, own));
    if (own.hasErrors())
      kernels.back().name.clear();
  }
  checkKernelNames(kernels, reporter);
  bool failed = llvm::any_of(kernels, [](const Semantics &kernel) { return kernel.name.empty(); });
  if (reporter.hasErrors() || failed)
    return std::nullopt;
  return kernels;
}

/// Tiles that a statement writes are outputs, whatever else reads them.
static void assignRoles(Semantics &semantics) {
  std::vector<bool> written(semantics.tensors.size());
  for (const Statement &statement : semantics.statements)
    written[statement.tensor] = true;
  for (unsigned id = 0; id < written.size(); ++id) {
    Tensor &tensor = semantics.tensors[id];
    if (tensor.role == Role::Input || tensor.role == Role::Output)
      tensor.role = written[id] ? Role::Output : Role::Input;
  }
}

/// Numbers of shapes and extents, where no run-time extent is in them.
static void fillNumbers(Semantics &semantics) {
  for (Tensor &tensor : semantics.tensors) {
    std::vector<int64_t> sizes;
    for (const ExprRef &size : tensor.shape)
      if (auto number = evaluateSize(*size, semantics))
        sizes.push_back(*number);
    if (sizes.size() == tensor.shape.size())
      tensor.sizes = std::move(sizes);
  }
  for (Statement &statement : semantics.statements)
    for (Loop &loop : statement.loops)
      loop.size = evaluateSize(*loop.extent, semantics).value_or(0);
}

std::optional<Semantics> lathe::parseIntrinsic(StringRef name, unsigned file, size_t offset,
                                               StringRef text, IntrinsicScope scope,
                                               Diagnostics &diagnostics) {
  Sources &sources = diagnostics.sourceTexts();
  StringRef inFile = sources.text(file).substr(std::min(offset, sources.text(file).size()));
  bool isLiteral = inFile.starts_with(text);
  std::string title = "semantics of '" + name.str() + "'";
  // A string put together by the description's language stands nowhere as it is.
  Reporter reporter =
      isLiteral ? Reporter(diagnostics)
                : Reporter(diagnostics, sources.location(file, offset), title + " are given here");
  if (isLiteral)
    text = inFile.take_front(text.size());
  else
    text = sources.text(sources.add(title, text));

  Semantics semantics;
  semantics.name = name.str();
  semantics.loc = sources.location(file, offset);
  semantics.sizes = std::move(scope.sizes);
  semantics.tensors = std::move(scope.tensors);
  llvm::StringSet<> known;
  for (const Tensor &tensor : semantics.tensors)
    known.insert(tensor.name);
  for (const Size &size : semantics.sizes)
    known.insert(size.name);
  std::vector<ItemSyntax> items =
      SyntaxParser(lex(text, reporter), reporter, std::move(known)).parseBody();
  BodyBuilder builder(semantics, reporter, /*isKernel=*/false);
  builder.resolveItems(items);
  builder.checkUses();
  if (reporter.hasErrors())
    return std::nullopt;
  assignRoles(semantics);
  fillNumbers(semantics);
  if (!checkBounds(semantics, reporter))
    return std::nullopt;
  return semantics;
}
