// lathe-mlir-reader MEMORY_BYTES CPU_SECONDS: MLIR text on stdin; on stdout one line of JSON, then
// the bytes of the constants.
//   {"kernels": [{"name", "text", "at": [line, column], "statements": [[line, column], ...],
//                 "constants": [{"tensor", "sizes", "bytes"}]}],
//    "reports": [{"kind", "at", "arguments", "notes": [{"at", "text"}]}]}
#include "core/kernel/mlir/KernelImporter.h"
#include "core/kernel/mlir/Lowering.h"
#include "core/semantics/Parser.h"

#include "mlir/IR/MLIRContext.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <sys/resource.h>
#include <unistd.h>

using namespace lathe;
using namespace lathe::mlirreader;

namespace json = llvm::json;

static void limit(__rlimit_resource_t what, rlim_t amount) {
  rlimit value{amount, amount};
  setrlimit(what, &value);
}

static void applyLimits(rlim_t memoryBytes, rlim_t cpuSeconds) {
  limit(RLIMIT_AS, memoryBytes);
  limit(RLIMIT_CPU, cpuSeconds);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 3); // stdin, stdout, stderr: nothing else can be opened
}

static json::Value toJson(Position at) { return json::Array{at.line, at.column}; }

static json::Value toJson(const ImportedKernel &kernel) {
  json::Array statements, constants;
  for (Position at : kernel.statements)
    statements.push_back(toJson(at));
  for (const Constant &constant : kernel.constants)
    constants.push_back(json::Object{{"tensor", constant.tensor},
                                     {"sizes", json::Array(constant.sizes)},
                                     {"bytes", static_cast<int64_t>(constant.bytes.size())}});
  return json::Object{{"name", kernel.semantics.name},
                      {"text", print(kernel.semantics)},
                      {"at", toJson(kernel.at)},
                      {"statements", std::move(statements)},
                      {"constants", std::move(constants)}};
}

static json::Value toJson(const Report &report) {
  json::Array notes;
  for (const auto &[at, text] : report.notes)
    notes.push_back(json::Object{{"at", toJson(at)}, {"text", text}});
  return json::Object{{"kind", report.kind},
                      {"at", toJson(report.at)},
                      {"arguments", json::Array(report.arguments)},
                      {"notes", std::move(notes)}};
}

static std::vector<ImportedKernel> importAll(llvm::StringRef text, Reports &reports) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  loadDialects(context);
  std::vector<ImportedKernel> kernels;
  mlir::OwningOpRef<mlir::ModuleOp> module = parseModule(text, context, reports);
  if (!module || !lowerToGenerics(*module, reports))
    return kernels;
  for (auto function : module->getOps<mlir::func::FuncOp>())
    if (!function.isDeclaration() && function.isPublic())
      if (auto kernel = importFunction(function, reports))
        kernels.push_back(std::move(*kernel));
  if (kernels.empty() && !reports.hasErrors())
    reports.add("empty", {}, {});
  return kernels;
}

int main(int argc, char **argv) {
  uint64_t memoryBytes = 0, cpuSeconds = 0;
  if (argc != 3 || llvm::StringRef(argv[1]).getAsInteger(10, memoryBytes) ||
      llvm::StringRef(argv[2]).getAsInteger(10, cpuSeconds))
    return 2;
  applyLimits(memoryBytes, cpuSeconds);
  auto text = llvm::MemoryBuffer::getSTDIN();
  if (!text)
    return 2;
  Reports reports;
  std::vector<ImportedKernel> kernels = importAll((*text)->getBuffer(), reports);
  json::Array kernelList, reportList;
  for (const ImportedKernel &kernel : kernels)
    kernelList.push_back(toJson(kernel));
  for (const Report &report : reports.list)
    reportList.push_back(toJson(report));
  llvm::outs() << json::Value(json::Object{{"kernels", std::move(kernelList)},
                                           {"reports", std::move(reportList)}})
               << '\n';
  for (const ImportedKernel &kernel : kernels)
    for (const Constant &constant : kernel.constants)
      llvm::outs() << constant.bytes;
  llvm::outs().flush();
  _exit(0); // nothing is worth tearing down
}
