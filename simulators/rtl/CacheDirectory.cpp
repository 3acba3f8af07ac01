#include "simulators/rtl/CacheDirectory.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LockFileManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <chrono>
#include <csignal>
#include <unistd.h>

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
using Clock = std::chrono::steady_clock;

static std::string hostName() {
  char name[256] = {};
  gethostname(name, sizeof(name) - 1);
  return name;
}

static bool makeFolder(const std::string &folder, Diagnostics &diagnostics) {
  std::error_code failure = fs::create_directories(folder);
  if (failure)
    diagnostics.report(Message::FileUnwritable, Place{folder, 0, 0, {}}, folder, failure.message());
  return !failure;
}

static bool isGone(StringRef host, StringRef process) {
  int pid = 0;
  if (host != hostName() || process.getAsInteger(10, pid))
    return false;
  return kill(pid, 0) != 0 && errno == ESRCH;
}

// Private folders are named HOST~PID~NUMBER. One is left over when its process, on this host, is
// gone.
static bool isLeftover(StringRef name) {
  auto [host, rest] = name.split('~');
  return isGone(host, rest.split('~').first);
}

// A lock is a link to a file of its owner's, KEY.lock-RANDOM, with the text "HOST PID".
static bool isLeftoverLock(StringRef path) {
  auto text = llvm::MemoryBuffer::getFile(path);
  if (!path.contains(".lock-") || !text)
    return false;
  auto [host, pid] = (*text)->getBuffer().trim().split(' ');
  return isGone(host, pid);
}

// What cannot be removed now is removed by a later build.
static void removeFolder(StringRef folder) {
  [[maybe_unused]] std::error_code failure = fs::remove_directories(folder);
}

void CacheDirectory::removeLeftovers() {
  std::error_code failure;
  for (fs::directory_iterator it(options.directory + "/building", failure), end;
       it != end && !failure; it.increment(failure))
    if (isLeftover(llvm::sys::path::filename(it->path())))
      removeFolder(it->path());
  for (fs::directory_iterator it(options.directory + "/locks", failure), end; it != end && !failure;
       it.increment(failure))
    if (isLeftoverLock(it->path()))
      failure = fs::remove(it->path());
}

// A folder that no other builder has, in this process or another.
static std::optional<std::string> privateFolder(const std::string &parent,
                                                Diagnostics &diagnostics) {
  if (!makeFolder(parent, diagnostics))
    return std::nullopt;
  std::string pattern =
      llvm::formatv("{0}/{1}~{2}~XXXXXX", parent, hostName(), llvm::sys::Process::getProcessId());
  if (mkdtemp(pattern.data()))
    return pattern;
  diagnostics.report(Message::FileUnwritable, Place{parent, 0, 0, {}}, parent,
                     std::error_code(errno, std::generic_category()).message());
  return std::nullopt;
}

std::optional<std::string> CacheDirectory::buildLocked(const std::string &entry, StringRef key,
                                                       const Build &build,
                                                       Diagnostics &diagnostics) {
  removeLeftovers();
  std::optional<std::string> folder = privateFolder(options.directory + "/building", diagnostics);
  if (!folder)
    return std::nullopt;
  llvm::scope_exit clean([&] { removeFolder(*folder); });
  if (!build(*folder))
    return std::nullopt;
  std::error_code failure = fs::rename(*folder, entry);
  if (failure && !fs::is_directory(entry)) {
    diagnostics.report(Message::FileUnwritable, Place{entry, 0, 0, {}}, entry, failure.message());
    return std::nullopt;
  }
  return entry;
}

std::optional<std::string> CacheDirectory::get(StringRef kind, StringRef key, const Build &build,
                                               bool &wasThere, Diagnostics &diagnostics) {
  std::string parent = options.directory + "/" + kind.str(), entry = parent + "/" + key.str();
  std::string locks = options.directory + "/locks";
  wasThere = true;
  if (fs::is_directory(entry))
    return entry;
  if (!makeFolder(parent, diagnostics) || !makeFolder(locks, diagnostics))
    return std::nullopt;
  auto deadline = Clock::now() + std::chrono::duration<double>(options.buildSeconds);
  while (Clock::now() < deadline) {
    if (options.cancel && *options.cancel)
      return std::nullopt;
    llvm::LockFileManager lock(locks + "/" + key.str());
    llvm::Expected<bool> owned = lock.tryLock();
    if (!owned) {
      diagnostics.report(Message::FileUnwritable, Place{locks, 0, 0, {}}, locks,
                         llvm::toString(owned.takeError()));
      return std::nullopt;
    }
    // Whoever held the lock before may have built it.
    if (fs::is_directory(entry))
      return entry;
    if (*owned) {
      wasThere = false;
      return buildLocked(entry, key, build, diagnostics);
    }
    if (options.progress)
      options.progress("waiting for another process that builds the same model");
    lock.waitForUnlockFor(std::chrono::seconds(1));
  }
  diagnostics.report(Message::RtlBuildTimeout, Place{options.directory, 0, 0, {}}, entry,
                     options.buildSeconds);
  return std::nullopt;
}
