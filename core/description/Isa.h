// An instruction set as its .td says it, before any machine gave it sizes.
#pragma once

#include "core/description/IsaProcess.h"
#include "core/support/Diagnostic.h"

#include <map>

namespace lathe {

/// A number, or the name of a parameter.
struct IsaBound {
  std::string param; ///< empty for a number
  int64_t value = 0;
};

/// What every record has: its name and where it and its fields are defined.
struct IsaRecord {
  std::string name;
  llvm::SMLoc loc;          ///< the def or defm
  llvm::SMLoc prototypeLoc; ///< inside the multiclass, for a defm; otherwise `loc`
  std::map<std::string, llvm::SMLoc, std::less<>> fieldLocs;

  /// Where `field` is set, or the record when it is nowhere.
  llvm::SMLoc at(llvm::StringRef field) const;
};

struct IsaParam : IsaRecord {
  int64_t defaultValue = 0;
  std::string summary;
};

struct IsaSpace : IsaRecord {
  std::string notation; ///< "spm": its name in machine files
  std::string element;
  std::vector<IsaBound> row;
  std::string summary;
  std::string hazards;
  std::string layout; ///< empty: none
};

struct IsaState : IsaRecord {
  std::string element;
  std::string summary;
};

struct IsaUnit : IsaRecord {
  std::string notation;
  std::string summary;
};

struct IsaOperand {
  enum class Kind : uint8_t { Tile, Extent, Immediate };
  std::string name;
  Kind kind = Kind::Tile;
  std::string space;              ///< tile: record name
  std::string element;            ///< tile and immediate
  std::vector<std::string> shape; ///< tile
  std::string at; ///< tile: the operand whose address is its own, too; empty for a field of its own
  int64_t min = 1; ///< extent
  IsaBound max;    ///< extent
  llvm::SMLoc loc; ///< `$name` in the operands list where it can be found
};

struct IsaStride {
  std::string operand;
  std::string source; ///< a state's record name, or an immediate's name
  bool fromState = true;
};

struct IsaLayout {
  std::string operand;
  std::optional<std::string> text; ///< nothing: no text
};

/// A `bits<width> name` of an intrinsic.
struct IsaBitField {
  std::string name;
  unsigned width = 0;
  llvm::SMLoc loc;
};

/// A run of instruction bits, ascending. `field` is empty for constants.
struct IsaBits {
  unsigned lsb = 0;
  unsigned width = 0;
  uint64_t value = 0;
  std::string field;
  unsigned fieldLsb = 0;
};

struct IsaIntrinsic : IsaRecord {
  int64_t width = 0;
  std::string summary;
  std::string semantics;
  std::string unit; ///< record name
  std::string pipe;
  std::vector<IsaOperand> operands; ///< in the order of the .td
  std::vector<IsaStride> strides;
  std::vector<IsaLayout> layouts;
  std::vector<std::string> minusOne;
  std::vector<std::pair<std::string, std::optional<IsaBound>>> defaults; ///< nothing: no number
  std::vector<std::pair<int64_t, std::string>> writes;                   ///< (address, value)
  std::vector<IsaBitField> bitFields;
  std::vector<IsaBits> bits;
};

/// Everything of a .td, in file order. Complete: no field that a record needs is unset, and there
/// are a space, a unit and an intrinsic at least.
struct Isa {
  std::string path; ///< of the main file
  unsigned file = 0;
  std::vector<IsaParam> params;
  std::vector<IsaSpace> spaces; ///< the host's is among them
  std::vector<IsaState> states;
  std::vector<IsaUnit> units;
  std::vector<IsaIntrinsic> intrinsics;
};

/// Reads `path`, an ISA of the plugin in `folder`. It may include lathe/*.td and files of that
/// folder, nothing else. Every mistake, and every way in which TableGen can die of one, is
/// reported; then nothing is returned. About 4 ms.
std::optional<Isa> readIsa(llvm::StringRef folder, llvm::StringRef path, Diagnostics &diagnostics,
                           const IsaReaderOptions &options = {});

} // namespace lathe
