// From an ISA and a machine to a Target, in steps that each report all they find. Internal.
#pragma once

#include "core/description/Expression.h"
#include "core/description/Plugin.h"
#include "core/description/Yaml.h"

#include <set>

namespace lathe {

/// What the steps share. `target` grows from step to step; ids in it are those of `isa`, in order.
struct TargetBuild {
  const Plugin &plugin;
  const Isa &isa;
  const YamlNode &machine; ///< checked by checkKeys and checkRequired
  Diagnostics &diagnostics;
  Target target;
  std::vector<unsigned> isaSpaces;          ///< per target space: index into isa.spaces
  std::set<std::string> narrowSpaces;       ///< spaces whose capacity was reported to be too much
  std::vector<const YamlNode *> spaceNodes; ///< per target space: its machine entry, may be null

  std::optional<int64_t> parameter(llvm::StringRef name) const;
  /// The value of a bound on this machine; an unknown parameter cannot be (TableGen knows them).
  int64_t valueOf(const IsaBound &bound) const;
  /// The type that a record's notation stands for on this machine: "u8", or "uCELL" of the width
  /// that the parameter CELL has. Reports a width that no type has, and gives `otherwise`.
  ElementType elementOf(llvm::StringRef notation, llvm::SMLoc loc, ElementType otherwise);
  std::optional<unsigned> spaceOf(llvm::StringRef record) const;
  const IsaSpace &isaSpace(unsigned space) const { return isa.spaces[isaSpaces[space]]; }
};

/// How the RTL is driven, from `rtl.binding` of the manifest; needs everything else of the target.
void buildBinding(TargetBuild &build, RtlBinding &to);

/// "did you mean 'x'?" or "known: a, b".
std::string suggest(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> known);

// In this order.
void buildParameters(TargetBuild &build);
void buildSpaces(TargetBuild &build);
void buildSpaceLayouts(TargetBuild &build);
void buildStatesAndUnits(TargetBuild &build);
void buildIntrinsics(TargetBuild &build); ///< operands, tiles, steps, then the next four for each
void buildEncoding(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to);
void buildSemantics(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to);
void buildLayouts(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to);
void buildTiming(TargetBuild &build);
void buildRtl(TargetBuild &build);
void checkTarget(TargetBuild &build); ///< what concerns several intrinsics

} // namespace lathe
