#include "sdk/verify/Cases.h"

using namespace lathe;
using namespace lathe::verify;

static constexpr llvm::StringLiteral kNames[kPointClasses] = {
    "field", "field-pair", "extent", "corner",   "lane",  "limit",  "tie",     "address",  "overlap",
    "hazard", "port",      "reset",  "reserved", "range", "config", "initial", "sequence", "timing"};

llvm::StringRef verify::name(PointClass which) { return kNames[static_cast<unsigned>(which)]; }

std::optional<PointClass> verify::findPointClass(llvm::StringRef wanted) {
  for (unsigned i = 0; i < kPointClasses; ++i)
    if (kNames[i] == wanted)
      return static_cast<PointClass>(i);
  return std::nullopt;
}

Cases verify::casesOf(const Target &target, const HostWindows &windows) {
  Cases cases;
  addFieldCases(target, windows, cases);
  addOperandCases(target, cases);
  addPlaceCases(target, windows, cases);
  addHazardCases(target, cases);
  addRefusalCases(target, windows, cases);
  addControlCases(target, cases);
  return cases;
}
