// lathe show: a target as the compiler sees it.
#include "core/description/Generate.h"
#include "core/mapping/Rules.h"
#include "sdk/cli/TargetArgument.h"
#include "sdk/cli/TargetPrinter.h"

using namespace lathe;
using namespace lathe::cli;

static llvm::StringRef spelling(Rule::Kind kind) {
  switch (kind) {
  case Rule::Kind::Configure:
    return "sets state";
  case Rule::Kind::Fill:
    return "fills";
  case Rule::Kind::Move:
    return "moves";
  case Rule::Kind::Pointwise:
    return "computes element by element";
  case Rule::Kind::Contract:
    return "reduces";
  }
  return "";
}

static void printRules(llvm::raw_ostream &out, const Target &target) {
  Rules rules = deriveRules(target);
  for (const Rule &rule : rules.rules) {
    const Intrinsic &intrinsic = target.intrinsics[rule.intrinsic];
    out << llvm::formatv("{0,-18}{1}: {2}\n", intrinsic.name, spelling(rule.kind),
                         intrinsic.semanticsText);
  }
  for (const auto &[intrinsic, why] : rules.unused)
    out << llvm::formatv("{0,-18}no use: {1}\n", target.intrinsics[intrinsic].name, why);
}

static llvm::json::Value rulesToJson(const Target &target) {
  llvm::json::Array list;
  Rules rules = deriveRules(target);
  for (const Rule &rule : rules.rules)
    list.push_back(llvm::json::Object{{"intrinsic", target.intrinsics[rule.intrinsic].name},
                                      {"kind", spelling(rule.kind)}});
  for (const auto &[intrinsic, why] : rules.unused)
    list.push_back(
        llvm::json::Object{{"intrinsic", target.intrinsics[intrinsic].name}, {"unused", why}});
  return list;
}

namespace {
struct Request {
  bool isa, machine, rules;
};
} // namespace

static void fillJson(Session &session, const Target &target, Request request) {
  session.json = true;
  if (request.isa)
    session.result["isa"] = isaToJson(target);
  if (request.machine)
    session.result["machine"] = machineToJson(target);
  if (request.rules)
    session.result["rules"] = rulesToJson(target);
}

static void printWords(Session &session, const Target &target, Request request, Format format) {
  if (request.isa)
    printIsa(session.out, target, format);
  if (request.isa && request.machine)
    session.out << '\n';
  if (request.machine)
    printMachine(session.out, target, format);
  if (request.rules)
    printRules(session.out, target);
}

static std::string isaFileOf(Session &session, const Target &target) {
  std::optional<Plugin> plugin = readManifest(target.folder, session.diagnostics);
  return plugin ? plugin->isaFile : std::string();
}

ExitCode lathe::cli::runShow(Session &session, const Verb &verb, Words words) {
  std::string name, part = "all", format = "text";
  Arguments arguments(session, verb);
  arguments.positional("TARGET", name, "NAME[@MACHINE]");
  arguments.choice("PART", part, {"all", "isa", "machine", "rules"}, "isa, machine or rules");
  arguments.choice("--format", format, {"text", "json", "md", "dot", "sv"},
                   "text, json, md, dot (a graph), or sv (the opcode package)");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, name);
  if (!target)
    return exitCodeOf(session.diagnostics);
  Request request{part == "all" || part == "isa", part == "all" || part == "machine",
                  part == "rules"};
  if (format == "sv")
    session.out << systemVerilogPackage(*target, isaFileOf(session, *target));
  else if (format == "dot")
    printDot(session.out, *target);
  else if (format == "json" || session.json)
    fillJson(session, *target, request);
  else
    printWords(session, *target, request, format == "md" ? Format::Markdown : Format::Text);
  return ExitCode::Done;
}
