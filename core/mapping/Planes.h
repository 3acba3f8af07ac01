// Operands as sums of bit planes and digits, for machines that take a few bits at a time.
#pragma once

#include "core/mapping/Forms.h"
#include "core/mapping/Nest.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe {

/// Forms of a sum of products for contractions that read single bits of an operand, or keep one as
/// unsigned numbers of few bits:
///
/// before:  y[i,j] = sum(k) i32(x[i,k]) * i32(w[k,j])                                    i8, i8
/// after:   w_digit[s,k,j] = wrap_u2((w[k,j] >> at(s)) & mask(s))
///          y[i,j] = sum(k,p,s) i32(bit(i16(x[i,k]), p)) * i32(w_digit[s,k,j]) * c(p,s)
///
/// A two's complement number of n bits has n planes; its digits are those of its lower n-1 bits and
/// the sign's bit, whose weight is negative. So every value is exact, in wrapping sums as well.
/// `at`, `mask` and `c` are chains of select.
std::vector<Form> planeForms(const Semantics &kernel, const Group &group, const Target &target,
                             const Rules &rules);

/// An integer expression over loops with these values, when it has nothing but loops, numbers,
/// conversions, `select`, comparisons, `bit` and `+ - * <<`, and loads that `loadValue` knows.
std::optional<int64_t>
valueAt(const Expr &expr, llvm::ArrayRef<int64_t> loops,
        llvm::function_ref<std::optional<int64_t>(const Expr &load)> loadValue = {});

/// `expr` as a product of what reads tensors, and of what depends on loops alone: (the former, the
/// latter or null).
std::pair<ExprRef, ExprRef> withoutCoefficient(const ExprRef &expr);

/// Why the calls of the nest's contraction do not add what `statement` (its reduction) says, or
/// nothing: each variant is tried on corners of its operands' types, and what a call sums stays
/// inside of what it clamps to. Knows nothing of how variants are found.
std::optional<std::string> callsFault(const Semantics &kernel, const Statement &statement,
                                      const Nest &nest, const Rules &rules, const Target &target);

} // namespace lathe
