#include "simulators/rtl/BridgeSources.h"

#include <cassert>

using namespace lathe;
using llvm::StringRef;

namespace {
struct Source {
  StringRef name, text;
};
} // namespace

static constexpr Source kSources[] = {
#include "BridgeSources.inc"
};

StringRef lathe::bridgeSource(StringRef module) {
  for (const Source &source : kSources)
    if (source.name.drop_back(3) == module)
      return source.text;
  assert(false && "the bridge uses modules that exist");
  return {};
}
