// Plugins are found in the order of their places, and broken ones are never "not found".
#include "tests/unit/BadDescriptions.h"

using namespace lathe;
using namespace lathe::test;

namespace {
/// Folders a/one, a/two and b/one with plugins of these names.
struct PluginTree {
  std::string root;

  PluginTree() {
    llvm::SmallString<128> unique, real;
    REQUIRE(!llvm::sys::fs::createUniqueDirectory("lathe-search", unique));
    REQUIRE(!llvm::sys::fs::real_path(unique, real));
    root = real.str().str();
    for (llvm::StringRef folder : {"a/one", "a/two", "b/one"})
      add(folder, llvm::sys::path::filename(folder));
  }
  ~PluginTree() { llvm::sys::fs::remove_directories(root); }

  void add(llvm::StringRef folder, llvm::StringRef name) {
    std::string manifest = slurp(badFolder() + "/plugin/base.yaml");
    size_t at = manifest.find("name: base");
    spill(path(folder) + "/lathe-plugin.yaml", manifest.replace(at, 10, "name: " + name.str()));
    spill(path(folder) + "/isa/base.td", "");
    spill(path(folder) + "/machines/base.yaml", "");
  }
  std::string path(llvm::StringRef name) const { return root + "/" + name.str(); }
};

struct Found {
  Sources sources;
  Diagnostics diagnostics{sources};
  std::optional<Plugin> plugin;
  Found(llvm::StringRef name, const PluginPlaces &places) {
    plugin = findPlugin(name, places, diagnostics);
  }
  std::vector<std::string> codes() const { return reported(diagnostics); }
};

using Codes = std::vector<std::string>;
} // namespace

TEST_CASE("a place is a plugin or a folder of plugins, and the first place wins") {
  PluginTree tree;
  PluginPlaces places;
  places.given = {tree.path("b/one")};
  places.pathFolders = {tree.path("missing"), tree.path("a")};
  Found one("one", places), two("two", places);
  REQUIRE(one.plugin);
  CHECK(one.plugin->folder == tree.path("b/one"));
  REQUIRE(two.plugin);
  CHECK(two.plugin->folder == tree.path("a/two"));
  std::vector<std::string> names;
  for (const PluginCandidate &candidate : findPlugins(places, two.diagnostics))
    names.push_back(candidate.name + " " + candidate.foundBy);
  CHECK(names == Codes{"one --plugin", "one LATHE_PLUGIN_PATH", "two LATHE_PLUGIN_PATH"});
}

TEST_CASE("the nearest project file names folders of plugins") {
  PluginTree tree;
  spill(tree.path("lathe.yaml"), "lathe: project/1\nplugins: [b]\n");
  spill(tree.path("work/lathe.yaml"), "lathe: project/1\nplugins: [../a, nowhere]\n");
  PluginPlaces places;
  places.workingFolder = tree.path("work/deep/down");
  Found found("one", places);
  REQUIRE(found.plugin);
  CHECK(found.plugin->folder == tree.path("a/one"));
  CHECK(found.codes() == Codes{"L0241 2:17"}); // 'nowhere' has no plugin
}

TEST_CASE("a target may be named by its folder") {
  PluginTree tree;
  CHECK(Found(tree.path("a/one"), {}).plugin);
  CHECK(Found(tree.path("a"), {}).codes() == Codes{"L0241 0:0"});
}

TEST_CASE("an unknown name says what is near") {
  PluginTree tree;
  PluginPlaces places;
  places.sdkTargets = tree.path("a");
  Found found("twoo", places);
  CHECK(found.codes() == Codes{"L0238 0:0"});
  CHECK(found.diagnostics.all().front().help == "did you mean 'two'?");
}

TEST_CASE("a given folder without a plugin is reported") {
  PluginTree tree;
  PluginPlaces places;
  places.given = {tree.path("work")};
  CHECK(Found("one", places).codes() == Codes{"L0241 0:0", "L0238 0:0"});
}

TEST_CASE("a broken plugin is reported again whenever its name is asked for") {
  PluginTree tree;
  spill(tree.path("a/two/lathe-plugin.yaml"), "lathe: plugin/1\nname: two\nversoin: 1\n");
  PluginPlaces places;
  places.dataFolders = {tree.path("a")};
  for (int time = 0; time < 2; ++time)
    CHECK(Found("two", places).codes() ==
          Codes{"L0212 3:1", "L0213 1:1", "L0213 1:1", "L0213 1:1", "L0239 0:0"});
  spill(tree.path("a/two/lathe-plugin.yaml"), "lathe: [");
  CHECK(Found("two", places).codes().back() == "L0239 0:0"); // by its folder's name
  CHECK(Found("one", places).plugin);
}

TEST_CASE("two plugins of one name in one place are an error") {
  PluginTree tree;
  tree.add("a/three", "two");
  PluginPlaces places;
  places.pathFolders = {tree.path("a")};
  CHECK(Found("two", places).codes() == Codes{"L0240 0:0"});
}

TEST_CASE("a chain of machine files has an end") {
  ScratchPlugin plugin;
  for (int i = 0; i < 12; ++i)
    plugin.write("machines/m" + std::to_string(i) + ".yaml",
                 "extends: m" + std::to_string(i + 1) + ".yaml\n");
  plugin.replace("lathe-plugin.yaml", "machines/base.yaml", "machines/m0.yaml");
  Sources sources;
  Diagnostics diagnostics(sources);
  auto manifest = readManifest(plugin.folder, diagnostics);
  REQUIRE(manifest);
  CHECK(!loadTarget(*manifest, "", diagnostics));
  CHECK(reported(diagnostics) == Codes{"L0224 1:10"});
}

TEST_CASE("values of a machine file hold over those of the file it extends") {
  ScratchPlugin plugin;
  plugin.write("machines/small.yaml",
               "extends: base.yaml\nspaces: {mem: {capacity: 64 B, banks: 2}}\n");
  plugin.replace("lathe-plugin.yaml", "machines/base.yaml", "machines/small.yaml");
  Sources sources;
  Diagnostics diagnostics(sources);
  auto manifest = readManifest(plugin.folder, diagnostics);
  REQUIRE(manifest);
  auto target = loadTarget(*manifest, "", diagnostics);
  REQUIRE(target);
  const Space &mem = target->spaces[*target->findSpace("mem")];
  CHECK(mem.addresses == 16); // 64 bytes in rows of 4
  CHECK(mem.banks == 2);
  CHECK(target->units[0].queue == 2);
  CHECK(target->spaces[kHostSpace].latencyCycles == 1);
}

TEST_CASE("every message of descriptions is announced by a case or a test") {
  std::string text = slurp(LATHE_SOURCE_DIR "/tests/unit/BadDescriptionTest.cpp") +
                     slurp(LATHE_SOURCE_DIR "/tests/unit/PluginSearchTest.cpp") +
                     slurp(LATHE_SOURCE_DIR "/tests/unit/LibraryTest.cpp") +
                     slurp(LATHE_SOURCE_DIR "/tests/unit/PluginTest.cpp") +
                     slurp(LATHE_SOURCE_DIR "/tests/bad/new_cases.py") +
                     slurp(LATHE_SOURCE_DIR "/tests/bad/binding_cases.py");
  for (llvm::StringRef folder : {"td", "yaml", "plugin"}) {
    std::error_code error;
    for (llvm::sys::fs::directory_iterator entry(badFolder() + "/" + folder, error), end;
         entry != end && !error; entry.increment(error))
      text += slurp(entry->path());
  }
  for (const MessageInfo &message : allMessages())
    if (message.code >= "L0200" && message.code < "L0500")
      CHECK_MESSAGE(text.find(message.code.str()) != std::string::npos, message.code.str());
}
