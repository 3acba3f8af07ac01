// What a machine file and a plugin manifest may say: one table, from which files are checked, the
// JSON schema is made, and the reference is printed.
#pragma once

#include "core/description/Quantity.h"
#include "core/description/Yaml.h"

namespace lathe {

enum class ValueKind : uint8_t {
  Map,
  Version, ///< the file's kind, `machine/1`
  Name,    ///< a letter, then letters, digits, '_'
  Text,
  Path,       ///< of a file inside the plugin's folder
  Paths,      ///< a list of paths; the file name may have `*` and `?`
  Names,      ///< a list of names
  Quantity,   ///< a number with `measure`
  Cycles,     ///< cycles as an expression over extents and parameters
  Expression, ///< a number from an expression
  Address,    ///< a number, decimal or with 0x
};

/// One key. In `path`, `*` stands for a name that the ISA or the user chose.
struct Key {
  llvm::StringLiteral path; ///< "spaces.*.capacity"
  ValueKind kind;
  Measure measure;
  int64_t min, max; ///< of a quantity
  bool required;
  llvm::StringLiteral example;
  llvm::StringLiteral help;

  llvm::StringRef name() const;   ///< "capacity"
  llvm::StringRef parent() const; ///< "spaces.*"; empty at the top
};

/// `16` or `0x10`, not negative; false when `text` is neither.
bool parseAddress(llvm::StringRef text, int64_t &number);

struct KeyTable {
  llvm::StringLiteral version; ///< "machine/1"
  llvm::StringLiteral title;   ///< "a machine file"
  llvm::ArrayRef<Key> keys;    ///< parents before children

  const Key *find(llvm::StringRef path) const;
  /// The keys directly below `parent` (empty: of the file).
  std::vector<const Key *> below(llvm::StringRef parent) const;
};

const KeyTable &machineKeys();
const KeyTable &pluginKeys();
const KeyTable &projectKeys(); ///< lathe.yaml

/// Checks names, kinds, units and ranges of every value of `root`, and fills in the numbers.
void checkKeys(YamlNode &root, const KeyTable &table, Diagnostics &diagnostics);
/// Reports every required key that is missing in a map that is there.
void checkRequired(const YamlNode &root, const KeyTable &table, Diagnostics &diagnostics);

} // namespace lathe
