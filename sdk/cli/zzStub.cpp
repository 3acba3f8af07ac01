#include "sdk/cli/Verb.h"
using namespace lathe::cli;
#define S(n)                                                                                       \
  ExitCode lathe::cli::n(Session &, const Verb &, Words) { return ExitCode::Skipped; }
S(runCheck)
S(runShow) S(runCompile) S(runExplain) S(runRun) S(runTest) S(runDisasm) S(runTargetList)
