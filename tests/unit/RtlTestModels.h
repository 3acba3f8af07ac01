// Models that several tests share, cached under the build folder.
#pragma once

#include "simulators/rtl/ModelCache.h"

#include "llvm/Support/raw_ostream.h"

namespace lathe::test {

inline std::string rtlFile(const std::string &name) {
  return std::string(LATHE_SOURCE_DIR) + "/tests/rtl/" + name;
}

inline CacheOptions cacheOptions(const std::string &folder = "model-cache") {
  CacheOptions options;
  options.directory = std::string(LATHE_BUILD_DIR) + "/" + folder;
  return options;
}

/// All messages as the user sees them, for a failed check to show.
inline std::string shown(const Diagnostics &diagnostics) {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(out, diagnostics);
  return text;
}

/// The copy machine (tests/rtl/copy).
inline ModelSpec copySpec() {
  ModelSpec spec;
  spec.files = {rtlFile("copy/lathe_top.sv"), rtlFile("copy/copy_fifo.sv")};
  return spec;
}

inline ModelSpec badSpec(const std::string &name) {
  ModelSpec spec;
  spec.files = {rtlFile("bad/" + name)};
  return spec;
}

} // namespace lathe::test
