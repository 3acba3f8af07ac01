// lathe-algebra: every instance of the core's table of identities, as JSON trees.
//
//   lathe-algebra           a line for each rule and choice of types that has an instance
//   lathe-algebra --text    the lines' notation instead
//   lathe-algebra --table   the table itself, a JSON array of its columns by name
//   lathe-algebra FILE      instances of the rules in FILE, a JSON array of the table's columns by
//   name
//
// A line: {"rule", "types": {"T": "i32", ...}, "text", "variables": {name: [type, loops...]},
// "left", "right", "holds"}. A tree: [op, type, operands...]; ["constant", type, number],
// ["variable", type, name, loops...],
// ["sum", type, [loops], body, conditions...].
#include "core/mapping/Algebra.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::json::Array;
using llvm::json::Object;

static llvm::json::Value tree(const Expr &expr, const Statement &statement,
                              const Semantics &semantics) {
  if (expr.op == Op::Constant)
    return Array{"constant", name(expr.type), expr.integer};
  if (expr.op == Op::Load) {
    Array out{"variable", name(expr.type), semantics.tensors[expr.id].name};
    for (const ExprRef &subscript : expr.operands)
      out.push_back(statement.loops[subscript->id].name);
    return out;
  }
  Array out{expr.op == Op::Reduce ? spelling(expr.reduction) : spelling(expr.op), name(expr.type)};
  if (expr.op == Op::Reduce) {
    Array loops;
    for (unsigned loop : expr.loops)
      loops.push_back(statement.loops[loop].name);
    out.push_back(std::move(loops));
  }
  for (const ExprRef &operand : expr.operands)
    out.push_back(tree(*operand, statement, semantics));
  return out;
}

/// The types that instances are made of: every width that a rule treats differently.
static const char *const kTypes[] = {"i4", "u4", "i8", "u8", "i12", "i16", "u16", "i32", "u32"};
static const char *const kMachine[] = {"u1", "u2", "i4", "i8", "u8"};

static bool mentions(const RewriteRule &rule, const char *letter) {
  std::string plain = std::string("{") + letter + "}", part = std::string("{") + letter + ".";
  for (llvm::StringRef text :
       {rule.types, rule.variables, rule.pattern, rule.replacement, rule.condition})
    if (text.contains(plain) || text.contains(part))
      return true;
  return false;
}

static void show(const RewriteRule &rule, const RuleTypes &types, Object names, Algebra &algebra,
                 bool asText) {
  const RuleInstance *instance = algebra.instance(rule, types);
  if (!instance)
    return;
  std::string text = *instanceText(rule, types);
  if (asText) {
    llvm::outs() << "// " << rule.name << "\n" << text;
    return;
  }
  const Semantics &semantics = instance->semantics;
  Object line{{"rule", rule.name}, {"types", std::move(names)}, {"text", text}};
  line["left"] = tree(*instance->left->value, *instance->left, semantics);
  line["right"] = tree(*instance->right->value, *instance->right, semantics);
  Array holds;
  for (const ExprRef &condition : instance->holds)
    holds.push_back(tree(*condition, *instance->left, semantics));
  line["holds"] = std::move(holds);
  llvm::outs() << llvm::json::Value(std::move(line)) << "\n";
}

/// All choices of types for the letters that the rule mentions.
static void instances(const RewriteRule &rule, bool asText) {
  Algebra algebra;
  auto choices = [&](const char *letter, llvm::ArrayRef<const char *> all) {
    return mentions(rule, letter) ? all : all.take_front(1);
  };
  auto type = [&](const char *letter, const char *word, Object &names) {
    std::optional<ElementType> chosen;
    if (mentions(rule, letter)) {
      chosen = parseElementType(word);
      names[letter] = word;
    }
    return chosen;
  };
  for (const char *t : kTypes)
    for (const char *n : choices("N", kTypes))
      for (const char *p : choices("P", kTypes))
        for (const char *m : choices("M", kMachine)) {
          Object names{{"T", t}};
          RuleTypes types{parseElementType(t), type("N", n, names), type("P", p, names),
                          type("M", m, names)};
          show(rule, types, std::move(names), algebra, asText);
        }
}

static llvm::StringRef column(const Object &object, llvm::StringRef key) {
  return object.getString(key).value_or("");
}

int main(int argc, char **argv) {
  llvm::StringRef argument = argc > 1 ? argv[1] : "";
  if (argument == "--table") {
    Array table;
    for (const RewriteRule &rule : rewriteRules())
      table.push_back(Object{{"name", rule.name},
                             {"types", rule.types},
                             {"variables", rule.variables},
                             {"pattern", rule.pattern},
                             {"replacement", rule.replacement},
                             {"condition", rule.condition}});
    llvm::outs() << llvm::json::Value(std::move(table)) << "\n";
    return 0;
  }
  if (argument.empty() || argument == "--text") {
    for (const RewriteRule &rule : rewriteRules())
      instances(rule, !argument.empty());
    return 0;
  }
  auto buffer = llvm::MemoryBuffer::getFile(argument);
  auto rules = buffer ? llvm::json::parse((*buffer)->getBuffer()) : llvm::json::parse("null");
  if (!rules || !rules->getAsArray()) {
    llvm::errs() << "lathe-algebra: '" << argument << "' is no array of rules\n";
    return 1;
  }
  for (const llvm::json::Value &value : *rules->getAsArray()) {
    const Object &object = *value.getAsObject();
    RewriteRule rule{column(object, "name"),        RewriteRule::Use::Body,
                     RewriteRule::Floats::Never,    column(object, "types"),
                     column(object, "variables"),   column(object, "pattern"),
                     column(object, "replacement"), column(object, "condition")};
    instances(rule, false);
  }
  return 0;
}
