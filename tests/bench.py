#!/usr/bin/env python3
"""Runs the published GEMM and convolution shapes on the RTL of the reference array and prints cycles
against the array's bound M*N*K/256, predicted cycles, and the shares that others published."""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = "systolic_array"
KERNELS = ROOT / "targets" / TARGET / "kernels"
PEAK_MACS = 16 * 16
# Of the hard-wired state machine's speed, which is about 99 % of the array's peak.
LOWEST_SHARE = {"gemm": 0.92, "conv": 0.90}
LOWEST_MEAN = {"gemm": 0.95, "conv": 0.90}
TIMES = 10
LOAD_MS, CHECK_MS, COMPILE_MS = 10, 300, 50


def gemm_cases(published):
    columns = published["columns"]
    for row in published["rows"]:
        entry = dict(zip(columns, row))
        sizes = {name: entry[name] for name in ("M", "N", "K")}
        yield {"name": "{M} x {N} x {K}".format(**sizes), "kernel": "gemm.lathe", "sizes": sizes,
               "macs": sizes["M"] * sizes["N"] * sizes["K"],
               "exo": entry["exo_opt"] / entry["hw_fsm"],
               "autocomp": entry["autocomp"] / entry["hw_fsm"]}


def conv_cases(published):
    for row in published["rows"]:
        entry = dict(zip(published["columns"], row))
        sizes = {"B": entry["batch"], "H": entry["in_dim_padded"], "W": entry["in_dim_padded"],
                 "C": entry["in_ch"], "K": entry["out_ch"], "R": entry["k"], "S": entry["k"]}
        macs = (entry["batch"] * entry["out_dim"] ** 2 * entry["in_ch"] * entry["out_ch"]
                * entry["k"] ** 2)
        name = "{batch} x {out_dim}^2, {in_ch} -> {out_ch}, {k} x {k}".format(**entry)
        yield {"name": name, "kernel": "conv2d.lathe", "sizes": sizes, "macs": macs}


def run(case, seed):
    command = [str(ROOT / "build/bin/lathe"), "run", str(KERNELS / case["kernel"]), "-t", TARGET,
               "--on", "rtl", "--compare", "--seed", str(seed), "--json"]
    for name, size in case["sizes"].items():
        command += ["--size", f"{name}={size}"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if result.returncode not in (0, 1):
        sys.exit(f"'{' '.join(command)}' ended with exit {result.returncode}\n{result.stdout}")
    return json.loads(result.stdout)


def measure(case, seed):
    answer = run(case, seed)
    bound = case["macs"] / PEAK_MACS
    cycles, predicted = answer["cycles"]["span"], answer["predictedCycles"]
    return {**case, "cycles": cycles, "bound": bound, "share": bound / cycles,
            "predicted": predicted, "error": predicted / cycles - 1, "exact": answer["exact"],
            "compileMs": answer["compileMs"]}


def percent(value):
    return f"{100 * value:+.1f} %"


def print_table(kind, rows):
    print(f"\n{kind}: cycles from the first command to the last store, on the RTL")
    print(f"{'shape':<28}{'cycles':>9}{'bound':>9}{'share':>7}{'exo':>7}{'autocomp':>9}"
          f"{'predicted':>10}{'error':>8}{'compile':>10}  exact")
    for row in rows:
        others = [f"{row[who]:.3f}" if who in row else "-" for who in ("exo", "autocomp")]
        print(f"{row['name']:<28}{row['cycles']:>9}{row['bound']:>9.0f}{row['share']:>7.3f}"
              f"{others[0]:>7}{others[1]:>9}{row['predicted']:>10}{percent(row['error']):>8}"
              f"{row['compileMs']:>7.1f} ms  {'yes' if row['exact'] else 'NO'}")


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


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


def compile_times(published):
    """Limits of the compiler itself, for the same shapes: in process, the least of TIMES runs."""
    cases = list(gemm_cases(published["gemmini_exo_gemm"]))
    cases += list(conv_cases(published["gemmini_exo_conv"]))
    words = [f"{KERNELS / case['kernel']}:" + ",".join(f"{n}={v}" for n, v in case["sizes"].items())
             for case in cases]
    tool = ROOT / "build/bin/lathe-compile-time"
    lines = subprocess.run([str(tool), str(ROOT / "targets" / TARGET), str(TIMES), *words],
                           stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout
    times = [float(line.split()[1]) for line in lines.splitlines()]
    check = [str(ROOT / "build/bin/lathe"), "check", str(ROOT / "targets" / TARGET)]
    seconds = []
    for _ in range(TIMES):
        start = time.monotonic()
        subprocess.run(check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        seconds.append(time.monotonic() - start)
    rows = [("load the description", times[0], LOAD_MS), ("lathe check", 1e3 * min(seconds), CHECK_MS)]
    rows += [(f"compile {case['name']}", took, COMPILE_MS) for case, took in zip(cases, times[1:])]
    print(f"\ncompile: milliseconds, the least of {TIMES} runs\n{'what':<36}{'ms':>8}{'limit':>8}")
    for what, took, limit in rows:
        print(f"{what:<36}{took:>8.1f}{limit:>8}")
    return [{"what": what, "ms": took, "limit": limit} for what, took, limit in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help="gemm, conv, compile; all by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    published = json.loads((ROOT / "tests/data/operators.json").read_text())
    cases = {"gemm": lambda: gemm_cases(published["gemmini_exo_gemm"]),
             "conv": lambda: conv_cases(published["gemmini_exo_conv"])}
    results, good = {}, True
    for kind in options.kinds or [*cases, "compile"]:
        if kind == "compile":
            results[kind] = compile_times(published)
            good &= all(row["ms"] <= row["limit"] for row in results[kind])
            continue
        if kind not in cases:
            parser.error(f"'{kind}' is none of {', '.join(cases)}, compile")
        results[kind] = [measure(case, options.seed) for case in cases[kind]()]
        print_table(kind, results[kind])
        good &= holds(kind, results[kind])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    print("\nall claims hold" if good else "\na claim does not hold")
    return 0 if good else 1


sys.exit(main())
