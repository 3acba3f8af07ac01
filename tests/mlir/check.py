#!/usr/bin/env python3
"""Kernels of this folder: printed notation against NAME.lathe, results against numpy, round trips,
offload, and what each file of bad/ is told.

    tests/mlir/check.py [--update] [NAME...]      --update writes the snapshots anew
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from references import CASES  # noqa: E402

LATHE = HERE.parent.parent / "build" / "bin" / "lathe"
TARGET = "systolic_array"
CORNERS = {"f": [0.0, -0.0, 1.0, -1.0, 0.5]}
TYPES = {"u1": np.uint8, "i8": np.int8, "u8": np.uint8, "i16": np.int16, "i32": np.int32, "f32": np.float32,
         "f16": np.float16, "bf16": np.uint16}


def lathe(*words):
    return subprocess.run([LATHE, *map(str, words)], capture_output=True, text=True, cwd=HERE)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def signature(text):
    """[(name, type, [dimension, ...])] of parameters, names of results."""
    head = re.search(r"kernel \w+\((.*)\) -> (.*) \{", text)
    find = lambda part: [(n, t, d.split(", ") if d else []) for n, t, d in
                         re.findall(r"(\w+): (\w+)(?:\[([^\]]*)\])?", part)]
    return find(head[1]), [name for name, _, _ in find(head[2])]


def draw(rng, kind, shape, span):
    """Corners often, the rest uniform. bf16 is drawn as the bits of values exact in it."""
    if kind.startswith(("i", "u")):
        limits = np.iinfo(TYPES[kind])
        low, high = span or ((0, 1) if kind == "u1" else (limits.min, limits.max))
        values = rng.integers(low, high, shape, TYPES[kind], endpoint=True)
        corners = [c for c in (limits.min, limits.min + 1, -1, 0, 1, limits.max - 1, limits.max)
                   if low <= c <= high]
    else:
        low, high = span or (-4, 4)
        values = rng.uniform(low, high, shape).astype(np.float32)
        corners = [c for c in CORNERS["f"] if low <= c <= high]
    if corners:
        chosen = rng.choice(np.array(corners, values.dtype), shape)
        values = np.where(rng.random(shape) < 0.3, chosen, values).astype(values.dtype)
    if kind == "bf16":
        return (values.view(np.uint32) >> 16).astype(np.uint16)
    return values.astype(TYPES[kind])


def plain(array, kind):
    return (array.astype(np.uint32) << 16).view(np.float32) if kind == "bf16" else array


def inputs_of(name, case, text, folder):
    rng = np.random.default_rng(len(name) * 1000 + sum(map(ord, name)))
    constants = {path.stem for path in folder.glob("constants/*.npy")}
    values, words = {}, []
    for tensor, kind, dims in signature(text)[0]:
        if tensor in constants:
            continue
        shape = [case.sizes.get(d) or int(d) for d in dims]
        array = np.asarray(draw(rng, kind, shape, case.ranges.get(tensor)))
        if name == "nan_rules":
            array = np.where(rng.random(shape) < 0.3, np.float32(np.nan), array)
        np.save(folder / f"{tensor}.npy", array)
        values[tensor] = plain(array, kind)
        words += ["--in", f"{tensor}={folder}/{tensor}.npy"]
    return values, words


def close(got, want, tolerance):
    if tolerance == 0 or got.dtype.kind in "iu":
        return got.dtype == want.dtype and np.array_equal(got, want, equal_nan=got.dtype.kind == "f")
    return np.allclose(got, want, rtol=tolerance, atol=tolerance)


def run(path, name, words, results, folder, *more):
    outs = [w for r in results for w in ("--out", f"{r}={folder}/{r}.npy")]
    done = lathe("run", path, *words, *outs, *more, "--json")
    expect(done.returncode == 0, f"{name} {' '.join(map(str, more))}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout), [np.load(folder / f"{r}.npy") for r in results]


def check_results(name, case, text, folder):
    expect(lathe("import", f"{name}.mlir", "--constants", folder / "constants").returncode == 0, "constants")
    values, words = inputs_of(name, case, text, folder)
    results = signature(text)[1]
    wanted = case.compute(**values)
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    _, got = run(f"{name}.mlir", name, words, results, folder, "--on", "reference")
    for result, have, want in zip(results, got, wanted):
        want = np.asarray(want)
        expect(have.shape == want.shape, f"{result} has shape {have.shape}, numpy's {want.shape}")
        expect(close(have, want, case.tolerance), f"{result} differs from numpy:\n{have}\n{want}")
    # The printed notation is a kernel of its own, with the same results.
    again = folder / f"{name}.lathe"
    again.write_text(text)
    for constant in folder.glob("constants/*.npy"):
        words += ["--in", f"{constant.stem}={constant}"]
    _, printed = run(again, name, words, results, folder, "--on", "reference")
    for have, want in zip(printed, got):
        expect(np.array_equal(have, want, equal_nan=have.dtype.kind == "f"), "the printed kernel differs")
    report, _ = run(f"{name}.mlir", name, words, results, folder, "-t", TARGET, "--on", "model", "--compare")
    expect(all(check.get("equal", True) for check in report.get("checks", [])), f"model: {report}")
    if case.offload:
        sizes = [w for s in case.sizes.items() for w in ("--size", "%s=%d" % s)]
        share = json.loads(lathe("compile", f"{name}.mlir", "-t", TARGET, *sizes, "--json").stdout)["offloadPercent"]
        contraction = [row for row in report["placement"] if "MATMUL" in (row.get("mapping") or "")]
        expect(contraction, f"no contraction on the array ({share} %): {report['placement']}")


def check_kernel(name, update):
    case = CASES[name]
    done = lathe("import", f"{name}.mlir")
    expect(done.returncode == 0, done.stderr)
    snapshot = HERE / f"{name}.lathe"
    if update:
        snapshot.write_text(done.stdout)
    expect(snapshot.exists() and snapshot.read_text() == done.stdout, f"prints otherwise:\n{done.stdout}")
    expect(lathe("check", f"{name}.mlir").returncode == 0, "check")
    with tempfile.TemporaryDirectory() as folder:
        check_results(name, case, done.stdout, pathlib.Path(folder))


# Too long to be stored.
def generated(folder):
    body = lambda n: "".join(f"  %v{i + 1} = arith.addi {'%x' if i == 0 else '%v' + str(i)}, %x : i32\n"
                             for i in range(n))
    generic = lambda n: (
        "func.func @f(%a: tensor<4xi32>) -> tensor<4xi32> {\n  %e = tensor.empty() : tensor<4xi32>\n"
        "  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],"
        ' iterator_types = ["parallel"]} ins(%a : tensor<4xi32>) outs(%e : tensor<4xi32>) {\n'
        f"  ^bb0(%x: i32, %o: i32):\n{body(n)}  linalg.yield %v{n} : i32\n"
        "  } -> tensor<4xi32>\n  return %r : tensor<4xi32>\n}\n")
    texts = {"deep": "func.func @f() {\n" + "(" * 100000 + "\n// L0653|2:|brackets nest more than 1000 deep\n",
             "long": generic(3000) + "// L0655|3:8|more than 2000 operations\n",
             "chain": generic(400) + "// L0661|1:1|nested deeper than 300 levels\n"}
    for name, text in texts.items():
        (folder / f"{name}.mlir").write_text(text)
        yield folder / f"{name}.mlir"


def check_bad(path):
    code, *wanted = path.read_text().rstrip("\n").split("\n")[-1].removeprefix("// ").split("|")
    done = lathe("check", path)
    expect(done.returncode == 3, f"exit {done.returncode}: {done.stderr}")
    for text in [f"[{code}]", *wanted]:
        expect(text in done.stderr, f"'{text}' is not in\n{done.stderr}")


def check_reference():
    """The example of docs/reference/mlir.md prints as it says."""
    text = (HERE.parent.parent / "docs/reference/mlir.md").read_text()
    block = lambda language: re.search(f"```{language}\n(.*?)```", text, re.S)[1]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "example.mlir"
        path.write_text(block("mlir"))
        expect(lathe("import", path).stdout == block("lathe"), lathe("import", path).stdout)


def main():
    update = "--update" in sys.argv
    chosen = [word for word in sys.argv[1:] if not word.startswith("--")]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        bad = [*sorted(HERE.glob("bad/*.mlir")), *generated(pathlib.Path(folder))]
        checks = [(path.stem, lambda path=path: check_kernel(path.stem, update))
                  for path in sorted(HERE.glob("*.mlir"))]
        checks += [("bad/" + path.stem, lambda path=path: check_bad(path)) for path in bad]
        checks.append(("reference", check_reference))
        for name, check in checks:
            if chosen and name not in chosen:
                continue
            try:
                check()
                passed += 1
            except (AssertionError, KeyError, ValueError) as error:
                failed += 1
                print(f"{name}: {type(error).__name__} {error}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
