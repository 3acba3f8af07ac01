// Every legal way to compute a statement with a target's intrinsics.
#pragma once

#include "core/mapping/Group.h"
#include "core/mapping/Nest.h"
#include "core/mapping/Reason.h"

#include <functional>

namespace lathe {

struct BandForm; // Band.h

/// One mapping of a group. Its nests run one after the other.
struct Mapping {
  unsigned intrinsic =
      0;               ///< that does the work: the contraction, or the store of a pointwise group
  unsigned number = 0; ///< in the order of enumeration, from 0
  std::vector<Nest> nests;
  MappingClass kind = MappingClass::View;
  double waste = 0; ///< share of the intrinsic's multiply or lane slots that do no useful work
  int64_t packedBytes = 0; ///< moved by packing copies
  /// The loops fused onto a parallel and onto a reduction loop are not pairs of loops that
  /// subscript different dimensions, as p and r of x[p+r]: an element is then in several places of
  /// a tile, as in im2col.
  bool gathers = false;
  std::string text; ///< "i <- n,p,q  j <- k  k <- c  outside r,s"
  /// The form of the group that is mapped, when it is not the group as it stands.
  std::shared_ptr<const BandForm> band;
  /// What is left to do before the mapping is legal: covering what surrounds the contraction, which
  /// may pack the result, or fail. Left to those who want the mapping, since most are never the
  /// cheapest. Empty when nothing is left; valid as long as the kernel, the group and the rules.
  std::function<bool(Mapping &, Reason &why)> rest;

  /// Does what is left; false and the reason when the mapping is not legal after all.
  bool finish(Reason &why);
  /// The group whose loops the nests have: `group`, or its form.
  const Group &mapped(const Group &group) const;
  const Group &mapped(Group &&) const = delete; ///< it may be what is returned
};

/// By what its operands need: a copy, padding, or neither.
MappingClass classOf(const Mapping &mapping);

/// How many mappings a statement has onto one intrinsic, those that differ in an exchange of its
/// operands counted once: the same kernel loops on the same loops. Those of band forms do not
/// count.
struct MappingCount {
  unsigned intrinsic = 0;
  unsigned views = 0; ///< without gathers: the count of AMOS (ISCA 2022)
  unsigned all = 0;
};
std::vector<MappingCount> countMappings(llvm::ArrayRef<Mapping> mappings);

/// Why an intrinsic does not compute a group.
struct Refusal {
  unsigned intrinsic = 0;
  std::string reason;
  unsigned depth = 0; ///< how much of the body matched before it failed
  std::string help;   ///< what would make it fit, when that is known
};
constexpr unsigned kDepthOfRest = 6; ///< of a refusal: all of the reduction matched

/// Which forms of a group are mapped.
enum class Forms : uint8_t {
  AsWritten, ///< the group alone
  All,       ///< its band forms as well, for all or one of the loops that fit
};

/// All mappings of `group`, in no order and to be finished, and a refusal for each intrinsic that
/// could have been meant but does not fit. A contraction's mapping is a choice, for each loop of
/// the intrinsic, of kernel loops with the same operand incidence (AMOS, ISCA 2022); what is left
/// stays outside.
std::vector<Mapping> enumerateMappings(const Semantics &kernel, const Group &group,
                                       const Target &target, const Rules &rules,
                                       std::vector<Refusal> &refusals, Forms forms = Forms::All);

} // namespace lathe
