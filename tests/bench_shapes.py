"""The published GEMM and convolution shapes of tests/data/operators.json, and one run of one of them."""
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = "systolic_array"
KERNELS = ROOT / "targets" / TARGET / "kernels"
LATHE = ROOT / "build" / "bin" / "lathe"


def published():
    return json.loads((ROOT / "tests/data/operators.json").read_text())


def gemm(rows, columns, depth):
    return {"name": f"{rows} x {columns} x {depth}", "kernel": "gemm.lathe",
            "sizes": {"M": rows, "N": columns, "K": depth}, "macs": rows * columns * depth}


def convolution(batch, out, channels, filters, window):
    """Stride 1; the input is as wide as its windows reach."""
    wide = out + window - 1
    sizes = {"B": batch, "H": wide, "W": wide, "C": channels, "K": filters, "R": window, "S": window}
    return {"name": f"{batch} x {out}^2, {channels} -> {filters}, {window} x {window}",
            "kernel": "conv2d.lathe", "sizes": sizes,
            "macs": batch * out ** 2 * channels * filters * window ** 2}


def gemm_cases():
    table = published()["gemmini_exo_gemm"]
    for row in table["rows"]:
        entry = dict(zip(table["columns"], row))
        yield {**gemm(entry["M"], entry["N"], entry["K"]),
               "exo": entry["exo_opt"] / entry["hw_fsm"],
               "autocomp": entry["autocomp"] / entry["hw_fsm"]}


def conv_cases():
    table = published()["gemmini_exo_conv"]
    for row in table["rows"]:
        entry = dict(zip(table["columns"], row))
        yield convolution(entry["batch"], entry["out_dim"], entry["in_ch"], entry["out_ch"],
                          entry["k"])


def run(case, seed, target=TARGET):
    command = [str(LATHE), "run", str(KERNELS / case["kernel"]), "-t", target,
               "--on", "rtl", "--compare", "--seed", str(seed), "--json"]
    for name, size in case["sizes"].items():
        command += ["--size", f"{name}={size}"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if result.returncode not in (0, 1):
        sys.exit(f"'{' '.join(command)}' ended with exit {result.returncode}\n{result.stdout}")
    return json.loads(result.stdout)


def measure(case, seed, bound, target=TARGET):
    """`case` with what the RTL made of it, beside `bound` cycles that no program can go below."""
    answer = run(case, seed, target)
    cycles, predicted = answer["cycles"]["span"], answer["predictedCycles"]
    return {**case, "cycles": cycles, "bound": bound, "share": bound / cycles,
            "predicted": predicted, "error": predicted / cycles - 1, "exact": answer["exact"]}


def percent(value):
    return f"{100 * value:+.1f} %"


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))
