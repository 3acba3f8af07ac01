// RTL in, the path of a finished model out; built at most once for the same content.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/CacheDirectory.h"
#include "simulators/rtl/ModelSpec.h"
#include "simulators/rtl/RtlSources.h"

#include <optional>

namespace lathe {

struct BuiltModel {
  std::string path; ///< of the shared library (see runtime/LatheModel.h)
  std::string key;  ///< 32 hexadecimal digits, equal when and only when the content is
  bool wasCached;
  RtlSources sources; ///< to show places in the model's messages
  /// Of a netlist with variants, the one that is simulated where nothing else is asked for.
  uint32_t select = 0;
};

/// Finds or builds models. The key covers the text of every RTL file and include, how the files lie
/// to each other, parameters, flags, variants, the versions of Verilator and of the compiler, the
/// processor, and the runtime's own text. Safe to use from several processes and threads.
class ModelCache {
public:
  explicit ModelCache(CacheOptions options);

  /// The model of `spec`. Reports what is wrong with the RTL at its lines, warnings as well (also
  /// when the model was there already); nothing when an error was reported or on cancel.
  std::optional<BuiltModel> get(const ModelSpec &spec, Diagnostics &diagnostics) const;

  /// The key of `spec`'s model, without building it.
  std::optional<std::string> key(const ModelSpec &spec, Diagnostics &diagnostics) const;

  /// `xdgCacheHome`/lathe, or `home`/.cache/lathe when the first is empty.
  static std::string defaultDirectory(llvm::StringRef xdgCacheHome, llvm::StringRef home);

private:
  struct Tool {
    std::string path;
    std::string identity; ///< changes with the program
  };
  struct Tools {
    Tool verilator, compiler;
    std::string identity() const { return verilator.identity + "|" + compiler.identity; }
  };

  std::optional<Tools> findTools(Diagnostics &diagnostics) const;
  std::optional<Tool> findTool(llvm::ArrayRef<std::string> names, Diagnostics &diagnostics) const;
  std::optional<std::vector<std::string>> runtimeObjects(const ModelSpec &spec, const Tools &tools,
                                                         llvm::StringRef include,
                                                         Diagnostics &diagnostics) const;
  bool build(const ModelSpec &spec, const RtlSources &sources, const Tools &tools,
             const std::string &folder, Diagnostics &diagnostics) const;

  CacheOptions options;
};

} // namespace lathe
