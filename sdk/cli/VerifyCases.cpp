#include "sdk/cli/VerifyCases.h"

#include "sdk/verify/HostWindows.h"
#include "sdk/verify/Random.h"

#include <map>
#include <set>

using namespace lathe;
using namespace lathe::cli;
using verify::Cases;
using verify::PointClass;

void lathe::cli::takeSubset(Cases &cases) {
  std::map<PointClass, size_t> sizes;
  for (const verify::Case &one : cases)
    ++sizes[one.group];
  llvm::erase_if(cases, [&](const verify::Case &one) {
    size_t share = std::max<size_t>(1, sizes[one.group] / 150);
    return verify::Random(one.name(), 0).bits() % share != 0;
  });
}

static bool takeClasses(Session &session, llvm::ArrayRef<std::string> names, Cases &cases) {
  std::set<PointClass> wanted;
  for (const std::string &name : names) {
    std::optional<PointClass> found = verify::findPointClass(name);
    if (!found) {
      std::string known;
      for (unsigned i = 0; i < verify::kPointClasses; ++i)
        known += (i ? ", " : "") + verify::name(static_cast<PointClass>(i)).str();
      session.diagnostics.report(Message::NotNameValue, Place{}, "--class", name, known);
      return false;
    }
    wanted.insert(*found);
  }
  if (!wanted.empty())
    llvm::erase_if(cases, [&](const verify::Case &one) { return !wanted.count(one.group); });
  return true;
}

static const verify::Case *findCase(Session &session, const std::string &name, const Cases &cases) {
  std::vector<llvm::StringRef> names;
  for (const verify::Case &one : cases)
    for (const std::string &point : one.points) {
      if (point == name)
        return &one;
      names.push_back(point);
    }
  std::optional<llvm::StringRef> meant = nearest(name, names);
  session.diagnostics.report(Message::NoSuchPoint, Place{}, name,
                             meant ? ("did you mean '" + *meant + "'?").str()
                                   : std::string("--list prints them"));
  return nullptr;
}

// The case of a point alone, or behind those that run before it in the same simulation.
static bool takeCase(Session &session, const VerifyArguments &given, Cases &cases) {
  const std::string &name = given.only.empty() ? given.upTo : given.only;
  if (name.empty())
    return true;
  const verify::Case *found = findCase(session, name, cases);
  if (!found)
    return false;
  size_t last = found - cases.data();
  Cases taken;
  for (size_t i = given.only.empty() ? 0 : last; i <= last; ++i)
    if (cases[i].script == found->script)
      taken.push_back(cases[i]);
  cases = std::move(taken);
  return true;
}

std::optional<Cases> lathe::cli::selectCases(Session &session, const Target &target,
                                             const VerifyArguments &given) {
  Cases cases = verify::casesOf(target, verify::HostWindows(target, 8 << 20));
  if (!takeClasses(session, given.classes, cases) || !takeCase(session, given, cases))
    return std::nullopt;
  if (given.subset)
    takeSubset(cases);
  return cases;
}
