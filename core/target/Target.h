// A machine as the compiler sees it: the ISA's meaning and encoding, the machine's sizes and
// speeds.
//
// A Target is frozen and valid: loadTarget checked it, nothing downstream checks again.
#pragma once

#include "core/semantics/Layout.h"
#include "core/target/PortBinding.h"

#include <array>
#include <map>

namespace lathe {

using Word = std::array<uint64_t, 4>; ///< an instruction of up to 256 bits, bit 0 in element 0

/// Transfers a memory port can do: bytes a cycle for host memory, addresses (rows) a cycle on chip.
struct Space {
  std::string name;
  std::string summary;
  ElementType element;
  std::vector<int64_t> row; ///< elements at one address, row major; empty for one element
  bool isHost = false;      ///< byte-addressed, any element type, unbounded
  bool interlocked = true;  ///< hardware orders conflicting accesses of different units
  int64_t addresses = 0;    ///< capacity in addresses; 0 for host memory
  int64_t capacityBytes = 0;
  int64_t banks = 1;          ///< address a is in bank a mod banks, each with the ports below
  int64_t readsPerCycle = 1;  ///< per bank
  int64_t writesPerCycle = 1; ///< per bank
  int64_t readBytes = 0;      ///< host: bytes of one read beat, one beat a cycle
  int64_t writeBytes = 0;     ///< host: bytes of one write beat
  int64_t latencyCycles = 0;  ///< host: from a request to its response
  /// How the elements at one address lie in its bits, for who reads the memory from outside.
  std::optional<Layout> layout;

  int64_t rowElements() const {
    int64_t n = 1;
    for (int64_t size : row)
      n *= size;
    return n;
  }
  int64_t rowBytes() const { return rowElements() * element.bytes(); }
};

struct State {
  std::string name;
  ElementType element;
  std::string summary;
};

struct Unit {
  std::string name;
  std::string summary;
  int64_t queue = 1; ///< commands waiting or running
  std::vector<std::string>
      pipes; ///< in order of first use; commands of one pipe do not wait for each other's results
  /// Commands that ask for host memory before those in front of them are done; nothing: all.
  std::optional<int64_t> ahead = {};
};

/// A bit field: value bits [valueLsb, valueLsb+width) stand at instruction bits [lsb, lsb+width).
struct BitRun {
  unsigned lsb = 0;
  unsigned valueLsb = 0;
  unsigned width = 0;
};

/// A number in an instruction, in the order of the .td's operands list.
struct Argument {
  enum class Kind : uint8_t { Address, Extent, Immediate };
  std::string name;
  Kind kind = Kind::Address;
  ElementType type;      ///< of an immediate
  int64_t min = 0;       ///< smallest legal value (extent, immediate, address)
  int64_t max = 0;       ///< largest legal value on this machine
  bool minusOne = false; ///< the field holds value - 1
  std::optional<int64_t> defaultValue = std::nullopt; ///< in assembly that does not give it
  std::vector<BitRun> runs;
  unsigned width() const;
};

/// A size of an operand tile.
struct Dimension {
  int64_t size = 0;                 ///< the number, or an extent's largest value
  std::optional<unsigned> argument; ///< the run-time extent
};

/// Where the step of a tile's first dimension comes from, in addresses (bytes for host memory).
struct Step {
  enum class Kind : uint8_t { Fixed, State, Argument };
  Kind kind = Kind::Fixed;
  unsigned id = 0;    ///< state or argument
  int64_t amount = 1; ///< Fixed
};

/// An operand block of an intrinsic.
struct TileOperand {
  std::string name;
  unsigned argument = 0; ///< its address
  unsigned space = 0;
  ElementType element;
  std::vector<Dimension> shape;
  Step step; ///< of the first dimension, when the tile has more dimensions than the space's row
  unsigned tensor = 0;          ///< its tensor in `semantics`
  std::optional<Layout> layout; ///< how elements lie in host memory; nothing: dense, row major
  bool read = false;
  bool written = false;
};

/// base + sum of factor * argument; of time, in cycles.
struct CycleCount {
  int64_t base = 0;
  std::vector<std::pair<unsigned, int64_t>> terms; ///< (argument, factor)
};

/// A register that is written to start or configure: `value` over the arguments.
struct RegisterWrite {
  int64_t address = 0;
  CycleCount value;
  Place place;
};

struct Timing {
  CycleCount interval;       ///< cycles its pipe is held; memory beats may make it longer
  int64_t latencyCycles = 0; ///< from the end of the interval until results can be used
  int64_t releaseCycles = 0; ///< from the end of the interval until sources may be overwritten
};

struct Intrinsic {
  std::string name;
  std::string summary;
  std::string semanticsText;
  unsigned width = 64;  ///< bits
  Word mask{}, match{}; ///< an instruction is this one when (word & mask) == match
  Word reserved{};      ///< bits of the mask that the description leaves unset: zero
  std::vector<Argument> arguments;
  std::vector<TileOperand> tiles;
  bool isCall = false; ///< the word was laid out by Lathe: the RTL is driven by a bridge
  std::vector<RegisterWrite> writes; ///< of a call
  /// Tensors: the tiles, then immediates and states as scalars, by name. Sizes: extents and
  /// parameters.
  Semantics semantics;
  unsigned unit = 0;
  unsigned pipe = 0; ///< index into the unit's pipes
  std::vector<unsigned> statesRead, statesWritten;
  Timing timing;

  std::optional<unsigned> findArgument(llvm::StringRef name) const;
  const TileOperand *tileOfTensor(unsigned tensor) const;
};

/// How the RTL is built and driven. Paths are absolute.
struct RtlBinding {
  std::string top;
  std::vector<std::string> files;
  std::string package; ///< the generated package among the files; may be empty
  std::vector<std::pair<std::string, int64_t>> parameters; ///< evaluated for this machine
  std::vector<std::string> counters;                       ///< by perf_sel index
  /// Error codes of a word that is no instruction, and of operands out of range.
  std::optional<unsigned> reservedError, rangeError;
  std::optional<PortBinding> binding; ///< of a top module that has not the port contract

  bool canBeReset() const { return !binding || binding->reset; }
};

/// Coverage points of conformance tests that cannot be reached, and why.
struct Waiver {
  std::string points; ///< a name with wildcards
  std::string reason;
};

/// A hand-written program for a kernel: `library/NAME.lathe` and `library/NAME.lasm` of a plugin.
struct LibraryEntry {
  std::string name;
  Semantics kernel;     ///< its sizes are not bound
  std::string path;     ///< of the program, absolute
  std::string assembly; ///< the program
};

struct Target {
  std::string name;    ///< of the plugin
  std::string machine; ///< of the machine file
  std::string folder;  ///< the plugin's folder
  std::string version;
  std::vector<std::pair<std::string, int64_t>> parameters;
  double clockHz = 0;
  int64_t commandInterval = 1;    ///< cycles between two commands taken
  int64_t commandLatency = 0;     ///< cycles from taking a command until its unit can start it
  int64_t launchCycles = 0;       ///< of a program memory: until its first command runs
  unsigned instructionWidth = 64; ///< bits of the widest instruction: a command word
  std::vector<Space> spaces;      ///< spaces[0] is host memory
  std::vector<State> states;
  std::vector<Unit> units;
  std::vector<Intrinsic> intrinsics;
  std::vector<LibraryEntry> library; ///< by name
  std::optional<RtlBinding> rtl;
  std::vector<Waiver> waivers;

  std::optional<unsigned> findSpace(llvm::StringRef name) const;
  std::optional<unsigned> findState(llvm::StringRef name) const;
  std::optional<unsigned> findIntrinsic(llvm::StringRef name) const;
};

constexpr unsigned kHostSpace = 0;

/// Whether the intrinsic copies what the results' port shows of a memory to host memory.
bool isCollected(const PortBinding &binding, const Intrinsic &intrinsic);
/// Whether the bridge of `binding` carries the intrinsic out by itself: it copies rows as they are
/// between host memory, which the design does not reach, and a space that the bridge does.
bool isMove(const PortBinding &binding, const Target &target, const Intrinsic &intrinsic);

/// What an intrinsic sets from its immediates, and the scheduler can set by it: (state, argument).
std::vector<std::pair<unsigned, unsigned>> stateAssignments(const Target &target,
                                                            const Intrinsic &intrinsic);

} // namespace lathe
