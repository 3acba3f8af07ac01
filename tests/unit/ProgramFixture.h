// A target small enough to encode by hand, and a program for it.
#pragma once

#include "core/program/Program.h"

namespace lathe::test {

inline Argument field(std::string name, Argument::Kind kind, int64_t min, int64_t max,
                      std::vector<BitRun> runs) {
  Argument argument;
  argument.name = std::move(name);
  argument.kind = kind;
  argument.type = ElementType::integer(32, /*isSigned=*/min < 0);
  argument.min = min;
  argument.max = max;
  argument.runs = std::move(runs);
  return argument;
}

/// COPY   0001 | 0 | rows-1 [50:47] | dst [46:32] | src [31:0]
/// SET    0010 | 0 | value [31:0], signed
inline Target smallTarget() {
  Target target;
  target.name = "toy";
  target.machine = "small";
  target.spaces.resize(2);
  target.spaces[0].name = "host";
  target.spaces[0].isHost = true;
  target.spaces[1].name = "spm";

  Intrinsic copy;
  copy.name = "COPY";
  copy.mask[0] = 0xFFF8'8000'0000'0000 & ~0x0007'8000'0000'0000ull;
  copy.match[0] = 0x1000'0000'0000'0000;
  copy.arguments = {field("src", Argument::Kind::Address, 0, 0xFFFF'FFFF, {{0, 0, 32}}),
                    field("dst", Argument::Kind::Address, 0, 1023, {{32, 0, 15}}),
                    field("rows", Argument::Kind::Extent, 1, 16, {{47, 0, 4}})};
  copy.arguments[2].minusOne = true;
  copy.tiles.resize(2);
  copy.tiles[0].argument = 0;
  copy.tiles[0].space = kHostSpace;
  copy.tiles[1].argument = 1;
  copy.tiles[1].space = 1;

  Intrinsic set;
  set.name = "SET";
  set.mask[0] = 0xFFFF'FFFF'0000'0000;
  set.match[0] = 0x2000'0000'0000'0000;
  set.arguments = {field("value", Argument::Kind::Immediate, INT32_MIN, INT32_MAX, {{0, 0, 32}})};
  target.intrinsics = {copy, set};
  return target;
}

/// 96-bit commands; `v` lies across the limbs: bits 3-0 at 63-60, bits 7-4 at 67-64.
inline Target wideTarget() {
  Target target = smallTarget();
  target.instructionWidth = 96;
  Intrinsic wide;
  wide.name = "WIDE";
  wide.width = 96;
  wide.mask = {0x0FFF'FFFF'FFFF'FFFF, 0xFFFF'FFF0, 0, 0};
  wide.match = {7, 0x8000'0000, 0, 0};
  wide.arguments = {field("v", Argument::Kind::Immediate, 0, 255, {{60, 0, 8}})};
  target.intrinsics = {wide};
  return target;
}

/// Two symbols, a constant, and one device step of three instructions.
inline Program smallProgram() {
  Program program;
  program.kernel = "k";
  program.target = "toy@small";
  program.imageBytes = 0x200;
  ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);
  program.symbols = {{"x", Symbol::Kind::Input, i8, {16, 16}, 0x0, {}},
                     {"c", Symbol::Kind::Constant, i32, {2}, 0x100, {1, 0, 0, 0, 255, 254, 0, 16}},
                     {"y", Symbol::Kind::Output, i8, {16}, 0x140, {}}};
  ProgramStep step;
  step.what = "y on \"COPY\"";
  step.instructions.add(0, {0x40, 12, 16});
  step.instructions.add(1, {-5});
  step.instructions.add(0, {0x140, 0, 1});
  program.steps = {step};
  return program;
}

} // namespace lathe::test
