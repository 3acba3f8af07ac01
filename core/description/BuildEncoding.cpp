// Masks, bit runs and the ranges that fields allow.
#include "core/description/TargetBuilder.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::StringRef;

static constexpr int64_t kWidestInstruction = 256;

static void setBit(Word &word, unsigned bit, bool value) {
  word[bit / 64] |= static_cast<uint64_t>(value) << (bit % 64);
}

static void clearBits(Word &word, const IsaBits &bits) {
  for (unsigned bit = bits.lsb; bit < bits.lsb + bits.width; ++bit)
    word[bit / 64] &= ~(1ull << (bit % 64));
}

namespace {

class EncodingBuilder {
public:
  EncodingBuilder(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to)
      : build(build), from(from), to(to) {}

  void run() {
    if (from.width == 0)
      return layOut();
    if (!from.writes.empty())
      build.diagnostics.report(Message::WriteNotCall, from.at("Writes"), from.name, from.width);
    if (from.width < 1 || from.width > kWidestInstruction) {
      build.diagnostics.report(Message::IsaWidth, from.at("Width"), from.name, from.width,
                               kWidestInstruction);
      return;
    }
    to.width = from.width;
    build.target.instructionWidth = std::max(build.target.instructionWidth, to.width);
    placeBits();
    if (hasCalls())
      placeNumber(0);
    checkFieldsAreOperands();
    for (Argument &argument : to.arguments)
      checkArgument(argument);
  }

private:
  // What nothing sets is reserved: part of the mask, and zero.
  void placeBits() {
    for (unsigned bit = 0; bit < to.width; ++bit)
      setBit(to.mask, bit, true);
    to.reserved = to.mask;
    for (const IsaBits &bits : from.bits) {
      if (bits.lsb + bits.width > to.width) {
        build.diagnostics.report(Message::IsaBitBeyond, from.at("Inst"), from.name,
                                 bits.lsb + bits.width - 1, to.width);
        return;
      }
      if (bits.field.empty())
        placeConstant(bits);
      else
        placeField(bits);
    }
  }

  void placeConstant(const IsaBits &bits) {
    for (unsigned i = 0; i < bits.width; ++i)
      setBit(to.match, bits.lsb + i, (bits.value >> i) & 1);
    clearBits(to.reserved, bits);
  }

  void placeField(const IsaBits &bits) {
    clearBits(to.mask, bits);
    clearBits(to.reserved, bits);
    if (std::optional<unsigned> argument = to.findArgument(bits.field))
      to.arguments[*argument].runs.push_back({bits.lsb, bits.fieldLsb, bits.width});
    else if (!isDeclared(bits.field))
      build.diagnostics.report(Message::IsaFieldNoOperand, from.at("Inst"), from.name, bits.field,
                               "");
  }

  bool isDeclared(StringRef name) const {
    return llvm::any_of(from.bitFields,
                        [&](const IsaBitField &field) { return field.name == name; });
  }

  void checkFieldsAreOperands() {
    std::vector<StringRef> operands;
    for (const Argument &argument : to.arguments)
      operands.push_back(argument.name);
    for (const IsaBitField &field : from.bitFields)
      if (!llvm::is_contained(operands, field.name))
        build.diagnostics.report(Message::IsaFieldNoOperand, field.loc, from.name, field.name,
                                 suggest(field.name, operands));
  }

  // Bits of the widest instruction that has some; calls have theirs above.
  unsigned firstCallBit() const {
    int64_t widest = 0;
    for (const IsaIntrinsic &intrinsic : build.isa.intrinsics)
      widest = std::max(widest, std::min(intrinsic.width, kWidestInstruction));
    return static_cast<unsigned>(widest);
  }

  bool hasCalls() const {
    return llvm::any_of(build.isa.intrinsics,
                        [](const IsaIntrinsic &intrinsic) { return intrinsic.width == 0; });
  }

  // The number of the call; other instructions have 0 there.
  void placeNumber(uint64_t number) {
    unsigned bits = llvm::Log2_64_Ceil(build.isa.intrinsics.size() + 1);
    for (unsigned bit = 0; bit < bits && firstCallBit() + bit < kWidestInstruction; ++bit) {
      setBit(to.mask, firstCallBit() + bit, true);
      setBit(to.match, firstCallBit() + bit, number >> bit & 1);
    }
  }

  // A call: a number that no other intrinsic has, then the operands in order, each as wide as its
  // range needs.
  void layOut() {
    to.isCall = true;
    if (!from.bits.empty() || !from.bitFields.empty())
      build.diagnostics.report(Message::CallHasBits, from.at("Inst"), from.name);
    unsigned at = firstCallBit() + llvm::Log2_64_Ceil(build.isa.intrinsics.size() + 1);
    for (Argument &argument : to.arguments) {
      unsigned width = widthOf(argument);
      if (width > 0)
        argument.runs.push_back({at, 0, width});
      at += width;
    }
    if (at > kWidestInstruction) {
      build.diagnostics.report(Message::CallTooLong, from.loc, from.name, at, kWidestInstruction);
      return;
    }
    to.width = at;
    build.target.instructionWidth = std::max(build.target.instructionWidth, to.width);
    placeNumber(&from - build.isa.intrinsics.data() + 1);
    readWrites();
  }

  static unsigned widthOf(Argument &argument) {
    constexpr unsigned kHostAddressBits = 32;
    if (argument.kind == Argument::Kind::Immediate)
      return argument.type.bits;
    if (argument.kind == Argument::Kind::Address && argument.max == INT64_MAX) {
      argument.max = (int64_t(1) << kHostAddressBits) - 1;
      return kHostAddressBits;
    }
    return llvm::Log2_64_Ceil(argument.max - (argument.minusOne ? 1 : 0) + 1);
  }

  void readWrites() {
    ExpressionScope scope;
    for (const auto &[name, value] : build.target.parameters)
      scope.number(name, value);
    for (unsigned a = 0; a < to.arguments.size(); ++a)
      scope.variable(to.arguments[a].name, a);
    llvm::SMLoc loc = from.at("Writes");
    for (const auto &[address, text] : from.writes) {
      if (address < 0)
        build.diagnostics.report(Message::WriteAddress, loc, from.name, address);
      if (auto value = parseExpression(text, valueLoc(text), scope, build.diagnostics))
        to.writes.push_back({address,
                             {value->base, value->terms},
                             build.diagnostics.sourceTexts().place(valueLoc(text))});
    }
  }

  // Elements of a list carry no location: look for the text in quotes behind the field's name.
  llvm::SMLoc valueLoc(StringRef value) const {
    llvm::SMLoc field = from.at("Writes");
    if (!field.isValid())
      return from.loc;
    StringRef text = StringRef(field.getPointer()).take_until([](char c) { return c == ';'; });
    size_t at = text.find(("\"" + value + "\"").str());
    return llvm::SMLoc::getFromPointer(field.getPointer() + (at == StringRef::npos ? 0 : at + 1));
  }

  const IsaBitField *fieldOf(const Argument &argument) const {
    for (const IsaBitField &field : from.bitFields)
      if (field.name == argument.name)
        return &field;
    return nullptr;
  }

  llvm::SMLoc operandLoc(const Argument &argument) const {
    for (const IsaOperand &operand : from.operands)
      if (operand.name == argument.name)
        return operand.loc;
    return from.loc;
  }

  void checkArgument(Argument &argument) {
    const IsaBitField *field = fieldOf(argument);
    if (!field) {
      build.diagnostics.report(Message::IsaOperandNoField, operandLoc(argument), from.name,
                               argument.name);
      return;
    }
    if (field->width > 63 && !(field->width == 64 && argument.kind == Argument::Kind::Immediate)) {
      build.diagnostics.report(Message::IsaFieldWide, field->loc, from.name, field->name,
                               field->width);
      return;
    }
    if (checkCovered(argument, *field))
      checkRange(argument, *field);
  }

  // Every bit of the field stands in Inst exactly once.
  bool checkCovered(const Argument &argument, const IsaBitField &field) {
    std::vector<unsigned> times(field.width, 0);
    for (const BitRun &run : argument.runs)
      for (unsigned i = 0; i < run.width; ++i)
        ++times[run.valueLsb + i];
    for (unsigned bit = 0; bit < field.width; ++bit) {
      if (times[bit] == 1)
        continue;
      build.diagnostics.report(Message::IsaFieldBits, field.loc, from.name, field.name, bit,
                               times[bit]);
      return false;
    }
    return true;
  }

  void checkRange(Argument &argument, const IsaBitField &field) {
    int64_t largest = field.width >= 63 ? INT64_MAX : (1ll << field.width) - 1;
    switch (argument.kind) {
    case Argument::Kind::Address:
      checkAddress(argument, field, largest);
      return;
    case Argument::Kind::Extent:
      if (argument.max - (argument.minusOne ? 1 : 0) > largest)
        reportNarrow(argument, field);
      return;
    case Argument::Kind::Immediate:
      if (field.width < argument.type.bits)
        build.diagnostics.report(Message::IsaImmediateField, field.loc, from.name, field.name,
                                 field.width, argument.type.bits);
      return;
    }
  }

  void reportNarrow(const Argument &argument, const IsaBitField &field) {
    bool fitsMinusOne = !argument.minusOne && argument.max == 1ll << field.width;
    Diagnostic &diagnostic = build.diagnostics.report(
        Message::ExtentField, field.loc, from.name, field.name, field.width, argument.max,
        llvm::Log2_64_Ceil(argument.max + (argument.minusOne ? 0 : 1)),
        fitsMinusOne ? "add it to MinusOne: the field then holds the extent minus one" : "");
    build.diagnostics.note(diagnostic, operandLoc(argument), "the extent is declared here");
  }

  void checkAddress(Argument &argument, const IsaBitField &field, int64_t largest) {
    const TileOperand *tile = tileOf(argument);
    if (!tile || argument.max <= largest)
      return;
    const Space &space = build.target.spaces[tile->space];
    argument.max = largest;
    if (space.isHost || !build.narrowSpaces.insert(space.name).second)
      return;
    const YamlNode *node = build.spaceNodes[tile->space];
    llvm::SMLoc loc = node ? node->find("capacity")->loc : field.loc;
    Diagnostic &diagnostic =
        build.diagnostics.report(Message::CapacityField, loc, space.name, space.addresses,
                                 from.name, field.name, field.width, largest + 1);
    build.diagnostics.note(diagnostic, field.loc, "the field is declared here");
  }

  const TileOperand *tileOf(const Argument &argument) const {
    for (const TileOperand &tile : to.tiles)
      if (&to.arguments[tile.argument] == &argument)
        return &tile;
    return nullptr;
  }

  TargetBuild &build;
  const IsaIntrinsic &from;
  Intrinsic &to;
};

} // namespace

void lathe::buildEncoding(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to) {
  EncodingBuilder(build, from, to).run();
}
