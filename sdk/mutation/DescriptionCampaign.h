// Wrong descriptions, each verified against the hardware as it is.
#pragma once

#include "sdk/mutation/Campaign.h"
#include "sdk/mutation/DescriptionMutants.h"

namespace lathe::mutation {

/// What became of each mutant, in order: killed by the first difference, a claim about time that
/// does not hold, or a point that can no longer be reached.
///   model     of the target's RTL
/// Not finished are those that the limit of time or a cancel leaves.
///   progress  of CampaignOptions: told how many are left
std::vector<Life> runDescriptionMutants(const Target &target,
                                        llvm::ArrayRef<DescriptionMutant> mutants, Jit &jit,
                                        const BuiltModel &model, const CampaignOptions &options);

} // namespace lathe::mutation
