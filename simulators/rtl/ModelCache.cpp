#include "simulators/rtl/ModelCache.h"

#include "simulators/rtl/Bridge.h"
#include "simulators/rtl/ModelBuilder.h"
#include "simulators/rtl/RuntimeSources.h"
#include "simulators/rtl/VerilatorLog.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

// Changes when the way a model is built does.
static constexpr StringRef kFormat = "lathe-model/1";

namespace {
/// Hashes a sequence of texts so that no two different sequences are one.
class Key {
public:
  Key &operator<<(StringRef text) {
    uint64_t size = text.size();
    hash.update(StringRef(reinterpret_cast<const char *>(&size), sizeof(size)));
    hash.update(text);
    return *this;
  }
  Key &operator<<(uint64_t value) {
    return *this << StringRef(reinterpret_cast<const char *>(&value), sizeof(value));
  }
  std::string digits() {
    auto digest = hash.final<16>();
    return llvm::toHex(llvm::ArrayRef<uint8_t>(digest), /*LowerCase=*/true);
  }

private:
  llvm::BLAKE3 hash;
};
} // namespace

ModelCache::ModelCache(CacheOptions given) : options(std::move(given)) {
  llvm::SmallString<256> directory = StringRef(options.directory);
  if (!fs::make_absolute(directory))
    options.directory = directory.str().str();
}

std::string ModelCache::defaultDirectory(StringRef xdgCacheHome, StringRef home) {
  return xdgCacheHome.empty() ? (home + "/.cache/lathe").str() : (xdgCacheHome + "/lathe").str();
}

// Models are compiled for this processor; a cache may be shared with others.
static std::string hostProcessor() {
  std::string host = llvm::sys::getHostCPUName().str();
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> enabled;
  for (const auto &feature : features)
    if (feature.second)
      enabled.push_back(feature.first().str());
  llvm::sort(enabled);
  return host + "+" + llvm::join(enabled, "+");
}

// A program that was replaced differs in size or time; running it for its version costs more than
// looking a finished model up.
std::optional<ModelCache::Tool> ModelCache::findTool(llvm::ArrayRef<std::string> names,
                                                     Diagnostics &diagnostics) const {
  for (const std::string &name : names) {
    auto found = llvm::sys::findProgramByName(name);
    fs::file_status status;
    if (!found || fs::status(*found, status))
      continue;
    int64_t time = status.getLastModificationTime().time_since_epoch().count();
    return Tool{*found, llvm::formatv("{0} {1} {2}", *found, status.getSize(), time)};
  }
  diagnostics.report(Message::RtlToolMissing, Place(), names.front());
  return std::nullopt;
}

// Flags may say what RTL means and which warnings are shown, not what runs or where files go.
static bool isAccepted(StringRef flag) {
  if (flag.contains("UNOPT")) // must stay an error
    return false;
  return flag.starts_with("-W") || flag.starts_with("-D") || flag.starts_with("+define+");
}

static bool checkFlags(const std::vector<std::string> &flags, Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  for (size_t i = 0; i < flags.size(); ++i) {
    bool takesNumber = flags[i] == "--unroll-count" || flags[i] == "--unroll-stmts";
    if (takesNumber && i + 1 < flags.size() && llvm::all_of(flags[i + 1], llvm::isDigit))
      ++i;
    else if (!isAccepted(flags[i]))
      diagnostics.report(Message::RtlFlag, Place(), flags[i]);
  }
  return diagnostics.errorCount() == errorsBefore;
}

static std::string modelKey(const ModelSpec &spec, const RtlSources &sources, StringRef tools,
                            const Diagnostics &diagnostics) {
  Key key;
  key << kFormat << tools << hostProcessor() << spec.top << spec.trace << spec.coverage
      << spec.lineCoverage << spec.replay << spec.optimize << spec.icarus;
  key << spec.parameters.size();
  for (const auto &[name, value] : spec.parameters)
    key << name << uint64_t(value);
  key << (spec.bridge ? spec.bridge->text({}) : "");
  key << spec.flags.size();
  for (const std::string &flag : spec.flags)
    key << flag;
  key << sources.files().size();
  for (const RtlSources::File &file : sources.files())
    key << file.privatePath << file.isIncluded << sources.text(file, diagnostics);
  for (const std::string &directory : sources.privateDirectories())
    key << directory;
  for (const RuntimeSource &source : runtimeSources())
    key << source.name << source.text;
  return key.digits();
}

// Verilator's folder of headers, beside which its program was installed.
static std::string verilatorInclude(StringRef verilator) {
  StringRef prefix = llvm::sys::path::parent_path(llvm::sys::path::parent_path(verilator));
  std::string installed = (prefix + "/share/verilator/include").str();
  return fs::is_directory(installed) ? installed : (prefix + "/include").str();
}

std::optional<std::vector<std::string>> ModelCache::runtimeObjects(const ModelSpec &spec,
                                                                   const Tools &tools,
                                                                   StringRef include,
                                                                   Diagnostics &diagnostics) const {
  std::vector<std::vector<std::string>> parts = {
      {"verilated", "verilated_save", "verilated_threads", "ModelLog"}};
  if (spec.icarus)
    parts = {{"ModelLog"}};
  if (spec.trace)
    parts.push_back({"verilated_fst_c"});
  if (spec.coverage || spec.lineCoverage)
    parts.push_back({"verilated_cov"});
  std::vector<std::string> objects;
  CacheDirectory directory(options);
  for (const std::vector<std::string> &part : parts) {
    Key key;
    key << kFormat << tools.identity() << hostProcessor();
    for (const std::string &file : part)
      key << file;
    for (const RuntimeSource &source : runtimeSources())
      key << source.name << source.text;
    bool wasThere = false;
    ModelSpec plain; // the runtime is the same for every model
    plain.top = "the runtime";
    RtlSources none;
    auto entry = directory.get(
        "runtime", key.digits(),
        [&](const std::string &folder) {
          return ModelBuilder(plain, none, options, tools.compiler.path, folder, diagnostics)
              .compileRuntime(part, include);
        },
        wasThere, diagnostics);
    if (!entry)
      return std::nullopt;
    for (const std::string &file : part)
      objects.push_back(*entry + "/" + file + ".o");
  }
  return objects;
}

// Mistakes in the RTL are found before anything slow is done.
bool ModelCache::build(const ModelSpec &spec, const RtlSources &sources, const Tools &tools,
                       const std::string &folder, Diagnostics &diagnostics) const {
  ModelBuilder builder(spec, sources, options, tools.compiler.path, folder, diagnostics);
  if (!builder.generate())
    return false;
  std::string include = verilatorInclude(tools.verilator.path);
  auto runtime = runtimeObjects(spec, tools, include, diagnostics);
  return runtime && builder.compile(include) && builder.link(*runtime);
}

std::optional<ModelCache::Tools> ModelCache::findTools(Diagnostics &diagnostics) const {
  std::optional<Tool> verilator = findTool({options.verilator}, diagnostics);
  std::optional<Tool> compiler = findTool(options.compilers, diagnostics);
  if (!verilator || !compiler)
    return std::nullopt;
  return Tools{*verilator, *compiler};
}

std::optional<std::string> ModelCache::key(const ModelSpec &spec, Diagnostics &diagnostics) const {
  std::optional<Tools> tools = findTools(diagnostics);
  RtlSources sources;
  if (!tools || !sources.read(spec.files, spec.includeDirectories, diagnostics))
    return std::nullopt;
  return modelKey(spec, sources, tools->identity(), diagnostics);
}

std::optional<BuiltModel> ModelCache::get(const ModelSpec &spec, Diagnostics &diagnostics) const {
  std::optional<Tools> tools = findTools(diagnostics);
  if (!tools || !checkFlags(spec.flags, diagnostics) ||
      (spec.icarus && !findTool({options.iverilog}, diagnostics)))
    return std::nullopt;
  if (spec.files.empty()) {
    diagnostics.report(Message::RtlRejected, Place(), "there is no file of RTL");
    return std::nullopt;
  }
  BuiltModel model;
  if (!model.sources.read(spec.files, spec.includeDirectories, diagnostics))
    return std::nullopt;
  model.key = modelKey(spec, model.sources, tools->identity(), diagnostics);
  auto entry = CacheDirectory(options).get(
      "models", model.key,
      [&](const std::string &folder) {
        return build(spec, model.sources, *tools, folder, diagnostics);
      },
      model.wasCached, diagnostics);
  if (!entry)
    return std::nullopt;
  model.path = *entry + "/" + kModelFile.str();
  if (model.wasCached)
    if (auto log = llvm::MemoryBuffer::getFile(*entry + "/" + kVerilatorLog.str()))
      reportVerilatorLog((*log)->getBuffer(), model.sources, diagnostics);
  return model;
}
