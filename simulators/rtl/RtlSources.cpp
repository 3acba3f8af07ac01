#include "simulators/rtl/RtlSources.h"

#include "simulators/rtl/RtlScanner.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;
namespace path = llvm::sys::path;

std::string RtlSources::privateDirectory(StringRef directory) {
  std::string &name = directoryNames[directory];
  if (name.empty()) {
    name = llvm::formatv("rtl.{0}", directories.size());
    directories.push_back(name);
  }
  return name;
}

// "rtl.0/../common/a.svh" -> "common/a.svh"
static std::string normalized(StringRef privatePath) {
  llvm::SmallString<128> result = privatePath;
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return result.str().str();
}

// Copies are written this many folders deep, so that an include may climb out of its folder as far.
static bool climbsTooFar(StringRef privatePath) {
  unsigned climbs = 0;
  while (privatePath.consume_front("../"))
    ++climbs;
  return climbs > RtlSources::kDepth;
}

bool RtlSources::readFile(const std::string &path, const std::string &privatePath, bool isIncluded,
                          Diagnostics &diagnostics) {
  auto [slot, isNew] = byPrivatePath.try_emplace(privatePath, all.size());
  if (!isNew)
    return true;
  std::string why;
  std::optional<unsigned> source = diagnostics.sourceTexts().read(path, why);
  if (!source) {
    byPrivatePath.erase(slot);
    diagnostics.report(Message::FileUnreadable, Place{path, 0, 0, {}}, path, why);
    return false;
  }
  all.push_back({path, privatePath, *source, isIncluded});
  return true;
}

// Looks where Verilator will: in the folder of the including file, then where it was told to.
void RtlSources::readInclude(StringRef name, size_t including, Diagnostics &diagnostics) {
  std::vector<std::pair<std::string, std::string>> places; // user's directory, private one
  places.emplace_back(path::parent_path(all[including].path),
                      path::parent_path(all[including].privatePath));
  for (const std::string &directory : searched)
    places.emplace_back(directory, privateDirectory(directory));
  for (const auto &[user, own] : places) {
    std::string found = user.empty() ? name.str() : user + "/" + name.str();
    if (!llvm::sys::fs::is_regular_file(found))
      continue;
    std::string copy = normalized(own + "/" + name.str());
    if (!climbsTooFar(copy))
      readFile(found, copy, /*isIncluded=*/true, diagnostics);
    return;
  }
}

bool RtlSources::read(llvm::ArrayRef<std::string> paths,
                      llvm::ArrayRef<std::string> includeDirectories, Diagnostics &diagnostics) {
  unsigned errorsBefore = diagnostics.errorCount();
  searched = includeDirectories;
  for (const std::string &file : paths) {
    std::string directory = privateDirectory(path::parent_path(file));
    readFile(file, directory + "/" + path::filename(file).str(), /*isIncluded=*/false, diagnostics);
  }
  // Grows while it is walked: included files include files.
  for (size_t i = 0; i < all.size(); ++i)
    for (StringRef include : scanRtl(text(all[i], diagnostics)).includes)
      readInclude(include, i, diagnostics);
  return diagnostics.errorCount() == errorsBefore;
}

StringRef RtlSources::text(const File &file, const Diagnostics &diagnostics) const {
  return const_cast<Diagnostics &>(diagnostics).sourceTexts().text(file.source);
}

const RtlSources::File *RtlSources::findPrivate(StringRef privatePath) const {
  auto found = byPrivatePath.find(normalized(privatePath));
  return found == byPrivatePath.end() ? nullptr : &all[found->second];
}

Place RtlSources::place(StringRef privatePath, unsigned line, unsigned column,
                        Diagnostics &diagnostics) const {
  const File *file = findPrivate(privatePath);
  if (!file)
    return {privatePath.str(), line, column, {}};
  Place place = diagnostics.sourceTexts().place(file->source, line, column);
  return place.file == file->path ? place : Place{file->path, line, column, {}};
}

std::string RtlSources::withUserPaths(StringRef text) const {
  std::string result = text.str();
  for (const File &file : all) {
    size_t at = 0;
    while ((at = result.find(file.privatePath, at)) != std::string::npos) {
      result.replace(at, file.privatePath.size(), file.path);
      at += file.path.size();
    }
  }
  return result;
}

namespace {
/// Depth first along "uses a package of"; files in a circle keep their order, Verilator reports it.
class PackageOrder {
public:
  explicit PackageOrder(std::vector<RtlScan> scans) : scans(std::move(scans)) {
    for (size_t i = 0; i < this->scans.size(); ++i)
      for (StringRef package : this->scans[i].packages)
        declaredIn.try_emplace(package, i);
  }
  std::vector<size_t> all() {
    visited.resize(scans.size());
    for (size_t i = 0; i < scans.size(); ++i)
      visit(i);
    return order;
  }

private:
  void visit(size_t file) {
    if (visited[file])
      return;
    visited[file] = true;
    for (StringRef package : scans[file].usedPackages)
      if (auto found = declaredIn.find(package); found != declaredIn.end())
        visit(found->second);
    order.push_back(file);
  }

  std::vector<RtlScan> scans;
  llvm::StringMap<size_t> declaredIn;
  std::vector<bool> visited;
  std::vector<size_t> order;
};
} // namespace

std::vector<size_t> RtlSources::compileOrder(const Diagnostics &diagnostics) const {
  std::vector<RtlScan> scans;
  scans.reserve(all.size());
  for (const File &file : all)
    scans.push_back(scanRtl(text(file, diagnostics)));
  std::vector<size_t> order = PackageOrder(std::move(scans)).all();
  llvm::erase_if(order, [&](size_t i) { return all[i].isIncluded; });
  return order;
}
