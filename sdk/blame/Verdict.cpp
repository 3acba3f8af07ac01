#include "sdk/blame/Verdict.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe::blame;

llvm::StringRef lathe::blame::name(Party party) {
  constexpr llvm::StringLiteral kNames[] = {"compiler", "description", "RTL", "simulator"};
  return kNames[static_cast<unsigned>(party)];
}

std::string Verdict::text() const {
  std::string text = isDecided() ? "blame: " : "blame: undecided, ";
  for (size_t i = 0; i < parties.size(); ++i)
    text += (i == 0 ? "the " : " or the ") +
            (parties[i] == Party::Compiler && !isCompiled ? "program" : name(parties[i]).str());
  return text + ": " + llvm::join(reasons, "; ");
}

static std::optional<Verdict> bySimulators(const Evidence &evidence) {
  // A simulator that keeps a wrong value shows other ones when registers begin otherwise.
  if (evidence.secondRtl == Vote::Differs && evidence.secondExpected == Vote::Same &&
      evidence.otherRegistersThere == Vote::Same)
    return Verdict{{Party::Simulator},
                   {"on a second simulator the same RTL does what is expected, whatever its "
                    "registers begin with"}};
  if (evidence.otherRegisters == Vote::Differs || evidence.otherRegistersThere == Vote::Differs)
    return Verdict{{Party::Rtl},
                   {"the same run ends otherwise when its registers begin with other values"}};
  bool passesNow = evidence.kind != Evidence::Kind::Kernel && evidence.rtlModel == Vote::Same;
  if (passesNow && evidence.secondRtl == Vote::Differs)
    return Verdict{{Party::Simulator},
                   {"the RTL does what is expected on one simulator and not on another"}};
  if (passesNow)
    return Verdict{{Party::Rtl, Party::Simulator},
                   {"run again, the RTL does what is expected on every simulator that was asked"}};
  if (evidence.secondRtl != Vote::Differs)
    return std::nullopt;
  if (evidence.secondExpected == Vote::Same)
    return Verdict{{Party::Simulator},
                   {"on a second simulator the same RTL does what is expected"}};
  return Verdict{{Party::Rtl, Party::Simulator},
                 {"two simulators do not agree about the RTL, and neither does what is expected"}};
}

// The functional simulator follows the description: a program that does not compute its kernel
// there does not come from the description.
static std::optional<Verdict> byReference(const Evidence &evidence) {
  if (evidence.modelReference != Vote::Differs)
    return std::nullopt;
  if (evidence.rtlReference != Vote::Same)
    return Verdict{
        {Party::Compiler},
        {evidence.rtlModel == Vote::Same
             ? "the functional simulator and the RTL agree that the program computes "
               "something else than its kernel"
             : "by the description the program computes something else than its kernel"}};
  if (!evidence.isCompiled)
    return Verdict{{Party::Description},
                   {"the RTL computes what the kernel says, the description says something else"}};
  return Verdict{{Party::Compiler, Party::Description},
                 {"the RTL computes what the kernel says, and the functional simulator does not"}};
}

static std::optional<Verdict> byWords(const Evidence &evidence) {
  if (evidence.wordsReadBack != Vote::Differs)
    return std::nullopt;
  return Verdict{{Party::Compiler}, {"the words of the program read back as other instructions"}};
}

static std::string count(size_t vectors) {
  return std::to_string(vectors) + (vectors == 1 ? " accepted vector" : " accepted vectors");
}

// Neither side can change the vectors.
static Verdict byVectors(const Evidence &evidence) {
  const std::vector<Party> kBoth{Party::Description, Party::Rtl};
  if (evidence.vectors == 0)
    return {kBoth,
            {"they differ, and no accepted vectors are there to ask "
             "('lathe verify TARGET --record')"}};
  bool model = evidence.vectorsModel == Vote::Differs, rtl = evidence.vectorsRtl == Vote::Differs;
  bool time = evidence.vectorsTime == Vote::Differs;
  if (model && (rtl || time))
    return {kBoth,
            {"neither does what the accepted vectors say", "the description: " + evidence.modelText,
             "the RTL: " + (rtl ? evidence.rtlText : evidence.timeText)}};
  if (model)
    return {{Party::Description},
            {"the RTL still does what the accepted vectors say, by the description they mean "
             "something else",
             evidence.modelText}};
  if (rtl)
    return {{Party::Rtl},
            {"the description still agrees with the accepted vectors, the RTL does something else",
             evidence.rtlText}};
  if (time)
    return {{Party::Rtl},
            {"the RTL takes other cycles for the accepted vectors", evidence.timeText}};
  if (evidence.kind == Evidence::Kind::Timing)
    return {{Party::Description},
            {"the RTL takes the cycles of " + count(evidence.vectors) + ", the claim is another"}};
  if (evidence.hasOwnVector)
    return {{Party::Description},
            {"the program that was accepted for this point still does what it did; the "
             "description makes another one for it now"}};
  return {kBoth, {"they differ, and both agree with " + count(evidence.vectors)}};
}

static Verdict judge(const Evidence &evidence) {
  if (evidence.kind == Evidence::Kind::NoProgram)
    return {{Party::Description}, {"it lets no program reach the point"}};
  // First, because a wrong program may read what nothing wrote: the hardware is then free.
  if (evidence.kind == Evidence::Kind::Kernel) {
    if (auto verdict = byReference(evidence))
      return *verdict;
    if (auto verdict = byWords(evidence))
      return *verdict;
  }
  if (auto verdict = bySimulators(evidence))
    return *verdict;
  return byVectors(evidence);
}

Verdict lathe::blame::decide(const Evidence &evidence) {
  Verdict verdict = judge(evidence);
  verdict.isCompiled = evidence.isCompiled;
  return verdict;
}
