#!/usr/bin/env python3
"""The kernels here against numpy, written from the operators' definitions: tests/operators/meaning.py

Small shapes with padding, strides, dilation, groups; the kernels run on the reference."""
import itertools
import subprocess
import sys

import numpy as np

import cases

FOLDER = cases.ROOT / "build/operators"
SHAPES = {**cases.SMALL, "gemm": [[5, 7, 19]], "dilated_conv2d": [[1, 3, 9, 8, 5, 3, 2, 1, 1, 2]],
          "batch_conv2d": [[2, 3, 6, 5, 4, 3, 2, 2, 1]],
          "capsule_conv2d": [[1, 3, 7, 6, 5, 3, 3, 2, 2, 1, 1]],
          "conv3d": [[3, 4, 6, 7, 5, 2, 3, 3, 2, 3, 1, 1, 1]], "scan": [[5, 9, 7]]}


def narrowed(wide, shift):
    return np.clip((wide + (1 << (shift - 1))) >> shift, -128, 127)


def windows(x, kernel, strides, pads, dilation=1):
    """x padded with zeros, as [outputs..., taps..., rest]: the first len(kernel) dimensions slide."""
    n = len(kernel)
    x = np.pad(x, [(p, p) for p in pads] + [(0, 0)] * (x.ndim - n))
    outs = [cases.out(size - 2 * p, k, s, p, dilation)
            for size, k, s, p in zip(x.shape, kernel, strides, pads)]
    result = np.zeros((*outs, *kernel, *x.shape[n:]), np.int64)
    for at in itertools.product(*map(range, outs)):
        for tap in itertools.product(*map(range, kernel)):
            result[at + tap] = x[tuple(s * o + dilation * t for s, o, t in zip(strides, at, tap))]
    return result


def conv(x, w, numbers, dims=2, deep=False):
    """One image: x[spatial..., c], w[taps..., c, k]."""
    strides, pads = [numbers["STRIDE"]] * dims, [numbers["PAD"]] * dims
    if deep:
        strides[0], pads[0] = numbers["DEEP_STRIDE"], numbers["DEEP_PAD"]
    wide = windows(x, w.shape[:dims], strides, pads, numbers.get("DILATION", 1))
    return np.tensordot(wide, w.astype(np.int64), dims + 1)


def transposed(x, w, numbers):
    stride, pad = numbers["STRIDE"], numbers["PAD"]
    (h, width, _), r = x.shape, w.shape[0]
    z = np.zeros(((h - 1) * stride + r, (width - 1) * stride + r, w.shape[-1]), np.int64)
    for p, q, i, j in itertools.product(range(h), range(width), range(r), range(r)):
        z[stride * p + i, stride * q + j] += x[p, q].astype(np.int64) @ w[i, j].astype(np.int64)
    return narrowed(z[pad:z.shape[0] - pad, pad:z.shape[1] - pad], 11)


def each_channel(x, w, numbers, shift):
    """Channels or groups g by themselves: x[n,h,w,g,c], w[g,r,s,c,k] -> [n,p,q,g,k]."""
    return np.stack([np.stack([narrowed(conv(image[:, :, g], w[g], numbers), shift)
                               for g in range(w.shape[0])], 2) for image in x])


DEFINITIONS = {
    "gemm": lambda t, n: narrowed(t["a"] @ t["b"] + t["bias"], 11),
    "gemv": lambda t, n: t["a"] @ t["x"],
    "conv1d": lambda t, n: narrowed(conv(t["x"], t["w"], n, 1) + t["bias"], 11),
    "conv2d": lambda t, n: narrowed(
        np.stack([conv(x, t["w"], n) for x in t["x"]]) + t["bias"], 11),
    "batch_conv2d": lambda t, n: narrowed(
        np.stack([conv(x, w, n) for x, w in zip(t["x"], t["w"])]) + t["bias"], 11),
    "capsule_conv2d": lambda t, n: narrowed(np.stack([conv(x, t["w"], n) for x in t["x"]]), 11),
    "conv3d": lambda t, n: narrowed(
        np.stack([conv(x, t["w"], n, 3, deep=True) for x in t["x"]]) + t["bias"], 11),
    "depthwise_conv2d": lambda t, n: each_channel(
        t["x"][..., None], t["w"].transpose(2, 0, 1, 3)[:, :, :, None], n, 7),
    "grouped_conv2d": lambda t, n: each_channel(t["x"], t["w"], n, 9),
    "transposed_conv2d": lambda t, n: transposed(t["x"], t["w"], n),
    "batched_fc": lambda t, n: np.einsum("ngc,gck->ngk", t["x"], t["w"]),
    "mean": lambda t, n: t["x"].sum((0, 2, 3)) // (t["x"].size // t["x"].shape[1]),
    "variance": lambda t, n: narrowed((t["x"] - t["u"])**2, 9).sum((0, 2, 3))
    // (t["x"].size // t["x"].shape[1]),
    "scan": lambda t, n: np.cumsum(np.pad(t["a"], [(0, 0), (0, 9)]), 1)[:, :n["N"]],
}


def shapes(case):
    """Of the kernel's parameters, read off its first lines: `x: i8[N,H,W,C]`."""
    text = (cases.HERE / case.kernel).read_text()
    head = text[text.index("kernel "):text.index("->")]
    for name, rest in (part.split(": ", 1) for part in head[head.index("(") + 1:].split("], ")):
        kind, sizes = rest.rstrip(" )\n]").split("[")
        yield name.strip(), kind, [case.sizes[size] for size in sizes.split(",")]


def agrees(case, random):
    tensors, options = {}, []
    for name, kind, sizes in shapes(case):
        low, high = (-128, 128) if kind == "i8" else (-2000, 2000)
        tensors[name] = random.integers(low, high, sizes, np.int64)
        np.save(FOLDER / f"{name}.npy", tensors[name].astype(np.int8 if kind == "i8" else np.int32))
        options += ["--in", f"{name}={FOLDER / name}.npy"]
    for name, size in case.sizes.items():
        options += ["--size", f"{name}={size}"]
    command = [cases.ROOT / "build/bin/lathe", "run", case.write(FOLDER), "--on", "reference",
               "--quiet", *options]
    result = "c" if case.family == "gemm" else "y"
    subprocess.run([*command, "--out", f"{result}={FOLDER}/result.npy"], cwd=cases.ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    definition = DEFINITIONS[case.kernel.removesuffix(".lathe")]
    expected = definition(tensors, {**case.numbers, **case.sizes})
    return np.array_equal(np.load(FOLDER / "result.npy"), expected)


def main():
    random, failed, passed = np.random.default_rng(7), 0, 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for family, rows in SHAPES.items():
        for row in rows:
            right = agrees(cases.case(family, row), random)
            passed, failed = passed + right, failed + (not right)
            if not right:
                print(f"{family} {row}: not what its definition gives")
    print(f"kernels against their definitions in numpy: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
