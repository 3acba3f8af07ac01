// A YAML file as a tree with locations: the strict part of YAML only.
//
// One document of maps, lists and scalars. Tabs, tags, anchors, aliases, merge keys, duplicate
// keys, further documents, deep nesting and big files are reported, all of a file in one run.
#pragma once

#include "core/support/Diagnostic.h"

#include <vector>

namespace lathe {

struct YamlEntry;

struct YamlNode {
  enum class Kind : uint8_t { Null, Scalar, List, Map };
  Kind kind = Kind::Null;
  llvm::SMLoc loc;
  std::string text; ///< of a scalar
  bool quoted = false;
  int64_t number = 0;             ///< of a quantity, in its unit's base; set by checkKeys
  std::vector<YamlNode> items;    ///< of a list
  std::vector<YamlEntry> entries; ///< of a map: keys are scalars

  bool isScalar() const { return kind == Kind::Scalar; }
  const YamlNode *find(llvm::StringRef key) const;
  /// The location of `key`, or of the map when that is missing.
  llvm::SMLoc keyLoc(llvm::StringRef key) const;
  /// Where the text of a scalar begins, behind an opening quote.
  llvm::SMLoc textLoc() const;
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

/// "a map", "a list", "text", "nothing": for messages.
llvm::StringRef describe(YamlNode::Kind kind);

/// The tree of `file`, or nothing when any mistake was reported. An empty file is an empty map.
std::optional<YamlNode> readYaml(unsigned file, Diagnostics &diagnostics);

} // namespace lathe
