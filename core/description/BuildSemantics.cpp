// What an intrinsic's index notation may refer to, and what it reads and writes.
#include "core/description/SourceString.h"
#include "core/description/TargetBuilder.h"
#include "core/semantics/Parser.h"

using namespace lathe;
using llvm::StringRef;

namespace {

class SemanticsBuilder {
public:
  SemanticsBuilder(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to)
      : build(build), from(from), to(to) {}

  void run() {
    if (StringRef(from.semantics).trim().empty()) {
      build.diagnostics.report(Message::IsaNoSemantics, from.loc, from.name);
      return;
    }
    std::optional<Semantics> semantics = parse();
    if (!semantics)
      return;
    to.semantics = std::move(*semantics);
    for (TileOperand &tile : to.tiles)
      tile.tensor = to.semantics.findTensor(tile.name).value_or(0);
    findUses();
    checkUses();
  }

private:
  IntrinsicScope scope() const {
    IntrinsicScope scope;
    for (const auto &[name, value] : build.target.parameters)
      scope.sizes.push_back({name, value, value, value, {}});
    for (const Argument &argument : to.arguments)
      if (argument.kind == Argument::Kind::Extent)
        scope.sizes.push_back(
            {argument.name, std::nullopt, argument.min, argument.max, operandLoc(argument.name)});
    for (const TileOperand &tile : to.tiles)
      scope.tensors.push_back(tensorOf(tile, scope.sizes));
    for (const Argument &argument : to.arguments)
      if (argument.kind == Argument::Kind::Immediate)
        scope.tensors.push_back(scalar(argument.name, argument.type, Role::Immediate));
    for (const State &state : build.target.states)
      scope.tensors.push_back(scalar(state.name, state.element, Role::State));
    return scope;
  }

  llvm::SMLoc operandLoc(StringRef name) const {
    for (const IsaOperand &operand : from.operands)
      if (operand.name == name)
        return operand.loc;
    return from.loc;
  }

  Tensor scalar(StringRef name, ElementType type, Role role) const {
    Tensor tensor;
    tensor.name = name.str();
    tensor.type = type;
    tensor.role = role;
    tensor.loc = role == Role::Immediate ? operandLoc(name) : llvm::SMLoc();
    return tensor;
  }

  Tensor tensorOf(const TileOperand &tile, llvm::ArrayRef<Size> sizes) const {
    Tensor tensor;
    tensor.name = tile.name;
    tensor.type = tile.element;
    tensor.role = Role::Input;
    tensor.loc = operandLoc(tile.name);
    const IsaOperand &operand = *llvm::find_if(
        from.operands, [&](const IsaOperand &operand) { return operand.name == tile.name; });
    bool fixed = true;
    for (unsigned i = 0; i < tile.shape.size(); ++i) {
      tensor.shape.push_back(shapeSize(operand.shape[i], tile.shape[i], sizes));
      tensor.sizes.push_back(tile.shape[i].size);
      fixed &= !tile.shape[i].argument;
    }
    if (!fixed)
      tensor.sizes.clear();
    return tensor;
  }

  static ExprRef shapeSize(StringRef name, const Dimension &dimension, llvm::ArrayRef<Size> sizes) {
    for (unsigned id = 0; id < sizes.size(); ++id)
      if (sizes[id].name == name)
        return makeSize(id);
    return makeConstant(dimension.size, ElementType::index());
  }

  std::optional<Semantics> parse() {
    Sources &sources = build.diagnostics.sourceTexts();
    llvm::SMLoc field = from.at("Semantics");
    unsigned file = sources.fileOf(field).value_or(build.isa.file);
    StringRef text = sources.text(file);
    SourceString source(text, field.getPointer() - text.data(), from.semantics);
    if (std::optional<size_t> offset = source.verbatim())
      return parseIntrinsic(from.name, file, *offset, from.semantics, scope(), build.diagnostics);
    return parseJoined(source, file, field);
  }

  // The string was put together: it is parsed in a buffer of its own, and what is found there is
  // shown at the piece of the .td it came from.
  std::optional<Semantics> parseJoined(const SourceString &source, unsigned file,
                                       llvm::SMLoc field) {
    Sources &sources = build.diagnostics.sourceTexts();
    unsigned joined = sources.add(from.name + ".Semantics", from.semantics);
    Diagnostics found(sources);
    auto semantics = parseIntrinsic(from.name, joined, 0, sources.text(joined), scope(), found);
    Diagnostics moved(sources);
    for (Diagnostic diagnostic : found.all()) {
      Place inJoined = diagnostic.place;
      size_t offset = offsetOf(inJoined);
      std::optional<size_t> exact = source.locate(offset);
      diagnostic.place = sources.place(exact ? sources.location(file, *exact) : field);
      for (Note &note : diagnostic.notes)
        if (note.place.file == inJoined.file)
          note.place = sources.place(field);
      diagnostic.notes.push_back({inJoined, "'" + from.name + "' reads"});
      if (from.loc != from.prototypeLoc)
        diagnostic.notes.push_back({sources.place(from.loc), "'" + from.name + "' is made here"});
      if (!isKnown(diagnostic))
        moved.add(std::move(diagnostic));
    }
    // A mistake in a multiclass is one mistake, however many records it makes.
    build.diagnostics.take(std::move(moved));
    return semantics;
  }

  size_t offsetOf(const Place &place) const {
    StringRef text = from.semantics;
    size_t start = 0;
    for (unsigned line = 1; line < place.line; ++line)
      start = text.find('\n', start) + 1;
    return start + (place.column ? place.column - 1 : 0);
  }

  bool isKnown(const Diagnostic &diagnostic) const {
    return llvm::any_of(build.diagnostics.all(), [&](const Diagnostic &other) {
      return other.message == diagnostic.message && other.text == diagnostic.text &&
             other.place.file == diagnostic.place.file &&
             other.place.line == diagnostic.place.line &&
             other.place.column == diagnostic.place.column;
    });
  }

  // ---- uses

  void findUses() {
    std::vector<bool> read(to.semantics.tensors.size()), written(to.semantics.tensors.size());
    auto readAll = [&](const ExprRef &expr) { markReads(*expr, written, read); };
    for (const Statement &statement : to.semantics.statements) {
      readAll(statement.value);
      llvm::for_each(statement.subscripts, readAll);
      llvm::for_each(statement.conditions, readAll);
      if (statement.assign != Assign::Set && !written[statement.tensor])
        read[statement.tensor] = true;
      written[statement.tensor] = true;
    }
    for (TileOperand &tile : to.tiles) {
      tile.read = read[tile.tensor];
      tile.written = written[tile.tensor];
    }
    for (unsigned i = 0; i < build.target.states.size(); ++i)
      findStateUse(i, read, written);
  }

  // A tensor read after an earlier statement wrote it is not an input.
  static void markReads(const Expr &expr, const std::vector<bool> &written,
                        std::vector<bool> &read) {
    if (expr.op == Op::Load && !written[expr.id])
      read[expr.id] = true;
    for (const ExprRef &operand : expr.operands)
      markReads(*operand, written, read);
  }

  void findStateUse(unsigned state, const std::vector<bool> &read,
                    const std::vector<bool> &written) {
    auto tensor = to.semantics.findTensor(build.target.states[state].name);
    bool steps = llvm::any_of(to.tiles, [&](const TileOperand &tile) {
      return tile.step.kind == Step::Kind::State && tile.step.id == state;
    });
    if (steps || (tensor && read[*tensor]))
      to.statesRead.push_back(state);
    if (tensor && written[*tensor])
      to.statesWritten.push_back(state);
  }

  void checkUses() {
    for (const TileOperand &tile : to.tiles)
      if (!tile.read && !tile.written)
        build.diagnostics.report(Message::IsaTileUnused, operandLoc(tile.name), from.name,
                                 tile.name);
    for (unsigned i = 0; i < to.arguments.size(); ++i)
      if (to.arguments[i].kind != Argument::Kind::Address && !isUsed(i))
        build.diagnostics.report(Message::IsaOperandUnused, operandLoc(to.arguments[i].name),
                                 from.name, to.arguments[i].name);
    bool writes = !to.statesWritten.empty() ||
                  llvm::any_of(to.tiles, [](const TileOperand &tile) { return tile.written; });
    if (!writes)
      build.diagnostics.report(Message::IsaNoEffect, from.at("Semantics"), from.name);
  }

  // An extent or immediate in a shape, a step or the semantics.
  bool isUsed(unsigned argument) const {
    for (const TileOperand &tile : to.tiles) {
      if (tile.step.kind == Step::Kind::Argument && tile.step.id == argument)
        return true;
      for (const Dimension &dimension : tile.shape)
        if (dimension.argument == argument)
          return true;
    }
    StringRef name = to.arguments[argument].name;
    std::optional<unsigned> tensor = to.semantics.findTensor(name);
    std::optional<unsigned> size = to.semantics.findSize(name);
    auto mentions = [&](const ExprRef &expr) { return mentionsIn(*expr, tensor, size); };
    return llvm::any_of(to.semantics.statements, [&](const Statement &statement) {
      return mentions(statement.value) || llvm::any_of(statement.subscripts, mentions) ||
             llvm::any_of(statement.conditions, mentions) ||
             llvm::any_of(statement.loops, [&](const Loop &loop) { return mentions(loop.extent); });
    });
  }

  static bool mentionsIn(const Expr &expr, std::optional<unsigned> tensor,
                         std::optional<unsigned> size) {
    if ((expr.op == Op::Load && expr.id == tensor) || (expr.op == Op::Size && expr.id == size))
      return true;
    return llvm::any_of(expr.operands,
                        [&](const ExprRef &operand) { return mentionsIn(*operand, tensor, size); });
  }

  TargetBuild &build;
  const IsaIntrinsic &from;
  Intrinsic &to;
};

} // namespace

void lathe::buildSemantics(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to) {
  SemanticsBuilder(build, from, to).run();
}
