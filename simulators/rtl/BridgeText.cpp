// Protocols, host memory, and the design itself.
#include "simulators/rtl/Bridge.h"
#include "simulators/rtl/BridgeSources.h"
#include "simulators/rtl/BridgeWriter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::StringRef;

BridgeWriter::BridgeWriter(const Target &target, llvm::ArrayRef<RtlPort> ports)
    : target(target), binding(*target.rtl->binding), out(text) {
  for (const RtlPort &port : ports)
    widths[port.name] = port.bits;
  interfaces.push_back({"commands", &binding.commands});
  if (binding.host)
    interfaces.push_back({"host", &*binding.host});
  for (const auto &[space, group] : binding.spaces)
    interfaces.push_back({target.spaces[space].name, &group});
  if (binding.results)
    interfaces.push_back({"results", &*binding.results});
  beatBytes = target.spaces[kHostSpace].readBytes;
  unitBits = 8 * largestUnit(target);
}

std::string BridgeWriter::write() {
  writeHead();
  writeSignals();
  writeDecoder();
  writeSequencer();
  writeBus();
  writeMover();
  writeUnits();
  writeHost();
  writePorts();
  writeDesign();
  out << "endmodule\n\n";
  for (const std::string &module : used)
    out << bridgeSource(module) << "\n";
  return text;
}

void BridgeWriter::writeBus() {
  if (!isBus()) {
    out << "  assign bus_ack = 1'b0;\n  assign bus_rdata = '0;\n";
    return;
  }
  Pins pins = {{"tick_i", "tick"},      {"req_i", "bus_req"},     {"write_i", "bus_write"},
               {"addr_i", "bus_addr"},  {"wdata_i", "bus_wdata"}, {"ack_o", "bus_ack"},
               {"rdata_o", "bus_rdata"}};
  addRoles(interfaces[0], pins);
  std::string parameters = sizes(binding.commands);
  if (binding.commands.protocol == PortProtocol::Plain)
    parameters += ", .Latency(" + std::to_string(binding.commands.latency) + ")";
  instance("lathe_" + binding.commands.info().name.str(), "bus", parameters, pins);
}

void BridgeWriter::instance(StringRef module, StringRef name, const std::string &parameters,
                            const std::vector<std::pair<std::string, std::string>> &pins) {
  used.insert(module.str());
  out << "  " << module << " #(" << parameters << ") u_" << name << " (\n    .clk_i, .rst_ni";
  for (const auto &[pin, signal] : pins)
    out << ",\n    ." << pin << "(" << signal << ")";
  out << "\n  );\n";
}

void BridgeWriter::addRoles(const BridgeInterface &interface, Pins &pins) {
  for (const RoleRule &rule : interface.group->info().roles)
    pins.push_back({rule.name.str(), interface.name + "_" + rule.name.str()});
}

std::string BridgeWriter::sizes(const PortGroup &group) const {
  return llvm::formatv(".AddrBits({0}), .DataBits({1})", addressBits(group), dataBits(group));
}

BridgeWriter::Pins BridgeWriter::hostPins(const std::string &prefix) {
  Pins pins;
  for (StringRef pin : {"rd_req_valid_o", "rd_req_addr_o", "rd_rsp_ready_o", "wr_req_valid_o",
                        "wr_req_addr_o", "wr_req_data_o", "wr_req_strb_o", "wr_rsp_ready_o"})
    pins.push_back({pin.str(), prefix + pin.drop_back(2).str()});
  for (StringRef pin :
       {"rd_req_ready_i", "rd_rsp_valid_i", "rd_rsp_data_i", "wr_req_ready_i", "wr_rsp_valid_i"})
    pins.push_back({pin.str(), pin.str()});
  return pins;
}

void BridgeWriter::hostSignals(StringRef prefix) {
  out << "  logic " << prefix << "rd_req_valid, " << prefix << "rd_rsp_ready, " << prefix
      << "wr_req_valid, " << prefix << "wr_rsp_ready;\n  logic [31:0] " << prefix << "rd_req_addr, "
      << prefix << "wr_req_addr;\n  logic [" << 8 * beatBytes - 1 << ":0] " << prefix
      << "wr_req_data;\n  logic [" << beatBytes - 1 << ":0] " << prefix << "wr_req_strb;\n";
}

bool BridgeWriter::hasMover() const { return !binding.host; }

void BridgeWriter::writeMover() {
  if (!hasMover()) {
    out << "  assign move_done = 1'b0;\n  assign move_idle = 1'b1;\n"
           "  assign {unit, unit_fetch, unit_store, unit_out} = '0;\n";
    return;
  }
  hostSignals("h_");
  Pins pins = {{"start_i", "move"},
               {"to_host_i", "move_to_host"},
               {"base_i", "move_base"},
               {"stride_i", "move_stride"},
               {"segments_i", "move_segments"},
               {"segment_bytes_i", "move_segment_bytes"},
               {"unit_bytes_i", "move_unit_bytes"},
               {"done_o", "move_done"},
               {"idle_o", "move_idle"},
               {"unit_o", "unit"},
               {"fetch_o", "unit_fetch"},
               {"store_o", "unit_store"},
               {"unit_done_i", "unit_done"},
               {"unit_data_i", "unit_in"},
               {"unit_data_o", "unit_out"}};
  for (auto &pin : hostPins("h_"))
    pins.push_back(pin);
  instance("lathe_mover", "mover",
           llvm::formatv(".BeatBytes({0}), .UnitBytes({1})", beatBytes, unitBits / 8).str(), pins);
}

void BridgeWriter::writeHost() {
  std::string prefix = "h_";
  std::vector<std::string> stalls;
  if (binding.host) {
    bool isSram = binding.host->protocol == PortProtocol::HostSram;
    hostSignals(prefix);
    Pins pins = {{"tick_i", "tick"}, {"idle_o", "host_idle"}};
    std::string parameters = sizes(*binding.host);
    if (isSram) {
      out << "  logic host_stall;\n";
      pins.push_back({"stall_o", "host_stall"});
      stalls.push_back("host_stall");
      parameters += ", .Latency(" + std::to_string(binding.host->latency) + ")";
    } else {
      parameters += ", .IdBits(" + std::to_string(idBits()) + ")";
    }
    addRoles(*llvm::find_if(interfaces, [](const BridgeInterface &i) { return i.name == "host"; }),
             pins);
    for (auto &pin : hostPins(prefix))
      pins.push_back(pin);
    instance(isSram ? "lathe_host_sram" : "lathe_axi4", "host", parameters, pins);
  } else {
    out << "  assign host_idle = 1'b1;\n";
  }
  for (StringRef signal : {"rd_req_valid", "rd_req_addr", "rd_rsp_ready", "wr_req_valid",
                           "wr_req_addr", "wr_req_data", "wr_req_strb", "wr_rsp_ready"})
    out << "  assign " << signal << "_o = " << prefix << signal << ";\n";
  if (binding.results && holdsClock())
    stalls.push_back("(rst_ni && results_valid && !results_fetch)");
  out << "  assign stall = " << (stalls.empty() ? "1'b0" : llvm::join(stalls, " || ")) << ";\n\n";
}

unsigned BridgeWriter::idBits() const {
  for (StringRef role : {"awid", "arid"})
    if (unsigned bits = bitsOf(*binding.host, role))
      return bits;
  return 1;
}

// What an optional output says that the design does not have.
std::string BridgeWriter::valueOfMissing(const RoleRule &rule) const {
  if (rule.name == "be" || rule.name == "pready")
    return "'1";
  if (rule.name == "awburst" || rule.name == "arburst")
    return "2'b01";
  if (rule.name == "awsize" || rule.name == "arsize")
    return "3'd" + std::to_string(llvm::Log2_64(std::max<int64_t>(1, beatBytes)));
  return "'0";
}

void BridgeWriter::writePorts() {
  for (const BridgeInterface &interface : interfaces)
    for (const RoleRule &rule : interface.group->info().roles)
      if (!has(*interface.group, rule.name) && !rule.isInput)
        out << "  assign " << interface.name << "_" << rule.name << " = " << valueOfMissing(rule)
            << ";\n";
  if (binding.commands.protocol == PortProtocol::ValidReady)
    out << "  assign commands_data = word_data;\n  assign commands_valid = word_offer;\n";
  if (binding.commands.protocol == PortProtocol::Pop)
    out << "  assign commands_data = word_data;\n  assign commands_empty = !word_offer;\n";
}

std::string BridgeWriter::wire(const BoundName &name) const { return "pin_" + name.name; }

void BridgeWriter::writeDesign() {
  Pins pins;
  std::string clock = "clk_i";
  if (holdsClock()) {
    out << "  logic dut_clock;\n";
    used.insert("lathe_clock_gate");
    out << "  lathe_clock_gate u_gate (.clk_i, .en_i(tick), .clk_o(dut_clock));\n";
    clock = "dut_clock";
  }
  for (const BoundName &name : binding.clocks)
    pins.push_back({name.name, clock});
  if (binding.reset) {
    bool released = binding.commands.protocol == PortProtocol::Release;
    std::string running = released ? "(rst_ni && run)" : "rst_ni";
    pins.push_back({binding.reset->name, binding.resetHigh ? "!" + running : running});
  }
  for (const auto &[name, value] : binding.ties)
    pins.push_back({name.name, std::to_string(value)});
  for (const auto &[operand, port] : binding.operands)
    pins.push_back({port.name, "held_" + port.name});
  if (widths.count(kSelectPort.str()))
    pins.push_back({kSelectPort.str(), kSelectPort.str()});
  for (const BridgeInterface &interface : interfaces)
    for (const RoleRule &rule : interface.group->info().roles)
      if (has(*interface.group, rule.name))
        pins.push_back({interface.group->ports.at(rule.name.str()).name,
                        interface.name + "_" + rule.name.str()});
  addOutputs(pins);
  out << "  " << target.rtl->top << " #(";
  for (size_t i = 0; i < target.rtl->parameters.size(); ++i)
    out << (i ? ", ." : ".") << target.rtl->parameters[i].first << "("
        << target.rtl->parameters[i].second << ")";
  out << ") u_dut (";
  for (size_t i = 0; i < pins.size(); ++i)
    out << (i ? ",\n    ." : "\n    .") << pins[i].first << "(" << pins[i].second << ")";
  out << "\n  );\n";
}

void BridgeWriter::addOutputs(Pins &pins) {
  std::set<std::string> connected;
  for (const auto &[pin, signal] : pins)
    connected.insert(pin);
  auto add = [&](const BoundName &name) {
    unsigned bits = widths.count(name.name) ? widths.at(name.name) : 1;
    if (connected.insert(name.name).second)
      pins.push_back({name.name, wire(name)});
    out << "  logic [" << bits - 1 << ":0] " << wire(name) << ";\n";
  };
  if (binding.done.port) {
    add(*binding.done.port);
    out << "  assign dut_done = " << (binding.done.level ? "" : "!") << wire(*binding.done.port)
        << ";\n";
  } else {
    out << "  assign dut_done = 1'b1;\n";
  }
  if (binding.error)
    add(*binding.error);
}

unsigned BridgeWriter::bitsOf(const PortGroup &group, StringRef role) const {
  auto port = group.ports.find(role.str());
  auto found = port == group.ports.end() ? widths.end() : widths.find(port->second.name);
  return found == widths.end() ? 0 : found->second;
}

bool BridgeWriter::has(const PortGroup &group, StringRef role) const {
  return bitsOf(group, role) != 0;
}

unsigned BridgeWriter::dataBits(const PortGroup &group) const {
  for (StringRef role : {"wdata", "pwdata", "data", "rdata"})
    if (unsigned bits = bitsOf(group, role))
      return bits;
  return 1;
}

unsigned BridgeWriter::addressBits(const PortGroup &group) const {
  for (StringRef role : {"addr", "paddr", "awaddr"})
    if (unsigned bits = bitsOf(group, role))
      return bits;
  return 1;
}

unsigned BridgeWriter::roleBits(const PortGroup &group, const RoleRule &rule) const {
  if (unsigned bits = bitsOf(group, rule.name))
    return bits;
  switch (rule.width) {
  case RoleWidth::Data:
    return dataBits(group);
  case RoleWidth::Strobe:
    return std::max(1u, dataBits(group) / 8);
  case RoleWidth::Fixed:
    return rule.bits;
  case RoleWidth::One:
  case RoleWidth::Any:
    return 1;
  }
  return 1;
}

bool BridgeWriter::isBus() const { return binding.commands.info().isBus(); }

bool BridgeWriter::holdsClock() const {
  bool fifoCannotWait = binding.results && binding.results->protocol == PortProtocol::Fifo &&
                        !has(*binding.results, "ready");
  return fifoCannotWait || (binding.host && binding.host->protocol == PortProtocol::HostSram);
}

std::string Bridge::text(llvm::ArrayRef<RtlPort> ports) const {
  return BridgeWriter(target, ports).write();
}
