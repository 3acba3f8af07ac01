// lathe test: the tests that plugins declare, on their machines and oracles.
#include "core/library/Library.h"
#include "sdk/cli/AssemblyFile.h"
#include "sdk/cli/Blame.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/Interrupt.h"
#include "sdk/cli/IsaCoverage.h"
#include "sdk/cli/LibraryTests.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/StuckWatch.h"
#include "sdk/cli/TestFile.h"
#include "sdk/cli/TestReport.h"

#include "core/semantics/Compare.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;
using Verdict = TestResult::Verdict;

namespace {
/// One test on one machine and one oracle.
struct Job {
  const TestCase *test;
  std::string machine;
  std::string on;

  std::string name() const { return test->name + " [" + machine + ", " + on + "]"; }
};

/// What a job runs, and what that must equal.
struct Prepared {
  BoundKernel kernel;
  Program program;
  double offloaded = 100; ///< per cent of the operations
};

/// What jobs that run beside each other have exercised.
struct Coverage {
  bool ofLines = false; ///< of the RTL: takes a slower model
  std::mutex mutex;
  IsaCoverage isa;
  LineCoverage lines;
};

/// Runs a job with diagnostics of its own, so that jobs can run beside each other.
class JobRunner {
public:
  /// Stops early, with a result that means nothing, when `interrupted` turns true.
  JobRunner(const Session &parent, const Verb &verb, const Job &job, Coverage &coverage,
            const std::atomic<bool> &interrupted)
      : session(parent.environment), verb(verb), job(job), coverage(coverage),
        interrupted(interrupted) {
    session.plugins = parent.plugins;
    session.quiet = true;
  }
  TestResult run();

private:
  std::optional<std::string> problem();
  KernelArguments arguments() const;
  std::optional<Prepared> prepare(const Target &target);
  std::optional<Prepared> assembled(const Target &target);
  std::optional<Arrays> simulate(const Task &task, Jit &jit);
  void count(const Task &task);
  std::optional<std::string> compareExpected(const Arrays &got);
  std::string reported();

  Session session;
  RtlRunOptions rtl(Progress &progress);

  const Verb &verb;
  const Job &job;
  Coverage &coverage;
  const std::atomic<bool> &interrupted;
};

struct TestOptions {
  std::vector<std::string> paths;
  std::string target, filter, shard, junit, format = "text", isaCoverage, rtlCoverage;
  std::optional<int64_t> jobs;
};
} // namespace

std::string JobRunner::reported() {
  std::string text;
  llvm::raw_string_ostream out(text);
  print(out, session.diagnostics);
  return text;
}

KernelArguments JobRunner::arguments() const {
  KernelArguments arguments;
  arguments.path = job.test->kernel;
  arguments.kernel = job.test->kernelName;
  arguments.seed = 0;
  StringRef(job.test->seed).getAsInteger(10, *arguments.seed);
  for (const auto &[name, size] : job.test->sizes)
    arguments.sizes.push_back(name + "=" + size);
  for (const auto &[name, path] : job.test->inputs)
    arguments.inputs.push_back(name + "=" + path);
  return arguments;
}

std::optional<Prepared> JobRunner::prepare(const Target &target) {
  if (isAssemblyFile(job.test->kernel))
    return assembled(target);
  std::optional<BoundKernel> bound = loadKernel(session, arguments(), /*forRun=*/true);
  std::optional<Compiled> compiled =
      bound ? compileKernel(session, bound->semantics, target, {}) : std::nullopt;
  if (!compiled)
    return std::nullopt;
  double share = 100 * offloadedShare(compiled->compilation);
  return Prepared{std::move(*bound), std::move(compiled->compilation.program), share};
}

/// A program in assembly must compute what its kernel says.
std::optional<Prepared> JobRunner::assembled(const Target &target) {
  std::optional<Assembled> assembled = loadAssembly(session, arguments(), target);
  if (assembled && !assembled->kernel)
    session.diagnostics.report(Message::OptionNeeds, Place{}, job.test->kernel,
                               "a line 'kernel \"FILE\"': what it computes");
  std::optional<Arrays> inputs = assembled && assembled->kernel
                                     ? programInputs(session, assembled->program, arguments())
                                     : std::nullopt;
  if (!inputs)
    return std::nullopt;
  return Prepared{{std::move(*assembled->kernel), std::move(*inputs)},
                  std::move(assembled->program)};
}

RtlRunOptions JobRunner::rtl(Progress &progress) {
  RtlRunOptions options = rtlOptions(session, progress);
  options.cache.cancel = options.limits.cancel = &interrupted;
  options.coverage = coverage.ofLines;
  return options;
}

std::optional<Arrays> JobRunner::simulate(const Task &task, Jit &jit) {
  if (job.on == "model") {
    std::optional<ModelOutcome> outcome = runOnModel(task, jit, session.diagnostics);
    return outcome ? std::optional(std::move(outcome->outputs)) : std::nullopt;
  }
  Progress progress(session, "");
  RtlRunOptions options = rtl(progress);
  StuckWatch watch(task.target.name, kPatience);
  options.limits.lastAlive = watch.lastAlive();
  std::optional<RtlOutcome> outcome =
      runOnRtl(task.program, task.target, task.inputs, jit, options, session.diagnostics);
  if (!outcome)
    return std::nullopt;
  std::lock_guard lock(coverage.mutex);
  coverage.lines.add(outcome->lines);
  return std::move(outcome->outputs);
}

void JobRunner::count(const Task &task) {
  std::lock_guard lock(coverage.mutex);
  coverage.isa.add(task.target, task.program);
}

std::optional<std::string> JobRunner::compareExpected(const Arrays &got) {
  for (const auto &[name, path] : job.test->expected) {
    auto found = got.find(name);
    if (found == got.end())
      return "the kernel has no result '" + name + "'";
    std::optional<Array> expected = readNpy(path, found->second.type, session.diagnostics);
    if (!expected)
      return reported();
    if (expected->sizes != found->second.sizes)
      return path + " has another shape than '" + name + "'";
    if (std::optional<Difference> mismatch = compare(*expected, found->second))
      return llvm::formatv("'{0}'{1} is {2}, {3} has {4} ({5} elements differ)", name,
                           indexText(mismatch->index), mismatch->got, path, mismatch->expected,
                           mismatch->count)
          .str();
  }
  return std::nullopt;
}

std::optional<std::string> JobRunner::problem() {
  std::optional<Target> target =
      loadTargetArgument(session, verb, job.test->folder + "@" + job.machine);
  std::optional<Prepared> prepared = target ? prepare(*target) : std::nullopt;
  std::unique_ptr<Jit> jit = prepared ? makeJit(session) : nullptr;
  if (!jit)
    return reported();
  if (prepared->offloaded < static_cast<double>(job.test->offload))
    return llvm::formatv("{0:F1} % of the operations run on the target, {1} % are required",
                         prepared->offloaded, job.test->offload)
        .str();
  const BoundKernel &bound = prepared->kernel;
  Task task{&bound.semantics, prepared->program, *target, bound.inputs};
  std::optional<Arrays> got = simulate(task, *jit);
  if (got)
    count(task);
  std::optional<Arrays> reference =
      got ? runReference(bound.semantics, bound.inputs, *jit, session.diagnostics) : std::nullopt;
  if (!reference)
    return reported();
  Progress progress(session, "");
  RtlRunOptions options = rtl(progress);
  Check check =
      compareWithReference(task, *reference, *got, job.on == "rtl" ? &options : nullptr, *jit);
  if (check.equal)
    return compareExpected(*got);
  WrongRun wrong{task, *reference, &*got, job.on == "rtl" ? &options : nullptr,
                 !isAssemblyFile(job.test->kernel)};
  return check.detail + "; " + blameRun(session, wrong, *jit);
}

TestResult JobRunner::run() {
  auto start = std::chrono::steady_clock::now();
  std::optional<std::string> why = problem();
  TestResult result{job.test->file,   job.name(), why ? Verdict::Failed : Verdict::Passed,
                    why.value_or(""), 0,          job.test->line};
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// The plugin that `path` is or lies in, else those in it.
static std::vector<std::string> findPluginFolders(StringRef path) {
  std::vector<std::string> plugins;
  if (std::string plugin = pluginFolderOf(path); !plugin.empty())
    plugins.push_back(plugin);
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(path, error), end;
       !error && it != end && plugins.empty(); it.increment(error))
    if (llvm::sys::fs::exists(it->path() + "/" + kManifestName))
      found.push_back(it->path());
  llvm::append_range(plugins, found);
  llvm::sort(plugins);
  return plugins;
}

static std::vector<TestCase> readTests(Session &session, llvm::ArrayRef<std::string> paths) {
  std::vector<TestCase> tests;
  auto addFile = [&](StringRef file, StringRef plugin) {
    llvm::append_range(tests, readTestFile(file, plugin, session.sources, session.diagnostics));
  };
  for (const std::string &path : paths) {
    if (!llvm::sys::fs::is_directory(path)) {
      addFile(path, pluginFolderOf(path));
      continue;
    }
    for (const std::string &plugin : findPluginFolders(path)) {
      for (const std::string &file : testFilesOf(plugin))
        addFile(file, plugin);
      llvm::append_range(tests, libraryTests(session, plugin));
    }
  }
  return tests;
}

// "2/4" keeps every fourth job, from the second on.
static bool takeShard(Session &session, StringRef shard, std::vector<Job> &jobs) {
  if (shard.empty())
    return true;
  auto [k, n] = shard.split('/');
  size_t index = 0, count = 0;
  if (k.getAsInteger(10, index) || n.getAsInteger(10, count) || index < 1 || index > count) {
    session.diagnostics.report(Message::NotNameValue, Place{}, "--shard", shard,
                               "K/N, K from 1 to N");
    return false;
  }
  std::vector<Job> mine;
  for (size_t i = index - 1; i < jobs.size(); i += count)
    mine.push_back(jobs[i]);
  jobs = std::move(mine);
  return true;
}

static std::vector<Job> jobsOf(llvm::ArrayRef<TestCase> tests, StringRef filter) {
  std::vector<Job> jobs;
  for (const TestCase &test : tests)
    for (const std::string &machine : test.machines)
      for (const std::string &on : test.on)
        if (Job job{&test, machine, on}; StringRef(job.name()).contains(filter))
          jobs.push_back(std::move(job));
  return jobs;
}

/// The results of the jobs that were finished, in order.
static std::vector<TestResult> runJobs(Session &session, const Verb &verb, llvm::ArrayRef<Job> jobs,
                                       unsigned threads, Coverage &coverage,
                                       const std::atomic<bool> &interrupted) {
  std::vector<std::optional<TestResult>> results(jobs.size());
  Progress progress(session, "testing", jobs.size());
  std::mutex mutex;
  size_t done = 0;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(threads));
  for (size_t i = 0; i < jobs.size(); ++i)
    pool.async([&, i] {
      if (interrupted)
        return;
      TestResult result = JobRunner(session, verb, jobs[i], coverage, interrupted).run();
      if (interrupted)
        return;
      std::lock_guard lock(mutex);
      results[i] = std::move(result);
      progress.update(++done, jobs[i].name());
    });
  pool.wait();
  std::vector<TestResult> finished;
  for (std::optional<TestResult> &result : results)
    if (result)
      finished.push_back(std::move(*result));
  return finished;
}

/// Tests of a plugin run on it, unless `target` names another; tests outside of one need the name.
static bool giveTargets(Session &session, const Verb &verb, const std::string &target,
                        std::vector<TestCase> &tests) {
  for (TestCase &test : tests) {
    if (!target.empty())
      test.folder = target;
    if (!test.folder.empty())
      continue;
    session.diagnostics.report(Message::NeedsTarget, Place{}, verb.name);
    return false;
  }
  return true;
}

static TestFormat formatOf(StringRef name) {
  return name == "github"  ? TestFormat::Github
         : name == "sarif" ? TestFormat::Sarif
                           : TestFormat::Text;
}

// False: a file cannot be written, reported.
static bool writeReports(Session &session, const TestOptions &options,
                         llvm::ArrayRef<TestResult> results, const Coverage &coverage) {
  if (!options.isaCoverage.empty() && !session.json && options.format != "sarif")
    coverage.isa.print(session.out);
  auto write = [&](const std::string &file, const std::string &text) {
    return file.empty() || writeFile(session, file, text);
  };
  return write(options.junit, junitXml(results)) &&
         write(options.isaCoverage, llvm::formatv("{0:2}\n", coverage.isa.toJson())) &&
         write(options.rtlCoverage, lcov(coverage.lines));
}

static void declare(Arguments &arguments, TestOptions &options) {
  arguments.positionals("PATH", options.paths, "plugin folders, folders of plugins, test files");
  arguments.text("-t,--target", options.target, "NAME", "instead of the plugin a test belongs to");
  arguments.text("--filter", options.filter, "TEXT", "only tests whose name contains it");
  arguments.text("--shard", options.shard, "K/N", "the K-th of N parts");
  arguments.number("--jobs", options.jobs, 1, "tests at a time; default 2");
  arguments.choice("--format", options.format, {"text", "github", "sarif"},
                   "github: annotations of failed tests; sarif: SARIF 2.1.0 on stdout");
  arguments.text("--junit", options.junit, "FILE", "write the results as JUnit XML");
  arguments.text("--isa-coverage", options.isaCoverage, "FILE",
                 "say which instructions and bits of fields the tests used; JSON to FILE");
  arguments.text("--rtl-coverage", options.rtlCoverage, "FILE",
                 "write which lines of RTL the tests executed, for lcov; a slower model");
}

ExitCode lathe::cli::runTest(Session &session, const Verb &verb, Words words) {
  TestOptions options;
  Arguments arguments(session, verb);
  declare(arguments, options);
  if (auto code = arguments.parse(words))
    return *code;
  if (options.paths.empty())
    options.paths = {"."};
  std::vector<TestCase> tests = readTests(session, options.paths);
  if (session.diagnostics.hasErrors() || !giveTargets(session, verb, options.target, tests))
    return exitCodeOf(session.diagnostics);
  std::vector<Job> jobs = jobsOf(tests, options.filter);
  if (!takeShard(session, options.shard, jobs))
    return ExitCode::Usage;
  if (jobs.empty()) {
    session.diagnostics.report(Message::NoTestSelected, Place{},
                               llvm::formatv("{0} tests were found", tests.size()).str());
    return ExitCode::No;
  }
  unsigned threads = static_cast<unsigned>(std::max<int64_t>(1, options.jobs.value_or(2)));
  const std::atomic<bool> &interrupted = deferInterrupts();
  Coverage coverage;
  coverage.ofLines = !options.rtlCoverage.empty();
  std::vector<TestResult> results = runJobs(session, verb, jobs, threads, coverage, interrupted);
  reportTests(session, results, jobs.size() - results.size(), formatOf(options.format));
  if (!writeReports(session, options, results, coverage))
    return exitCodeOf(session.diagnostics);
  if (results.size() < jobs.size())
    return ExitCode::Interrupted;
  return countOf(results, Verdict::Failed) == 0 ? ExitCode::Done : ExitCode::No;
}
