#include "sdk/cli/Progress.h"

using namespace lathe::cli;
using namespace std::chrono_literals;

static constexpr size_t kBarWidth = 24;

Progress::Progress(Session &session, std::string what, size_t total)
    : session(session), what(std::move(what)), total(total), shown(Clock::now()) {}

Progress::~Progress() {
  if (drawn)
    session.err << "\r\x1b[K";
}

void Progress::update(size_t done, llvm::StringRef note) {
  if (session.quiet)
    return;
  std::lock_guard lock(mutex);
  // A log gets a line every ten seconds; what is over sooner says nothing.
  auto pause = session.environment.errIsTerminal ? Clock::duration(100ms) : Clock::duration(10s);
  if (Clock::now() - shown < pause)
    return;
  shown = Clock::now();
  draw(done, note);
}

void Progress::draw(size_t done, llvm::StringRef note) {
  llvm::raw_ostream &err = session.err;
  bool terminal = session.environment.errIsTerminal;
  drawn = terminal;
  err << (terminal ? "\r\x1b[K" : "lathe: ") << what;
  if (total != 0 && terminal) {
    size_t filled = std::min(kBarWidth, kBarWidth * done / total);
    err << " [" << std::string(filled, '#') << std::string(kBarWidth - filled, '.') << ']';
  }
  if (total != 0)
    err << ' ' << done << '/' << total;
  if (!note.empty())
    err << ' ' << note.take_front(60);
  if (!terminal)
    err << '\n';
  err.flush();
}
