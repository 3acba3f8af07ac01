// Synchronous logic as and-gates, inverters and registers.
#pragma once

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lathe::mutation {

/// A graph in which equal gates are one node. A literal is twice the node, plus one when inverted;
/// 0 is false, 1 is true.
class AndInverter {
public:
  using Literal = uint32_t;
  static constexpr Literal kFalse = 0, kTrue = 1;
  static Literal inverse(Literal a) { return a ^ 1; }

  struct Node {
    enum class Kind : uint8_t { False, Input, Register, And } kind = Kind::False;
    Literal a = 0, b = 0; ///< of an And; of a Register, `a` is its next value
  };

  AndInverter() : nodes(1) {}
  Literal input() { return add({Node::Kind::Input, 0, 0}); }
  /// Begins as 0; its next value is given later.
  Literal makeRegister() { return add({Node::Kind::Register, 0, 0}); }
  void setNext(Literal which, Literal next) { nodes[which / 2].a = next; }
  Literal both(Literal a, Literal b);
  Literal either(Literal a, Literal b) { return inverse(both(inverse(a), inverse(b))); }
  Literal differs(Literal a, Literal b) { return either(both(a, inverse(b)), both(inverse(a), b)); }
  Literal choose(Literal condition, Literal yes, Literal no) {
    return either(both(condition, yes), both(inverse(condition), no));
  }

  const Node &node(Literal which) const { return nodes[which / 2]; }
  size_t size() const { return nodes.size(); }

  /// The binary AIGER format, of what `output` depends on, with that as the only output.
  std::string aiger(Literal output) const;

private:
  Literal add(Node node) {
    nodes.push_back(node);
    return static_cast<Literal>(2 * (nodes.size() - 1));
  }
  std::vector<bool> reached(Literal from) const;

  std::vector<Node> nodes;
  llvm::DenseMap<std::pair<Literal, Literal>, Literal> gates;
};

/// A design of one clock, as yosys' write_aiger -ascii -symbols puts it. Values that registers
/// begin with are left out.
struct Circuit {
  using Literal = AndInverter::Literal;
  struct Port {
    std::string name; ///< without the bit
    unsigned bit = 0;
    Literal value = 0;
  };
  struct Register {
    Literal value = 0, next = 0;
  };
  struct Gate {
    Literal value = 0, a = 0, b = 0;
  };
  std::vector<Port> inputs, outputs;
  std::vector<Register> registers;
  std::vector<Gate> gates;
  Literal most = 0; ///< the largest node

  static std::optional<Circuit> parse(llvm::StringRef aag);
};

} // namespace lathe::mutation
