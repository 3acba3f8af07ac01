#include "sdk/run/SaveFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace lathe;

namespace {
struct Signal {
  const char *name;
  unsigned bits;
};
struct Group {
  const char *title;
  std::vector<Signal> signals;
};
} // namespace

static std::vector<Group> groupsOf(const Target &target) {
  unsigned command = target.instructionWidth;
  auto beat = static_cast<unsigned>(target.spaces[kHostSpace].readBytes);
  return {{"clock", {{"clk_i", 1}, {"rst_ni", 1}, {"idle_o", 1}, {"error_o", 8}}},
          {"commands", {{"cmd_valid_i", 1}, {"cmd_ready_o", 1}, {"cmd_word_i", command}}},
          {"read requests", {{"rd_req_valid_o", 1}, {"rd_req_ready_i", 1}, {"rd_req_addr_o", 32}}},
          {"read responses",
           {{"rd_rsp_valid_i", 1}, {"rd_rsp_ready_o", 1}, {"rd_rsp_data_i", 8 * beat}}},
          {"write requests",
           {{"wr_req_valid_o", 1},
            {"wr_req_ready_i", 1},
            {"wr_req_addr_o", 32},
            {"wr_req_data_o", 8 * beat},
            {"wr_req_strb_o", beat}}},
          {"write responses", {{"wr_rsp_valid_i", 1}, {"wr_rsp_ready_o", 1}}}};
}

// The zoom is the logarithm, to base 2 and negated, of the time units that a pixel takes.
static double zoomFor(uint64_t timeUnits) {
  constexpr double kPixels = 1000;
  return -std::log2(std::max(1.0, static_cast<double>(timeUnits) / kPixels));
}

std::string lathe::gtkwaveSave(llvm::StringRef waveform, const Target &target,
                               const CycleWindow &window, uint64_t mark) {
  uint64_t shown = (window.to == LATHE_NEVER ? mark + 1 : window.to) - std::min(mark, window.from);
  llvm::SmallString<128> absolute(waveform);
  (void)llvm::sys::fs::make_absolute(absolute);
  std::string text = llvm::formatv("[*] written by lathe; open it with 'gtkwave {0}.gtkw'\n"
                                   "[dumpfile] \"{1}\"\n"
                                   "[timestart] {2}\n"
                                   "*{3:F6} {4}",
                                   waveform, absolute, window.from * kTimePerCycle,
                                   zoomFor(shown * kTimePerCycle), mark * kTimePerCycle);
  for (unsigned letter = 0; letter < 26; ++letter)
    text += " -1";
  text += "\n";
  // Trace flags: 0x200 a comment, 0x22 hexadecimal and right-aligned, 0x28 binary.
  for (const Group &group : groupsOf(target)) {
    text += llvm::formatv("@200\n-{0}\n", group.title);
    for (const Signal &signal : group.signals)
      text += signal.bits == 1
                  ? llvm::formatv("@28\n{0}\n", signal.name).str()
                  : llvm::formatv("@22\n{0}[{1}:0]\n", signal.name, signal.bits - 1).str();
  }
  return text;
}
