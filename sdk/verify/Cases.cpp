#include "sdk/verify/Cases.h"

#include <map>

using namespace lathe;
using namespace lathe::verify;

static constexpr llvm::StringLiteral kNames[kPointClasses] = {
    "field",   "field-pair", "extent",   "corner",  "lane",  "limit",    "tie",
    "address", "overlap",    "hazard",   "port",    "reset", "reserved", "range",
    "config",  "initial",    "sequence", "counter", "timing"};

llvm::StringRef verify::name(PointClass which) { return kNames[static_cast<unsigned>(which)]; }

std::optional<PointClass> verify::findPointClass(llvm::StringRef wanted) {
  for (unsigned i = 0; i < kPointClasses; ++i)
    if (kNames[i] == wanted)
      return static_cast<PointClass>(i);
  return std::nullopt;
}

// Cases that can run together have the same ports and begin in the same way; a measurement is
// alone.
static void numberScripts(Cases &cases) {
  constexpr unsigned kCasesOfScript = 400;
  std::map<std::tuple<bool, Case::Begin, std::string>, std::pair<unsigned, unsigned>> benches;
  unsigned scripts = 0;
  for (Case &one : cases) {
    if (one.measure) {
      one.script = scripts++;
      continue;
    }
    auto &[script, count] = benches[{one.group == PointClass::Sequence, one.begin, one.portName}];
    if (count++ % kCasesOfScript == 0)
      script = scripts++;
    one.script = script;
  }
}

Cases verify::casesOf(const Target &target, const HostWindows &windows) {
  Cases cases;
  addFieldCases(target, windows, cases);
  addOperandCases(target, cases);
  addPlaceCases(target, windows, cases);
  addHazardCases(target, cases);
  addRefusalCases(target, windows, cases);
  addControlCases(target, cases);
  addCounterCases(target, cases);
  addTimingCases(target, cases);
  addMovedCases(target, cases);
  numberScripts(cases);
  return cases;
}
