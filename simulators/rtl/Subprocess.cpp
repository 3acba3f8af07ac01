#include "simulators/rtl/Subprocess.h"

#include "llvm/ADT/SmallVector.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lathe;
using Clock = std::chrono::steady_clock;

namespace {
struct Running {
  pid_t pid;
  size_t index;
};
} // namespace

static std::vector<std::string> environmentFor(const Command &command) {
  std::vector<std::string> variables = {"LC_ALL=C", "TMPDIR=" + command.directory};
  for (char **entry = environ; *entry; ++entry) {
    llvm::StringRef variable = *entry;
    if (!variable.starts_with("VERILATOR_ROOT=") && !variable.starts_with("LC_ALL=") &&
        !variable.starts_with("TMPDIR="))
      variables.push_back(variable.str());
  }
  return variables;
}

static std::vector<char *> pointers(const std::vector<std::string> &strings) {
  std::vector<char *> result;
  result.reserve(strings.size() + 1);
  for (const std::string &string : strings)
    result.push_back(const_cast<char *>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

// The process, or -1 when it cannot be started.
static pid_t start(const Command &command) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, command.logFile.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  std::vector<std::string> environment = environmentFor(command);
  pid_t pid = -1;
  int result = posix_spawnp(&pid, command.arguments[0].c_str(), &actions, nullptr,
                            pointers(command.arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  return result == 0 ? pid : -1;
}

static void endAll(llvm::ArrayRef<Running> running) {
  for (const Running &process : running)
    kill(process.pid, SIGKILL);
  for (const Running &process : running)
    waitpid(process.pid, nullptr, 0);
}

// Takes the processes that have ended out of `running`. The index of one that failed, if any.
static std::optional<size_t> reap(llvm::SmallVectorImpl<Running> &running) {
  std::optional<size_t> failed;
  llvm::erase_if(running, [&](const Running &process) {
    int status = 0;
    if (waitpid(process.pid, &status, WNOHANG) != process.pid)
      return false;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      failed = process.index;
    return true;
  });
  return failed;
}

CommandOutcome lathe::runCommands(llvm::ArrayRef<Command> commands, unsigned parallel,
                                  double seconds, const std::atomic<bool> *cancel, size_t &failed) {
  auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
  llvm::SmallVector<Running> running;
  size_t next = 0;
  while (next < commands.size() || !running.empty()) {
    while (next < commands.size() && running.size() < std::max(1u, parallel)) {
      failed = next;
      pid_t pid = start(commands[next]);
      if (pid < 0) {
        endAll(running);
        return CommandOutcome::NotStarted;
      }
      running.push_back({pid, next++});
    }
    if (std::optional<size_t> index = reap(running)) {
      failed = *index;
      endAll(running);
      return CommandOutcome::Failed;
    }
    if (cancel && cancel->load(std::memory_order_relaxed)) {
      endAll(running);
      return CommandOutcome::Cancelled;
    }
    if (Clock::now() > deadline) {
      endAll(running);
      return CommandOutcome::TimedOut;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return CommandOutcome::Succeeded;
}
