"""Cycles below which no program can run a contraction on a machine, whoever wrote it.

A machine multiplies at most dim^2 pairs a cycle, reads at most `port` bytes of host memory a cycle and
writes as many. Its results are correct only if every input byte is read and every output byte
written at least once (compulsory traffic). What does not fit on chip moves more often: `capacity`.
Nothing here knows how programs are made; sizes and bytes are all that goes in.
"""
import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Machine:
    dim: int = 16                       # rows and columns of the array
    scratchpad: int = 256 * 1024        # bytes
    accumulators: int = 64 * 1024       # bytes, of 4-byte sums
    port: int = 16                      # bytes a cycle, each way
    latency: int = 40                   # cycles


@dataclasses.dataclass(frozen=True)
class Contraction:
    """macs products a * b, added up in `results` sums; an input byte of `a` is part of at most
    `reuse` rows of the equivalent matrix product (a window's size; 1 for a plain product)."""
    macs: int
    a: int                              # bytes
    b: int
    bias: int
    results: int                        # bytes, one for each sum
    reuse: int


def contraction(case):
    sizes = case["sizes"]
    if "M" in sizes:
        rows, columns, depth = sizes["M"], sizes["N"], sizes["K"]
        return Contraction(case["macs"], rows * depth, depth * columns, 4 * columns,
                           rows * columns, 1)
    batch, height, width, channels, filters, r, s = (sizes[name] for name in "BHWCKRS")
    out = (height - r + 1) * (width - s + 1)
    return Contraction(case["macs"], batch * height * width * channels,
                       r * s * channels * filters, 4 * filters, batch * out * filters, r * s)


def multiply_bound(work, machine):
    return work.macs / machine.dim ** 2


def compulsory_bound(work, machine):
    return max(work.a + work.b + work.bias, work.results) / machine.port


def capacity_bound(work, machine):
    """Irony, Toledo and Tiskin, J. Parallel Distrib. Comput. 64 (2004), with two memories and two ports.

    Cut a run into windows of t cycles. In one window the products use at most
        |a| + |b| <= scratchpad + in flight + port * t    values: there at its start, or read in it,
        |c|       <= accumulators + in flight + port * t  sums: there at its end, or written in it
    (a sum that leaves takes a byte or more). Loomis and Whitney: a matrix product makes at most
    sqrt(|a| |b| |c|) products of them, so at most
        p(t) = sqrt(reuse) * (|a| + |b|) / 2 * sqrt(|c|),
    where a convolution is the product of its unfolded input, `reuse` times as large. So a run takes
    more than ceil(macs / p(t)) - 1 whole windows, for every t.
    """
    in_flight = 4 * machine.dim ** 2    # two copies of the weights, rows and sums in the array
    best, t = 0.0, 64.0
    while t < 1e9:
        values = machine.scratchpad + in_flight + machine.port * t
        sums = machine.accumulators / 4 + in_flight + machine.port * t
        products = math.sqrt(work.reuse * sums) * values / 2
        best = max(best, t * (math.ceil(work.macs / products) - 1))
        t *= 1.02
    return best


def traffic_bound(work, machine):
    return max(compulsory_bound(work, machine), capacity_bound(work, machine))
