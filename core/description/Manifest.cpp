#include "core/description/Files.h"
#include "core/description/Keys.h"
#include "core/description/LibraryFiles.h"
#include "core/description/Plugin.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

const PluginMachine *Plugin::findMachine(StringRef wanted) const {
  auto found =
      llvm::find_if(machines, [&](const PluginMachine &machine) { return machine.name == wanted; });
  return found == machines.end() ? nullptr : &*found;
}

StringRef lathe::sdkVersion() { return LATHE_VERSION; }

// "0.1" of "0.1.0"; nothing when it is not numbers.
static std::optional<std::pair<unsigned, unsigned>> majorMinor(StringRef version) {
  auto [major, rest] = version.split('.');
  unsigned majorNumber = 0, minorNumber = 0;
  if (major.getAsInteger(10, majorNumber) || rest.split('.').first.getAsInteger(10, minorNumber))
    return std::nullopt;
  return std::pair(majorNumber, minorNumber);
}

namespace {

class ManifestReader {
public:
  ManifestReader(StringRef folder, Diagnostics &diagnostics) : diagnostics(diagnostics) {
    llvm::SmallString<256> real;
    plugin.folder = fs::real_path(folder, real) ? folder.str() : real.str().str();
    llvm::SmallString<256> manifest(plugin.folder);
    path::append(manifest, kManifestName);
    plugin.manifest = manifest.str().str();
  }

  std::optional<Plugin> read() {
    std::optional<unsigned> file = readDescription(plugin.manifest, {}, diagnostics);
    std::optional<YamlNode> root = file ? readYaml(*file, diagnostics) : std::nullopt;
    if (!root)
      return std::nullopt;
    checkKeys(*root, pluginKeys(), diagnostics);
    checkRequired(*root, pluginKeys(), diagnostics);
    if (diagnostics.hasErrors())
      return std::nullopt;
    fill(*root);
    return diagnostics.hasErrors() ? std::nullopt : std::optional(std::move(plugin));
  }

private:
  static std::string text(const YamlNode &map, StringRef key) {
    const YamlNode *value = map.find(key);
    return value ? value->text : "";
  }

  void fill(const YamlNode &root) {
    plugin.name = root.find("name")->text;
    plugin.nameLoc = root.find("name")->loc;
    plugin.version = root.find("version")->text;
    plugin.summary = text(root, "summary");
    checkVersion(*root.find("version"));
    checkRequires(*root.find("requires"));
    plugin.isaFile = root.find("isa")->text;
    plugin.isaPath = existing(*root.find("isa"));
    fillMachines(*root.find("machines"));
    if (const YamlNode *rtl = root.find("rtl"))
      fillRtl(*rtl);
    if (const YamlNode *tests = root.find("tests"))
      for (const YamlNode &item : tests->items)
        llvm::append_range(plugin.tests, glob(item));
    if (const YamlNode *waivers = root.find("waivers"))
      fillWaivers(*waivers);
  }

  void fillWaivers(const YamlNode &waivers) {
    for (const auto &[points, reason] : waivers.entries) {
      auto pattern = llvm::GlobPattern::create(points.text);
      if (!pattern)
        diagnostics.report(Message::ManifestPattern, points.loc, points.text,
                           llvm::toString(pattern.takeError()));
      else if (StringRef(reason.text).trim().empty())
        diagnostics.report(Message::ManifestWaiver, reason.loc, points.text);
      plugin.waivers.push_back({points.text, reason.text});
    }
  }

  static std::optional<unsigned> errorCode(const YamlNode &rtl, StringRef kind) {
    const YamlNode *errors = rtl.find("errors");
    const YamlNode *code = errors ? errors->find(kind) : nullptr;
    return code ? std::optional(static_cast<unsigned>(code->number)) : std::nullopt;
  }

  void checkVersion(const YamlNode &version) {
    llvm::SmallVector<StringRef, 4> parts;
    StringRef(version.text).split(parts, '.');
    bool numbers = llvm::all_of(parts, [](StringRef part) {
      unsigned number = 0;
      return !part.getAsInteger(10, number);
    });
    if (parts.size() != 3 || !numbers)
      diagnostics.report(Message::ManifestVersion, version.loc, version.text);
  }

  void checkRequires(const YamlNode &requires_) {
    StringRef text = requires_.text;
    auto wanted = text.consume_front("lathe ") ? majorMinor(text) : std::nullopt;
    if (!wanted)
      diagnostics.report(Message::ManifestRequires, requires_.loc, requires_.text);
    else if (*wanted > *majorMinor(sdkVersion()))
      diagnostics.report(Message::ManifestTooNew, requires_.loc, requires_.text, sdkVersion());
    plugin.oldestSdk = text.str();
  }

  bool staysInside(const YamlNode &value) {
    if (!leavesFolder(value.text) && !value.text.empty())
      return true;
    diagnostics.report(Message::PathOutside, value.loc, value.text, plugin.folder);
    return false;
  }

  std::string existing(const YamlNode &value) {
    if (!staysInside(value))
      return {};
    llvm::SmallString<256> joined(plugin.folder);
    path::append(joined, value.text);
    if (!fs::exists(joined))
      diagnostics.report(Message::FileUnreadable, value.loc, value.text, "no such file");
    else if (std::optional<std::string> found = pathInside(plugin.folder, value.text))
      return *found;
    else
      diagnostics.report(Message::PathOutside, value.loc, value.text, plugin.folder);
    return {};
  }

  void fillMachines(const YamlNode &machines) {
    for (const auto &[name, value] : machines.entries)
      plugin.machines.push_back({name.text, existing(value), value.loc});
    if (machines.entries.empty())
      diagnostics.report(Message::ManifestNoMachine, machines.loc);
  }

  void fillRtl(const YamlNode &rtl) {
    PluginRtl &out = plugin.rtl.emplace();
    out.top = {rtl.find("top")->text, rtl.find("top")->loc};
    if (const YamlNode *package = rtl.find("package"); package && staysInside(*package)) {
      llvm::SmallString<256> joined(plugin.folder);
      path::append(joined, package->text);
      out.package = joined.str().str();
      if (fs::exists(joined))
        out.files.push_back(out.package);
    }
    for (const YamlNode &item : rtl.find("files")->items)
      for (std::string &file : glob(item))
        if (!llvm::is_contained(out.files, file))
          out.files.push_back(std::move(file));
    std::stable_partition(out.files.begin(), out.files.end(),
                          [](StringRef file) { return file.ends_with(".vlt"); });
    if (const YamlNode *parameters = rtl.find("parameters"))
      for (const auto &[name, value] : parameters->entries)
        out.parameters.push_back({name.text, {value.text, value.textLoc()}});
    if (const YamlNode *counters = rtl.find("counters"))
      for (const YamlNode &item : counters->items)
        out.counters.push_back(item.text);
    out.reservedError = errorCode(rtl, "reserved");
    out.rangeError = errorCode(rtl, "range");
    if (const YamlNode *binding = rtl.find("binding"))
      out.binding = *binding;
  }

  /// The files that a path means, sorted. Wildcards stand in the last component only.
  std::vector<std::string> glob(const YamlNode &value) {
    if (StringRef(value.text).find_first_of("*?[") == StringRef::npos) {
      std::string file = existing(value);
      return file.empty() ? std::vector<std::string>() : std::vector{file};
    }
    auto pattern = llvm::GlobPattern::create(path::filename(value.text));
    if (!pattern) {
      diagnostics.report(Message::ManifestPattern, value.loc, value.text,
                         llvm::toString(pattern.takeError()));
      return {};
    }
    return staysInside(value) ? matching(value, *pattern) : std::vector<std::string>();
  }

  std::vector<std::string> matching(const YamlNode &value, const llvm::GlobPattern &pattern) {
    std::vector<std::string> files;
    std::string folder = path::parent_path(value.text).str();
    std::optional<std::string> inside =
        folder.empty() ? plugin.folder : pathInside(plugin.folder, folder);
    std::error_code error;
    if (inside)
      for (fs::directory_iterator entry(*inside, error), end; entry != end && !error;
           entry.increment(error))
        if (pattern.match(path::filename(entry->path())))
          files.push_back(entry->path());
    if (files.empty())
      diagnostics.report(Message::ManifestNoFile, value.loc, value.text);
    llvm::sort(files);
    return files;
  }

  Diagnostics &diagnostics;
  Plugin plugin;
};

} // namespace

std::optional<Plugin> lathe::readManifest(StringRef folder, Diagnostics &diagnostics) {
  Diagnostics own(diagnostics.sourceTexts()); // earlier errors of the caller do not count here
  std::optional<Plugin> plugin = ManifestReader(folder, own).read();
  if (plugin)
    plugin->library = readLibrary(plugin->folder, own);
  if (own.hasErrors())
    plugin.reset();
  diagnostics.take(std::move(own));
  return plugin;
}

std::optional<Isa> lathe::readIsa(const Plugin &plugin, Diagnostics &diagnostics,
                                  const IsaReaderOptions &options) {
  return readIsa(plugin.folder, plugin.isaPath, diagnostics, options);
}
