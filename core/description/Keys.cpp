#include "core/description/Keys.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;

StringRef Key::name() const {
  return StringRef(path).substr(parent().empty() ? 0 : parent().size() + 1);
}

StringRef Key::parent() const {
  size_t dot = path.rfind('.');
  return dot == StringRef::npos ? StringRef() : StringRef(path).take_front(dot);
}

const Key *KeyTable::find(StringRef path) const {
  auto found = llvm::find_if(keys, [&](const Key &key) { return key.path == path; });
  return found == keys.end() ? nullptr : &*found;
}

std::vector<const Key *> KeyTable::below(StringRef parent) const {
  std::vector<const Key *> children;
  for (const Key &key : keys)
    if (key.parent() == parent)
      children.push_back(&key);
  return children;
}

static StringRef wantedKind(ValueKind kind) {
  switch (kind) {
  case ValueKind::Map:
    return "a map";
  case ValueKind::Paths:
  case ValueKind::Names:
    return "a list";
  default:
    return "one value";
  }
}

static YamlNode::Kind nodeKind(ValueKind kind) {
  switch (kind) {
  case ValueKind::Map:
    return YamlNode::Kind::Map;
  case ValueKind::Paths:
  case ValueKind::Names:
    return YamlNode::Kind::List;
  default:
    return YamlNode::Kind::Scalar;
  }
}

bool lathe::parseAddress(StringRef text, int64_t &number) {
  bool isHex = text.consume_front("0x");
  bool isOctal = !isHex && text.size() > 1 && text.starts_with("0");
  return !isOctal && !text.getAsInteger(isHex ? 16 : 10, number) && number >= 0;
}

static bool isName(StringRef text) {
  return !text.empty() && (llvm::isAlpha(text[0]) || text[0] == '_') &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

namespace {

class KeyChecker {
public:
  KeyChecker(const KeyTable &table, Diagnostics &diagnostics)
      : table(table), diagnostics(diagnostics) {}

  void checkMap(YamlNode &map, StringRef path, StringRef where) {
    for (auto &[name, value] : map.entries)
      if (const Key *key = keyFor(name, path, where))
        checkValue(name.text, value, *key);
  }

  void checkRequired(const YamlNode &map, StringRef path, StringRef where, llvm::SMLoc loc) {
    for (const Key *key : table.below(path))
      if (key->required && !map.find(key->name()) && !isMisspelt(map, *key))
        diagnostics.report(Message::YamlMissingKey, loc, where, key->name(), key->example);
    for (const auto &[name, value] : map.entries)
      if (const Key *key = lookUp(name.text, path); key && value.kind == YamlNode::Kind::Map)
        checkRequired(value, key->path, "'" + name.text + "'", name.loc);
  }

private:
  // An unknown key of which this one was suggested.
  bool isMisspelt(const YamlNode &map, const Key &key) const {
    return llvm::any_of(map.entries, [&](const YamlEntry &entry) {
      return !lookUp(entry.key.text, key.parent()) &&
             nearest(entry.key.text, namesBelow(key.parent())) == key.name();
    });
  }

  std::vector<StringRef> namesBelow(StringRef path) const {
    std::vector<StringRef> names;
    for (const Key *key : table.below(path))
      names.push_back(key->name());
    return names;
  }

  const Key *lookUp(StringRef name, StringRef path) const {
    std::string prefix = path.empty() ? "" : path.str() + ".";
    const Key *key = name == "*" ? nullptr : table.find(prefix + name.str());
    return key ? key : table.find(prefix + "*");
  }

  const Key *keyFor(const YamlNode &name, StringRef path, StringRef where) {
    if (const Key *key = lookUp(name.text, path))
      return key;
    std::vector<StringRef> known = namesBelow(path);
    std::optional<StringRef> meant = nearest(name.text, known);
    diagnostics.report(Message::YamlUnknownKey, name.loc, name.text, where,
                       meant ? "did you mean '" + meant->str() + "'?"
                             : "known here: " + llvm::join(known, ", "));
    return nullptr;
  }

  void checkValue(StringRef name, YamlNode &value, const Key &key) {
    if (value.kind != nodeKind(key.kind)) {
      diagnostics.report(Message::YamlWrongKind, value.loc, name, wantedKind(key.kind),
                         describe(value.kind), key.example);
      return;
    }
    switch (key.kind) {
    case ValueKind::Map:
      checkMap(value, key.path, ("'" + name + "'").str());
      return;
    case ValueKind::Version:
      if (value.text != table.version)
        diagnostics.report(Message::YamlVersion, value.loc, value.text, table.version);
      return;
    case ValueKind::Name:
      checkName(value);
      return;
    case ValueKind::Paths:
    case ValueKind::Names:
      checkItems(name, value, key);
      return;
    case ValueKind::Quantity:
      checkQuantity(name, value, key);
      return;
    case ValueKind::Cycles:
      checkCycles(name, value, key);
      return;
    case ValueKind::Address:
      checkAddress(name, value, key);
      return;
    case ValueKind::Text:
    case ValueKind::Path:
    case ValueKind::Expression:
      return;
    }
  }

  void checkName(const YamlNode &value) {
    if (!isName(value.text))
      diagnostics.report(Message::YamlName, value.loc, value.text);
  }

  void checkItems(StringRef name, const YamlNode &list, const Key &key) {
    for (const YamlNode &item : list.items)
      if (!item.isScalar())
        diagnostics.report(Message::YamlWrongKind, item.loc, name, "a list of single values",
                           describe(item.kind), key.example);
      else if (key.kind == ValueKind::Names)
        checkName(item);
  }

  void checkQuantity(StringRef name, YamlNode &value, const Key &key) {
    auto number = parseQuantity(value.text, key.measure, name, value.textLoc(), diagnostics);
    if (!number)
      return;
    value.number = *number;
    if (*number < key.min || *number > key.max)
      diagnostics.report(Message::QuantityRange, value.loc, name, value.text,
                         formatQuantity(key.min, key.measure),
                         formatQuantity(key.max, key.measure));
  }

  void checkAddress(StringRef name, YamlNode &value, const Key &key) {
    if (!parseAddress(value.text, value.number))
      diagnostics.report(Message::YamlAddress, value.loc, value.text, name);
    else if (value.number < key.min || value.number > key.max)
      diagnostics.report(Message::QuantityRange, value.loc, name, value.text, key.min, key.max);
  }

  // An expression is in cycles; a number alone must say so.
  void checkCycles(StringRef name, const YamlNode &value, const Key &key) {
    if (llvm::all_of(value.text, llvm::isDigit))
      diagnostics.report(Message::QuantityNoUnit, value.loc, value.text, name, "cycles",
                         value.text + " cycles");
  }

  const KeyTable &table;
  Diagnostics &diagnostics;
};

} // namespace

void lathe::checkKeys(YamlNode &root, const KeyTable &table, Diagnostics &diagnostics) {
  if (root.kind != YamlNode::Kind::Map) {
    diagnostics.report(Message::YamlWrongKind, root.loc, table.title, "a map", describe(root.kind),
                       ("lathe: " + table.version).str());
    return;
  }
  KeyChecker(table, diagnostics).checkMap(root, "", table.title);
}

void lathe::checkRequired(const YamlNode &root, const KeyTable &table, Diagnostics &diagnostics) {
  KeyChecker(table, diagnostics).checkRequired(root, "", table.title, root.loc);
}
