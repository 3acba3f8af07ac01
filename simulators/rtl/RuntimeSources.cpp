#include "simulators/rtl/RuntimeSources.h"

using namespace lathe;

static constexpr RuntimeSource kSources[] = {
#include "RuntimeSources.inc"
};

llvm::ArrayRef<RuntimeSource> lathe::runtimeSources() { return kSources; }
