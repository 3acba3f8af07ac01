// Every file of tests/bad is refused with exactly the messages it announces.
#include "core/description/Keys.h"
#include "tests/unit/BadDescriptions.h"

using namespace lathe;
using namespace lathe::test;

static std::vector<std::string> casesIn(const std::string &folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(badFolder() + "/" + folder, error), end;
       entry != end && !error; entry.increment(error))
    if (llvm::sys::path::stem(entry->path()) != "base")
      files.push_back(entry->path());
  llvm::sort(files);
  REQUIRE(files.size() > 10);
  return files;
}

static void checkPlugin(const ScratchPlugin &plugin, llvm::StringRef text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  std::optional<Plugin> manifest = readManifest(plugin.folder, diagnostics);
  if (manifest)
    loadTarget(*manifest, "", diagnostics);
  checkReported(diagnostics, comments(text, "expect:"));
}

TEST_CASE("bad ISA descriptions are refused where they are wrong") {
  for (const std::string &file : casesIn("td")) {
    INFO(file);
    std::string text = slurp(file);
    ScratchPlugin plugin;
    plugin.write("isa/isa.td", text);
    plugin.replace("lathe-plugin.yaml", "isa/base.td", "isa/isa.td");
    for (const std::string &space : comments(text, "space:"))
      plugin.replace("machines/base.yaml", "spaces:\n", "spaces:\n  " + space + "\n");
    for (const std::string &unit : comments(text, "unit:"))
      plugin.replace("machines/base.yaml", "units:\n", "units:\n  " + unit + "\n");
    checkPlugin(plugin, text);
  }
}

TEST_CASE("bad machine files are refused where they are wrong") {
  for (const std::string &file : casesIn("yaml")) {
    INFO(file);
    ScratchPlugin plugin;
    plugin.write("machines/case.yaml", slurp(file));
    plugin.replace("lathe-plugin.yaml", "machines/base.yaml", "machines/case.yaml");
    checkPlugin(plugin, slurp(file));
  }
}

TEST_CASE("bad manifests are refused where they are wrong") {
  for (const std::string &file : casesIn("plugin")) {
    INFO(file);
    ScratchPlugin plugin;
    plugin.write("lathe-plugin.yaml", slurp(file));
    checkPlugin(plugin, slurp(file));
  }
}

TEST_CASE("the files around the bad ones are good") {
  ScratchPlugin plugin;
  checkPlugin(plugin, "");
}

// ---- what cannot stand in a file of its own

static std::vector<std::string> reportedFor(llvm::StringRef machine) {
  ScratchPlugin plugin;
  plugin.write("machines/base.yaml", machine);
  Sources sources;
  Diagnostics diagnostics(sources);
  std::optional<Plugin> manifest = readManifest(plugin.folder, diagnostics);
  REQUIRE(manifest);
  CHECK(!loadTarget(*manifest, "", diagnostics));
  return reported(diagnostics);
}

static std::vector<std::string> reportedForIsa(llvm::StringRef text,
                                               const IsaReaderOptions &options = {}) {
  ScratchPlugin plugin;
  plugin.write("isa/base.td", text);
  Sources sources;
  Diagnostics diagnostics(sources);
  CHECK(!readIsa(plugin.folder, plugin.folder + "/isa/base.td", diagnostics, options));
  return reported(diagnostics);
}

using Codes = std::vector<std::string>;

TEST_CASE("a comma alone, tabs, odd bytes and deep nesting in yaml come to an end") {
  CHECK(reportedFor(",") == Codes{"L0202 1:1"});
  CHECK(reportedFor("lathe: machine/1\nspaces:\n\thost: 1\n") == Codes{"L0203 3:1"});
  CHECK(reportedFor(llvm::StringRef("lathe: \0", 8)) == Codes{"L0203 1:8"});
  CHECK(reportedFor("lathe: \xff\n") == Codes{"L0203 1:8"});
  CHECK(reportedFor(", a: 1") == Codes{"L0202 1:1"});
  CHECK(reportedFor("a: " + std::string(100000, '[')).front().starts_with("L0208 1:"));
  CHECK(reportedFor("a: [" + std::string(60000, ',')) == Codes{"L0209 1:20004"});
  std::string many = "a: [0";
  for (int i = 0; i < 30000; ++i)
    many += ",0";
  CHECK(reportedFor(many + "]").front().starts_with("L0209"));
  CHECK(reportedFor(std::string(2 << 20, '#')) == Codes{"L0201 6:21"}); // asked for by the manifest
}

TEST_CASE("brackets nested 100,000 deep end the child, not the caller") {
  std::string text = "include \"lathe/Isa.td\"\ndef X { int v = ";
  for (int i = 0; i < 100000; ++i)
    text += "!add(1,";
  CHECK(reportedForIsa(text) == Codes{"L0308 0:0"});
}

TEST_CASE("bytes that are no text are refused") {
  CHECK(reportedForIsa(llvm::StringRef("\0\1\2\xff\xfe", 5)) ==
        Codes{"L0301 1:1", "L0301 1:2", "L0301 1:2"});
}

TEST_CASE("a reader that is missing, silent or talks too much is a message") {
  IsaReaderOptions options;
  options.program = "/nonexistent/reader";
  CHECK(reportedForIsa("", options) == Codes{"L0304 0:0"});
  options.program = "/bin/true";
  CHECK(reportedForIsa("", options) == Codes{"L0309 0:0"});
  options.program = "/usr/bin/yes";
  options.limits.outputBytes = 1000;
  CHECK(reportedForIsa("", options) == Codes{"L0307 0:0"});
}

TEST_CASE("a description may not be a device, a folder or missing") {
  Sources sources;
  Diagnostics diagnostics(sources);
  CHECK(!readIsa("/dev", "/dev/zero", diagnostics));
  CHECK(!readIsa("/tmp", "/tmp", diagnostics));
  CHECK(!readManifest("/nonexistent", diagnostics));
  CHECK(reported(diagnostics) == Codes{"L0101 0:0", "L0101 0:0", "L0101 0:0"});
}

TEST_CASE("a link out of the folder is not followed") {
  ScratchPlugin plugin;
  REQUIRE(symlink("/etc/passwd", (plugin.folder + "/isa/link.td").c_str()) == 0);
  plugin.write("isa/base.td", "include \"link.td\"\n");
  Sources sources;
  Diagnostics diagnostics(sources);
  CHECK(!readIsa(plugin.folder, plugin.folder + "/isa/base.td", diagnostics));
  CHECK(reported(diagnostics) == Codes{"L0303 1:9"});
}

// ---- mutations: nothing to expect but an end

static void readMutant(llvm::StringRef text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  std::optional<YamlNode> root = readYaml(sources.add("mutant.yaml", text), diagnostics);
  CHECK(root.has_value() != diagnostics.hasErrors());
  if (root)
    checkKeys(*root, machineKeys(), diagnostics);
}

TEST_CASE("every one-character change of a machine file is read or refused") {
  std::string good = slurp(badFolder() + "/yaml/base.yaml");
  llvm::StringRef strange = ",[]{}:&*!|>'\"%@`#?-<~ \n\t\\";
  for (size_t at = 0; at < good.size(); ++at) {
    readMutant(llvm::StringRef(good).take_front(at));
    for (char c : strange) {
      std::string changed = good, longer = good;
      changed[at] = c;
      readMutant(changed);
      readMutant(longer.insert(at, 1, c));
    }
  }
}

TEST_CASE("an ISA cut off anywhere is read or refused") {
  std::string good = slurp(badFolder() + "/td/base.td");
  ScratchPlugin plugin;
  for (size_t size = 0; size < good.size(); size += 17) {
    plugin.write("isa/base.td", llvm::StringRef(good).take_front(size));
    Sources sources;
    Diagnostics diagnostics(sources);
    auto isa = readIsa(plugin.folder, plugin.folder + "/isa/base.td", diagnostics);
    CHECK(isa.has_value() != diagnostics.hasErrors());
  }
}
