#include "sdk/cli/Mutate.h"

#include "sdk/cli/Interrupt.h"
#include "sdk/cli/Progress.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/Table.h"
#include "sdk/mutation/Campaign.h"
#include "sdk/mutation/RtlMutants.h"

using namespace lathe;
using namespace lathe::cli;
using namespace lathe::mutation;

static std::optional<RtlMutants> buildMutants(Session &session, const Target &target,
                                              const MutateArguments &given) {
  Progress progress(session, "building the mutants");
  NetlistOptions options;
  options.cache = rtlOptions(session, progress).cache;
  options.cache.cancel = &deferInterrupts();
  options.faults = given.mutants;
  options.seed = given.seed;
  return makeRtlMutants(modelSpec(target, /*trace=*/false), options, session.diagnostics);
}

static std::string sourceText(const Place &place) {
  return llvm::formatv("{0}:{1}:{2}", place.file, place.line, place.column).str();
}

ExitCode lathe::cli::mutate(Session &session, const Target &target, const verify::Cases &cases,
                            const MutateArguments &given) {
  auto began = std::chrono::steady_clock::now();
  std::unique_ptr<Jit> jit = makeJit(session);
  std::optional<RtlMutants> mutants = jit ? buildMutants(session, target, given) : std::nullopt;
  if (!mutants)
    return deferInterrupts() ? ExitCode::Interrupted : exitCodeOf(session.diagnostics);
  verify::Routes routes = verify::Routes::find(target, *jit);
  size_t count = mutants->faults().size();
  Progress progress(session, "killing mutants", count);
  CampaignOptions options;
  options.threads = given.jobs;
  options.seconds = given.seconds;
  options.cancel = &deferInterrupts();
  options.progress = [&](size_t living, llvm::StringRef note) {
    progress.update(count - living, note);
  };
  Campaign campaign(target, routes, *jit, mutants->model, cases, count, options);
  for (const Round &round : killOrder(cases))
    if (!campaign.run(round)) {
      session.diagnostics.report(Message::NetlistDiffers, Place{}, target.name, campaign.problem());
      return exitCodeOf(session.diagnostics);
    }
  campaign.measure();
  std::vector<size_t> living = campaign.living();
  for (size_t mutant : living)
    session.out << sourceText(mutants->faults()[mutant].place) << ": "
                << mutants->faults()[mutant].what << '\n';
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  session.out << llvm::formatv("{0} mutants, {1} killed, {2} survive; {3:F1} s, {4} cycles\n",
                               count, count - living.size(), living.size(), took.count(),
                               campaign.cycles());
  return deferInterrupts() ? ExitCode::Interrupted : ExitCode::Done;
}
