"""Machines that differ from the default one by their YAML alone, on the RTL that is built for them.

Each shape must be exact, take at most 1 / 0.80 of the cycles that traffic_bound.py proves necessary,
and have been predicted within 10 %.
"""
import concurrent.futures
import json
import os
import subprocess

from bench_shapes import (LATHE, ROOT, TARGET, conv_cases, convolution, gemm, gemm_cases, measure,
                          percent)
from traffic_bound import Machine, contraction, multiply_bound, traffic_bound

LOWEST_SHARE = 0.80
LARGEST_ERROR = 0.10
# What each machine is meant to be; its file must say the same.
MACHINES = {
    "dim8": Machine(dim=8),
    "dim32": Machine(dim=32),
    "small_scratchpad": Machine(scratchpad=64 * 1024),
    "narrow_port": Machine(port=8),
    "slow_memory": Machine(latency=100),
}


def small_cases():
    """For every day: several tiles and an edge of rows; columns and depth fill every array."""
    yield gemm(1001, 256, 288)
    yield convolution(1, 28, 64, 96, 3)


def shown(machine):
    command = [str(LATHE), "show", f"{TARGET}@{machine}", "machine", "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout)[
        "machine"]


def differences(name, machine):
    """Where the machine's file, or what its RTL is built with, is not `machine`."""
    answer = shown(name)
    spaces = {space["name"]: space for space in answer["spaces"]}
    rtl = answer["rtlParameters"]
    wanted = {
        "DIM": (answer["parameters"]["DIM"], machine.dim),
        "scratchpad": (spaces["spm"]["capacityBytes"], machine.scratchpad),
        "accumulators": (spaces["acc"]["capacityBytes"], machine.accumulators),
        "read port": (spaces["host"]["readBytes"], machine.port),
        "write port": (spaces["host"]["writeBytes"], machine.port),
        "latency": (spaces["host"]["latencyCycles"], machine.latency),
        "RTL Dim": (rtl["Dim"], machine.dim),
        "RTL SpmRows": (rtl["SpmRows"], machine.scratchpad // machine.dim),
        "RTL AccRows": (rtl["AccRows"], machine.accumulators // (4 * machine.dim)),
        "RTL MemBytes": (rtl["MemBytes"], machine.port),
    }
    return [f"{name}: {what} is {got}, expected {expected}"
            for what, (got, expected) in wanted.items() if got != expected]


def measure_on(name, case, seed):
    work, machine = contraction(case), MACHINES[name]
    multiply, traffic = multiply_bound(work, machine), traffic_bound(work, machine)
    row = measure(case, seed, max(multiply, traffic), f"{TARGET}@{name}")
    return {**row, "machine": name, "multiply": multiply, "traffic": traffic}


def holds(row):
    # A share above 1 would mean that the bound is none.
    return (row["exact"] and LOWEST_SHARE <= row["share"] <= 1
            and abs(row["error"]) <= LARGEST_ERROR)


def print_table(rows):
    print("\nretarget: cycles from the first command to the last store, on each machine's RTL")
    print(f"{'machine':<18}{'shape':<28}{'cycles':>9}{'MACs':>9}{'traffic':>9}{'share':>7}"
          f"{'predicted':>10}{'error':>8}  exact")
    for row in rows:
        print(f"{row['machine']:<18}{row['name']:<28}{row['cycles']:>9}{row['multiply']:>9.0f}"
              f"{row['traffic']:>9.0f}{row['share']:>7.3f}{row['predicted']:>10}"
              f"{percent(row['error']):>8}  {'yes' if row['exact'] else 'NO'}"
              f"{'' if holds(row) else '  <- FAILS'}")
    worst = min(rows, key=lambda row: row["share"])
    print(f"lowest share of the larger bound {worst['share']:.3f} ({worst['machine']}, "
          f"{worst['name']}); largest error of predicted cycles "
          f"{100 * max(abs(row['error']) for row in rows):.1f} %")


def bench(seed, small=False):
    """The rows, and whether all of them hold."""
    wrong = [line for name, machine in MACHINES.items() for line in differences(name, machine)]
    print("\n".join(wrong), end="\n" if wrong else "")
    cases = list(small_cases()) if small else [*gemm_cases(), *conv_cases()]
    jobs = [(name, case) for name in MACHINES for case in cases]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(lambda job: measure_on(*job, seed), jobs))
    print_table(rows)
    return rows, not wrong and all(map(holds, rows))
