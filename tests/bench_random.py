"""Random kernels of several statements through every oracle: the long run of tests/random."""
import re
import resource
import subprocess

from bench_shapes import ROOT, TARGET

STATEMENTS, SLICE = 6, 2500
MODEL_KERNELS, RTL_KERNELS = 10_000, 300
COUNTS = {"kernels": r"(\d+) kernels", "mapped": r"(\d+) on the target", "rtl": r"(\d+) on RTL", "failed": r"(\d+) failed"}


def slices():
    """Of seeds: (the first, how many, how many on the RTL)."""
    for first in range(1, MODEL_KERNELS + 1, SLICE):
        yield first, min(SLICE, MODEL_KERNELS + 1 - first), 0
    yield MODEL_KERNELS + 1, RTL_KERNELS, RTL_KERNELS


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(first, count, on_rtl):
    """A failing kernel is reduced by the tool, which prints the command that repeats it."""
    command = ["build/bin/lathe-random", f"targets/{TARGET}", "build/cache", "--statements", str(STATEMENTS),
               "--first", str(first), "--count", str(count), "--rtl", str(on_rtl)]
    before = children_seconds()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    row = {"first": first, "seconds": children_seconds() - before, "good": done.returncode == 0}
    for key, pattern in COUNTS.items():
        found = re.search(pattern, done.stdout)
        row[key] = int(found[1]) if found else 0
    return row


def bench(seed):
    """The slices, and whether every kernel was drawn and none failed."""
    del seed                      # the seeds of the kernels are what is claimed
    print(f"\nrandom: kernels of about {STATEMENTS} statements, reference against functional simulator and RTL")
    print(f"{'seeds':<16}{'kernels':>9}{'on the target':>15}{'on RTL':>8}{'failed':>8}{'CPU s':>8}", flush=True)
    rows = []
    for first, count, on_rtl in slices():
        row = run(first, count, on_rtl)
        rows.append(row)
        print(f"{f'{first} .. {first + count - 1}':<16}{row['kernels']:>9}{row['mapped']:>15}{row['rtl']:>8}"
              f"{row['failed']:>8}{row['seconds']:>8.0f}", flush=True)
    total = {key: sum(row[key] for row in rows) for key in [*COUNTS, "seconds"]}
    print("{kernels} kernels, {mapped} on the target in whole or in part, {rtl} on RTL, {failed} failed, "
          "{seconds:.0f} s of CPU".format(**total))
    complete = total["kernels"] == MODEL_KERNELS + RTL_KERNELS and total["rtl"] == RTL_KERNELS
    return rows, complete and total["failed"] == 0 and all(row["good"] for row in rows)
