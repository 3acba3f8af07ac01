// Who is to blame: the rules of docs/decisions/0016, as single faults leave their traces.
#include "sdk/blame/Verdict.h"

#include <doctest/doctest.h>

using namespace lathe::blame;
using Kind = Evidence::Kind;

static constexpr Vote kVotes[] = {Vote::Unknown, Vote::Same, Vote::Differs};

/// What a failing kernel on the RTL looks like when nothing but the RTL differs.
static Evidence rtlAlone() {
  Evidence evidence;
  evidence.modelReference = Vote::Same;
  evidence.rtlReference = evidence.rtlModel = Vote::Differs;
  evidence.wordsReadBack = evidence.otherRegisters = evidence.secondRtl = Vote::Same;
  evidence.secondExpected = Vote::Differs;
  return evidence;
}

static Evidence withVectors(Evidence evidence, Vote model, Vote rtl, Vote time = Vote::Same) {
  evidence.vectors = 5;
  evidence.vectorsModel = model;
  evidence.vectorsRtl = rtl;
  evidence.vectorsTime = time;
  return evidence;
}

using Parties = std::vector<Party>;
static const Parties kDescriptionOrRtl{Party::Description, Party::Rtl};

TEST_CASE("a program that is wrong by the description is the compiler's") {
  Evidence evidence;
  evidence.modelReference = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Compiler});
  evidence.rtlReference = Vote::Differs;
  evidence.rtlModel = Vote::Same;
  CHECK(decide(evidence).parties == Parties{Party::Compiler});
  evidence.isCompiled = false;
  CHECK(decide(evidence).text().rfind("blame: the program: ", 0) == 0);
  evidence = rtlAlone();
  evidence.wordsReadBack = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Compiler});
}

TEST_CASE("the RTL is right where only the description's words are not") {
  Evidence evidence;
  evidence.modelReference = Vote::Differs;
  evidence.rtlReference = Vote::Same;
  evidence.rtlModel = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Compiler, Party::Description});
  evidence.isCompiled = false;
  CHECK(decide(evidence).parties == Parties{Party::Description});
}

TEST_CASE("a point that fails on another simulator alone is the simulator's") {
  Evidence evidence = rtlAlone();
  evidence.kind = Kind::Case;
  evidence.rtlModel = Vote::Same;
  evidence.secondRtl = evidence.secondExpected = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Simulator});
  evidence.secondRtl = evidence.secondExpected = Vote::Same; // it does not fail again
  CHECK(decide(evidence).parties == Parties{Party::Rtl, Party::Simulator});
  evidence.otherRegisters = Vote::Differs; // then both may be right about such RTL
  CHECK(decide(evidence).parties == Parties{Party::Rtl});
}

TEST_CASE("other registers that matter on one simulator alone do not speak against the RTL") {
  Evidence evidence = rtlAlone();
  evidence.kind = Kind::Case;
  evidence.secondRtl = Vote::Differs;
  evidence.secondExpected = Vote::Same;
  evidence.otherRegisters = Vote::Differs; // or the simulator keeps what it has computed wrongly
  CHECK(decide(evidence).parties == Parties{Party::Rtl});
  evidence.otherRegistersThere = Vote::Same;
  CHECK(decide(evidence).parties == Parties{Party::Simulator});
  evidence.otherRegistersThere = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Rtl});
}

TEST_CASE("description or RTL: vectors say which") {
  CHECK(decide(rtlAlone()).parties == kDescriptionOrRtl);
  CHECK(decide(withVectors(rtlAlone(), Vote::Differs, Vote::Same)).parties ==
        Parties{Party::Description});
  CHECK(decide(withVectors(rtlAlone(), Vote::Same, Vote::Differs)).parties == Parties{Party::Rtl});
  CHECK(decide(withVectors(rtlAlone(), Vote::Same, Vote::Same, Vote::Differs)).parties ==
        Parties{Party::Rtl});
  CHECK(decide(withVectors(rtlAlone(), Vote::Differs, Vote::Differs)).parties == kDescriptionOrRtl);
  CHECK(decide(withVectors(rtlAlone(), Vote::Differs, Vote::Same, Vote::Differs)).parties ==
        kDescriptionOrRtl);
  CHECK(decide(withVectors(rtlAlone(), Vote::Same, Vote::Same)).parties == kDescriptionOrRtl);
  Evidence own = withVectors(rtlAlone(), Vote::Same, Vote::Same);
  own.kind = Kind::Case;
  own.hasOwnVector = true;
  CHECK(decide(own).parties == Parties{Party::Description});
}

TEST_CASE("a claim about time is the description's while the RTL keeps its cycles") {
  Evidence evidence = rtlAlone();
  evidence.kind = Kind::Timing;
  CHECK(decide(evidence).parties == kDescriptionOrRtl);
  CHECK(decide(withVectors(evidence, Vote::Same, Vote::Same)).parties ==
        Parties{Party::Description});
  CHECK(decide(withVectors(evidence, Vote::Same, Vote::Same, Vote::Differs)).parties ==
        Parties{Party::Rtl});
}

TEST_CASE("simulators that do not agree") {
  Evidence evidence = withVectors(rtlAlone(), Vote::Same, Vote::Differs);
  evidence.secondRtl = Vote::Differs;
  evidence.secondExpected = Vote::Same;
  CHECK(decide(evidence).parties == Parties{Party::Simulator});
  evidence.secondExpected = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Rtl, Party::Simulator});
  evidence.otherRegisters = Vote::Differs;
  CHECK(decide(evidence).parties == Parties{Party::Rtl});
}

// Over all votes: nobody is blamed whom the evidence clears, and nobody without evidence.
TEST_CASE("no verdict contradicts its evidence") {
  for (Vote model : kVotes)
    for (Vote words : kVotes)
      for (Vote second : kVotes)
        for (Vote expected : kVotes)
          for (Vote registers : kVotes)
            for (Vote vectorsModel : kVotes)
              for (Vote vectorsRtl : kVotes)
                for (Kind kind : {Kind::Kernel, Kind::Case, Kind::Timing}) {
                  Evidence evidence = withVectors(rtlAlone(), vectorsModel, vectorsRtl);
                  evidence.kind = kind;
                  evidence.modelReference = kind == Kind::Kernel ? model : Vote::Unknown;
                  evidence.wordsReadBack = kind == Kind::Kernel ? words : Vote::Unknown;
                  evidence.secondRtl = second;
                  evidence.secondExpected = expected;
                  evidence.otherRegisters = registers;
                  Verdict verdict = decide(evidence);
                  REQUIRE(verdict.parties.size() >= 1);
                  REQUIRE(verdict.parties.size() <= 2);
                  REQUIRE_FALSE(verdict.reasons.empty());
                  if (!verdict.isDecided())
                    continue;
                  Party party = verdict.parties.front();
                  if (party == Party::Compiler)
                    CHECK((evidence.modelReference == Vote::Differs ||
                           evidence.wordsReadBack == Vote::Differs));
                  if (party == Party::Simulator)
                    CHECK((second == Vote::Differs && expected == Vote::Same));
                  if (party == Party::Rtl)
                    CHECK((registers == Vote::Differs ||
                           (vectorsRtl == Vote::Differs && vectorsModel != Vote::Differs)));
                  if (party == Party::Description)
                    CHECK((vectorsRtl != Vote::Differs &&
                           (vectorsModel == Vote::Differs || kind == Kind::Timing)));
                }
}
