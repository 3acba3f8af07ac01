// Finds what an intrinsic's operands must be so that its body computes a kernel's expression.
#pragma once

#include "core/mapping/Rules.h"

#include <map>

namespace lathe {

/// What the pattern's leaves stand for.
struct Binding {
  std::map<unsigned, ExprRef> tiles;   ///< tensor of the intrinsic -> kernel expression
  std::map<unsigned, int64_t> scalars; ///< immediate or state tensor -> its value
  /// Immediate tensor -> an expression over loops and numbers, when the caller takes such.
  std::map<unsigned, ExprRef> loopScalars;

  bool operator==(const Binding &) const = default;
};

/// Where a match failed, at the deepest place reached. Reason.h puts it into words.
struct Mismatch {
  enum class Kind : uint8_t {
    None,
    Operation,   ///< other operators
    ResultType,  ///< one operator, of different types
    ElementType, ///< a tile of another element type
    Twice,       ///< one operand would be two things
    NotANumber,  ///< a scalar of the instruction is not known when compiling
    Range,       ///< a scalar of the instruction cannot hold the number
    Number,      ///< different numbers
    Structure,
  };
  Kind kind = Kind::None;
  unsigned depth = 0;
  const Expr *pattern = nullptr; ///< of the intrinsic
  ExprRef expr;                  ///< of the kernel
};

/// Every binding under which `pattern` (of `intrinsic`) equals `expr` for all values: equal
/// structure up to commutativity, with operands that the kernel lacks bound to the operation's
/// neutral element (x + 0, x * 1, max(x, lowest), round_shift(x, 0), ...). A tile bound to a
/// constant is a tile full of that number.
std::vector<Binding> match(const Intrinsic &intrinsic, const ExprRef &pattern, const ExprRef &expr,
                           Mismatch *mismatch = nullptr);
/// The same, with scalars of the instruction that may vary with loops (Binding::loopScalars).
std::vector<Binding> matchOverLoops(const Intrinsic &intrinsic, const ExprRef &pattern,
                                    const ExprRef &expr, Mismatch *mismatch = nullptr);

/// Where `pattern` and `expr` part when each operation that both have is taken as the same one:
/// what to say when a match exists that leaves most of `expr` to others.
Mismatch nearestMismatch(const Intrinsic &intrinsic, const ExprRef &pattern, const ExprRef &expr);

/// What one rule's body makes of one expression.
struct Matches {
  ExprRef expr; ///< keeps the address that it is known by
  std::vector<Binding> bindings;
  Mismatch mismatch;
};

/// Matches of a target's rules, found once: the mappings of a group all ask about the same few
/// expressions.
class MatchCache {
public:
  MatchCache(const Target &target, const Rules &rules) : target(target), rules(rules) {}
  /// Of `rule` (an index into Rules::rules) with `expr`; valid as long as the cache.
  const Matches &find(unsigned rule, const ExprRef &expr);

private:
  const Target &target;
  const Rules &rules;
  std::map<std::pair<unsigned, const Expr *>, Matches> known;
};

} // namespace lathe
