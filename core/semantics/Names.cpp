#include "core/semantics/Resolver.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::StringRef;

Names::Names(Semantics &semantics, Reporter &reporter, bool isKernel)
    : semantics(semantics), reporter(reporter), isKernel(isKernel) {
  for (unsigned i = 0; i < semantics.tensors.size(); ++i)
    tensors[semantics.tensors[i].name] = i;
  for (unsigned i = 0; i < semantics.sizes.size(); ++i)
    sizes[semantics.sizes[i].name] = i;
  states.assign(semantics.tensors.size(), State::Defined);
}

std::optional<unsigned> Names::addTensor(Tensor tensor, State state) {
  auto taken = this->tensor(tensor.name);
  auto takenSize = size(tensor.name);
  if (taken || takenSize) {
    llvm::SMLoc owner = taken ? semantics.tensors[*taken].loc : semantics.sizes[*takenSize].loc;
    reporter.note(reporter.error(Message::DuplicateName, tensor.loc, tensor.name), owner,
                  "'" + tensor.name + "' is already declared here");
    return std::nullopt;
  }
  unsigned id = semantics.tensors.size();
  tensors[tensor.name] = id;
  states.push_back(state);
  semantics.tensors.push_back(std::move(tensor));
  return id;
}

unsigned Names::addSize(StringRef name, llvm::SMLoc loc) {
  unsigned id = semantics.sizes.size();
  sizes[name] = id;
  Size size;
  size.name = name.str();
  size.loc = loc;
  semantics.sizes.push_back(std::move(size));
  return id;
}

std::string Names::suggest(StringRef name, std::vector<StringRef> extra) const {
  for (const Tensor &tensor : semantics.tensors)
    extra.push_back(tensor.name);
  for (const Size &size : semantics.sizes)
    extra.push_back(size.name);
  // Any two letters are near each other: a letter is only another case of itself.
  if (name.size() == 1)
    llvm::erase_if(extra, [&](StringRef other) { return !other.equals_insensitive(name); });
  auto near = nearest(name, extra);
  return near ? "did you mean '" + near->str() + "'?" : "";
}

static ExprRef resolveShapeName(const Syntax &node, Names &names) {
  if (auto size = names.size(node.text))
    return makeSize(*size, node.loc);
  if (auto tensor = names.tensor(node.text)) {
    names.reporter.note(names.reporter.error(Message::DuplicateName, node.loc, node.text),
                        names.semantics.tensors[*tensor].loc,
                        "'" + node.text.str() + "' is declared as a tensor here");
    return nullptr;
  }
  return makeSize(names.addSize(node.text, node.loc), node.loc);
}

static std::optional<Op> shapeOp(const Syntax &node) {
  if (node.kind != Syntax::Kind::Binary || node.text.size() != 1)
    return std::nullopt;
  switch (node.text[0]) {
  case '+':
    return Op::Add;
  case '-':
    return Op::Sub;
  case '*':
    return Op::Mul;
  case '/':
    return Op::Div;
  case '%':
    return Op::Mod;
  default:
    return std::nullopt;
  }
}

ExprRef lathe::resolveShape(const Syntax &node, Names &names) {
  if (isLiteral(node))
    return literalConstant(node, ElementType::index(), names.reporter);
  if (node.kind == Syntax::Kind::Name)
    return resolveShapeName(node, names);
  auto op = shapeOp(node);
  if (!op) {
    names.reporter.error(Message::BadShape, node.loc);
    return nullptr;
  }
  ExprRef left = resolveShape(*node.operands[0], names);
  ExprRef right = resolveShape(*node.operands[1], names);
  if (!left || !right)
    return nullptr;
  bool divides = *op == Op::Div || *op == Op::Mod;
  if (divides && (right->op != Op::Constant || right->integer <= 0)) {
    names.reporter.error(Message::DivisorNotConstant, node.operands[1]->loc, node.text);
    return nullptr;
  }
  return makeExpr(*op, ElementType::index(), {left, right}, node.loc);
}
