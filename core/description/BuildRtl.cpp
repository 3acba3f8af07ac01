// The RTL binding of a machine: the manifest's files, and its parameters as numbers.
#include "core/description/TargetBuilder.h"

using namespace lathe;

static ExpressionScope rtlScope(const Target &target) {
  ExpressionScope scope;
  for (const auto &[name, value] : target.parameters)
    scope.number(name, value);
  for (const Space &space : target.spaces) {
    if (space.isHost) {
      scope.number("host.read_bytes", space.readBytes);
      scope.number("host.write_bytes", space.writeBytes);
      continue;
    }
    scope.number(space.name + ".addresses", space.addresses);
    scope.number(space.name + ".banks", space.banks);
    scope.number(space.name + ".row_bytes", space.rowBytes());
  }
  for (const Unit &unit : target.units)
    scope.number(unit.name + ".queue", unit.queue);
  return scope;
}

void lathe::buildRtl(TargetBuild &build) {
  if (!build.plugin.rtl)
    return;
  const PluginRtl &from = *build.plugin.rtl;
  RtlBinding &to = build.target.rtl.emplace();
  to.top = from.top.text;
  to.files = from.files;
  to.package = from.package;
  to.counters = from.counters;
  to.reservedError = from.reservedError;
  to.rangeError = from.rangeError;
  ExpressionScope scope = rtlScope(build.target);
  for (const auto &[name, value] : from.parameters)
    if (auto number = parseExpression(value.text, value.loc, scope, build.diagnostics)) {
      if (number->base < 0)
        build.diagnostics.report(Message::RtlParameterNegative, value.loc, name, number->base);
      to.parameters.emplace_back(name, number->base);
    }
  if (from.binding)
    buildBinding(build, to);
}
