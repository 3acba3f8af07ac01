// A plugin made of one bad file and good ones around it, and what is reported for it.
//
// A case says in comments what it expects, `expect: L0312 7:14` (0:0: the file as a whole, `A|B`:
// one of two), every message of the run in order; `space: ...` and `unit: ...` add an entry to the
// machine around a bad .td.
#pragma once

#include "core/description/PluginSearch.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <doctest/doctest.h>

namespace lathe::test {

inline std::string badFolder() { return LATHE_SOURCE_DIR "/tests/bad"; }

inline std::string slurp(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  REQUIRE_MESSAGE(buffer, path);
  return (*buffer)->getBuffer().str();
}

inline void spill(const std::string &path, llvm::StringRef text) {
  REQUIRE(!llvm::sys::fs::create_directories(llvm::sys::path::parent_path(path)));
  std::error_code error;
  llvm::raw_fd_ostream(path, error) << text;
  REQUIRE(!error);
}

/// The rest of every line that has `word` behind its comment sign.
inline std::vector<std::string> comments(llvm::StringRef text, llvm::StringRef word) {
  std::vector<std::string> found;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    line = line.ltrim("/# ");
    if (line.consume_front(word))
      found.push_back(line.trim().str());
  }
  return found;
}

/// A plugin folder of its own for one test, removed with it.
struct ScratchPlugin {
  std::string folder;

  ScratchPlugin() {
    llvm::SmallString<128> unique;
    REQUIRE(!llvm::sys::fs::createUniqueDirectory("lathe-bad", unique));
    folder = unique.str().str();
    write("lathe-plugin.yaml", slurp(badFolder() + "/plugin/base.yaml"));
    write("machines/base.yaml", slurp(badFolder() + "/yaml/base.yaml"));
    write("isa/base.td", slurp(badFolder() + "/td/base.td"));
  }
  ~ScratchPlugin() { llvm::sys::fs::remove_directories(folder); }
  void write(const std::string &name, llvm::StringRef text) { spill(folder + "/" + name, text); }
  void replace(const std::string &name, llvm::StringRef from, llvm::StringRef to) {
    std::string text = slurp(folder + "/" + name);
    size_t at = text.find(from.str());
    REQUIRE(at != std::string::npos);
    write(name, text.replace(at, from.size(), to.str()));
  }
};

/// "L0312 7:14" of every message, in order.
inline std::vector<std::string> reported(const Diagnostics &diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic &diagnostic : diagnostics.all())
    all.push_back(llvm::formatv("{0} {1}:{2}", diagnostic.code(), diagnostic.place.line,
                                diagnostic.place.column)
                      .str());
  return all;
}

inline bool isExpected(llvm::StringRef got, llvm::StringRef expected) {
  auto [codes, place] = expected.split(' ');
  llvm::SmallVector<llvm::StringRef> choices;
  codes.split(choices, '|');
  return llvm::any_of(choices,
                      [&](llvm::StringRef code) { return got == (code + " " + place).str(); });
}

/// Compares, and shows the messages as a user would see them when they differ.
inline void checkReported(const Diagnostics &diagnostics, llvm::ArrayRef<std::string> expected) {
  std::vector<std::string> got = reported(diagnostics);
  bool same =
      llvm::equal(got, expected, [](const auto &a, const auto &b) { return isExpected(a, b); });
  std::string shown;
  llvm::raw_string_ostream out(shown);
  print(out, diagnostics);
  CHECK_MESSAGE(same, shown);
}

} // namespace lathe::test
