#include "sdk/cli/TestFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

namespace {
class TestFileReader {
public:
  TestFileReader(StringRef path, StringRef plugin, Diagnostics &diagnostics)
      : path(path), plugin(plugin), diagnostics(diagnostics) {}

  std::vector<TestCase> read(const YamlNode &document);

private:
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  struct Key {
    StringRef name;
    void (TestFileReader::*read)(const YamlNode &value, TestCase &test);
  };
  static const Key kKeys[];

  TestCase readCase(const YamlNode &entry);
  void unknownKey(const YamlNode &key);
  void wrong(const YamlNode &node, StringRef what) {
    diagnostics.report(Message::BadTestValue, node.loc, what, describe(node.kind));
  }
  std::string scalar(const YamlNode &node);
  std::string besideFile(StringRef relative) const;
  Pairs pairs(const YamlNode &node, bool arePaths);
  std::vector<std::string> list(const YamlNode &node);

  void readName(const YamlNode &value, TestCase &test) { test.name = scalar(value); }
  void readKernel(const YamlNode &value, TestCase &test) {
    test.kernel = besideFile(scalar(value));
  }
  void readEntry(const YamlNode &value, TestCase &test) { test.kernelName = scalar(value); }
  void readSizes(const YamlNode &value, TestCase &test) { test.sizes = pairs(value, false); }
  void readIn(const YamlNode &value, TestCase &test) { test.inputs = pairs(value, true); }
  void readExpect(const YamlNode &value, TestCase &test) { test.expected = pairs(value, true); }
  void readMachines(const YamlNode &value, TestCase &test) { test.machines = list(value); }
  void readOn(const YamlNode &value, TestCase &test);
  void readSeed(const YamlNode &value, TestCase &test);
  void readOffload(const YamlNode &value, TestCase &test);

  StringRef path, plugin;
  Diagnostics &diagnostics;
};
} // namespace

const TestFileReader::Key TestFileReader::kKeys[] = {
    {"name", &TestFileReader::readName},
    {"kernel", &TestFileReader::readKernel},
    {"entry", &TestFileReader::readEntry},
    {"sizes", &TestFileReader::readSizes},
    {"in", &TestFileReader::readIn},
    {"expect", &TestFileReader::readExpect},
    {"machines", &TestFileReader::readMachines},
    {"on", &TestFileReader::readOn},
    {"seed", &TestFileReader::readSeed},
    {"offload", &TestFileReader::readOffload},
};

std::string TestFileReader::scalar(const YamlNode &node) {
  if (node.isScalar())
    return node.text;
  wrong(node, "text");
  return {};
}

std::string TestFileReader::besideFile(StringRef relative) const {
  llvm::SmallString<128> full;
  if (!llvm::sys::path::is_absolute(relative))
    full = llvm::sys::path::parent_path(path);
  llvm::sys::path::append(full, relative);
  llvm::sys::path::remove_dots(full, /*remove_dot_dot=*/true);
  return full.str().str();
}

TestFileReader::Pairs TestFileReader::pairs(const YamlNode &node, bool arePaths) {
  Pairs result;
  if (node.kind != YamlNode::Kind::Map)
    wrong(node, "a map");
  for (const auto &[key, value] : node.entries)
    result.emplace_back(key.text, arePaths ? besideFile(scalar(value)) : scalar(value));
  return result;
}

std::vector<std::string> TestFileReader::list(const YamlNode &node) {
  std::vector<std::string> result;
  if (node.kind != YamlNode::Kind::List)
    wrong(node, "a list");
  for (const YamlNode &item : node.items)
    result.push_back(scalar(item));
  return result;
}

void TestFileReader::readOn(const YamlNode &value, TestCase &test) {
  test.on = list(value);
  for (const YamlNode &item : value.items)
    if (item.text != "model" && item.text != "rtl")
      wrong(item, "'model' or 'rtl'");
}

void TestFileReader::readSeed(const YamlNode &value, TestCase &test) {
  uint64_t number = 0;
  test.seed = scalar(value);
  if (StringRef(test.seed).getAsInteger(10, number))
    wrong(value, "a whole number");
}

void TestFileReader::readOffload(const YamlNode &value, TestCase &test) {
  if (StringRef(scalar(value)).getAsInteger(10, test.offload) || test.offload < 0 ||
      test.offload > 100)
    wrong(value, "0 to 100");
}

void TestFileReader::unknownKey(const YamlNode &key) {
  std::vector<StringRef> names;
  for (const Key &known : kKeys)
    names.push_back(known.name);
  std::optional<StringRef> meant = nearest(key.text, names);
  diagnostics.report(Message::UnknownTestKey, key.loc, key.text,
                     meant ? ("did you mean '" + *meant + "'?").str()
                           : "keys are " + llvm::join(names, ", "));
}

TestCase TestFileReader::readCase(const YamlNode &entry) {
  TestCase test;
  test.file = path.str();
  test.line = diagnostics.sourceTexts().place(entry.loc).line;
  test.folder = plugin.str();
  if (entry.kind != YamlNode::Kind::Map)
    wrong(entry, "a map with 'name' and 'kernel'");
  for (const auto &[key, value] : entry.entries) {
    const Key *known = llvm::find_if(kKeys, [&](const Key &it) { return it.name == key.text; });
    known == std::end(kKeys) ? unknownKey(key) : (this->*known->read)(value, test);
  }
  if (entry.kind == YamlNode::Kind::Map && (test.name.empty() || test.kernel.empty()))
    wrong(entry, "a map with 'name' and 'kernel'");
  if (test.machines.empty())
    test.machines = {"default"};
  if (test.on.empty())
    test.on = {"model", "rtl"};
  return test;
}

std::vector<TestCase> TestFileReader::read(const YamlNode &document) {
  const YamlNode *format = document.find("lathe"), *tests = document.find("tests");
  if (!format || format->text != "tests/1")
    wrong(format ? *format : document, "'lathe: tests/1'");
  for (const auto &[key, value] : document.entries)
    if (key.text != "lathe" && key.text != "tests")
      diagnostics.report(Message::UnknownTestKey, key.loc, key.text, "keys are lathe, tests");
  if (!tests || tests->kind != YamlNode::Kind::List) {
    wrong(tests ? *tests : document, "a list 'tests'");
    return {};
  }
  std::vector<TestCase> cases;
  for (const YamlNode &entry : tests->items)
    cases.push_back(readCase(entry));
  return cases;
}

std::vector<TestCase> lathe::cli::readTestFile(StringRef path, StringRef plugin, Sources &sources,
                                               Diagnostics &diagnostics) {
  std::string why;
  std::optional<unsigned> file = sources.read(path, why);
  if (!file) {
    diagnostics.report(Message::FileUnreadable, Place{}, path, why);
    return {};
  }
  unsigned errorsBefore = diagnostics.errorCount();
  std::optional<YamlNode> document = readYaml(*file, diagnostics);
  if (!document)
    return {};
  std::vector<TestCase> cases = TestFileReader(path, plugin, diagnostics).read(*document);
  return diagnostics.errorCount() == errorsBefore ? cases : std::vector<TestCase>();
}

std::vector<std::string> lathe::cli::testFilesOf(StringRef plugin) {
  llvm::SmallString<128> folder(plugin);
  llvm::sys::path::append(folder, "tests");
  std::vector<std::string> files;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    if (StringRef(it->path()).ends_with(".yaml"))
      files.push_back(it->path());
  llvm::sort(files);
  return files;
}
