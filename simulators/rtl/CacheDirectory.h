// A folder of finished entries that several processes may share and any of them may be killed.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/ModelSpec.h"

#include <functional>
#include <optional>

namespace lathe {

/// Entries are folders `DIRECTORY/KIND/KEY`. An entry is built in a private folder and renamed into
/// place when it is complete, so it is either absent or whole. One process builds a key at a time;
/// the others wait and use what it built. Private folders of builders that no longer live are
/// removed.
class CacheDirectory {
public:
  explicit CacheDirectory(const CacheOptions &options) : options(options) {}

  /// Fills the empty folder it is given; false when it could not, with the reason reported.
  using Build = std::function<bool(const std::string &folder)>;

  /// The folder of entry `key`, built now when it is not there. `wasThere` says which. Nothing when
  /// it could not be built, or the cache cannot be written (reported), or on cancel (not reported).
  std::optional<std::string> get(llvm::StringRef kind, llvm::StringRef key, const Build &build,
                                 bool &wasThere, Diagnostics &diagnostics);

private:
  std::optional<std::string> buildLocked(const std::string &entry, llvm::StringRef key,
                                         const Build &build, Diagnostics &diagnostics);
  void removeLeftovers();

  const CacheOptions &options;
};

} // namespace lathe
