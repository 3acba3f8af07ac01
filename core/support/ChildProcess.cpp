#include "core/support/ChildProcess.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lathe;
using Clock = std::chrono::steady_clock;
using End = ChildResult::End;

static constexpr size_t kErrorBytes = 4096; // of stderr that a message may quote

namespace {
/// A file descriptor that closes itself.
class Descriptor {
public:
  explicit Descriptor(int fd = -1) : fd(fd) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { reset(); }
  int get() const { return fd; }
  void reset(int next = -1) {
    if (fd >= 0)
      close(fd);
    fd = next;
  }

private:
  int fd;
};
} // namespace

std::string lathe::findChildProgram(llvm::StringRef name, llvm::StringRef fallback) {
  static const char anchor = 0;
  llvm::SmallString<256> folder(
      llvm::sys::fs::getMainExecutable(nullptr, const_cast<char *>(&anchor)));
  llvm::sys::path::remove_filename(folder);
  for (llvm::StringRef place : {"", "../libexec/lathe"}) {
    llvm::SmallString<256> candidate(folder);
    llvm::sys::path::append(candidate, place, name);
    if (llvm::sys::fs::can_execute(candidate))
      return candidate.str().str();
  }
  return fallback.str();
}

// The child's stdin and stderr are anonymous memory: nothing can block, and no SIGPIPE can come.
static bool fillMemoryFile(Descriptor &file, llvm::StringRef text) {
  file.reset(memfd_create("lathe-child", MFD_CLOEXEC));
  while (file.get() >= 0 && !text.empty()) {
    ssize_t written = write(file.get(), text.data(), text.size());
    if (written <= 0)
      return false;
    text = text.drop_front(written);
  }
  return file.get() >= 0 && lseek(file.get(), 0, SEEK_SET) == 0;
}

static std::string readBack(const Descriptor &file) {
  std::string text(kErrorBytes, '\0');
  ssize_t size = pread(file.get(), text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : size);
  return text;
}

static int spawnChild(pid_t &pid, const std::string &program, const ChildLimits &limits, int input,
                      int output, int errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  auto release = llvm::scope_exit([&] { posix_spawn_file_actions_destroy(&actions); });
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  std::string memory = std::to_string(limits.memoryBytes);
  std::string cpu = std::to_string(limits.cpuSeconds);
  char *arguments[] = {const_cast<char *>(program.c_str()), memory.data(), cpu.data(), nullptr};
  char *environment[] = {nullptr};
  return posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments, environment);
}

// Collects the child's stdout until it closes it. False when a limit ended that.
static bool collect(int fd, Clock::time_point deadline, const ChildLimits &limits,
                    ChildResult &result) {
  char buffer[16384];
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd ready{fd, POLLIN, 0};
    int events = left.count() <= 0 ? 0 : poll(&ready, 1, static_cast<int>(left.count()));
    if (events < 0 && errno == EINTR)
      continue;
    if (events <= 0)
      return result.end = End::OutOfTime, false;
    ssize_t size = read(fd, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return true;
    result.output.append(buffer, size);
    if (result.output.size() > limits.outputBytes)
      return result.end = End::TooMuchOutput, false;
  }
}

static bool ranOutOfMemory(llvm::StringRef errors) {
  return errors.contains("out of memory") || errors.contains("bad_alloc") ||
         errors.contains("Allocation failed") || errors.contains("Unable to grow");
}

static void classify(int status, ChildResult &result) {
  if (WIFEXITED(status)) {
    result.end = End::Exited;
    result.status = WEXITSTATUS(status);
  } else {
    result.status = WTERMSIG(status);
    bool timeIsUp = result.status == SIGXCPU || result.status == SIGKILL;
    result.end = timeIsUp                   ? End::OutOfTime
                 : result.status == SIGXFSZ ? End::TooMuchOutput
                                            : End::Signalled;
  }
  if (ranOutOfMemory(result.errors))
    result.end = End::OutOfMemory;
}

ChildResult lathe::runChild(const std::string &program, llvm::StringRef input,
                            const ChildLimits &limits) {
  ChildResult result;
  Descriptor stdinFile, stderrFile;
  int pipeEnds[2];
  if (!fillMemoryFile(stdinFile, input) || !fillMemoryFile(stderrFile, "") ||
      pipe2(pipeEnds, O_CLOEXEC) != 0) {
    result.errors = std::strerror(errno);
    return result;
  }
  Descriptor readEnd(pipeEnds[0]), writeEnd(pipeEnds[1]);
  pid_t pid = 0;
  if (int error =
          spawnChild(pid, program, limits, stdinFile.get(), writeEnd.get(), stderrFile.get())) {
    result.errors = program + ": " + std::strerror(error);
    return result;
  }
  writeEnd.reset();
  auto deadline = Clock::now() + std::chrono::milliseconds(limits.wallMilliseconds);
  bool complete = collect(readEnd.get(), deadline, limits, result);
  if (!complete)
    kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.errors = readBack(stderrFile);
  if (complete)
    classify(status, result);
  return result;
}
