// Why the statements of a kernel run where they run: what `lathe explain` prints.
#pragma once

#include "core/Compiler.h"
#include "core/mapping/Account.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace lathe::cli {

/// What another target can do for statements that run on the host.
struct Elsewhere {
  std::string target;    ///< "name@machine"
  std::string intrinsic; ///< that a mapping exists for; empty: none
  std::string refusal;   ///< else the condition that fails: "INTRINSIC: ..."
  std::string help;      ///< what would make it fit, when that is known
  unsigned depth = 0;
};

/// A placement, and what each computing intrinsic could have done for it.
struct Explanation {
  const Placement *placement = nullptr;
  Group group; ///< the statements that were placed together
  std::vector<Account> accounts;
  std::map<unsigned, int64_t> calls; ///< instructions of the program for it, by intrinsic
  /// On the host: the refusal that came nearest to a mapping.
  std::optional<Account> nearest;
  std::optional<Elsewhere> elsewhere;
  std::vector<LibraryOffer> offers; ///< for its result
  /// Why a longer group did not map, one line for each.
  std::vector<std::string> longer;
};

/// What explanations are about; all outlive them.
struct ExplainScope {
  const Semantics &kernel;
  const Target &target;
  const Rules &rules;
  llvm::ArrayRef<Placement> placements = {}; ///< of the whole kernel
};

Explanation explain(const Placement &placement, const ExplainScope &scope);

struct ExplainOptions {
  bool all = false; ///< every mapping, not only the best ones
};

/// The statement, where it runs and how well, the ranked mappings, and one line for each intrinsic.
void print(llvm::raw_ostream &out, const Explanation &explanation, const ExplainScope &scope,
           const ExplainOptions &options);
llvm::json::Value toJson(const Explanation &explanation, const ExplainScope &scope);

} // namespace lathe::cli
