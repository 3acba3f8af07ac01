#!/usr/bin/env python3
"""Measurements of the reference array that must hold.

gemm, conv       published shapes at full size on the RTL: cycles against the bound M*N*K/256, predicted
                 cycles, and the shares that others published
fusion           composite kernels against one call per operator (bench_fusion.py)
compile          what compiling the same shapes and the kernels of tests/kernels costs
retarget         the same shapes on machines that differ by their YAML alone (bench_retarget.py)
retarget-small   two smaller shapes there
operators        every shape of fifteen operator families on the RTL, every mapping of small ones: some
                 minutes (bench_operators.py)
operators-small  the smallest shape of each family, and every mapping of a small one
simulation       what the cycle loop costs, and how fast the functional simulator is
random           10,000 random kernels of several statements on the functional simulator, 300 on the RTL: some
                 minutes (bench_random.py)
mutation         a thousand faults in the RTL of the scaffold and of the array of 4 x 4, and wrong descriptions of both:
                 an hour (bench_mutation.py)
"""
import argparse
import json
import pathlib
import sys

import bench_compile
import bench_fusion
import bench_mutation
import bench_operators
import bench_random
import bench_retarget
import bench_simulation
from bench_shapes import conv_cases, gemm_cases, geometric_mean, measure, percent

PEAK_MACS = 16 * 16
# Of the hard-wired state machine's speed, which is about 99 % of the array's peak.
LOWEST_SHARE = {"gemm": 0.92, "conv": 0.90}
LOWEST_MEAN = {"gemm": 0.95, "conv": 0.90}


def print_table(kind, rows):
    print(f"\n{kind}: cycles from the first command to the last store, on the RTL")
    print(f"{'shape':<28}{'cycles':>9}{'bound':>9}{'share':>7}{'exo':>7}{'autocomp':>9}"
          f"{'predicted':>10}{'error':>8}  exact")
    for row in rows:
        others = [f"{row[who]:.3f}" if who in row else "-" for who in ("exo", "autocomp")]
        print(f"{row['name']:<28}{row['cycles']:>9}{row['bound']:>9.0f}{row['share']:>7.3f}"
              f"{others[0]:>7}{others[1]:>9}{row['predicted']:>10}{percent(row['error']):>8}"
              f"  {'yes' if row['exact'] else 'NO'}")


def holds(kind, rows):
    mean = geometric_mean([row["share"] for row in rows])
    lowest = min(row["share"] for row in rows)
    print(f"geometric mean {mean:.3f}, lowest {lowest:.3f}", end="")
    if "exo" in rows[0]:
        published = {who: geometric_mean([row[who] for row in rows]) for who in ("exo", "autocomp")}
        print("; published: exo {exo:.3f}, autocomp {autocomp:.3f}".format(**published), end="")
    print()
    return (mean >= LOWEST_MEAN[kind] and lowest >= LOWEST_SHARE[kind]
            and all(row["exact"] and abs(row["error"]) <= 0.05 for row in rows))


def bench_shapes(kind, cases, seed):
    rows = [measure(case, seed, case["macs"] / PEAK_MACS) for case in cases]
    print_table(kind, rows)
    return rows, holds(kind, rows)


# By name: seed -> (results for --json, whether every claim holds).
BENCHES = {
    "gemm": lambda seed: bench_shapes("gemm", gemm_cases(), seed),
    "conv": lambda seed: bench_shapes("conv", conv_cases(), seed),
    "fusion": bench_fusion.bench,
    "compile": bench_compile.bench,
    "retarget": bench_retarget.bench,
    "retarget-small": lambda seed: bench_retarget.bench(seed, small=True),
    "operators": bench_operators.bench,
    "operators-small": lambda seed: bench_operators.bench(seed, only_smallest=True),
    "simulation": bench_simulation.bench,
    "random": bench_random.bench,
    "mutation": bench_mutation.bench,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND",
                        help=f"{', '.join(BENCHES)}; gemm, conv, fusion and compile by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    results, good = {}, True
    for kind in options.kinds or ["gemm", "conv", "fusion", "compile"]:
        if kind not in BENCHES:
            parser.error(f"'{kind}' is none of {', '.join(BENCHES)}")
        results[kind], held = BENCHES[kind](options.seed)
        good &= held
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    print("\nall claims hold" if good else "\na claim does not hold")
    return 0 if good else 1


sys.exit(main())
