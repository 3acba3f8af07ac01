#include "simulators/rtl/PortContract.h"

#include "simulators/rtl/RtlScanner.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Regex.h"

using namespace lathe;
using llvm::StringRef;

namespace {
enum class Width { Fixed, Command, Beat, Strobe };

struct PortRule {
  StringRef name;
  bool isInput;
  Width width;
  unsigned bits; ///< of a fixed width
};

constexpr PortRule kContract[] = {
    {"clk_i", true, Width::Fixed, 1},          {"rst_ni", true, Width::Fixed, 1},
    {"cmd_valid_i", true, Width::Fixed, 1},    {"cmd_ready_o", false, Width::Fixed, 1},
    {"cmd_word_i", true, Width::Command, 0},   {"rd_req_valid_o", false, Width::Fixed, 1},
    {"rd_req_ready_i", true, Width::Fixed, 1}, {"rd_req_addr_o", false, Width::Fixed, 32},
    {"rd_rsp_valid_i", true, Width::Fixed, 1}, {"rd_rsp_ready_o", false, Width::Fixed, 1},
    {"rd_rsp_data_i", true, Width::Beat, 0},   {"wr_req_valid_o", false, Width::Fixed, 1},
    {"wr_req_ready_i", true, Width::Fixed, 1}, {"wr_req_addr_o", false, Width::Fixed, 32},
    {"wr_req_data_o", false, Width::Beat, 0},  {"wr_req_strb_o", false, Width::Strobe, 0},
    {"wr_rsp_valid_i", true, Width::Fixed, 1}, {"wr_rsp_ready_o", false, Width::Fixed, 1},
    {"idle_o", false, Width::Fixed, 1},        {"error_o", false, Width::Fixed, 8},
    {"perf_sel_i", true, Width::Fixed, 8},     {"perf_data_o", false, Width::Fixed, 48},
};
constexpr PortRule kSelect = {kSelectPort, true, Width::Fixed, 32};
constexpr unsigned kMaxCommandBits = 256;
constexpr unsigned kMaxBeatBits = 512;
} // namespace

static unsigned number(StringRef digits) {
  unsigned value = 0;
  digits.getAsInteger(10, value);
  return value;
}

std::vector<RtlPort> lathe::parsePorts(StringRef generatedHeader) {
  // VL_IN8(&clk_i,0,0);   VL_OUTW(&wr_req_data_o,127,0,4);
  static const llvm::Regex pattern("VL_(IN|OUT|INOUT)[0-9W]*\\(&([A-Za-z0-9_]+),([0-9]+),([0-9]+)");
  std::vector<RtlPort> ports;
  llvm::SmallVector<StringRef> lines, match;
  generatedHeader.split(lines, '\n');
  for (StringRef line : lines)
    if (pattern.match(line, &match))
      ports.push_back({match[2].str(), match[1] == "IN", number(match[3]) - number(match[4]) + 1});
  return ports;
}

static const RtlPort *findPort(llvm::ArrayRef<RtlPort> ports, StringRef name) {
  const RtlPort *port = llvm::find_if(ports, [&](const RtlPort &p) { return p.name == name; });
  return port == ports.end() ? nullptr : port;
}

static std::string count(unsigned bits) {
  return llvm::formatv("{0} bit{1}", bits, bits == 1 ? "" : "s");
}

// What a rule asks for, given how wide the beats turned out to be.
static std::string wanted(const PortRule &rule, unsigned beatBits) {
  switch (rule.width) {
  case Width::Fixed:
    return count(rule.bits);
  case Width::Command:
    return llvm::formatv("1 to {0} bits", kMaxCommandBits);
  case Width::Beat:
    if (rule.isInput)
      return llvm::formatv("8 to {0} bits, a power of two", kMaxBeatBits);
    return count(beatBits) + ", as 'rd_rsp_data_i' has";
  case Width::Strobe:
    return count(std::max(1u, beatBits / 8)) + ", one for each byte of 'wr_req_data_o'";
  }
  return {};
}

static bool fits(const PortRule &rule, unsigned bits, unsigned beatBits) {
  switch (rule.width) {
  case Width::Fixed:
    return bits == rule.bits;
  case Width::Command:
    return bits <= kMaxCommandBits;
  case Width::Beat:
    return bits == beatBits && bits >= 8 && bits <= kMaxBeatBits && llvm::isPowerOf2_32(bits);
  case Width::Strobe:
    return bits == std::max(1u, beatBits / 8);
  }
  return false;
}

Place lathe::placeOfPort(StringRef port, StringRef top, const RtlSources &sources,
                         Diagnostics &diagnostics) {
  for (const RtlSources::File &file : sources.files())
    if (auto offset = findInModule(sources.text(file, diagnostics), top, port))
      return diagnostics.sourceTexts().place(
          diagnostics.sourceTexts().location(file.source, *offset));
  return {sources.files().empty() ? "" : sources.files().front().path, 0, 0, {}};
}

static const char *direction(bool isInput) { return isInput ? "input" : "output"; }

std::optional<PortSizes> lathe::checkPorts(llvm::ArrayRef<RtlPort> ports, StringRef top,
                                           const RtlSources &sources, Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  const RtlPort *beat = findPort(ports, "rd_rsp_data_i"), *command = findPort(ports, "cmd_word_i");
  unsigned beatBits = beat ? beat->bits : 0;
  for (const PortRule &rule : kContract) {
    const RtlPort *port = findPort(ports, rule.name);
    Place place = port && port->isInput == rule.isInput && fits(rule, port->bits, beatBits)
                      ? Place()
                      : placeOfPort(rule.name, top, sources, diagnostics);
    if (!port)
      diagnostics.report(Message::RtlPortMissing, place, top, rule.name, direction(rule.isInput),
                         wanted(rule, beatBits));
    else if (port->isInput != rule.isInput)
      diagnostics.report(Message::RtlPortDirection, place, rule.name, direction(port->isInput),
                         direction(rule.isInput));
    else if (!fits(rule, port->bits, beatBits))
      diagnostics.report(Message::RtlPortWidth, place, rule.name, count(port->bits),
                         wanted(rule, beatBits));
  }
  const RtlPort *select = findPort(ports, kSelect.name);
  bool hasSelect = select && select->isInput && select->bits == kSelect.bits;
  for (const RtlPort &port : ports)
    if (port.isInput && !(hasSelect && port.name == kSelect.name) &&
        llvm::none_of(kContract, [&](auto &rule) { return rule.name == port.name; }))
      diagnostics.report(Message::RtlInputUnknown,
                         placeOfPort(port.name, top, sources, diagnostics), port.name);
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return PortSizes{command->bits, beatBits / 8, hasSelect};
}
