#include "core/description/Machine.h"

#include "core/description/Files.h"
#include "core/description/Keys.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;

static constexpr unsigned kLongestChain = 8;

static void mergeOver(YamlNode &base, YamlNode over) {
  for (auto &[key, value] : over.entries) {
    auto same =
        llvm::find_if(base.entries, [&](const auto &entry) { return entry.key.text == key.text; });
    if (same == base.entries.end())
      base.entries.push_back({std::move(key), std::move(value)});
    else if (same->value.kind == YamlNode::Kind::Map && value.kind == YamlNode::Kind::Map)
      mergeOver(same->value, std::move(value));
    else
      *same = {std::move(key), std::move(value)};
  }
  base.loc = over.loc; // what is missing is missing in the outermost file
}

namespace {
class MachineReader {
public:
  MachineReader(StringRef folder, Diagnostics &diagnostics)
      : folder(folder), diagnostics(diagnostics) {}

  std::optional<YamlNode> read(StringRef path, llvm::SMLoc at) {
    std::optional<unsigned> file = readDescription(path, at, diagnostics);
    std::optional<YamlNode> root = file ? readYaml(*file, diagnostics) : std::nullopt;
    if (!root)
      return std::nullopt;
    checkKeys(*root, machineKeys(), diagnostics);
    const YamlNode *extends = root->find("extends");
    if (!extends || !extends->isScalar())
      return root;
    chain.push_back(realPath(path));
    std::optional<YamlNode> base = readBase(path, *extends);
    if (!base)
      return std::nullopt;
    llvm::erase_if(root->entries, [](const auto &entry) { return entry.key.text == "extends"; });
    mergeOver(*base, std::move(*root));
    return base;
  }

private:
  static std::string realPath(StringRef path) {
    llvm::SmallString<256> real;
    return llvm::sys::fs::real_path(path, real) ? path.str() : real.str().str();
  }

  std::optional<YamlNode> readBase(StringRef path, const YamlNode &extends) {
    llvm::SmallString<256> joined(llvm::sys::path::parent_path(realPath(path)));
    llvm::sys::path::append(joined, extends.text);
    std::string base = realPath(joined);
    if (!isInside(base) || llvm::sys::path::is_absolute(extends.text)) {
      diagnostics.report(Message::PathOutside, extends.loc, extends.text, folder);
      return std::nullopt;
    }
    if (llvm::is_contained(chain, base)) {
      diagnostics.report(Message::ExtendsCycle, extends.loc, extends.text);
      return std::nullopt;
    }
    if (chain.size() >= kLongestChain) {
      diagnostics.report(Message::ExtendsDepth, extends.loc, kLongestChain);
      return std::nullopt;
    }
    return read(base, extends.loc);
  }

  // A file that does not exist counts by its name without dots.
  bool isInside(StringRef file) const {
    llvm::SmallString<256> clean(file);
    llvm::sys::path::remove_dots(clean, /*remove_dot_dot=*/true);
    StringRef rest = clean;
    return rest.consume_front(realPath(folder)) && rest.starts_with("/");
  }

  StringRef folder;
  Diagnostics &diagnostics;
  std::vector<std::string> chain;
};
} // namespace

std::optional<YamlNode> lathe::readMachine(StringRef folder, StringRef path, llvm::SMLoc at,
                                           Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  std::optional<YamlNode> root = MachineReader(folder, diagnostics).read(path, at);
  if (root)
    checkRequired(*root, machineKeys(), diagnostics);
  return diagnostics.errorCount() == errorsBefore ? std::move(root) : std::nullopt;
}
