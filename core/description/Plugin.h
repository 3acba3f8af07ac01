// A plugin folder: its manifest, and the targets that its ISA and machine files describe.
#pragma once

#include "core/description/Isa.h"
#include "core/description/Yaml.h"
#include "core/target/Target.h"

namespace lathe {

/// A value of the manifest and where it stands.
struct ManifestText {
  std::string text;
  llvm::SMLoc loc;
};

struct PluginMachine {
  std::string name;
  std::string path; ///< absolute
  llvm::SMLoc loc;
};

struct PluginRtl {
  ManifestText top;
  std::vector<std::string> files; ///< absolute, package first; those that exist
  std::string package;            ///< absolute; empty when there is none. It may not exist yet
  std::vector<std::pair<std::string, ManifestText>> parameters; ///< expressions
  std::vector<std::string> counters;
  std::optional<unsigned> reservedError, rangeError;
  std::optional<YamlNode> binding; ///< with the table's keys and kinds
};

/// A manifest that was read without mistakes. All paths lie inside `folder`.
struct Plugin {
  std::string folder; ///< absolute, links resolved
  std::string manifest;
  std::string name;
  llvm::SMLoc nameLoc;
  std::string version;
  std::string summary;
  std::string oldestSdk;               ///< "0.1", of `requires: lathe 0.1`
  std::string isaPath;                 ///< absolute
  std::string isaFile;                 ///< relative to the folder
  std::vector<PluginMachine> machines; ///< at least one; the first is the default
  std::optional<PluginRtl> rtl;
  std::vector<std::string> tests;    ///< absolute
  std::vector<LibraryEntry> library; ///< of the folder `library`, by name
  std::vector<Waiver> waivers;

  const PluginMachine *findMachine(llvm::StringRef name) const;
};

constexpr llvm::StringLiteral kManifestName = "lathe-plugin.yaml";

/// The version of this SDK, "0.1.0".
llvm::StringRef sdkVersion();

/// Reads `folder`/lathe-plugin.yaml. All its mistakes are reported; then nothing is returned.
std::optional<Plugin> readManifest(llvm::StringRef folder, Diagnostics &diagnostics);

/// The ISA of a plugin, to be given to loadTarget for each of its machines.
std::optional<Isa> readIsa(const Plugin &plugin, Diagnostics &diagnostics,
                           const IsaReaderOptions &options = {});

/// The target of `machine` (empty: the plugin's first), valid and complete, or nothing after every
/// mistake of the ISA, of the machine file and between both was reported. `diagnostics` may have
/// warnings also when a target is returned.
std::optional<Target> loadTarget(const Plugin &plugin, const Isa &isa, llvm::StringRef machine,
                                 Diagnostics &diagnostics);
std::optional<Target> loadTarget(const Plugin &plugin, llvm::StringRef machine,
                                 Diagnostics &diagnostics);

/// The target of a machine file that need not be listed in the manifest; its name is the file's
/// stem.
std::optional<Target> loadTargetFile(const Plugin &plugin, const Isa &isa,
                                     llvm::StringRef machinePath, Diagnostics &diagnostics);

} // namespace lathe
