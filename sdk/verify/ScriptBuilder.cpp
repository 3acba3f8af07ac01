#include "sdk/verify/ScriptBuilder.h"

#include <map>
#include <set>

using namespace lathe;
using namespace lathe::verify;

static constexpr uint64_t kSmallArea = 512 << 10; ///< of scripts that reset often

static bool beginsWhole(const Case &one) { return one.begin == Case::Begin::Whole; }

std::vector<std::vector<unsigned>> ScriptBuilder::groups() const {
  std::map<unsigned, std::vector<unsigned>> scripts;
  for (unsigned id = 0; id < cases.size(); ++id)
    scripts[cases[id].script].push_back(id);
  std::vector<std::vector<unsigned>> groups;
  for (auto &[script, ids] : scripts)
    groups.push_back(std::move(ids));
  return groups;
}

JudgeOptions ScriptBuilder::judgeOptions(unsigned id) const {
  JudgeOptions judge;
  if (cases[id].ports)
    judge.ports = *cases[id].ports;
  Random random(cases[id].portName, seed);
  judge.registerSeed = static_cast<uint32_t>(random.bits() >> 33) | 1;
  return judge;
}

// False when the case could not be made; a script that stores what is undefined is none.
bool ScriptBuilder::addCase(Script &script, unsigned id) const {
  script.beginCase(id);
  script.random = Random(cases[id].name(), seed);
  bool made = cases[id].build(script);
  script.unprotect();
  script.sync();
  if (!made)
    return false;
  return script.isSound() || script.fail("its result depends on what is undefined");
}

std::unique_ptr<Script>
ScriptBuilder::build(Ids ids, size_t &used, const Limits &limits,
                     const std::function<void(unsigned, std::string)> &unreached) const {
  const Case &first = cases[ids.front()];
  ScriptOptions wanted{Random(first.portName, seed + first.script).bits(),
                       first.begin == Case::Begin::Reset ? std::min(kSmallArea, areaBytes)
                                                         : areaBytes,
                       limits.tests, limits.blank};
  std::set<unsigned> impossible;
  for (;;) {
    auto script = std::make_unique<Script>(target, routes, jit, wanted);
    script->beginCase(kNoCase);
    if (beginsWhole(first))
      script->prepareAll();
    bool again = false;
    for (used = 0; used < std::min(ids.size(), limits.cases) && !again; ++used) {
      if (impossible.count(ids[used]))
        continue;
      if (used > 0 && script->isNearlyFull())
        break;
      if (addCase(*script, ids[used]))
        continue;
      unreached(ids[used], script->reason());
      impossible.insert(ids[used]);
      again = true;
    }
    if (again)
      continue;
    script->beginCase(kNoCase);
    if (beginsWhole(first))
      script->observeAll();
    return script;
  }
}
