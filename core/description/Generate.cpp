#include "core/description/Generate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace lathe;
using llvm::StringRef;
namespace json = llvm::json;

// ---- SystemVerilog

// LOAD_ACC_I8 -> LoadAccI8
static std::string upperCamel(StringRef name) {
  std::string out;
  bool start = true;
  for (char c : name) {
    if (c != '_')
      out += start ? llvm::toUpper(c) : llvm::toLower(c);
    start = c == '_';
  }
  return out;
}

// dst, fieldName -> Dst, FieldName
static std::string fieldName(StringRef name) {
  std::string out = name.contains('_') ? upperCamel(name) : name.str();
  out[0] = llvm::toUpper(out[0]);
  return out;
}

static std::string literal(const Word &word, unsigned width) {
  std::string digits;
  unsigned count = (width + 3) / 4;
  for (unsigned i = count; i-- > 0;)
    digits += llvm::hexdigit((word[i / 16] >> (i % 16 * 4)) & 15, /*LowerCase=*/true);
  return llvm::formatv("{0}'h{1}", width, digits).str();
}

static void printField(llvm::raw_ostream &out, const std::string &prefix, const BitRun &run) {
  out << llvm::formatv("  localparam int unsigned {0}Lsb = {1};\n", prefix, run.lsb)
      << llvm::formatv("  localparam int unsigned {0}Width = {1};\n", prefix, run.width);
}

static void printIntrinsic(llvm::raw_ostream &out, const Intrinsic &intrinsic) {
  std::string name = upperCamel(intrinsic.name);
  unsigned width = intrinsic.width;
  out << llvm::formatv("  localparam logic [{0}:0] {1}Mask = {2};\n", width - 1, name,
                       literal(intrinsic.mask, width))
      << llvm::formatv("  localparam logic [{0}:0] {1}Match = {2};\n", width - 1, name,
                       literal(intrinsic.match, width));
  for (const Argument &argument : intrinsic.arguments) {
    std::string field = name + fieldName(argument.name);
    if (argument.runs.size() == 1)
      printField(out, field, argument.runs.front());
    for (unsigned i = 0; argument.runs.size() > 1 && i < argument.runs.size(); ++i)
      printField(out, field + std::to_string(i), argument.runs[i]);
  }
}

std::string lathe::systemVerilogPackage(const Target &target, StringRef isaFile) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::formatv("// Generated from {0} by 'lathe show {1} isa --format sv'. Do not edit.\n",
                       isaFile, target.name)
      << llvm::formatv("package {0}_pkg;\n", target.name)
      << llvm::formatv("  localparam int unsigned InstWidth = {0};\n", target.instructionWidth);
  for (const Intrinsic &intrinsic : target.intrinsics)
    printIntrinsic(out, intrinsic);
  out << "endpackage\n";
  return text;
}

// ---- JSON schema

static json::Object schemaOf(const KeyTable &table, const Key &key);

// The keys below `path` as an object schema.
static json::Object mapSchema(const KeyTable &table, StringRef path) {
  json::Object properties;
  json::Array required;
  json::Value additional = false;
  for (const Key *key : table.below(path)) {
    if (key->name() == "*")
      additional = schemaOf(table, *key);
    else
      properties[key->name()] = schemaOf(table, *key);
    if (key->required)
      required.push_back(key->name());
  }
  json::Object out{{"type", "object"}, {"additionalProperties", std::move(additional)}};
  if (!properties.empty())
    out["properties"] = std::move(properties);
  if (!required.empty())
    out["required"] = std::move(required);
  return out;
}

static json::Object listSchema() {
  return json::Object{{"type", "array"}, {"items", json::Object{{"type", "string"}}}};
}

static json::Object quantitySchema(const Key &key) {
  if (key.measure == Measure::None)
    return json::Object{{"type", "integer"}, {"minimum", key.min}, {"maximum", key.max}};
  return json::Object{{"type", "string"}, {"pattern", measureInfo(key.measure).pattern}};
}

static json::Object valueSchema(const KeyTable &table, const Key &key) {
  switch (key.kind) {
  case ValueKind::Map:
    return mapSchema(table, key.path);
  case ValueKind::Version:
    return json::Object{{"const", table.version}};
  case ValueKind::Name:
    return json::Object{{"type", "string"}, {"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}};
  case ValueKind::Paths:
  case ValueKind::Names:
    return listSchema();
  case ValueKind::Quantity:
    return quantitySchema(key);
  case ValueKind::Address:
  case ValueKind::Expression:
    return json::Object{{"type", json::Array{"string", "integer"}}};
  case ValueKind::Text:
  case ValueKind::Path:
  case ValueKind::Cycles:
    return json::Object{{"type", "string"}};
  }
  llvm_unreachable("all kinds are named");
}

static json::Object schemaOf(const KeyTable &table, const Key &key) {
  json::Object out = valueSchema(table, key);
  out["description"] = key.help;
  return out;
}

std::string lathe::jsonSchema(const KeyTable &table) {
  json::Object root = mapSchema(table, "");
  root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  root["title"] = table.title;
  return llvm::formatv("{0:2}\n", json::Value(std::move(root))).str();
}

// ---- markdown

static void printKeys(llvm::raw_ostream &out, const KeyTable &table) {
  out << llvm::formatv("\n## {0}: {1}\n\n", table.version, table.title)
      << "| key | example | required | meaning |\n|---|---|---|---|\n";
  for (const Key &key : table.keys) {
    llvm::SmallVector<StringRef, 4> parts;
    StringRef(key.path).split(parts, '.');
    for (StringRef &part : parts)
      part = part == "*" ? "NAME" : part;
    out << llvm::formatv("| `{0}` | `{1}` | {2} | {3} |\n", llvm::join(parts, "."), key.example,
                         key.required ? "yes" : "", key.help);
  }
}

std::string lathe::keyReference() {
  std::string text =
      "# Keys of machine files and manifests\n\n"
      "Generated from the table that the readers use. `NAME` stands for a name of the "
      "ISA or of your own.\n"
      "A key is required where the map it belongs to is given.\n";
  llvm::raw_string_ostream out(text);
  for (const KeyTable *table : {&machineKeys(), &pluginKeys(), &projectKeys()})
    printKeys(out, *table);
  return text;
}
