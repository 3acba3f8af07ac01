#include "sdk/scaffold/CoreFile.h"

#include "core/description/Files.h"
#include "core/description/Yaml.h"
#include "core/support/WholeFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;

namespace {

class CoreReader {
public:
  CoreReader(StringRef path, Diagnostics &diagnostics)
      : folder(llvm::sys::path::parent_path(path)), diagnostics(diagnostics) {
    if (folder.empty())
      folder = ".";
  }

  void read(const YamlNode &root) {
    const YamlNode *name = root.find("name"), *sets = root.find("filesets");
    if (!root.find("CAPI=2"))
      diagnostics.report(Message::CoreFormat, root.loc);
    else if (!name || !name->isScalar())
      wrong(name ? *name : root, "a name, as in 'name: ::multiplier:1.0.0'");
    else if (!sets || sets->kind != YamlNode::Kind::Map)
      wrong(sets ? *sets : root, "file sets, as in 'filesets: {rtl: {files: [...]}}'");
    if (diagnostics.hasErrors())
      return;
    core.name = name->text;
    for (const YamlEntry *set : chosenSets(root, *sets))
      readSet(*set);
    if (core.sources.empty() && !diagnostics.hasErrors())
      diagnostics.report(Message::CoreNoRtl, sets->loc, core.name);
  }

  CoreFile core;

private:
  void wrong(const YamlNode &node, StringRef wanted) {
    diagnostics.report(Message::CoreValue, node.loc, wanted, describe(node.kind));
  }

  /// Text that is no condition, as `tool_verilator? (rtl/a.sv)` is one.
  bool isPlain(const YamlNode &node) {
    if (!node.isScalar())
      wrong(node, "text");
    else if (node.text.find('?') != std::string::npos)
      diagnostics.report(Message::CoreCondition, node.loc, node.text);
    else
      return true;
    return false;
  }

  std::vector<const YamlEntry *> chosenSets(const YamlNode &root, const YamlNode &sets) {
    std::vector<const YamlEntry *> chosen;
    const YamlNode *targets = root.find("targets");
    const YamlNode *target = targets ? targets->find("default") : nullptr;
    const YamlNode *names = target ? target->find("filesets") : nullptr;
    if (const YamlNode *toplevel = target ? target->find("toplevel") : nullptr)
      core.toplevel = toplevel->text;
    if (!names) {
      for (const YamlEntry &set : sets.entries)
        chosen.push_back(&set);
      return chosen;
    }
    if (names->kind != YamlNode::Kind::List)
      wrong(*names, "a list of file sets");
    for (const YamlNode &name : names->items)
      if (const YamlEntry *set = isPlain(name) ? findSet(sets, name) : nullptr)
        chosen.push_back(set);
    return chosen;
  }

  const YamlEntry *findSet(const YamlNode &sets, const YamlNode &name) {
    std::vector<StringRef> names;
    for (const YamlEntry &set : sets.entries) {
      if (set.key.text == name.text)
        return &set;
      names.push_back(set.key.text);
    }
    std::optional<StringRef> meant = nearest(name.text, names);
    diagnostics.report(Message::CoreNoFileSet, name.loc, name.text,
                       meant ? ("did you mean '" + *meant + "'?").str()
                             : "there are " + llvm::join(names, ", "));
    return nullptr;
  }

  void readSet(const YamlEntry &set) {
    const YamlNode *files = set.value.find("files"), *type = set.value.find("file_type");
    if (const YamlNode *others = set.value.find("depend"))
      for (const YamlNode &other : others->items)
        diagnostics.report(Message::CoreLeftOut, other.loc, other.text, "it is another core");
    if (!files)
      return;
    if (files->kind != YamlNode::Kind::List)
      return wrong(*files, "a list of files");
    for (const YamlNode &file : files->items)
      readFile(file, type ? type->text : "");
  }

  /// `rtl/a.sv`, or `rtl/a.svh: {is_include_file: true}`.
  void readFile(const YamlNode &entry, StringRef type) {
    bool isMap = entry.kind == YamlNode::Kind::Map && entry.entries.size() == 1;
    const YamlNode &name = isMap ? entry.entries.front().key : entry;
    if (!isPlain(name))
      return;
    const YamlNode *attributes = isMap ? &entry.entries.front().value : nullptr;
    auto attribute = [&](StringRef key) { return attributes ? attributes->find(key) : nullptr; };
    if (const YamlNode *own = attribute("file_type"))
      type = own->text;
    const YamlNode *include = attribute("is_include_file");
    bool isVerilog = type.starts_with("verilogSource") || type.starts_with("systemVerilogSource") ||
                     type == "vlt";
    if (!isVerilog) {
      diagnostics.report(Message::CoreLeftOut, name.loc, name.text,
                         type.empty() ? std::string("it has no file_type")
                                      : ("it is of type '" + type + "'").str());
      return;
    }
    if (take(name) && !(include && include->text == "true"))
      core.sources.push_back(name.text);
  }

  bool take(const YamlNode &name) {
    std::string why = "it is not inside the core's folder";
    std::optional<std::string> full;
    if (!leavesFolder(name.text)) {
      why = "no such file";
      full = pathInside(folder, name.text);
    }
    std::unique_ptr<llvm::MemoryBuffer> text = full ? readWhole(*full, why) : nullptr;
    if (text)
      core.contents[name.text] = text->getBuffer().str();
    else
      diagnostics.report(Message::FileUnreadable, name.loc, name.text, why);
    return text != nullptr;
  }

  StringRef folder;
  Diagnostics &diagnostics;
};

} // namespace

std::optional<CoreFile> lathe::readCoreFile(StringRef path, Diagnostics &diagnostics) {
  Diagnostics own(diagnostics.sourceTexts());
  CoreReader reader(path, own);
  std::optional<unsigned> file = readDescription(path, {}, own);
  if (std::optional<YamlNode> root = file ? readYaml(*file, own) : std::nullopt)
    reader.read(*root);
  bool isValid = !own.hasErrors();
  diagnostics.take(std::move(own));
  return isValid ? std::optional(std::move(reader.core)) : std::nullopt;
}
