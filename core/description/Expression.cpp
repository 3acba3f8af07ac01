#include "core/description/Expression.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::StringRef;

static constexpr unsigned kDeepest = 50; // brackets

const Linear *ExpressionScope::find(StringRef name) const {
  for (const auto &[known, value] : names)
    if (known == name)
      return &value;
  return nullptr;
}

std::vector<StringRef> ExpressionScope::allNames() const {
  std::vector<StringRef> all;
  for (const auto &[name, value] : names)
    all.push_back(name);
  return all;
}

// Nothing on overflow.
static std::optional<Linear> addScaled(Linear a, const Linear &b, int64_t factor) {
  int64_t scaled = 0;
  if (__builtin_mul_overflow(b.base, factor, &scaled) ||
      __builtin_add_overflow(a.base, scaled, &a.base))
    return std::nullopt;
  for (auto [variable, count] : b.terms) {
    auto place = llvm::lower_bound(a.terms, variable,
                                   [](const auto &term, unsigned id) { return term.first < id; });
    if (place == a.terms.end() || place->first != variable)
      place = a.terms.insert(place, {variable, 0});
    if (__builtin_mul_overflow(count, factor, &scaled) ||
        __builtin_add_overflow(place->second, scaled, &place->second))
      return std::nullopt;
  }
  llvm::erase_if(a.terms, [](const auto &term) { return term.second == 0; });
  return a;
}

namespace {

/// Recursive descent; the first mistake is reported and ends it.
class ExpressionParser {
public:
  ExpressionParser(StringRef text, llvm::SMLoc loc, const ExpressionScope &scope,
                   Diagnostics &diagnostics)
      : text(text), loc(loc), scope(scope), diagnostics(diagnostics) {}

  std::optional<Linear> parse() {
    std::optional<Linear> value = sum();
    skipSpace();
    if (value && at < text.size())
      return syntax();
    return value;
  }

private:
  llvm::SMLoc here(size_t offset) const {
    return llvm::SMLoc::getFromPointer(loc.getPointer() + offset);
  }

  std::nullopt_t syntax() {
    StringRef rest = text.substr(at).take_front(1);
    diagnostics.report(Message::ExpressionSyntax, here(at), rest.empty() ? "the end" : rest);
    return std::nullopt;
  }

  void skipSpace() {
    while (at < text.size() && text[at] == ' ')
      ++at;
  }

  bool accept(char c) {
    skipSpace();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }

  std::optional<Linear> checked(std::optional<Linear> value, size_t start) {
    if (!value)
      diagnostics.report(Message::ExpressionOverflow, here(start), text);
    return value;
  }

  std::optional<Linear> sum() {
    skipSpace();
    size_t start = at;
    std::optional<Linear> left = product();
    while (left) {
      int64_t sign = accept('+') ? 1 : accept('-') ? -1 : 0;
      if (sign == 0)
        break;
      std::optional<Linear> right = product();
      left = right ? checked(addScaled(*left, *right, sign), start) : std::nullopt;
    }
    return left;
  }

  std::optional<Linear> product() {
    skipSpace();
    size_t start = at;
    std::optional<Linear> left = factor();
    while (left) {
      bool times = accept('*');
      if (!times && !accept('/'))
        break;
      std::optional<Linear> right = factor();
      left = !right  ? std::nullopt
             : times ? multiply(*left, *right, start)
                     : divide(*left, *right, start);
    }
    return left;
  }

  std::optional<Linear> multiply(const Linear &a, const Linear &b, size_t start) {
    if (b.isNumber())
      return checked(addScaled({}, a, b.base), start);
    if (a.isNumber())
      return checked(addScaled({}, b, a.base), start);
    diagnostics.report(Message::ExpressionNotLinear, here(start), text);
    return std::nullopt;
  }

  std::optional<Linear> divide(const Linear &a, const Linear &b, size_t start) {
    if (!a.isNumber() || !b.isNumber()) {
      diagnostics.report(Message::ExpressionNotLinear, here(start), text);
      return std::nullopt;
    }
    if (b.base == 0) {
      diagnostics.report(Message::ExpressionZeroDivisor, here(start), text);
      return std::nullopt;
    }
    return Linear{llvm::divideFloorSigned(a.base, b.base), {}};
  }

  std::optional<Linear> factor() {
    if (++depth > kDeepest)
      return syntax();
    auto leave = llvm::scope_exit([this] { --depth; });
    if (accept('(')) {
      std::optional<Linear> inner = sum();
      if (inner && !accept(')'))
        return syntax();
      return inner;
    }
    skipSpace();
    StringRef rest = text.substr(at);
    if (rest.empty())
      return syntax();
    return llvm::isDigit(rest[0]) ? number(rest) : name(rest);
  }

  std::optional<Linear> number(StringRef rest) {
    StringRef digits = rest.take_while([](char c) { return llvm::isDigit(c); });
    int64_t value = 0;
    bool octal = digits.size() > 1 && digits[0] == '0';
    if (octal || digits.getAsInteger(10, value))
      return syntax();
    at += digits.size();
    return Linear{value, {}};
  }

  std::optional<Linear> name(StringRef rest) {
    StringRef word =
        rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    if (word.empty())
      return syntax();
    if (const Linear *value = scope.find(word)) {
      at += word.size();
      return *value;
    }
    std::optional<StringRef> meant = nearest(word, scope.allNames());
    diagnostics.report(Message::ExpressionName, here(at), word,
                       meant ? ("did you mean '" + *meant + "'?").str()
                             : "known: " + llvm::join(scope.allNames(), ", "));
    return std::nullopt;
  }

  StringRef text;
  llvm::SMLoc loc;
  const ExpressionScope &scope;
  Diagnostics &diagnostics;
  size_t at = 0;
  unsigned depth = 0;
};

} // namespace

std::optional<Linear> lathe::parseExpression(StringRef text, llvm::SMLoc loc,
                                             const ExpressionScope &scope,
                                             Diagnostics &diagnostics) {
  return ExpressionParser(text, loc, scope, diagnostics).parse();
}
