"""Identities of lathe-algebra as SMT-LIB, over bit vectors of the actual widths.

A sum is proved by induction on its points, never written out: over no points both sides are equal, and one
more point adds the same to both, whatever the sums before it are. A sum over several loops is a sum of sums,
so outer loops that both sides share are one point each.
"""
import json
import re
import subprocess

Z3 = ["z3", "-smt2", "-in"]
MILLISECONDS = 20000  # for one instance


def bits(type_name):
    return int(type_name[1:])


def is_signed(type_name):
    return type_name[0] == "i"


def number(value, width):
    return f"(_ bv{value % (1 << width)} {width})"


def extend(text, source, width):
    """`text` of type `source` in `width` bits, its value kept where that holds it."""
    more = width - bits(source)
    if more < 0:
        return f"((_ extract {width - 1} 0) {text})"
    kind = "sign" if is_signed(source) else "zero"
    return f"((_ {kind}_extend {more}) {text})" if more else text


def compare(op, type_name):
    return f"bv{'s' if is_signed(type_name) else 'u'}{op}"


def choose(condition, a, b):
    return f"(ite {condition} {a} {b})"


def truth(text):
    """A u1 as a Bool."""
    return f"(= {text} #b1)"


def flag(text):
    return choose(text, "#b1", "#b0")


class Translator:
    """Trees to terms. `sums` says what a reduction stands for: "zero", "before" or "after" one more point."""

    def __init__(self, widest=0):
        self.variables = {}  # name -> type
        self.sums = "zero"
        self.widest = widest  # bits in which products get names; 0: they get none
        self.products = {}

    def declarations(self):
        return "".join(f"(declare-const {name} (_ BitVec {bits(of)}))\n"
                       for name, of in sorted(self.variables.items()))

    def term(self, tree):
        op, of, *operands = tree
        if op == "constant":
            return number(operands[0], bits(of))
        if op == "variable":
            self.variables[operands[0]] = of
            return operands[0]
        if op == "sum":
            return self.sum(of, *operands)
        if op == "-" and len(operands) == 1:
            op = "neg"
        return getattr(self, "op_" + NAMES.get(op, op))(of, *operands)

    def sum(self, of, loops, body, *conditions):
        if self.sums == "zero":
            return number(0, bits(of))
        # The same sum on both sides is the same number.
        name = "s" + format(abs(hash(json.dumps([loops, body, conditions]))), "x")
        self.variables[name] = of
        if self.sums == "before":
            return name
        point = self.term(body)
        for condition in conditions:
            point = choose(truth(self.term(condition)), point, number(0, bits(of)))
        return f"(bvadd {name} {point})"

    def both(self, function, a, b):
        return f"({function} {self.term(a)} {self.term(b)})"

    def op_add(self, of, a, b):
        return self.both("bvadd", a, b)

    def op_sub(self, of, a, b):
        return self.both("bvsub", a, b)

    def op_mul(self, of, a, b):
        if not self.widest:
            return self.both("bvmul", a, b)
        # The low bits of the exact product: by definition, and the same number as a wider product.
        width = self.widest if 2 * bits(of) <= self.widest else bits(of)
        x, y = (extend(self.term(side), of, width) for side in (a, b))
        name = self.products.setdefault(f"(bvmul {x} {y})", f"p{len(self.products)}")
        self.variables[name] = ("i" if is_signed(of) else "u") + str(width)
        return f"((_ extract {bits(of) - 1} 0) {name})"

    def definitions(self):
        return "".join(f"(assert (= {name} {product}))\n" for product, name in self.products.items())

    def op_and(self, of, a, b):
        return self.both("bvand", a, b)

    def op_or(self, of, a, b):
        return self.both("bvor", a, b)

    def op_xor(self, of, a, b):
        return self.both("bvxor", a, b)

    def op_neg(self, of, a):
        return f"(bvneg {self.term(a)})"

    def op_not(self, of, a):
        return f"(bvnot {self.term(a)})"

    def op_abs(self, of, a):
        x = self.term(a)
        return choose(f"({compare('lt', of)} {x} {number(0, bits(of))})", f"(bvneg {x})", x)

    def extreme(self, of, op, x, y):
        return choose(f"({compare(op, of)} {y} {x})", y, x)

    def op_max(self, of, a, b):
        return self.extreme(of, "gt", self.term(a), self.term(b))

    def op_min(self, of, a, b):
        return self.extreme(of, "lt", self.term(a), self.term(b))

    def op_clamp(self, of, x, low, high):
        return self.extreme(of, "lt", self.extreme(of, "gt", self.term(x), self.term(low)), self.term(high))

    def op_convert(self, of, a):
        return extend(self.term(a), a[1], bits(of))

    def op_sat(self, of, a):
        wide = max(bits(of), bits(a[1])) + 2
        x = extend(self.term(a), a[1], wide)
        low = -(1 << (bits(of) - 1)) if is_signed(of) else 0
        high = low + (1 << bits(of)) - 1
        for op, end in (("bvslt", low), ("bvsgt", high)):
            x = choose(f"({op} {x} {number(end, wide)})", number(end, wide), x)
        return f"((_ extract {bits(of) - 1} 0) {x})"

    def amount(self, tree, width):
        """A shift's amount, read as unsigned, in `width` bits; all beyond the width do the same."""
        x, own = self.term(tree), bits(tree[1])
        if own <= width:
            return extend(x, "u" + str(own), width)
        high = f"(bvuge {x} {number(width, own)})"
        return choose(high, number((1 << width) - 1, width), f"((_ extract {width - 1} 0) {x})")

    def right(self, of, x, by):
        return f"({'bvashr' if is_signed(of) else 'bvlshr'} {x} {by})"

    def op_shl(self, of, a, s):
        return f"(bvshl {self.term(a)} {self.amount(s, bits(of))})"

    def op_shr(self, of, a, s):
        return self.right(of, self.term(a), self.amount(s, bits(of)))

    def op_round_shift(self, of, a, s):
        x, by, one = self.term(a), self.amount(s, bits(of)), number(1, bits(of))
        rounded = f"(bvadd {x} (bvshl {one} (bvsub {by} {one})))"
        return choose(f"(= {by} {number(0, bits(of))})", x, self.right(of, rounded, by))

    def op_bit(self, of, a, p):
        return f"((_ extract 0 0) {self.right(a[1], self.term(a), self.amount(p, bits(a[1])))})"

    def op_less(self, of, a, b):
        return flag(f"({compare('lt', a[1])} {self.term(a)} {self.term(b)})")

    def op_less_equal(self, of, a, b):
        return flag(f"({compare('le', a[1])} {self.term(a)} {self.term(b)})")

    def op_equal(self, of, a, b):
        return flag(f"(= {self.term(a)} {self.term(b)})")

    def op_logical_and(self, of, a, b):
        return self.both("bvand", a, b)

    def op_select(self, of, c, a, b):
        return choose(truth(self.term(c)), self.term(a), self.term(b))


NAMES = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl", ">>": "shr",
         "<": "less", "<=": "less_equal", "==": "equal", "and": "logical_and", "~": "not"}


def peel(left, right):
    """Sums over loops that both sides begin with, point by point."""
    while left[0] == "sum" and right[0] == "sum" and left[2] and right[2] and left[2][0] == right[2][0] \
            and len(left) == 4 and len(right) == 4:
        left, right = [[*side[:2], side[2][1:], side[3]] if side[2][1:] else side[3] for side in (left, right)]
    return left, right


def has_sum(tree):
    return isinstance(tree, list) and (tree[:1] == ["sum"] or any(has_sum(part) for part in tree))


def narrow_product(tree, widest):
    """A product that another type of the instance holds exactly."""
    return isinstance(tree, list) and (tree[:1] == ["*"] and 2 * bits(tree[1]) <= widest or
                                       any(narrow_product(part, widest) for part in tree))


def claims(instance):
    """(what, declarations, negated claim) for each thing to show of an instance."""
    left, right = peel(instance["left"], instance["right"])
    widest = max(map(bits, instance["types"].values()))
    narrow = any(narrow_product(side, widest) for side in (left, right))
    translator = Translator(widest if narrow else 0)
    holds = [truth(translator.term(condition)) for condition in instance["holds"]]

    def sides():
        return translator.term(left), translator.term(right)

    def claim(what, equality):
        text = translator.definitions() + "".join(f"(assert {condition})\n" for condition in holds)
        return what, translator.declarations(), f"{text}(assert (not {equality}))\n"

    translator.sums = "zero"
    x, y = sides()
    found = [claim("value", f"(= {x} {y})")]
    if has_sum(left) or has_sum(right):
        translator.sums = "before"
        x, y = sides()
        translator.sums = "after"
        x1, y1 = sides()
        found = [("no points", *found[0][1:]),
                 claim("one more point", f"(= (bvsub {x1} {x}) (bvsub {y1} {y}))")]
    return found


class Solver:
    """One z3 process; `check` gives "unsat", or "sat" with the values of the variables."""

    def __init__(self):
        self.process = subprocess.Popen(Z3, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask(f"(set-option :timeout {MILLISECONDS})\n")

    def ask(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def check(self, declarations, assertions):
        # Sums of monomials first: distribution then holds by form, and is not worked out bit by bit.
        self.ask(f"(push)\n{declarations}{assertions}"
                 "(check-sat-using (then (using-params simplify :som true) smt))\n")
        answer = self.process.stdout.readline().strip()
        values = self.values(declarations) if answer == "sat" else {}
        self.ask("(pop)\n")
        return answer, values

    def values(self, declarations):
        names = re.findall(r"declare-const (\w+)", declarations)
        self.ask(f"(get-value ({' '.join(names)}))\n(echo \"end\")\n")
        lines = iter(self.process.stdout.readline, "end\n")
        return {name: int(value.replace("#x", "0x").replace("#b", "0b"), 0)
                for name, value in re.findall(r"\((\w+) (#[xb][0-9a-f]+)\)", "".join(lines))}

    def close(self):
        self.process.stdin.close()
        self.process.wait()
