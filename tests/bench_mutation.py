"""Mutation scores of a thousand faults in the RTL, and of every wrong description that the rules make: the long run of
tests/verify/mutation."""
import json
import pathlib
import subprocess
import tempfile

from bench_shapes import ROOT, TARGET

MUTANTS = 1000
LEAST_RTL, LEAST_DESCRIPTION = 99, 98


def score(target, folder, seed):
    done = subprocess.run([ROOT / "build/bin/lathe", "verify", target, "--mutate", str(MUTANTS), "--seed", str(seed),
                           "--json"], cwd=folder, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def bench(seed):
    """A row of each table, and whether the scores are what is claimed."""
    rows, good = [], True
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([ROOT / "build/bin/lathe", "new", "target", "scaffold"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        for target in (f"{pathlib.Path(folder) / 'scaffold'}", f"{ROOT / 'targets' / TARGET}@dim4"):
            result = score(target, folder, seed)
            print(f"\n{target}: {result['seconds']:.0f} s")
            print(f"{'mutants':<46}{'all':>6}{'killed':>8}{'equal':>7}{'not run':>9}{'survive':>9}{'score':>9}")
            for row in result["rows"]:
                print(f"{row['mutants']:<46}{row['all']:>6}{row['killed']:>8}{row['equivalent']:>7}"
                      f"{row['not_run']:>9}{row['survive']:>9}{row['percent']:>8.1f} %")
                rows.append({"target": target, **row})
                least = {"RTL, by the points of verify": LEAST_RTL, "description, all": LEAST_DESCRIPTION}
                if row["mutants"] in least:
                    good &= row["percent"] >= least[row["mutants"]] and row["not_run"] == 0
            for one in result["survivors"]:
                print("survives:", one.get("file", one.get("mistake")), one.get("line", ""), one["what"],
                      one.get("reason", ""))
    return rows, good
