// Command words, assembled by hand from the encodings in isa/systolic_array.td.
#pragma once
#include <cstdint>

namespace bench {

enum class Op : uint8_t {
  Load = 1,
  LoadAccI8,
  LoadAccI32,
  LoadBias,
  Fill,
  Preload,
  Matmul,
  MatmulAcc,
  Vadd,
  Vmax,
  Vscale,
  StoreI8,
  StoreI32,
  SetLoadStride,
  StoreSub
};
// Opcode 15 has sub opcodes.
enum class Sub : uint8_t { SetStoreStride, SetEpilogue, MoveI8 };

constexpr uint64_t field(uint64_t value, unsigned lsb, unsigned width) {
  return (value & ((uint64_t(1) << width) - 1)) << lsb;
}
constexpr uint64_t opcode(Op op) { return uint64_t(op) << 60; }
constexpr uint64_t opcode(Sub sub) { return opcode(Op::StoreSub) | field(uint64_t(sub), 56, 4); }

constexpr uint64_t load(Op op, uint32_t src, uint32_t dst, uint32_t rows, uint32_t cols) {
  return opcode(op) | src | field(dst, 32, 15) | field(rows - 1, 47, 8) | field(cols - 1, 55, 5);
}
constexpr uint64_t fill(uint32_t dst, uint32_t rows, uint8_t value) {
  return opcode(Op::Fill) | value | field(dst, 32, 15) | field(rows - 1, 47, 8);
}
constexpr uint64_t preload(uint32_t src, uint32_t copy, uint32_t rows) {
  return opcode(Op::Preload) | field(src, 0, 15) | field(copy, 32, 1) | field(rows - 1, 47, 5);
}
constexpr uint64_t matmul(Op op, uint32_t a, uint32_t step, uint32_t copy, uint32_t acc,
                          uint32_t rows) {
  return opcode(op) | field(a, 0, 15) | field(step, 15, 8) | field(acc, 32, 11) |
         field(copy, 43, 1) | field(rows - 1, 47, 9);
}
constexpr uint64_t vector(Op op, uint32_t dst, uint32_t operand, uint32_t rows) {
  return opcode(op) | operand | field(dst, 32, 11) | field(rows - 1, 47, 9);
}
constexpr uint64_t store(Op op, uint32_t src, uint32_t bias, uint32_t dst, uint32_t rows,
                         uint32_t cols) {
  return opcode(op) | dst | field(src, 32, 11) | field(bias, 43, 4) | field(rows - 1, 47, 8) |
         field(cols - 1, 55, 5);
}
constexpr uint64_t moveI8(uint32_t src, uint32_t bias, uint32_t dst, uint32_t rows) {
  return opcode(Sub::MoveI8) | field(dst, 0, 15) | field(src, 32, 11) | field(bias, 43, 4) |
         field(rows - 1, 47, 8);
}
constexpr uint64_t setLoadStride(int32_t bytes) {
  return opcode(Op::SetLoadStride) | uint32_t(bytes);
}
constexpr uint64_t setStoreStride(int32_t bytes) {
  return opcode(Sub::SetStoreStride) | uint32_t(bytes);
}
constexpr uint64_t setEpilogue(int32_t floor, uint32_t shift) {
  return opcode(Sub::SetEpilogue) | uint32_t(floor) | field(shift, 32, 5);
}

} // namespace bench
