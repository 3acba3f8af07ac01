#include "core/target/PortBinding.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::StringRef;

static constexpr RoleWidth kOne = RoleWidth::One, kAny = RoleWidth::Any, kData = RoleWidth::Data,
                           kStrobe = RoleWidth::Strobe, kFixed = RoleWidth::Fixed;

static constexpr RoleRule kValidReady[] = {
    {"data", true, kData}, {"valid", true}, {"ready", false}};
static constexpr RoleRule kPop[] = {{"data", true, kData}, {"empty", true}, {"pop", false}};
static constexpr RoleRule kPlain[] = {{"addr", true, kAny},
                                      {"write", true},
                                      {"wdata", true, kData},
                                      {"read", true, kOne, true},
                                      {"rdata", false, kData, true}};
static constexpr RoleRule kApb[] = {{"paddr", true, kAny},
                                    {"psel", true},
                                    {"penable", true},
                                    {"pwrite", true},
                                    {"pwdata", true, kData},
                                    {"prdata", false, kData},
                                    {"pready", false, kOne, true},
                                    {"pslverr", false, kOne, true},
                                    {"pstrb", true, kStrobe, true},
                                    {"pprot", true, kFixed, true, 3}};
static constexpr RoleRule kAxiLite[] = {{"awaddr", true, kAny},
                                        {"awvalid", true},
                                        {"awready", false},
                                        {"wdata", true, kData},
                                        {"wstrb", true, kStrobe, true},
                                        {"wvalid", true},
                                        {"wready", false},
                                        {"bresp", false, kFixed, true, 2},
                                        {"bvalid", false},
                                        {"bready", true},
                                        {"araddr", true, kAny},
                                        {"arvalid", true},
                                        {"arready", false},
                                        {"rdata", false, kData},
                                        {"rresp", false, kFixed, true, 2},
                                        {"rvalid", false},
                                        {"rready", true},
                                        {"awprot", true, kFixed, true, 3},
                                        {"arprot", true, kFixed, true, 3}};
static constexpr RoleRule kAxi4[] = {{"awaddr", false, kAny},
                                     {"awlen", false, kFixed, false, 8},
                                     {"awvalid", false},
                                     {"awready", true},
                                     {"wdata", false, kData},
                                     {"wstrb", false, kStrobe},
                                     {"wlast", false, kOne, true},
                                     {"wvalid", false},
                                     {"wready", true},
                                     {"bresp", true, kFixed, true, 2},
                                     {"bvalid", true},
                                     {"bready", false},
                                     {"araddr", false, kAny},
                                     {"arlen", false, kFixed, false, 8},
                                     {"arvalid", false},
                                     {"arready", true},
                                     {"rdata", true, kData},
                                     {"rresp", true, kFixed, true, 2},
                                     {"rlast", true, kOne, true},
                                     {"rvalid", true},
                                     {"rready", false},
                                     {"awid", false, kAny, true},
                                     {"arid", false, kAny, true},
                                     {"bid", true, kAny, true},
                                     {"rid", true, kAny, true},
                                     {"awsize", false, kFixed, true, 3},
                                     {"arsize", false, kFixed, true, 3},
                                     {"awburst", false, kFixed, true, 2},
                                     {"arburst", false, kFixed, true, 2}};
static constexpr RoleRule kHostSram[] = {
    {"addr", false, kAny},        {"en", false},
    {"we", false, kOne, true},    {"wdata", false, kData, true},
    {"be", false, kStrobe, true}, {"rdata", true, kData}};
static constexpr RoleRule kSram[] = {{"addr", true, kAny},
                                     {"en", true, kOne, true},
                                     {"we", true, kOne, true},
                                     {"wdata", true, kData, true},
                                     {"rdata", false, kData, true}};
static constexpr RoleRule kFifo[] = {
    {"data", false, kAny}, {"valid", false}, {"ready", true, kOne, true}};
static constexpr RoleRule kPort[] = {{"data", false, kAny}};

static llvm::ArrayRef<ProtocolInfo> protocols() {
  static const ProtocolInfo infos[] = {
      {PortProtocol::ValidReady, "valid_ready", "commands", kValidReady},
      {PortProtocol::Pop, "pop", "commands", kPop},
      {PortProtocol::Plain, "plain", "commands", kPlain},
      {PortProtocol::Apb, "apb", "commands", kApb},
      {PortProtocol::AxiLite, "axi_lite", "commands", kAxiLite},
      {PortProtocol::Release, "release", "commands", {}},
      {PortProtocol::Axi4, "axi4", "host", kAxi4},
      {PortProtocol::HostSram, "sram", "host", kHostSram},
      {PortProtocol::Sram, "sram", "space", kSram},
      {PortProtocol::Array, "array", "space", {}},
      {PortProtocol::Fifo, "fifo", "results", kFifo},
      {PortProtocol::Port, "port", "results", kPort},
  };
  return infos;
}

const ProtocolInfo &lathe::protocolInfo(PortProtocol protocol) {
  const ProtocolInfo &info = protocols()[static_cast<unsigned>(protocol)];
  assert(info.protocol == protocol && "the table has the order of the enumeration");
  return info;
}

const ProtocolInfo *lathe::findProtocol(StringRef use, StringRef name) {
  for (const ProtocolInfo &info : protocols())
    if (info.use == use && info.name == name)
      return &info;
  return nullptr;
}

std::vector<StringRef> lathe::protocolNames(StringRef use) {
  std::vector<StringRef> names;
  for (const ProtocolInfo &info : protocols())
    if (info.use == use)
      names.push_back(info.name);
  return names;
}

const RoleRule *ProtocolInfo::findRole(StringRef role) const {
  auto found = llvm::find_if(roles, [&](const RoleRule &rule) { return rule.name == role; });
  return found == roles.end() ? nullptr : &*found;
}
