#include "core/description/IsaSources.h"

#include "core/description/Files.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr size_t kMostFiles = 64;
static constexpr StringRef kVirtualRoot = "/plugin";
static constexpr StringRef kVocabularyFolder = "/sdk";
static constexpr StringRef kVocabularyPath = "/sdk/lathe/Isa.td";
static constexpr StringRef kVocabulary =
#include "Vocabulary.inc"
    ;

StringRef lathe::isaVocabulary() { return kVocabulary; }

std::string IsaSources::message(const Sources &sources) const {
  std::string out = "lathe-isa 1\n";
  for (const std::string &folder : includeDirs)
    out += "include " + folder + "\n";
  for (const IsaSource &source : files) {
    StringRef text = sources.text(source.file);
    out += llvm::formatv("file {0} {1}\n", text.size(), source.virtualPath).str();
    out += text;
  }
  return out;
}

static size_t skipComment(StringRef text, size_t at) {
  if (text.substr(at).starts_with("//"))
    return std::min(text.find('\n', at), text.size());
  size_t end = text.find("*/", at + 2);
  return end == StringRef::npos ? text.size() : end + 2;
}

static size_t skipString(StringRef text, size_t at) {
  for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at)
    at += text[at] == '\\';
  return std::min(at + 1, text.size());
}

// What follows the word `include` at `at`, when that is a string.
static std::optional<StringRef> includeAt(StringRef text, size_t at) {
  StringRef rest = text.substr(at);
  bool startsWord = at == 0 || !(llvm::isAlnum(text[at - 1]) || text[at - 1] == '_');
  if (!startsWord || !rest.consume_front("include"))
    return std::nullopt;
  rest = rest.ltrim();
  if (!rest.consume_front("\""))
    return std::nullopt;
  return rest.take_until([](char c) { return c == '"' || c == '\n'; });
}

/// The files that `text` may include: more than TableGen will open when some are conditional.
static std::vector<std::string> includesOf(StringRef text) {
  std::vector<std::string> names;
  for (size_t at = 0; at < text.size();) {
    StringRef rest = text.substr(at);
    if (rest.starts_with("//") || rest.starts_with("/*")) {
      at = skipComment(text, at);
    } else if (text[at] == '"') {
      at = skipString(text, at);
    } else if (std::optional<StringRef> name = includeAt(text, at)) {
      names.push_back(name->str());
      at += StringRef("include").size();
    } else {
      ++at;
    }
  }
  return names;
}

namespace {
class Collector {
public:
  Collector(StringRef folder, Diagnostics &diagnostics)
      : folder(folder), diagnostics(diagnostics) {}

  bool addMain(StringRef file) {
    std::optional<unsigned> id = readDescription(file, {}, diagnostics);
    if (!id)
      return false;
    llvm::SmallString<256> real, realFolder;
    (void)fs::real_path(file, real);
    (void)fs::real_path(folder, realFolder);
    StringRef relative = real;
    mainFolder =
        relative.consume_front(realFolder) ? path::parent_path(relative).ltrim('/').str() : "";
    add(path::filename(file), mainFolder, *id);
    return true;
  }

  IsaSources finish() {
    for (size_t next = 0; next < found.files.size(); ++next)
      for (const std::string &name : includesOf(text(next)))
        addInclude(name);
    llvm::SmallString<256> mainVirtual(kVirtualRoot);
    path::append(mainVirtual, mainFolder);
    found.includeDirs = {kVocabularyFolder.str(), mainVirtual.str().str(), kVirtualRoot.str()};
    unsigned vocabulary = diagnostics.sourceTexts().add("lathe/Isa.td", kVocabulary);
    found.files.push_back({kVocabularyPath.str(), vocabulary});
    return std::move(found);
  }

private:
  StringRef text(size_t index) const {
    return diagnostics.sourceTexts().text(found.files[index].file);
  }

  // In the order in which TableGen looks: beside the main file, then from the plugin's folder.
  void addInclude(StringRef name) {
    for (StringRef base : {StringRef(mainFolder), StringRef()}) {
      llvm::SmallString<256> relative(base);
      path::append(relative, name);
      if (leavesFolder(relative) || found.files.size() >= kMostFiles)
        continue;
      std::optional<std::string> real = pathInside(folder, relative);
      if (!real || isKnown(name, base))
        continue;
      Diagnostics unread(diagnostics.sourceTexts()); // TableGen will say that it is missing
      if (std::optional<unsigned> id = readDescription(*real, {}, unread))
        add(name, base, *id);
    }
  }

  static std::string virtualPath(StringRef name, StringRef base) {
    llvm::SmallString<256> path(kVirtualRoot);
    llvm::sys::path::append(path, base, name);
    return path.str().str();
  }

  bool isKnown(StringRef name, StringRef base) const {
    return llvm::any_of(found.files, [&](const IsaSource &source) {
      return source.virtualPath == virtualPath(name, base);
    });
  }

  void add(StringRef name, StringRef base, unsigned id) {
    found.files.push_back({virtualPath(name, base), id});
  }

  StringRef folder;
  Diagnostics &diagnostics;
  std::string mainFolder; // of the main file, relative to `folder`
  IsaSources found;
};
} // namespace

std::optional<IsaSources> lathe::collectIsaSources(StringRef folder, StringRef file,
                                                   Diagnostics &diagnostics) {
  Collector collector(folder, diagnostics);
  if (!collector.addMain(file))
    return std::nullopt;
  return collector.finish();
}
