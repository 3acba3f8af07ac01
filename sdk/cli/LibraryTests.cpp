#include "sdk/cli/LibraryTests.h"

#include "core/description/Plugin.h"
#include "core/library/Library.h"
#include "llvm/Support/FileSystem.h"

using namespace lathe;
using namespace lathe::cli;

std::vector<TestCase> lathe::cli::libraryTests(Session &session, llvm::StringRef folder) {
  std::vector<TestCase> tests;
  if (!llvm::sys::fs::is_directory(folder + "/library"))
    return tests;
  std::optional<Plugin> plugin = readManifest(folder, session.diagnostics);
  std::optional<Target> target =
      plugin ? loadTarget(*plugin, "", session.diagnostics) : std::nullopt;
  if (!target)
    return tests;
  for (const LibraryEntry &entry : target->library) {
    if (!assembleEntry(entry, *target, {}, {}, session.diagnostics))
      continue;
    for (const auto &sizes : testSizesOf(entry, *target, session.sources)) {
      TestCase test;
      test.file = test.kernel = entry.path;
      test.folder = folder.str();
      test.name = "library entry " + entry.name;
      for (const auto &[name, size] : sizes) {
        test.sizes.emplace_back(name, std::to_string(size));
        test.name += " " + name + "=" + std::to_string(size);
      }
      test.machines = {target->machine};
      test.on = {"model"};
      if (target->rtl)
        test.on.push_back("rtl");
      tests.push_back(std::move(test));
    }
  }
  return tests;
}
