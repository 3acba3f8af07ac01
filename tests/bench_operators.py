"""The operator families of AMOS on the RTL of the reference array: what `bash tests/bench operators`
prints. Every published shape is compiled with no schedule given, run at full size and compared with
the reference; then every mapping of small shapes is measured, to tell how good the choice was."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/operators"))
import cases  # noqa: E402
from bench_shapes import geometric_mean  # noqa: E402

TARGET = "systolic_array"
FOLDER = ROOT / "build/operators"
# Products whose tiles the kernel fills by itself: their share of the bound is a claim.
REGULAR = ("gemm", "conv1d", "conv2d", "dilated_conv2d", "batch_conv2d", "capsule_conv2d", "conv3d",
           "scan")
LOWEST_SHARE = 0.85
BEST_FACTOR = 1.10  # the chosen mapping against the best of all
LARGEST_ERROR = 0.05  # of the prediction
# What the RTL does in 20 s on an idle machine; a larger shape would have to be scaled down for it.
MOST_CYCLES = 40_000_000


def lathe(verb, case, *options):
    command = [ROOT / "build/bin/lathe", verb, case.write(FOLDER), "-t", TARGET, "--json", *options]
    for name, size in case.sizes.items():
        command += ["--size", f"{name}={size}"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if result.returncode not in (0, 1):
        sys.exit(f"'{' '.join(map(str, command))}' ended with {result.returncode}\n{result.stdout}")
    return json.loads(result.stdout)


def measure(case, seed, *options):
    answer = lathe("run", case, "--on", "rtl", "--compare", "--seed", str(seed), *options)
    placed = [row for row in answer["placement"] if row["where"] == "target"]
    if not placed:
        return None
    cycles = answer["cycles"]["span"]
    packed = sum(row["packedBytes"] for row in placed)
    return {"family": case.family, "shape": case.name, "cycles": cycles, "bound": case.bound,
            "share": case.bound / cycles, "utilisation": case.macs / cases.DIM**2 / cycles,
            "error": answer["predictedCycles"] / cycles - 1, "exact": answer["exact"],
            "predicted": answer["predictedCycles"], "copied": packed // cases.PORT_BYTES,
            "mapping": "; ".join(row["mapping"] for row in placed),
            "host": ", ".join(r["statements"] for r in answer["placement"] if r["where"] == "host")}


def percent(value):
    return f"{100 * value:.1f} %"


def short(mapping):
    """`MATMUL_ACC (packed) i <- p  j <- k  a = x  w = w`: the class, then the loops alone."""
    intrinsic, kind, loops = mapping.split(maxsplit=2)
    return kind.strip("()"), loops.split("  a = ")[0]


def print_shapes(rows):
    print("every shape: cycles from the first command to the last store, on the RTL")
    print(f"{'family':<17}{'shape':<32}{'cycles':>10}{'bound':>10}{'share':>7}{'MACs':>8}"
          f"{'predicted':>11}{'error':>8}  exact  {'class':<7} mapping")
    for row in rows:
        kind, loops = short(row["mapping"])
        host = f"  (host: {row['host']})" if row["host"] else ""
        print(f"{row['family']:<17}{row['shape']:<32}{row['cycles']:>10}{row['bound']:>10}"
              f"{row['share']:>7.3f}{percent(row['utilisation']):>8}{row['predicted']:>11}"
              f"{100 * row['error']:>+7.1f}%  {'yes' if row['exact'] else 'NO':<5}  {kind:<7} "
              f"{loops}{host}")


def print_families(rows):
    print("\nfamilies: share of the bound (array or memory port), share of multiply-adds at work")
    print(f"{'family':<17}{'shapes':>7}{'share':>8}{'lowest':>8}{'MACs':>8}{'error':>8}  exact")
    for family in dict.fromkeys(row["family"] for row in rows):
        own = [row for row in rows if row["family"] == family]
        shares = [row["share"] for row in own]
        print(f"{family:<17}{len(own):>7}{geometric_mean(shares):>8.3f}{min(shares):>8.3f}"
              f"{percent(geometric_mean([row['utilisation'] for row in own])):>8}"
              f"{100 * max((row['error'] for row in own), key=abs):>+7.1f}%  "
              f"{sum(row['exact'] for row in own)} of {len(own)}")


def best_of_all(case, seed):
    """The chosen mapping beside every mapping there is, each run on the RTL and compared. A copy by
    the host counts at the rate of the memory port, as the compiler prices it."""
    chosen = measure(case, seed)
    listed = lathe("explain", case)["placements"]
    numbers = {m["number"] for p in listed if p["where"] == "target" for m in p["mappings"]}
    measured = [row for n in sorted(numbers) if (row := measure(case, seed, "--mapping", str(n)))]
    total = min(measured, key=lambda row: row["cycles"] + row["copied"])
    return {**chosen, "mappings": len(measured), "allExact": all(row["exact"] for row in measured),
            "best": total["cycles"] + total["copied"], "bestMapping": total["mapping"],
            "bestOnDevice": min(row["cycles"] for row in measured),
            "factor": (chosen["cycles"] + chosen["copied"]) / (total["cycles"] + total["copied"])}


def print_best(rows):
    print("\nevery mapping of small shapes measured on the RTL: cycles, and with the copies by the host")
    print(f"{'family':<17}{'shape':<32}{'mappings':>9}{'exact':>7}{'cycles':>8}{'copies':>8}"
          f"{'best':>8}{'factor':>8}  mapping, and the best one when it is another")
    for row in rows:
        other = "" if row["bestMapping"] == row["mapping"] else "  | " + short(row["bestMapping"])[1]
        print(f"{row['family']:<17}{row['shape']:<32}{row['mappings']:>9}"
              f"{'all' if row['allExact'] else 'NO':>7}{row['cycles']:>8}{row['copied']:>8}"
              f"{row['best']:>8}{row['factor']:>8.3f}  {short(row['mapping'])[1]}{other}")


def smallest_of_each(all_cases):
    families = {}
    for case in all_cases:
        families.setdefault(case.family, []).append(case)
    return [min(own, key=lambda case: case.bound) for own in families.values()]


def failures(rows, best):
    for row in rows:
        what = f"{row['family']} {row['shape']}"
        if not row["exact"]:
            yield f"{what}: not exact"
        if abs(row["error"]) > LARGEST_ERROR:
            yield f"{what}: predicted cycles are {100 * row['error']:+.1f} % off"
        if row["family"] in REGULAR and row["share"] < LOWEST_SHARE:
            yield f"{what}: {row['share']:.3f} of the bound, {LOWEST_SHARE} claimed"
    for row in best:
        what = f"{row['family']} {row['shape']}"
        if not row["allExact"]:
            yield f"{what}: a mapping is not exact"
        if row["factor"] > BEST_FACTOR:
            yield f"{what}: {row['factor']:.3f} times the best of {row['mappings']} mappings"


def bench(seed, only_smallest=False):
    """Prints the tables; returns the rows, and whether the claims hold."""
    published = cases.published()
    chosen = smallest_of_each(published) if only_smallest else published
    assert max(case.bound for case in chosen) < MOST_CYCLES, "too large for the RTL: scale it down"
    known, rows = {}, []
    for case in chosen:
        key = (case.kernel, case.name)
        known[key] = known.get(key) or measure(case, seed)
        rows.append({**known[key], "family": case.family})
    print_shapes(rows)
    print_families(rows)
    # Of each family the last small shape alone: the others have several hundred mappings.
    small = [cases.case(family, row) for family, own in cases.SMALL.items()
             for row in (own[-1:] if only_smallest else own)]
    best = [best_of_all(case, seed) for case in small]
    print_best(best)
    faults = list(failures(rows, best))
    print("\n" + "\n".join(faults or ["all claims on operators hold"]))
    return {"shapes": rows, "best": best}, not faults
