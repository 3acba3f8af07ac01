"""What simulating costs: the cycle loop beside a bare replay of the same model, and the functional
simulator beside the RTL, on the 512 x 512 x 512 product. CPU time, interleaved, the least of seven."""
import json
import os
import pathlib
import subprocess
import sys

from bench_shapes import KERNELS, ROOT, TARGET, gemm

LARGEST_LOOP = 1.15       # times the bare replay
LEAST_SPEEDUP = 20        # of the functional simulator over the RTL


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "lathe"


def run(case):
    command = [str(ROOT / "build/bin/lathe-bench-simulation"), str(ROOT / "targets" / TARGET),
               str(cache_folder()), str(KERNELS / case["kernel"])]
    command += [f"{name}={size}" for name, size in case["sizes"].items()]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if result.returncode:
        sys.exit(f"'{' '.join(command)}' ended with exit {result.returncode}")
    return json.loads(result.stdout)


def bench(seed):
    """The measurement, and whether both claims hold. The data are always the same: `seed` is unused."""
    del seed
    case = gemm(512, 512, 512)
    row = {**case, **run(case)}
    per_cycle = {who: row[f"{who}Seconds"] / row["cycles"] * 1e9 for who in ("replay", "loop")}
    loop = row["loopSeconds"] / row["replaySeconds"]
    speedup = row["loopSeconds"] / row["functionalSeconds"]
    print(f"\nsimulation of {case['name']}: {row['cycles']} cycles, {row['instructions']} instructions")
    print(f"bare replay  {1e3 * row['replaySeconds']:8.1f} ms  {per_cycle['replay']:7.1f} ns a cycle")
    print(f"cycle loop   {1e3 * row['loopSeconds']:8.1f} ms  {per_cycle['loop']:7.1f} ns a cycle: "
          f"{loop:.3f} times the replay, at most {LARGEST_LOOP}")
    print(f"functional   {1e3 * row['functionalSeconds']:8.1f} ms  (the first run "
          f"{1e3 * row['functionalFirstSeconds']:.1f} ms): {speedup:.1f} times faster than the RTL, "
          f"at least {LEAST_SPEEDUP}")
    return {**row, "loop": loop, "speedup": speedup}, loop <= LARGEST_LOOP and speedup >= LEAST_SPEEDUP
