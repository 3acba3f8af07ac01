#!/usr/bin/python3
"""Writes data/NAME/in/TENSOR.npy and data/NAME/out/TENSOR.npy for every kernel, and
out/TENSOR.bound.npy beside results in floats.

    tests/kernels/make_references.py [NAME...]

The inputs are drawn from a seed of the kernel's name, again where a float lies so near the middle of
two integers that both would be right.
"""
import pathlib
import shutil
import sys
import zlib

import numpy as np

from bounded import Bounded, Tie
from references import REFERENCES

DATA = pathlib.Path(__file__).resolve().parent / "data"


def draw(name, reference):
    for attempt in range(100):
        try:
            return reference(np.random.default_rng([zlib.crc32(name.encode()), attempt]))
        except Tie:
            continue
    sys.exit(f"{name}: every draw has a tie")


def arrays(inputs, results):
    for tensor, array in inputs.items():
        yield f"in/{tensor}", array
    for tensor, result in results.items():
        if isinstance(result, Bounded):
            yield f"out/{tensor}", result.value
            yield f"out/{tensor}.bound", np.nextafter(result.error.astype(np.float32), np.float32(np.inf))
        else:
            yield f"out/{tensor}", result


def main():
    for function, reference in REFERENCES.items():
        name = function.rstrip("_")
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        folder = DATA / name
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("in", "out"):
            (folder / part).mkdir(parents=True)
        for tensor, array in arrays(*draw(name, reference)):
            np.save(folder / f"{tensor}.npy", np.ascontiguousarray(array).reshape(np.shape(array)))


main()
