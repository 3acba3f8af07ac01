#include "core/mapping/Algebra.h"

#include "core/semantics/Parser.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::StringRef;

static const RewriteRule kRules[] = {
#define LATHE_REWRITE(name, use, floats, types, variables, pattern, replacement, condition)        \
  {name,                                                                                           \
   RewriteRule::Use::use,                                                                          \
   RewriteRule::Floats::floats,                                                                    \
   types,                                                                                          \
   variables,                                                                                      \
   pattern,                                                                                        \
   replacement,                                                                                    \
   condition},
#include "core/mapping/Rewrites.def"
#undef LATHE_REWRITE
};

llvm::ArrayRef<RewriteRule> lathe::rewriteRules() { return kRules; }

namespace {

/// Replaces the letters of a rule's texts.
class Instantiator {
public:
  explicit Instantiator(const RuleTypes &types) : types(types) {}

  bool failed = false;

  std::string apply(StringRef text) {
    std::string out;
    while (true) {
      auto [before, rest] = text.split('{');
      out += before;
      if (rest.empty())
        return repeated(out);
      auto [word, after] = rest.split('}');
      out += meaning(word);
      text = after;
    }
  }

  /// The value of a sum or product of two numbers, or of one.
  static std::optional<int64_t> number(StringRef text) {
    int64_t value = 0;
    text = text.trim();
    if (!text.getAsInteger(10, value))
      return value;
    for (char op : {'*', '-'}) {
      if (!text.contains(op))
        continue;
      auto [left, right] = text.split(op);
      auto a = number(left), b = number(right);
      if (a && b)
        return op == '*' ? *a * *b : *a - *b;
    }
    return std::nullopt;
  }

  static bool holds(StringRef condition) {
    using Compare = bool (*)(int64_t, int64_t);
    static constexpr std::pair<const char *, Compare> kOperators[] = {
        {"==", [](int64_t a, int64_t b) { return a == b; }},
        {"<=", [](int64_t a, int64_t b) { return a <= b; }},
        {">=", [](int64_t a, int64_t b) { return a >= b; }},
        {"<", [](int64_t a, int64_t b) { return a < b; }},
        {">", [](int64_t a, int64_t b) { return a > b; }}};
    for (auto [word, compare] : kOperators) {
      auto [left, right] = condition.split(word);
      if (left == condition)
        continue;
      auto a = number(left), b = number(right);
      return a && b && compare(*a, *b);
    }
    return false;
  }

private:
  std::optional<ElementType> letter(char c) const {
    switch (c) {
    case 'T':
      return types.t;
    case 'N':
      return types.n;
    case 'P':
      return types.p;
    case 'M':
      return types.m;
    default: // H: N's bits beyond M's
      if (!types.n || !types.m || !types.n->isInteger() || types.n->bits <= types.m->bits)
        return std::nullopt;
      return ElementType::integer(types.n->bits - types.m->bits, types.n->isSigned());
    }
  }

  std::string meaning(StringRef word) {
    auto type = letter(word.front());
    if (!type || type->isIndex()) {
      failed = true;
      return "";
    }
    StringRef part = word.drop_front();
    if (part.empty())
      return name(*type);
    if (part == ".minus")
      return type->isFloat() || type->isSigned() ? "-1" : llvm::utostr(uint64_t(type->max()));
    // What follows are numbers of integer types.
    failed |= !type->isInteger();
    if (part == ".bits")
      return llvm::itostr(type->bits);
    if (part == ".signed")
      return type->isSigned() ? "1" : "0";
    if (part == ".min")
      return llvm::itostr(type->min());
    if (part == ".max")
      return llvm::utostr(uint64_t(type->max()));
    failed |= type->bits > 62;
    return llvm::itostr(int64_t(1) << (type->bits - (part == ".half")) % 63);
  }

  std::string repeated(StringRef text) {
    auto [before, rest] = text.split("[[p < ");
    if (rest.empty())
      return text.str();
    auto [head, after] = rest.split("]]");
    auto [count, body] = head.split(": ");
    std::string out = before.str();
    for (int64_t p = 0, n = number(count).value_or(0); p < n; ++p) {
      std::string term = llvm::itostr(p);
      out += p ? " + " : "";
      for (size_t i = 0; i < body.size(); ++i) {
        bool isWord = (i > 0 && llvm::isAlnum(body[i - 1])) ||
                      (i + 1 < body.size() && llvm::isAlnum(body[i + 1]));
        out += body[i] == 'p' && !isWord ? term : std::string(1, body[i]);
      }
    }
    return out + after.str();
  }

  const RuleTypes &types;
};

/// "a < b, c" as "a < b and c".
std::string conjunction(StringRef conditions) {
  llvm::SmallVector<StringRef> parts;
  conditions.split(parts, ", ");
  return llvm::join(parts, " and ");
}

} // namespace

std::optional<std::string> lathe::instanceText(const RewriteRule &rule, const RuleTypes &types) {
  if (!types.t || types.t->isIndex() ||
      (types.t->isFloat() && rule.floats == RewriteRule::Floats::Never))
    return std::nullopt;
  Instantiator texts(types);
  llvm::SmallVector<StringRef> conditions;
  std::string ofTypes = texts.apply(rule.types);
  StringRef(ofTypes).split(conditions, ',', -1, /*KeepEmpty=*/false);
  std::string variables = texts.apply(rule.variables), left = texts.apply(rule.pattern),
              right = texts.apply(rule.replacement), holds = texts.apply(rule.condition);
  if (texts.failed || !llvm::all_of(conditions, Instantiator::holds))
    return std::nullopt;
  std::string type = name(*types.t);
  return llvm::formatv("kernel rule({0}) -> (left: {1}, right: {1}{2}) {{\n"
                       "  left = {3}\n  right = {4}\n{5}}\n",
                       variables, type, holds.empty() ? "" : ", holds: u1", left, right,
                       holds.empty() ? "" : "  holds = " + conjunction(holds) + "\n")
      .str();
}

static std::unique_ptr<RuleInstance> parse(const std::string &text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto kernels = parseKernels(sources.add("rule", text), diagnostics);
  if (!kernels)
    return nullptr;
  auto instance = std::make_unique<RuleInstance>();
  instance->semantics = std::move(kernels->front());
  const std::vector<Statement> &statements = instance->semantics.statements;
  instance->left = &statements[0];
  instance->right = &statements[1];
  if (statements.size() > 2)
    instance->holds.push_back(statements[2].value);
  return instance;
}

const RuleInstance *Algebra::instance(const RewriteRule &rule, const RuleTypes &types) {
  auto [at, added] = known.try_emplace({&rule, types.key()});
  if (added)
    if (auto text = instanceText(rule, types))
      at->second = parse(*text);
  return at->second.get();
}
