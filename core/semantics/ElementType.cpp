#include "core/semantics/ElementType.h"

using namespace lathe;

int64_t ElementType::min() const {
  if (kind != Kind::Signed)
    return kind == Kind::Index ? INT64_MIN : 0;
  return static_cast<int64_t>(~uint64_t(0) << (bits - 1));
}

int64_t ElementType::max() const {
  unsigned valueBits = kind == Kind::Unsigned ? bits : bits - 1;
  return static_cast<int64_t>(valueBits >= 64 ? ~uint64_t(0) : (uint64_t(1) << valueBits) - 1);
}

std::string lathe::name(ElementType type) {
  switch (type.kind) {
  case ElementType::Kind::Signed:
    return "i" + std::to_string(type.bits);
  case ElementType::Kind::Unsigned:
    return "u" + std::to_string(type.bits);
  case ElementType::Kind::Float:
    return "f" + std::to_string(type.bits);
  case ElementType::Kind::BFloat:
    return "bf16";
  case ElementType::Kind::Index:
    return "index";
  }
  return "";
}

std::optional<ElementType> lathe::parseElementType(llvm::StringRef name) {
  if (name == "f32")
    return ElementType::f32();
  if (name == "f16")
    return ElementType::f16();
  if (name == "bf16")
    return ElementType::bf16();
  bool isSigned = name.starts_with("i");
  if (!isSigned && !name.starts_with("u"))
    return std::nullopt;
  unsigned bits = 0;
  llvm::StringRef digits = name.drop_front();
  if (digits.empty() || digits.size() > 2 || digits[0] == '0' || digits.getAsInteger(10, bits))
    return std::nullopt;
  if (bits > 64)
    return std::nullopt;
  return ElementType::integer(bits, isSigned);
}
