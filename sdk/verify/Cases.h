// The coverage points of a target, each with the program that reaches it.
#pragma once

#include "sdk/verify/Calls.h"
#include "sdk/verify/Judge.h"

#include <functional>

namespace lathe::verify {

/// Points of a class are counted together.
enum class PointClass : uint8_t {
  Field,     ///< each encoding field at its ends, and each of its bits alone
  FieldPair, ///< the same of every two fields of an intrinsic, crossed
  Extent,    ///< run-time sizes at 1, 2, the largest but one, the largest
  Corner,    ///< element corners of every two operands crossed
  Lane,      ///< one element that is not zero, at every place of an operand
  Limit,     ///< wide operands at both ends of their range, plus or minus 2; each bit alone
  Tie, ///< rounding shifts halfway between two results and just below, of both parities and signs
  Address,  ///< first and last address of each bank, and operands across banks
  Overlap,  ///< operands of one intrinsic that share addresses
  Hazard,   ///< ordered pairs of intrinsics, by dependence, bank and distance
  Port,     ///< ways in which the host's side of each port hesitates
  Reset,    ///< reset at each cycle of each intrinsic
  Reserved, ///< words that are no instruction
  Range,    ///< operands outside of their memories, extents beyond their limit
  Config,   ///< pairs of values of configuration states
  Initial,  ///< memories and registers that begin with other values
  Sequence, ///< many instructions in a row while every port hesitates
  Counter,  ///< what performance counters count
  Timing,   ///< latency, interval, queue and bandwidth as the machine file claims
};
constexpr unsigned kPointClasses = static_cast<unsigned>(PointClass::Timing) + 1;
llvm::StringRef name(PointClass which);
std::optional<PointClass> findPointClass(llvm::StringRef name);

/// What counters and claims about time are measured with.
struct Bench {
  const Target &target;
  const Routes &routes;
  Jit &jit;
  const BuiltModel &model;
  Variant variant;
};

/// What was measured, beside what the machine file claims.
struct Measurement {
  bool holds = false;
  std::string text; ///< "2.00 cycles each, claimed are 2.00"
};

/// One program, and the points that it reaches: the first has the case's name.
struct Case {
  PointClass group = PointClass::Field;
  std::vector<std::string> points;
  /// Adds the case to a script; false, with the script's reason, when that cannot be done.
  std::function<bool(Script &)> build;
  /// Of counters and claims about time, instead of `build`.
  std::function<Measurement(const Bench &)> measure = {};
  bool isClaim = true; ///< of a measurement: the machine file says what it must be
  /// What is known when the case begins: everything is random and defined; nothing, and the case
  /// defines what it needs; nothing, and the case ends with a reset so that the next knows nothing.
  enum class Begin : uint8_t { Whole, Nothing, Reset } begin = Begin::Whole;
  /// How the host's side of the ports behaves; cases with the same name run together.
  std::string portName;
  std::optional<MemoryBehaviour> ports;

  /// Cases of one number run in one simulation, in order.
  unsigned script = 0;

  const std::string &name() const { return points.front(); }
};
using Cases = std::vector<Case>;

/// Every case, in order of their classes.
Cases casesOf(const Target &target, const HostWindows &windows);

// By file; each adds to `cases`.
void addFieldCases(const Target &target, const HostWindows &windows, Cases &cases);
void addOperandCases(const Target &target, Cases &cases);
void addPlaceCases(const Target &target, const HostWindows &windows, Cases &cases);
void addHazardCases(const Target &target, Cases &cases);
void addRefusalCases(const Target &target, const HostWindows &windows, Cases &cases);
void addControlCases(const Target &target, Cases &cases);
void addCounterCases(const Target &target, Cases &cases);
void addTimingCases(const Target &target, Cases &cases);
void addMovedCases(const Target &target, Cases &cases);

/// Adds a case of one point.
inline Case &addCase(Cases &cases, PointClass group, std::string name,
                     std::function<bool(Script &)> build) {
  Case &added = cases.emplace_back();
  added.group = group;
  added.points = {std::move(name)};
  added.build = std::move(build);
  return added;
}

/// A value of an argument, with what a report calls it: "min", "max", "bit3".
struct NamedValue {
  std::string name;
  int64_t value = 0;
};
/// Both ends of what fits, and every single bit of the stored field.
std::vector<NamedValue> fieldValues(const Target &target, const Intrinsic &intrinsic,
                                    unsigned argument);
/// "min", "-1", "max-1".
std::string cornerName(ElementType type, uint64_t bits);

} // namespace lathe::verify
