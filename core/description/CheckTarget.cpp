// What can only be said of all intrinsics together.
#include "core/description/TargetBuilder.h"

using namespace lathe;

static std::string hexWord(const Word &word, unsigned width) {
  std::string text;
  for (unsigned limb = (width + 63) / 64; limb-- > 0;)
    text += llvm::formatv(text.empty() ? "{0:x-}" : "{0:x-16}", word[limb]).str();
  return "0x" + text;
}

// Two encodings clash when no bit that both fix differs; the word that has the constants of both is
// then both instructions.
static bool clash(const Intrinsic &a, const Intrinsic &b) {
  for (unsigned i = 0; i < a.mask.size(); ++i)
    if ((a.match[i] ^ b.match[i]) & a.mask[i] & b.mask[i])
      return false;
  return true;
}

static void checkEncodings(TargetBuild &build) {
  llvm::ArrayRef<Intrinsic> all = build.target.intrinsics;
  for (unsigned j = 1; j < all.size(); ++j)
    for (unsigned i = 0; i < j; ++i) {
      if (!clash(all[i], all[j]))
        continue;
      Word both{};
      for (unsigned limb = 0; limb < both.size(); ++limb)
        both[limb] = all[i].match[limb] | all[j].match[limb];
      Diagnostic &diagnostic = build.diagnostics.report(
          Message::EncodingsOverlap, build.isa.intrinsics[j].loc, all[i].name, all[j].name,
          hexWord(both, std::max(all[i].width, all[j].width)));
      build.diagnostics.note(diagnostic, build.isa.intrinsics[i].loc,
                             "'" + all[i].name + "' is defined here");
    }
}

// The first intrinsic for which `uses` has the state.
static const Intrinsic *firstWith(const Target &target, unsigned state,
                                  std::vector<unsigned> Intrinsic::*uses) {
  for (const Intrinsic &intrinsic : target.intrinsics)
    if (llvm::is_contained(intrinsic.*uses, state))
      return &intrinsic;
  return nullptr;
}

static void noteIntrinsic(TargetBuild &build, Diagnostic &diagnostic, const Intrinsic &intrinsic) {
  unsigned index = &intrinsic - build.target.intrinsics.data();
  build.diagnostics.note(diagnostic, build.isa.intrinsics[index].loc,
                         "'" + intrinsic.name + "' is defined here");
}

// A reader in a unit none of whose intrinsics sets the state.
static void checkStateUnits(TargetBuild &build, unsigned state, const Intrinsic &setter) {
  std::set<unsigned> setting;
  for (const Intrinsic &intrinsic : build.target.intrinsics)
    if (llvm::is_contained(intrinsic.statesWritten, state))
      setting.insert(intrinsic.unit);
  for (const Intrinsic &intrinsic : build.target.intrinsics) {
    if (!llvm::is_contained(intrinsic.statesRead, state) || setting.count(intrinsic.unit))
      continue;
    const IsaState &declared = build.isa.states[state];
    Diagnostic &diagnostic =
        build.diagnostics.report(Message::StateOtherUnit, declared.loc, declared.name, setter.name,
                                 build.target.units[setter.unit].name, intrinsic.name,
                                 build.target.units[intrinsic.unit].name);
    noteIntrinsic(build, diagnostic, intrinsic);
    return;
  }
}

// An intrinsic writes the state, but none from an immediate, as it must be set for a reader.
static bool isSettable(const Target &target, unsigned state) {
  return llvm::any_of(target.intrinsics, [&](const Intrinsic &intrinsic) {
    return llvm::any_of(stateAssignments(target, intrinsic),
                        [&](const auto &set) { return set.first == state; });
  });
}

static void checkStates(TargetBuild &build) {
  for (unsigned state = 0; state < build.target.states.size(); ++state) {
    const Intrinsic *reader = firstWith(build.target, state, &Intrinsic::statesRead);
    const Intrinsic *setter = firstWith(build.target, state, &Intrinsic::statesWritten);
    const IsaState &declared = build.isa.states[state];
    if (!reader) {
      build.diagnostics.report(Message::StateNeverRead, declared.loc, declared.name);
    } else if (!setter) {
      Diagnostic &diagnostic = build.diagnostics.report(Message::StateNeverSet, declared.loc,
                                                        declared.name, reader->name);
      noteIntrinsic(build, diagnostic, *reader);
    } else if (!isSettable(build.target, state)) {
      Diagnostic &diagnostic = build.diagnostics.report(Message::StateNotImmediate, declared.loc,
                                                        declared.name, setter->name);
      noteIntrinsic(build, diagnostic, *setter);
    } else {
      checkStateUnits(build, state, *setter);
    }
  }
}

static void checkSpaces(TargetBuild &build) {
  for (unsigned space = 0; space < build.target.spaces.size(); ++space) {
    bool read = false, written = false;
    for (const Intrinsic &intrinsic : build.target.intrinsics)
      for (const TileOperand &tile : intrinsic.tiles) {
        read |= tile.space == space && tile.read;
        written |= tile.space == space && tile.written;
      }
    const IsaSpace &declared = build.isaSpace(space);
    if (space == kHostSpace) {
      if (!written)
        build.diagnostics.report(Message::HostNeverWritten,
                                 build.diagnostics.sourceTexts().location(build.isa.file, 0),
                                 build.plugin.name);
    } else if (!read && !written) {
      build.diagnostics.report(Message::SpaceUnused, declared.loc, declared.notation);
    } else if (!written) {
      build.diagnostics.report(Message::SpaceNeverWritten, declared.loc, declared.notation);
    } else if (!read) {
      build.diagnostics.report(Message::SpaceNeverRead, declared.loc, declared.notation);
    }
  }
}

static void checkUnits(TargetBuild &build) {
  for (unsigned unit = 0; unit < build.target.units.size(); ++unit) {
    auto executes = [&](const Intrinsic &intrinsic) { return intrinsic.unit == unit; };
    if (llvm::none_of(build.target.intrinsics, executes))
      build.diagnostics.report(Message::UnitIdle, build.isa.units[unit].loc,
                               build.isa.units[unit].notation);
  }
}

// Only for intrinsics that are complete: after an error in one of them these would mislead.
void lathe::checkTarget(TargetBuild &build) {
  checkUnits(build);
  if (build.diagnostics.hasErrors())
    return;
  checkEncodings(build);
  checkStates(build);
  checkSpaces(build);
}
