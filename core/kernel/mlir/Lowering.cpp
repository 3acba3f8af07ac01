#include "core/kernel/mlir/Lowering.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/AsmParser/AsmParserState.h"
#include "mlir/Conversion/TosaToArith/TosaToArith.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Conversion/TosaToTensor/TosaToTensor.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace lathe::mlirreader;
using llvm::StringRef;

void lathe::mlirreader::loadDialects(MLIRContext &context) {
  DialectRegistry registry;
  registry.insert<affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect,
                  func::FuncDialect, index::IndexDialect, linalg::LinalgDialect, math::MathDialect,
                  ml_program::MLProgramDialect, scf::SCFDialect, tensor::TensorDialect,
                  tosa::TosaDialect>();
  func::registerInlinerExtension(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  context.allowUnregisteredDialects();
  context.printOpOnDiagnostic(false);
}

Position lathe::mlirreader::positionOf(Location location) {
  Position position;
  location->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    position = {file.getLine(), file.getColumn()};
    return WalkResult::interrupt();
  });
  return position;
}

StringRef lathe::mlirreader::nameOf(Location location) {
  StringRef name;
  location->walk([&](Location inner) {
    auto named = dyn_cast<NameLoc>(inner);
    if (!named)
      return WalkResult::advance();
    name = named.getName().strref();
    return WalkResult::interrupt();
  });
  return name;
}

namespace {

struct Foreign {
  StringRef dialect, help;
};

// The command that turns each dialect into what is read here.
constexpr Foreign kForeign[] = {
    {"stablehlo", "stablehlo-opt --stablehlo-legalize-to-linalg {0} -o lowered.mlir"},
    {"chlo", "stablehlo-opt --chlo-legalize-to-stablehlo --stablehlo-legalize-to-linalg {0} "
             "-o lowered.mlir"},
    {"vhlo", "stablehlo-opt --vhlo-to-version=target=current --vhlo-legalize-to-stablehlo "
             "--stablehlo-legalize-to-linalg {0} -o lowered.mlir"},
    {"mhlo", "mlir-hlo-opt --hlo-legalize-to-linalg {0} -o lowered.mlir"},
    {"torch", "torch-mlir-opt --torch-backend-to-linalg-on-tensors-backend-pipeline {0} "
              "-o lowered.mlir"},
    {"torch_c", "torch-mlir-opt --torch-backend-to-linalg-on-tensors-backend-pipeline {0} "
                "-o lowered.mlir"},
    {"tt", "triton-shared-opt --triton-to-linalg-experimental {0} -o lowered.mlir"},
    {"onnx", "onnx-mlir-opt --convert-onnx-to-tosa {0} -o lowered.mlir"},
    {"tf", "tf-opt --tf-to-tosa-pipeline {0} -o lowered.mlir"},
    {"tfl", "tf-opt --tfl-to-tosa-pipeline {0} -o lowered.mlir"},
};

std::string helpFor(StringRef dialect) {
  for (const Foreign &foreign : kForeign)
    if (foreign.dialect == dialect)
      return ("lower it first: " + foreign.help).str();
  for (StringRef buffers : {"memref", "bufferization", "vector", "gpu", "llvm", "affine"})
    if (dialect == buffers)
      return "take the file before it was turned into buffers or loops: tensors are read";
  return "lower it to linalg on tensors, or to tosa";
}

void reportForeign(Reports &reports, Position at, StringRef op, StringRef dialect) {
  reports.add("foreign", at, {op.str(), dialect.str(), helpFor(dialect)});
}

/// Turns what MLIR says into reports, for as long as it lives.
class Listener {
public:
  Listener(MLIRContext *context, Reports &reports)
      : handler(context, [&reports](mlir::Diagnostic &diagnostic) {
          Position at = positionOf(diagnostic.getLocation());
          std::string text = diagnostic.str();
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            error(reports, at, text);
          else if (diagnostic.getSeverity() == DiagnosticSeverity::Warning)
            reports.add("warning", at, {text});
          if (!reports.list.empty() && reports.list.back().kind != "foreign")
            for (mlir::Diagnostic &note : diagnostic.getNotes())
              reports.list.back().notes.push_back({positionOf(note.getLocation()), note.str()});
          return success();
        }) {}

private:
  // The custom syntax of a foreign operation is an error of the parser, not an operation.
  static void error(Reports &reports, Position at, StringRef text) {
    llvm::SmallVector<StringRef> groups;
    static llvm::Regex unknown("Dialect `([a-z_0-9]+)' not found for custom op '([^']+)'");
    if (unknown.match(text, &groups))
      return reportForeign(reports, at, groups[2], groups[1]);
    static llvm::Regex unknownOp("custom op '(([a-z_0-9]+)\\.[^']+)' is unknown");
    if (unknownOp.match(text, &groups) && groups[2] != "tosa" && groups[2] != "linalg")
      return reportForeign(reports, at, groups[1], groups[2]);
    reports.add("syntax", at, {text.substr(0, 500).str()});
  }

  ScopedDiagnosticHandler handler;
};

/// The parser recurses once a bracket; it must not run out of stack.
bool checkDepth(StringRef text, Reports &reports) {
  constexpr unsigned kDeepest = 1000;
  unsigned depth = 0;
  Position at{1, 0};
  bool inString = false, inComment = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    ++at.column;
    if (c == '\n') {
      at = {at.line + 1, 0};
      inComment = inString = false;
    } else if (inString) {
      inString = c != '"';
      if (c == '\\' && i + 1 < text.size() && text[i + 1] != '\n')
        ++i, ++at.column;
    } else if (inComment || (c == '/' && text.substr(i, 2) == "//")) {
      inComment = true;
    } else if (c == '"') {
      inString = true;
    } else if (StringRef("([{<").contains(c)) {
      if (++depth > kDeepest) {
        reports.add("deep", at, {std::to_string(kDeepest)});
        return false;
      }
    } else if (StringRef(")]}").contains(c) || (c == '>' && (i == 0 || text[i - 1] != '-'))) {
      depth -= depth != 0;
    }
  }
  return true;
}

/// Locations that point at the text itself, whatever `loc(...)` it carries.
class Locator {
public:
  Locator(const llvm::SourceMgr &sources, MLIRContext *context)
      : sources(sources), context(context) {}

  void relocate(const AsmParserState &state) {
    for (const AsmParserState::OperationDefinition &def : state.getOpDefs()) {
      StringRef name =
          def.resultGroups.empty() ? StringRef() : spelled(def.resultGroups.front().definition.loc);
      def.op->setLoc(location(def.loc.Start, name));
    }
    for (const AsmParserState::BlockDefinition &def : state.getBlockDefs())
      for (auto [argument, name] : llvm::zip(def.block->getArguments(), def.arguments))
        argument.setLoc(location(name.loc.Start, spelled(name.loc)));
  }

private:
  static StringRef spelled(llvm::SMRange range) {
    if (!range.isValid())
      return {};
    StringRef text(range.Start.getPointer(), range.End.getPointer() - range.Start.getPointer());
    text.consume_front("%");
    text = text.take_until([](char c) { return c == ':' || c == '#'; });
    bool isNumber = !text.empty() && llvm::isDigit(text.front());
    return isNumber ? StringRef() : text;
  }

  Location location(llvm::SMLoc loc, StringRef name) {
    Location place = UnknownLoc::get(context);
    if (loc.isValid()) {
      auto [line, column] = sources.getLineAndColumn(loc);
      place = FileLineColLoc::get(context, "input", line, column);
    }
    return name.empty() ? place : NameLoc::get(StringAttr::get(context, name), place);
  }

  const llvm::SourceMgr &sources;
  MLIRContext *context;
};

// MLIR loads more than these, because its own libraries refer to them.
bool isRead(StringRef dialect) {
  static constexpr StringRef kRead[] = {"affine", "arith",  "builtin", "cf",
                                        "func",   "index",  "linalg",  "ml_program",
                                        "math",   "tensor", "scf",     "tosa"};
  return llvm::is_contained(kRead, dialect);
}

bool checkDialects(ModuleOp module, Reports &reports) {
  bool known = true;
  module->walk([&](Operation *op) {
    if (op->getName().isRegistered() && isRead(op->getName().getDialectNamespace()))
      return;
    known = false;
    reportForeign(reports, positionOf(op->getLoc()), op->getName().getStringRef(),
                  op->getName().getDialectNamespace());
  });
  return known;
}

bool has(ModuleOp module, llvm::function_ref<bool(Operation *)> wanted) {
  return module
      ->walk([&](Operation *op) {
        return wanted(op) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool isTosa(Operation *op) { return op->getName().getDialectNamespace() == "tosa"; }

bool runPasses(ModuleOp module, Reports &reports) {
  PassManager manager(module->getContext(), ModuleOp::getOperationName());
  bool calls = has(module, [](Operation *op) { return isa<func::CallOp>(op); });
  bool tosa = has(module, isTosa);
  if (calls)
    manager.addPass(createInlinerPass());
  if (tosa) {
    mlir::tosa::addTosaToLinalgPasses(manager, {}, {}, std::nullopt);
    manager.addNestedPass<func::FuncOp>(createTosaToTensorPass());
    TosaToArithPassOptions arith;
    arith.includeApplyRescale = true;
    manager.addNestedPass<func::FuncOp>(createTosaToArithPass(arith));
  }
  if (!calls && !tosa)
    return true;
  if (succeeded(manager.run(module)))
    return true;
  if (!reports.hasErrors())
    reports.add("syntax", {}, {"MLIR's own passes cannot lower this file"});
  return false;
}

LogicalResult decomposeAggregates(ModuleOp module) {
  llvm::SmallVector<linalg::AggregatedOpInterface> aggregates;
  module->walk([&](linalg::AggregatedOpInterface op) { aggregates.push_back(op); });
  IRRewriter rewriter(module->getContext());
  for (linalg::AggregatedOpInterface op : aggregates) {
    rewriter.setInsertionPoint(op);
    FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
    if (failed(results))
      return failure();
    rewriter.replaceOp(op, *results);
  }
  return success();
}

void generalize(ModuleOp module) {
  llvm::SmallVector<linalg::LinalgOp> named;
  module->walk([&](linalg::LinalgOp op) {
    if (!isa<linalg::GenericOp>(op.getOperation()))
      named.push_back(op);
  });
  IRRewriter rewriter(module->getContext());
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    // What does not generalise stays, and is reported by the one who meets it.
    (void)linalg::generalizeNamedOp(rewriter, op);
  }
}

} // namespace

OwningOpRef<ModuleOp> lathe::mlirreader::parseModule(StringRef text, MLIRContext &context,
                                                     Reports &reports) {
  if (!checkDepth(text, reports))
    return nullptr;
  Listener listener(&context, reports);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, "input"), {});
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  AsmParserState state;
  if (failed(parseAsmSourceFile(sources, module->getBody(), ParserConfig(&context), &state))) {
    if (!reports.hasErrors())
      reports.add("syntax", {}, {"MLIR cannot read this file"});
    return nullptr;
  }
  Locator(sources, &context).relocate(state);
  // A file with a `module` of its own: that is the one.
  if (llvm::hasSingleElement(*module->getBody()))
    if (auto inner = dyn_cast<ModuleOp>(module->getBody()->front())) {
      inner->remove();
      module = OwningOpRef<ModuleOp>(inner);
    }
  if (!checkDialects(*module, reports))
    return nullptr;
  return module;
}

bool lathe::mlirreader::lowerToGenerics(ModuleOp module, Reports &reports) {
  Listener listener(module->getContext(), reports);
  if (!runPasses(module, reports) || failed(decomposeAggregates(module)))
    return false;
  generalize(module);
  return !reports.hasErrors();
}
