// What becomes of each computing intrinsic of a target, for one group of statements.
#pragma once

#include "core/mapping/Mapping.h"

namespace lathe {

struct Account {
  enum class Role : uint8_t {
    Maps,    ///< some mapping does the group's work with it
    Helps,   ///< the chosen mapping uses it besides
    Unused,  ///< it could compute a part, and the chosen mapping does without
    Refused, ///< a condition fails
  };
  unsigned intrinsic = 0;
  Role role = Role::Refused;
  std::string text; ///< what it does, or the condition that fails
  std::string help; ///< what would make it fit, when that is known
  unsigned depth = 0;
};

/// One account for each intrinsic that reduces, computes element by element, or has no use, in the
/// order of the description. `mappings` are all of the group's, `chosen` is one of them or null;
/// `refusals` are what enumerateMappings gave beside them.
std::vector<Account> accountFor(const Semantics &kernel, const Group &group, const Target &target,
                                const Rules &rules, llvm::ArrayRef<const Mapping *> mappings,
                                const Mapping *chosen, llvm::ArrayRef<Refusal> refusals);

} // namespace lathe
