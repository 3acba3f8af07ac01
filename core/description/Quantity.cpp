#include "core/description/Quantity.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {
struct Suffix {
  Measure measure;
  llvm::StringLiteral text;
  int64_t factor;
};
} // namespace

// Ordered from the biggest factor down, so that the first exact one is the shortest form.
static constexpr Suffix kSuffixes[] = {
    {Measure::Bytes, "GiB", 1ll << 30},      {Measure::Bytes, "MiB", 1ll << 20},
    {Measure::Bytes, "KiB", 1ll << 10},      {Measure::Bytes, "B", 1},
    {Measure::BytesPerCycle, "B/cycle", 1},  {Measure::PerCycle, "per cycle", 1},
    {Measure::Cycles, "cycles", 1},          {Measure::Cycles, "cycle", 1},
    {Measure::Frequency, "GHz", 1000000000}, {Measure::Frequency, "MHz", 1000000},
    {Measure::Frequency, "kHz", 1000},       {Measure::Frequency, "Hz", 1},
};

const MeasureInfo &lathe::measureInfo(Measure measure) {
  static constexpr MeasureInfo infos[] = {
      {"a whole number", "16", "^(0|[1-9][0-9]*)$"},
      {"bytes", "256 KiB", "^[1-9][0-9]* (B|KiB|MiB|GiB)$"},
      {"bytes per cycle", "16 B/cycle", "^[1-9][0-9]* B/cycle$"},
      {"a number per cycle", "1 per cycle", "^[1-9][0-9]* per cycle$"},
      {"cycles", "40 cycles", "^(0|[1-9][0-9]*) cycles?$"},
      {"a frequency", "500 MHz", "^[1-9][0-9]*(\\.[0-9]+)? (Hz|kHz|MHz|GHz)$"},
  };
  return infos[static_cast<unsigned>(measure)];
}

static StringRef leadingNumber(StringRef text) {
  return text.take_while([](char c) { return llvm::isDigit(c) || c == '.'; });
}

// The user's own number with the right unit: a big one with the smallest, others as in the example.
static std::string suggestion(StringRef number, Measure measure) {
  StringRef unit = StringRef(measureInfo(measure).example);
  unit = unit.drop_front(leadingNumber(unit).size());
  if (number == "1" && measure == Measure::Cycles)
    return "1 cycle";
  for (const Suffix &known : kSuffixes)
    if (known.measure == measure && known.factor == 1 && number.size() > 4)
      return (number + " " + known.text).str();
  return (number + unit).str();
}

// digits[.digits] times factor, when that is a whole number of at most 63 bits.
static std::optional<int64_t> scaled(StringRef number, int64_t factor) {
  auto [whole, fraction] = number.split('.');
  int64_t value = 0;
  if (whole.getAsInteger(10, value) || __builtin_mul_overflow(value, factor, &value))
    return std::nullopt;
  for (char digit : fraction) {
    if (factor % 10 != 0)
      return std::nullopt;
    factor /= 10;
    value += (digit - '0') * factor;
  }
  return value;
}

std::optional<int64_t> lathe::parseQuantity(StringRef text, Measure measure, StringRef name,
                                            llvm::SMLoc loc, Diagnostics &diagnostics) {
  StringRef number = leadingNumber(text);
  StringRef suffix = text.drop_front(number.size()).ltrim(' ');
  auto wrong = [&](Message message) {
    bool hasNumber = !number.empty() && message != Message::QuantityNoNumber;
    diagnostics.report(message, loc, text, name, measureInfo(measure).what,
                       hasNumber ? suggestion(number, measure)
                                 : measureInfo(measure).example.str());
    return std::nullopt;
  };
  if (number.empty())
    return wrong(measure == Measure::None ? Message::QuantityNoNumber : Message::QuantityWrongUnit);
  if (number.size() > 1 && number[0] == '0' && number[1] != '.')
    return wrong(Message::QuantityOctal);
  if (measure != Measure::None && suffix.empty())
    return wrong(Message::QuantityNoUnit);
  if (measure == Measure::None && (!suffix.empty() || number.contains('.')))
    return wrong(Message::QuantityNoNumber);
  int64_t factor = measure == Measure::None ? 1 : 0;
  for (const Suffix &known : kSuffixes)
    if (known.measure == measure && known.text == suffix)
      factor = known.factor;
  if (factor == 0)
    return wrong(Message::QuantityWrongUnit);
  if (std::optional<int64_t> value = scaled(number, factor))
    return value;
  return wrong(Message::QuantityInexact);
}

std::string lathe::formatQuantity(int64_t value, Measure measure) {
  for (const Suffix &known : kSuffixes)
    if (known.measure == measure && value % known.factor == 0 &&
        (value != 1 || known.text != "cycles"))
      return llvm::formatv("{0} {1}", value / known.factor, known.text).str();
  return std::to_string(value);
}
