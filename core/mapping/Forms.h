// Other statements that compute what a group does, by the table of identities.
#pragma once

#include "core/mapping/Group.h"
#include "core/mapping/Rewrite.h"
#include "core/mapping/Rules.h"

namespace lathe {

/// Statements in place of a group's.
///
/// before:  y[i,j] = sum(k) i32(x[i,k]) * i32(w[k,j])            x: u8, and the machine multiplies
/// i8 after:   x_i8[a,b] = wrap_i8(x[a,b] ^ 128)
///          y_part[j] = (sum(k) i32(w[k,j])) * 128
///          y[i,j] = sum(k) i32(x_i8[i,k]) * i32(w[k,j]) + y_part[j]
struct Form {
  std::vector<Tensor> tensors;       ///< temporaries that follow the kernel's tensors
  std::vector<Statement> statements; ///< in order; the last one gives the group's result
  std::vector<std::string> rules;    ///< what it is derived by, in order of first use
  size_t packs = 0; ///< statements in front that only lay an operand out in another way
};

constexpr unsigned kMostForms = 8;

/// At most kMostForms forms of `group` that might map where the statement as written does not. Each
/// equals it for all values: identities of the table, whose conditions hold, and subexpressions
/// given a name. A reduction's operand that is computed becomes a temporary, and each reduction a
/// statement of its own. Statements restricted by a `where` have none.
std::vector<Form> formsOf(const Semantics &kernel, const Group &group, const Target &target,
                          const Rules &rules, Algebra &algebra);

/// `kernel` with a form in place of a group.
struct Replaced {
  Semantics kernel;
  std::vector<std::optional<unsigned>> moved; ///< per old statement: where it is now
  std::vector<unsigned> added;                ///< where the form's statements are
};
Replaced replaced(const Semantics &kernel, const Group &group, const Form &form);

} // namespace lathe
