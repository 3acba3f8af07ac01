#include "sdk/mutation/RtlMutants.h"

using namespace lathe;
using namespace lathe::mutation;

std::optional<RtlMutants> mutation::makeRtlMutants(const ModelSpec &spec,
                                                   const NetlistOptions &options,
                                                   Diagnostics &diagnostics) {
  std::optional<Netlist> netlist = makeNetlist(spec, options, diagnostics);
  if (!netlist)
    return std::nullopt;
  std::optional<BuiltModel> model =
      ModelCache(options.cache).get(netlistSpec(spec, *netlist), diagnostics);
  if (!model)
    return std::nullopt;
  return RtlMutants{std::move(*model), std::move(*netlist)};
}
