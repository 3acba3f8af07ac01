#include "sdk/scaffold/FileTree.h"

#include "core/support/WholeFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::string lathe::replaced(StringRef text, StringRef word, StringRef by) {
  std::string result;
  for (size_t at; (at = text.find(word)) != StringRef::npos; text = text.substr(at + word.size()))
    (result += text.substr(0, at)) += by;
  return result += text;
}

std::optional<FileTree> lathe::readTemplate(StringRef folder, StringRef word, StringRef by,
                                            Diagnostics &diagnostics) {
  FileTree tree;
  std::string why = "no such folder";
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; entry != end && !error;
       entry.increment(error)) {
    if (fs::is_directory(entry->path()))
      continue;
    std::unique_ptr<llvm::MemoryBuffer> text = readWhole(entry->path(), why);
    if (!text) {
      diagnostics.report(Message::FileUnreadable, Place{}, entry->path(), why);
      return std::nullopt;
    }
    StringRef relative = StringRef(entry->path()).drop_front(folder.size()).ltrim('/');
    tree[replaced(relative, word, by)] = replaced(text->getBuffer(), word, by);
  }
  if (!error && !tree.empty())
    return tree;
  diagnostics.report(Message::FileUnreadable, Place{}, folder, error ? error.message() : why);
  return std::nullopt;
}

static std::error_code writeBelow(StringRef folder, const FileTree &tree) {
  for (const auto &[relative, text] : tree) {
    llvm::SmallString<256> file(folder);
    path::append(file, relative);
    if (std::error_code error = fs::create_directories(path::parent_path(file)))
      return error;
    if (std::error_code error = writeWhole(file, StringRef(text)))
      return error;
  }
  return {};
}

bool lathe::writeNewFolder(StringRef folder, const FileTree &tree, Diagnostics &diagnostics) {
  if (fs::exists(folder)) {
    diagnostics.report(Message::NewExists, Place{}, folder);
    return false;
  }
  std::string partial =
      folder.str() + "." + std::to_string(llvm::sys::Process::getProcessId()) + ".partial";
  auto removed = llvm::make_scope_exit([&] { (void)fs::remove_directories(partial); });
  std::error_code error = fs::create_directory(partial, /*IgnoreExisting=*/false);
  if (!error)
    error = writeBelow(partial, tree);
  if (!error)
    error = fs::rename(partial, folder);
  if (error)
    diagnostics.report(Message::FileUnwritable, Place{}, folder, error.message());
  return !error;
}
