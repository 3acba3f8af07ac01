// What each intrinsic can be used for, derived from its semantics alone.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// A loop of an intrinsic's statement.
struct RuleLoop {
  int64_t max = 1;                ///< largest extent
  std::optional<unsigned> extent; ///< argument that holds the run-time extent
  bool reduction = false;
};

/// An operand tile with the loop that runs over each dimension.
struct RuleTile {
  unsigned operand = 0; ///< index into Intrinsic::tiles
  std::vector<unsigned> loops;
  /// Dimensions before the space's row: one address (or step) each.
  unsigned addressedDims = 0;
  /// Host memory: how the elements at the loops' values lie; nothing: as rows of neighbours.
  std::shared_ptr<const Layout> layout = nullptr;
  /// On chip: the place in its row of the last loop's value (loop 0 of this), when it is another.
  ExprRef lane = nullptr;
};

/// Elements of the destination beyond a source's run-time extent get a constant.
struct RulePadding {
  unsigned loop = 0;     ///< the loop that runs past the source
  unsigned argument = 0; ///< how many of its values the source has
  int64_t value = 0;
};

/// `acc = clamp(acc + sum(k) ..., low, high)`: what the accumulators hold after each call. The same
/// as a plain sum for as long as no part of it leaves the limits.
struct RuleLimits {
  int64_t low = 0, high = 0;
  bool operator==(const RuleLimits &) const = default;
};

/// Which points of a reduction a call takes. Either a guard, `first <= loop and loop < first +
/// count`; or one operand begins at lane `first` of its rows, `a[i, first + loop]`, the loop has
/// `count` points, and the other operands begin where they are addressed.
struct RuleWindow {
  unsigned loop = 0;
  unsigned first = 0, count = 0;        ///< arguments
  std::optional<unsigned> movedOperand; ///< index into Intrinsic::tiles; nothing: a guard
  bool operator==(const RuleWindow &) const = default;
};

/// One intrinsic as `destination op= [reduction] body`.
struct Rule {
  enum class Kind : uint8_t {
    Configure, ///< sets states from immediates
    Fill,      ///< destination[...] = number
    Move,      ///< destination[...] = source[...], perhaps converted and padded
    Pointwise, ///< destination[...] = body of several operands, no reduction
    Contract,  ///< destination[...] (+)= reduction of a body
  };
  Kind kind = Kind::Fill;
  unsigned intrinsic = 0;
  std::vector<RuleLoop> loops;
  RuleTile destination;
  std::vector<RuleTile> sources; ///< tiles read by the body, in order of first use
  ExprRef body;                  ///< without the reduction and without padding
  Reduction reduction = Reduction::Sum;
  bool accumulates = false;         ///< goes on with the reduction that its destination holds
  std::optional<RuleLimits> limits; ///< Contract: of accumulators that saturate
  std::optional<RulePadding> padding;
  // Contract: `acc = acc +- (clamp(sum(r where window) body, low, high) << shift)`.
  bool subtracts = false;         ///< what it accumulates
  std::optional<unsigned> shift;  ///< scalar tensor
  std::optional<RuleLimits> part; ///< what one call may sum: outside, it clamps
  std::optional<RuleWindow> window;
};

/// A way to bring a tile from host memory into `space`: moves in order, the first one reads host
/// memory.
struct Route {
  std::vector<unsigned> moves; ///< indices into Rules::rules
};

struct Rules {
  std::vector<Rule> rules;
  /// Intrinsics that no rule could be derived for, with the reason.
  std::vector<std::pair<unsigned, std::string>> unused;

  /// Every route from host memory to `space` for element type `element`, shortest first.
  std::vector<Route> routesTo(unsigned space, ElementType element, const Target &target) const;
  /// The Configure rule that sets `state`.
  const Rule *configures(unsigned state, const Target &target) const;
};

Rules deriveRules(const Target &target);

/// How the source of `load` lies when each value of its last loop stands at place `lane` of its
/// row; without `lane` as it lies anyway, which may be nothing.
std::shared_ptr<const Layout> layoutThrough(const Target &target, const Rule &load,
                                            const ExprRef &lane);

} // namespace lathe
