// Parts of a target in words, the same wherever they are printed.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// 1234567 as "1,234,567".
std::string grouped(int64_t number);
/// Bytes as "12.3 KiB".
std::string humanBytes(uint64_t bytes);

/// "i8[rows,16]": an operand's element type and shape, run-time extents by name.
std::string shapeText(const TileOperand &tile, const Intrinsic &intrinsic);
/// "i8 x 16": what one address of a space holds.
std::string rowText(const Space &space);
/// "spm i8[rows,16]", "extent", "immediate i32".
std::string operandText(const Intrinsic &intrinsic, unsigned argument, const Target &target);
/// "46-32", with " (value - 1)" where the field holds that.
std::string bitsText(const Argument &argument);
/// "rows", "2 + 2 * rows".
std::string cyclesText(const CycleCount &count, const Intrinsic &intrinsic);
/// "execute.array"; the unit alone when it has one pipe.
std::string pipeText(const Intrinsic &intrinsic, const Target &target);
/// The tile whose address is argument `argument`, or null.
const TileOperand *tileAt(const Intrinsic &intrinsic, unsigned argument);

} // namespace lathe
