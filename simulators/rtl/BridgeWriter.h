// Prints the module between the port contract and a design. Internal to the bridge.
#pragma once

#include "simulators/rtl/BridgeSteps.h"
#include "simulators/rtl/PortContract.h"

#include "llvm/Support/raw_ostream.h"

#include <set>

namespace lathe {

/// What a port group is called in the bridge, and the width of each of its roles.
struct BridgeInterface {
  std::string name; ///< "commands", "host", "results", "spm"
  const PortGroup *group;
};

/// One module, printed part by part: BridgeControl.cpp has what commands do, BridgeUnits.cpp
/// memories and results, BridgeText.cpp protocols and the design.
class BridgeWriter {
public:
  BridgeWriter(const Target &target, llvm::ArrayRef<RtlPort> ports);
  /// The module, and those it uses.
  std::string write();

private:
  unsigned bitsOf(const PortGroup &group, llvm::StringRef role) const;
  bool has(const PortGroup &group, llvm::StringRef role) const;
  unsigned dataBits(const PortGroup &group) const;
  unsigned addressBits(const PortGroup &group) const;
  unsigned roleBits(const PortGroup &group, const RoleRule &rule) const;
  bool isBus() const;
  bool holdsClock() const;
  void writeHead();
  void writeSignals();
  static std::string hex(const Word &word, unsigned width);
  bool isMover(const Intrinsic &intrinsic) const;
  void writeDecoder();
  void layOutSteps();
  void writeSequencer();
  std::string heldAtRest() const;
  void writeStep(unsigned pc, const BridgeStep &step, bool isLast);
  bool refuses() const;
  void writeControl();
  void writeCounts();
  void writeStates();
  void instance(llvm::StringRef module, llvm::StringRef name, const std::string &parameters,
                const std::vector<std::pair<std::string, std::string>> &pins);
  using Pins = std::vector<std::pair<std::string, std::string>>;
  static void addRoles(const BridgeInterface &interface, Pins &pins);
  std::string sizes(const PortGroup &group) const;
  void writeBus();
  static Pins hostPins(const std::string &prefix);
  void hostSignals(llvm::StringRef prefix);
  bool hasMover() const;
  void writeMover();
  // Bits [from, from + width) of `unit_in`, and of the stored word, in both directions.
  struct Piece {
    int64_t unitLsb, storedLsb, bits;
  };
  static std::vector<Piece> piecesOf(const Space &space);
  void writeUnits();
  void extendElements(const Space &space);
  void writeArray(const Space &space, const PortGroup &group);
  void writeSram(const Space &space, const PortGroup &group);
  void writeProgramArray();
  void writeResults();
  std::string shiftToRow() const;
  void chooseUnit();
  void writeHost();
  unsigned idBits() const;
  std::string valueOfMissing(const RoleRule &rule) const;
  void writePorts();
  std::string wire(const BoundName &name) const;
  void writeDesign();
  void addOutputs(Pins &pins);
  struct Routine {
    unsigned first;
    BridgeSteps steps;
  };
  const Target &target;
  const PortBinding &binding;
  std::map<std::string, unsigned> widths; ///< of the design's ports
  std::vector<BridgeInterface> interfaces;
  int64_t beatBytes = 1, unitBits = 8;
  std::vector<Routine> routines;
  std::vector<unsigned> firsts; ///< by intrinsic
  unsigned launchFirst = 0, unknownFirst = 0;
  std::set<std::string> used; ///< modules
  std::string text;
  llvm::raw_string_ostream out;
};

} // namespace lathe
