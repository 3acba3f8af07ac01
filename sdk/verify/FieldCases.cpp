// Points of the encoding: each field at its ends and bit by bit, every two of them crossed, and
// run-time sizes.
#include "sdk/verify/Cases.h"

#include <map>
#include <set>

using namespace lathe;
using namespace lathe::verify;

std::vector<NamedValue> verify::fieldValues(const Target &target, const Intrinsic &intrinsic,
                                            unsigned argument) {
  const Argument &field = intrinsic.arguments[argument];
  int64_t most = field.max;
  if (field.kind == Argument::Kind::Extent)
    most = largestValues(target, intrinsic)[argument];
  std::vector<NamedValue> values{{"min", field.min}, {"max", most}};
  bool isSigned = field.kind == Argument::Kind::Immediate && field.type.isSigned();
  for (unsigned bit = 0; bit < field.width() && bit < 63; ++bit) {
    int64_t value = (int64_t(1) << bit) + (field.minusOne ? 1 : 0);
    bool isSign = isSigned && bit + 1 == field.width(); // the minimum
    if (!isSign && value > field.min && value < most)
      values.push_back({"bit" + std::to_string(bit), value});
  }
  if (values[0].value == values[1].value)
    values.pop_back();
  return values;
}

static CallWish wishOf(unsigned intrinsic, llvm::ArrayRef<std::pair<unsigned, int64_t>> given) {
  CallWish wish;
  wish.intrinsic = intrinsic;
  wish.values = given.vec();
  wish.mostRows = 3;
  return wish;
}

static std::string pointName(const Intrinsic &intrinsic, unsigned argument,
                             const NamedValue &value) {
  return intrinsic.arguments[argument].name + "=" + value.name;
}

// Long operands keep what they hold: filling them would take most of the time.
static bool run(Script &script, CallWish wish) {
  for (auto [argument, value] : wish.values)
    if (script.target().intrinsics[wish.intrinsic].arguments[argument].kind ==
        Argument::Kind::Extent)
      wish.keepContents |= value > 32;
  return runAlone(script, wish);
}

static void addFields(const Target &target, const HostWindows &windows, unsigned id, Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a)
    for (const NamedValue &value : fieldValues(target, intrinsic, a)) {
      CallWish wish = wishOf(id, {{a, value.value}});
      if (isPossible(target, windows, wish))
        addCase(cases, PointClass::Field,
                "field/" + intrinsic.name + "/" + pointName(intrinsic, a, value),
                [wish](Script &script) { return run(script, wish); });
    }
}

namespace {
/// Few instructions that have every two fields at every two of their values.
class Pairing {
public:
  Pairing(const Target &target, const HostWindows &windows, unsigned id)
      : target(target), windows(windows), id(id), intrinsic(target.intrinsics[id]),
        random(intrinsic.name, 7) {
    for (unsigned a = 0; a < intrinsic.arguments.size(); ++a)
      values.push_back(fieldValues(target, intrinsic, a));
  }
  void add(Cases &cases);

private:
  using Choice = std::vector<int>; ///< by argument: a value's index, or -1
  CallWish wish(const Choice &choice) const;
  Choice completed(Choice choice);
  void addCaseOf(const Choice &choice, Cases &cases);

  const Target &target;
  const HostWindows &windows;
  unsigned id;
  const Intrinsic &intrinsic;
  Random random;
  std::vector<std::vector<NamedValue>> values;
  std::set<std::array<int, 4>> covered; ///< (argument, value, argument, value)
};
} // namespace

CallWish Pairing::wish(const Choice &choice) const {
  std::vector<std::pair<unsigned, int64_t>> given;
  for (unsigned a = 0; a < choice.size(); ++a)
    if (choice[a] >= 0)
      given.push_back({a, values[a][choice[a]].value});
  return wishOf(id, given);
}

// The fields that are free, at values that are possible with the others.
Pairing::Choice Pairing::completed(Choice choice) {
  for (unsigned a = 0; a < choice.size(); ++a) {
    for (int attempt = 0; choice[a] < 0 && attempt < 4; ++attempt) {
      Choice next = choice;
      next[a] = static_cast<int>(random.bits() % values[a].size());
      if (isPossible(target, windows, wish(next)))
        choice = next;
    }
  }
  return choice;
}

void Pairing::addCaseOf(const Choice &choice, Cases &cases) {
  std::vector<std::string> points;
  for (unsigned a = 0; a < choice.size(); ++a)
    for (unsigned b = a + 1; b < choice.size(); ++b)
      if (choice[a] >= 0 && choice[b] >= 0 &&
          covered.insert({int(a), choice[a], int(b), choice[b]}).second)
        points.push_back("fields/" + intrinsic.name + "/" +
                         pointName(intrinsic, a, values[a][choice[a]]) + "," +
                         pointName(intrinsic, b, values[b][choice[b]]));
  CallWish wanted = wish(choice);
  addCase(cases, PointClass::FieldPair, "", [wanted](Script &script) {
    return run(script, wanted);
  }).points = std::move(points);
}

void Pairing::add(Cases &cases) {
  for (unsigned a = 0; a < values.size(); ++a)
    for (unsigned b = a + 1; b < values.size(); ++b)
      for (int i = 0; i < int(values[a].size()); ++i)
        for (int j = 0; j < int(values[b].size()); ++j) {
          Choice choice(values.size(), -1);
          choice[a] = i;
          choice[b] = j;
          if (!covered.count({int(a), i, int(b), j}) && isPossible(target, windows, wish(choice)))
            addCaseOf(completed(choice), cases);
        }
}

static void addExtents(const Target &target, const HostWindows &windows, unsigned id,
                       Cases &cases) {
  const Intrinsic &intrinsic = target.intrinsics[id];
  std::vector<int64_t> largest = largestValues(target, intrinsic);
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a) {
    if (intrinsic.arguments[a].kind != Argument::Kind::Extent)
      continue;
    std::map<int64_t, std::string> sizes{{largest[a] - 1, "T-1"}, {largest[a], "T"}};
    sizes[2] = "2";
    sizes[1] = "1";
    for (const auto &[size, name] : sizes) {
      CallWish wish = wishOf(id, {{a, size}});
      if (size >= intrinsic.arguments[a].min && size <= largest[a] &&
          isPossible(target, windows, wish))
        addCase(cases, PointClass::Extent,
                "extent/" + intrinsic.name + "/" + intrinsic.arguments[a].name + "=" + name,
                [wish](Script &script) { return runAlone(script, wish); });
    }
  }
}

void verify::addFieldCases(const Target &target, const HostWindows &windows, Cases &cases) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addFields(target, windows, id, cases);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    Pairing(target, windows, id).add(cases);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    addExtents(target, windows, id, cases);
}
