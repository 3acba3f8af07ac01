#include "core/description/Files.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::optional<unsigned> lathe::readDescription(llvm::StringRef file, llvm::SMLoc at,
                                               Diagnostics &diagnostics) {
  Sources &sources = diagnostics.sourceTexts();
  Place place = at.isValid() ? sources.place(at) : sources.wholeFile(file);
  fs::file_status status;
  if (std::error_code error = fs::status(file, status)) {
    diagnostics.report(Message::FileUnreadable, place, file, error.message());
    return std::nullopt;
  }
  if (!fs::is_regular_file(status)) {
    diagnostics.report(Message::FileUnreadable, place, file, "not a regular file");
    return std::nullopt;
  }
  if (status.getSize() > kLargestDescription) {
    diagnostics.report(Message::FileTooLarge, place, file, status.getSize(), kLargestDescription);
    return std::nullopt;
  }
  std::string why;
  std::optional<unsigned> id = sources.read(file, why);
  if (!id)
    diagnostics.report(Message::FileUnreadable, place, file, why);
  return id;
}

std::optional<std::string> lathe::pathInside(llvm::StringRef folder, llvm::StringRef relative) {
  llvm::SmallString<256> joined(folder), realFolder, realFile;
  path::append(joined, relative);
  if (path::is_absolute(relative) || fs::real_path(folder, realFolder) ||
      fs::real_path(joined, realFile))
    return std::nullopt;
  llvm::StringRef rest = realFile;
  if (!rest.consume_front(realFolder) || !rest.starts_with("/"))
    return std::nullopt;
  return realFile.str().str();
}

bool lathe::leavesFolder(llvm::StringRef relative) {
  llvm::SmallString<256> clean(relative);
  path::remove_dots(clean, /*remove_dot_dot=*/true);
  return path::is_absolute(clean) || *path::begin(clean) == "..";
}
