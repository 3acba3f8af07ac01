#include "sdk/mutation/AndInverter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"

#include <functional>

using namespace lathe::mutation;
using llvm::StringRef;
using Literal = AndInverter::Literal;

Literal AndInverter::both(Literal a, Literal b) {
  if (a > b)
    std::swap(a, b);
  if (a == kFalse || a == inverse(b))
    return kFalse;
  if (a == kTrue || a == b)
    return b;
  auto [found, isNew] = gates.try_emplace({a, b}, 0);
  if (isNew)
    found->second = add({Node::Kind::And, a, b});
  return found->second;
}

// ---- writing

std::vector<bool> AndInverter::reached(Literal from) const {
  std::vector<bool> seen(nodes.size());
  std::vector<uint32_t> open;
  auto visit = [&](Literal which) {
    if (!seen[which / 2])
      open.push_back(which / 2);
    seen[which / 2] = true;
  };
  visit(from);
  while (!open.empty()) {
    const Node &node = nodes[open.back()];
    open.pop_back();
    if (node.kind == Node::Kind::And || node.kind == Node::Kind::Register)
      visit(node.a);
    if (node.kind == Node::Kind::And)
      visit(node.b);
  }
  return seen;
}

// Seven bits a byte, the lowest first.
static void appendNumber(std::string &text, uint32_t number) {
  for (; number >= 0x80; number >>= 7)
    text += static_cast<char>(0x80 | (number & 0x7f));
  text += static_cast<char>(number);
}

std::string AndInverter::aiger(Literal output) const {
  std::vector<bool> seen = reached(output);
  std::vector<Literal> number(nodes.size());
  std::vector<uint32_t> registers, ands;
  uint32_t next = 1, inputs = 0;
  // Inputs, then registers, then gates, which are in order already.
  for (auto kind : {Node::Kind::Input, Node::Kind::Register, Node::Kind::And})
    for (uint32_t i = 1; i < nodes.size(); ++i) {
      if (!seen[i] || nodes[i].kind != kind)
        continue;
      number[i] = 2 * next++;
      inputs += kind == Node::Kind::Input;
      if (kind == Node::Kind::Register)
        registers.push_back(i);
      if (kind == Node::Kind::And)
        ands.push_back(i);
    }
  auto numberOf = [&](Literal which) { return number[which / 2] | (which & 1); };
  std::string text =
      llvm::formatv("aig {0} {1} {2} 1 {3}\n", next - 1, inputs, registers.size(), ands.size());
  for (uint32_t i : registers)
    text += llvm::formatv("{0}\n", numberOf(nodes[i].a));
  text += llvm::formatv("{0}\n", numberOf(output));
  for (uint32_t i : ands) {
    Literal a = numberOf(nodes[i].a), b = numberOf(nodes[i].b);
    appendNumber(text, number[i] - std::max(a, b));
    appendNumber(text, std::max(a, b) - std::min(a, b));
  }
  return text;
}

// ---- reading

static bool numbersOf(StringRef line, size_t wanted, llvm::SmallVectorImpl<Literal> &numbers) {
  numbers.clear();
  llvm::SmallVector<StringRef> words;
  line.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef word : words) {
    Literal value = 0;
    if (word.getAsInteger(10, value))
      return false;
    numbers.push_back(value);
  }
  return numbers.size() >= wanted;
}

// "name[3]", or "name" of one bit.
static void rename(Circuit::Port &port, StringRef symbol) {
  auto [name, rest] = symbol.rsplit('[');
  unsigned bit = 0;
  bool isBit = rest.consume_back("]") && !rest.getAsInteger(10, bit);
  port.name = (isBit ? name : symbol).str();
  port.bit = bit;
}

static void readSymbol(Circuit &circuit, StringRef line) {
  auto [place, name] = line.split(' ');
  size_t index = 0;
  if (place.size() < 2 || place.drop_front().getAsInteger(10, index))
    return;
  auto &ports = place[0] == 'i' ? circuit.inputs : circuit.outputs;
  if ((place[0] == 'i' || place[0] == 'o') && index < ports.size())
    rename(ports[index], name);
}

std::optional<Circuit> Circuit::parse(StringRef aag) {
  llvm::SmallVector<StringRef> lines;
  aag.split(lines, '\n');
  llvm::SmallVector<Literal> numbers;
  StringRef header = lines[0];
  if (!header.consume_front("aag ") || !numbersOf(header, 5, numbers))
    return std::nullopt;
  size_t inputs = numbers[1], registers = numbers[2], outputs = numbers[3], gates = numbers[4];
  Circuit circuit;
  circuit.most = numbers[0];
  size_t at = 1;
  if (lines.size() < at + inputs + registers + outputs + gates)
    return std::nullopt;
  bool isGood = true;
  auto section = [&](size_t count, size_t wanted, const std::function<void()> &add) {
    for (size_t end = at + count; at < end && isGood; ++at) {
      isGood = numbersOf(lines[at], wanted, numbers);
      if (isGood)
        add();
    }
  };
  section(inputs, 1, [&] { circuit.inputs.push_back({"", 0, numbers[0]}); });
  section(registers, 2, [&] { circuit.registers.push_back({numbers[0], numbers[1]}); });
  section(outputs, 1, [&] { circuit.outputs.push_back({"", 0, numbers[0]}); });
  section(gates, 3, [&] { circuit.gates.push_back({numbers[0], numbers[1], numbers[2]}); });
  for (; at < lines.size() && lines[at] != "c"; ++at)
    readSymbol(circuit, lines[at]);
  return isGood ? std::optional(std::move(circuit)) : std::nullopt;
}
