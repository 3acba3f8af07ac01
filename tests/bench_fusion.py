"""Composite kernels against one call per operator (the kernels of ACT, arXiv 2510.09932), on the RTL.

Two baselines compute a composite by operators, each a program of its own, with the cycles and the
bytes of the memory ports added up:
  exact    what the composite computes: sums stay words between the operators
  bytes    every operator returns bytes, as a quantised library does: less to move, and another,
           rounded result
Products that are multiplied again are bytes in all three."""
import itertools
import json
import subprocess
import sys

from bench_shapes import LATHE, ROOT, TARGET, geometric_mean

KERNELS = ROOT / "tests/data/composites.lathe"
ROWS = [512, 5540]
LEAST_RATIO, LEAST_SAVED = 1.6, 0.45

# name: (ACT's name, kernel, operators for the exact result, operators that return bytes)
M, A = "multiply", "add"
COMPOSITES = {
    "A+B": ("add", [A], [A]),
    "AxB": ("multiply", [M], [M]),
    "AxB+C": ("multiply_add", ["multiply_exact", "add_last"], [M, A]),
    "A+B+C": ("add_three", ["add_exact", "add_last"], [A, A]),
    "A+B+C+D": ("add_four", ["add_exact", "add_to_exact", "add_last"], [A, A, A]),
    "AxB+AxC": ("two_products", ["multiply_exact", "multiply_exact", "add_words_last"], [M, M, A]),
    "AxB+C+D": ("multiply_add_two", ["multiply_exact", "add_to_exact", "add_last"], [M, A, A]),
    "AxBxC": ("chain", [M, M], [M, M]),
    "AxBxC+A": ("chain_residual", [M, "multiply_exact", "add_last"], [M, M, A]),
    "AxBxC+D": ("chain_add", [M, "multiply_exact", "add_last"], [M, M, A]),
    "AxBxCxA": ("chain_back", ["multiply wide", "multiply deep", "multiply square"],
                ["multiply wide", "multiply deep", "multiply square"]),
    "AxBxCxD": ("chain_of_three", [M, M, M], [M, M, M]),
}
SQUARE = 16                         # columns, and the other matrices
SHAPES = {                          # operators that do not work on rows x SQUARE
    "multiply wide": lambda n: {"N": SQUARE, "K": SQUARE, "W": n},
    "multiply deep": lambda n: {"N": SQUARE, "K": n, "W": SQUARE},
    "multiply square": lambda n: {"N": SQUARE, "K": SQUARE, "W": SQUARE},
}
PARAMETERS = {}                     # of each kernel: its sizes, read from the file


def sizes_of(kernel, rows):
    if not PARAMETERS:
        for line in KERNELS.read_text().splitlines():
            if line.startswith("kernel "):
                name = line.split()[1].split("(")[0]
                PARAMETERS[name] = {s for s in "NWKLM" if any(
                    mark in line for mark in (f"[{s},", f",{s}]"))}
    return {size: rows if size == "N" else SQUARE for size in PARAMETERS[kernel]}


def run(name, rows, seed, target, known):
    """(cycles, bytes of the ports, placements) of a kernel on the RTL."""
    if (name, rows) in known:
        return known[name, rows]
    kernel = name.split()[0]
    sizes = SHAPES[name](rows) if name in SHAPES else sizes_of(kernel, rows)
    command = [str(LATHE), "run", str(KERNELS), "--kernel", kernel, "-t", target, "--on", "rtl",
               "--compare", "--seed", str(seed), "--json"]
    command += itertools.chain.from_iterable(("--size", f"{s}={v}") for s, v in sizes.items())
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    answer = json.loads(result.stdout) if result.returncode in (0, 1) else {}
    if not answer.get("exact"):
        sys.exit(f"'{' '.join(command)}' ended with exit {result.returncode}, not exact")
    counters = answer["counters"]
    known[name, rows] = (answer["cycles"]["span"],
                         counters["bytes_read"] + counters["bytes_written"], answer["placement"])
    return known[name, rows]


def kept(placement):
    return ", ".join(f"{row['statements'].split(', ')[-1]} in {row['stays']}"
                     for row in placement if row.get("stays")) or "-"


def row_of(name, rows, seed, target, known):
    kernel, *baselines = COMPOSITES[name]
    cycles, moved, placement = run(kernel, rows, seed, target, known)
    row = {"name": name, "rows": rows, "cycles": cycles, "bytes": moved, "stays": kept(placement)}
    for which, operators in zip(("exact", "bytes"), baselines):
        calls = [run(operator, rows, seed, target, known) for operator in operators]
        row[f"{which}_cycles"] = sum(call[0] for call in calls)
        row[f"{which}_ratio"] = row[f"{which}_cycles"] / cycles
        row[f"{which}_saved"] = 1 - moved / sum(call[1] for call in calls)
    return row


def bench(seed, target=TARGET):
    """The composites, and whether the geometric mean of the ratios and the mean of the savings hold."""
    known = {}
    rows = [row_of(name, n, seed, target, known) for n in ROWS for name in COMPOSITES]
    print(f"\nfusion: one program against one call per operator, on {target}'s RTL, all exact")
    print(f"{'kernel':<9}{'rows':>6}{'cycles':>8}{'by operator':>12}{'ratio':>7}{'moved':>8}"
          f"{'bytes between':>15}{'ratio':>7}{'moved':>8}  stays on chip")
    for row in rows:
        print(f"{row['name']:<9}{row['rows']:>6}{row['cycles']:>8}{row['exact_cycles']:>12}"
              f"{row['exact_ratio']:>7.2f}{-100 * row['exact_saved']:>6.0f} %"
              f"{row['bytes_cycles']:>15}{row['bytes_ratio']:>7.2f}{-100 * row['bytes_saved']:>6.0f} %"
              f"  {row['stays']}")
    good = True
    for which, text in (("exact", "the same results"), ("bytes", "operators that return bytes")):
        composite = [row for row in rows if len(COMPOSITES[row["name"]][1]) > 1]
        for some, what in ((rows, "all"), (composite, "those of several operators")):
            ratio = geometric_mean([row[f"{which}_ratio"] for row in some])
            saved = sum(row[f"{which}_saved"] for row in some) / len(some)
            print(f"against {text}, {what}: geometric mean of the ratios {ratio:.2f}, on average "
                  f"{100 * saved:.0f} % fewer bytes (published: 1.48, 40 %)")
            if which == "exact":
                good &= ratio >= LEAST_RATIO and saved >= LEAST_SAVED
    return rows, good and all(row["exact_ratio"] >= 0.99 for row in rows)
