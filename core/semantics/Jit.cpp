#include "core/semantics/Jit.h"

#include "core/semantics/JitCache.h"
#include "core/semantics/JitGenerator.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <mutex>

using namespace lathe;
using llvm::Error;
using llvm::Expected;

namespace {
constexpr llvm::StringLiteral kEntry = "lathe_entry";

/// A module and the context it lives in.
struct Code {
  std::unique_ptr<llvm::LLVMContext> context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> module;
  std::vector<std::string> faults;
  bool brief = false; ///< runs so few iterations that optimising it would take longer
};

constexpr int64_t kBriefIterations = 1 << 16;

/// True when all loops are known and short.
bool isBrief(const Semantics &semantics) {
  if (!semantics.bound)
    return false;
  int64_t iterations = 0;
  for (const Statement &statement : semantics.statements) {
    int64_t points = 1;
    for (const Loop &loop : statement.loops)
      points = std::min(kBriefIterations, points * std::min(kBriefIterations, loop.size));
    iterations += points;
  }
  return iterations < kBriefIterations;
}

unsigned widestVector(const llvm::StringMap<bool> &features) {
  if (features.lookup("avx512bw") && features.lookup("avx512vl"))
    return 512;
  return features.lookup("avx2") ? 256 : 128;
}
} // namespace

struct Jit::Engine {
  Engine(std::string cacheFolder, JitAim aim) : aim(aim), folder(std::move(cacheFolder)) {}

  Error start();
  Expected<std::unique_ptr<llvm::TargetMachine>> machine();
  Code generate(const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts);
  void optimise(llvm::Module &module, bool brief);
  Expected<std::unique_ptr<llvm::MemoryBuffer>> object(Code &code, llvm::StringRef key);
  Expected<JitFunction::Entry> link(std::unique_ptr<llvm::MemoryBuffer> object,
                                    llvm::StringRef key);
  std::string key(const Code &code) const;

  JitAim aim;
  jit::ObjectFolder folder;
  std::unique_ptr<llvm::orc::LLJIT> lljit;
  std::unique_ptr<llvm::TargetMachine> host;
  unsigned vectorBits = 128;
  std::mutex mutex;
  std::map<std::string, JitFunction::Entry> entries;
  Statistics statistics;
};

Jit::Jit(std::unique_ptr<Engine> engine) : engine(std::move(engine)) {}
Jit::~Jit() = default;

Expected<std::unique_ptr<Jit>> Jit::create(std::string cacheFolder, JitAim aim) {
  auto engine = std::make_unique<Engine>(std::move(cacheFolder), aim);
  if (Error error = engine->start())
    return error;
  return std::unique_ptr<Jit>(new Jit(std::move(engine)));
}

Error Jit::Engine::start() {
  // LLVM's list of targets is not guarded: two threads that register one at the same time make a
  // list without an end, or one in which nothing is found.
  static std::once_flag registered;
  std::call_once(registered, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  builder->setRelocationModel(llvm::Reloc::PIC_);
  auto created = builder->createTargetMachine();
  if (!created)
    return created.takeError();
  host = std::move(*created);
  vectorBits = widestVector(llvm::sys::getHostCPUFeatures());
  auto jit = llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*builder)).create();
  if (!jit)
    return jit.takeError();
  lljit = std::move(*jit);
  char prefix = lljit->getDataLayout().getGlobalPrefix();
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(prefix);
  if (!process)
    return process.takeError();
  lljit->getMainJITDylib().addGenerator(std::move(*process));
  return Error::success();
}

Code Jit::Engine::generate(const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts) {
  Code code;
  code.module = std::make_unique<llvm::Module>("lathe", *code.context);
  code.module->setDataLayout(host->createDataLayout());
  code.module->setTargetTriple(host->getTargetTriple());
  code.brief = aim == JitAim::Soonest && isBrief(semantics);
  jit::Generator generator(*code.module, semantics, layouts, vectorBits, code.brief);
  code.faults = generator.emit(kEntry);
  assert(!llvm::verifyModule(*code.module) && "generated code is well formed");
  return code;
}

std::string Jit::Engine::key(const Code &code) const {
  std::string text;
  llvm::raw_string_ostream(text) << *code.module;
  return jit::digest({text, host->getTargetCPU(), host->getTargetFeatureString(),
                      LLVM_VERSION_STRING, code.brief ? "O0" : "O2"});
}

void Jit::Engine::optimise(llvm::Module &module, bool brief) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager callGraph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(host.get());
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  auto level = brief ? llvm::OptimizationLevel::O0 : llvm::OptimizationLevel::O2;
  builder.buildPerModuleDefaultPipeline(level).run(module, modules);
}

Expected<std::unique_ptr<llvm::MemoryBuffer>> Jit::Engine::object(Code &code, llvm::StringRef key) {
  if (auto kept = folder.find(key)) {
    ++statistics.loaded;
    return kept;
  }
  optimise(*code.module, code.brief);
  host->setOptLevel(code.brief ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Aggressive);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager passes;
  llvm::MCContext *context = nullptr;
  if (host->addPassesToEmitMC(passes, context, out))
    return llvm::createStringError("this computer's processor has no code generator");
  passes.run(*code.module);
  ++statistics.optimised;
  folder.keep(key, llvm::StringRef(bytes.data(), bytes.size()));
  return std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), key, false);
}

Expected<JitFunction::Entry> Jit::Engine::link(std::unique_ptr<llvm::MemoryBuffer> object,
                                               llvm::StringRef key) {
  auto library = lljit->createJITDylib(key.str());
  if (!library)
    return library.takeError();
  library->addToLinkOrder(lljit->getMainJITDylib());
  if (Error error = lljit->addObjectFile(*library, std::move(object)))
    return error;
  auto address = lljit->lookup(*library, kEntry);
  if (!address)
    return address.takeError();
  return address->toPtr<JitFunction::Entry>();
}

Expected<JitFunction> Jit::compile(const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts) {
  std::lock_guard lock(engine->mutex);
  Code code = engine->generate(semantics, layouts);
  std::string key = engine->key(code);
  JitFunction function;
  function.faultTexts = std::make_shared<std::vector<std::string>>(std::move(code.faults));
  auto known = engine->entries.find(key);
  if (known == engine->entries.end()) {
    auto object = engine->object(code, key);
    if (!object)
      return object.takeError();
    auto linked = engine->link(std::move(*object), key);
    if (!linked)
      return linked.takeError();
    known = engine->entries.emplace(key, *linked).first;
  }
  function.entry = known->second;
  return function;
}

Jit::Statistics Jit::statistics() const {
  std::lock_guard lock(engine->mutex);
  return engine->statistics;
}

std::string Jit::printIr(const Semantics &semantics, llvm::ArrayRef<JitLayout> layouts,
                         bool optimised) {
  std::lock_guard lock(engine->mutex);
  Code code = engine->generate(semantics, layouts);
  if (optimised)
    engine->optimise(*code.module, code.brief);
  std::string text;
  llvm::raw_string_ostream(text) << *code.module;
  return text;
}

std::string JitFunction::describe(const JitFault &fault) const {
  std::string text = (*faultTexts)[fault.site - 1];
  size_t place = text.find("{0}");
  return place == std::string::npos ? text : text.replace(place, 3, std::to_string(fault.value));
}
