"""What each kernel of this folder computes, in numpy: NAME -> Case.

Inputs are drawn by check.py from the printed signature; results are y, or y0, y1, ...
"""
import dataclasses
import math
from typing import Callable

import numpy as np


@dataclasses.dataclass
class Case:
    compute: Callable  # named inputs to one array or a tuple of them
    sizes: dict = dataclasses.field(default_factory=dict)
    offload: float = 0  # at least this share of the multiply-adds runs on the array
    tolerance: float = 0  # relative, for floats; 0: exact
    ranges: dict = dataclasses.field(default_factory=dict)  # input -> (low, high)


def i32(x):
    return x.astype(np.int32)


def i64(x):
    return x.astype(np.int64)


def windows(x, size, axes, stride=1, dilation=1):
    """x with windows of `size` over `axes`, whose positions become the last axes."""
    spans = [dilation * (s - 1) + 1 for s in size]
    views = np.lib.stride_tricks.sliding_window_view(x, spans, axes)
    picks = [slice(None)] * views.ndim
    for axis in axes:
        picks[axis] = slice(None, None, stride)
    for last in range(views.ndim - len(axes), views.ndim):
        picks[last] = slice(None, None, dilation)
    return views[tuple(picks)]


def matmul(a, b):
    return i32(i64(a) @ i64(b))


def conv_2d_nhwc(x, w, stride=1):
    return i32(np.einsum("npqcrs,rsck->npqk", i64(windows(x, w.shape[:2], (1, 2), stride)), i64(w)))


def zero_pad(x):
    return np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def elementwise(x, scale):
    erf = np.vectorize(math.erf)
    wide, s = x.astype(np.float64), float(scale)
    act = np.tanh(np.maximum(wide, 0)) - 1 / np.sqrt(np.abs(wide) + 1)
    return wide * 0.5 * (erf(wide * np.float64(np.float32(0.707106769))) + 1), np.where(wide < s, act, s)


def layer_norm(x, gamma, beta):
    wide = x.astype(np.float64)
    centred = wide - wide.mean(-1, keepdims=True)
    return centred / np.sqrt((centred ** 2).mean(-1, keepdims=True) + 1e-5) * gamma + beta


def attention(q, k, v, scale):
    scores = (i64(q) @ i64(k).T).astype(np.float64) * float(scale)
    scores[np.triu_indices(len(q), 1)] = -np.inf
    return softmax(scores) @ v.astype(np.float64)


def requantize(a, b, bias):
    return np.clip(i32(i64(a) @ i64(b) + bias + 64) >> 7, -128, 127).astype(np.int8)


def pad_pool(x):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    return windows(padded, (3, 3), (1, 2), 2).max((-1, -2))


def heads(x, z):
    split = lambda t: i64(t).reshape(6, 4, 8)
    return i32(np.einsum("ihd,jhd->hij", split(x), split(z))).reshape(24, 6)


def slices(x, z):
    patched = x[0:5, 2:6].copy()
    patched[2] = x[7, 1:5]
    return np.concatenate([x[1:10:2], z]), patched


def truncating_divide(a, b):
    return np.sign(a) * np.sign(b) * (np.abs(a) // np.abs(b))


def integers(a, b, u):
    x, y = i64(a), i64(b)
    odd = y | 1
    quotient = truncating_divide(x, odd)
    rest = x - quotient * odd
    low = lambda v: v & 0xFFFFFFFF
    r = i32((quotient ^ rest) - low(x) // low(odd) + x // 7)
    below = low(x) < low(y)
    chosen = np.where(below & (x > 7), low(x) >> 3, low(y >> 3))
    s = i32(np.maximum(chosen, low(y << 7)) * np.where(below, -1, 0))
    with np.errstate(over="ignore"):
        s = np.abs(s)
    return r, s, (u.astype(np.int64) + x).astype(np.int16)


def nan_rules(a, b):
    return np.maximum(a, b), np.fmin(a, b), np.ceil(a)


def small_floats(a, b, h):
    c = a.astype(np.float64) @ b.astype(np.float64)
    return c, c.astype(np.float16).astype(np.float64) + h


def globals_(x):
    w = np.array([[1, -2, 3], [4, 5, -6], [7, 8, 127], [-128, 0, 1]])
    return i32(i64(x) @ w + 1 + np.array([10, 20, -30]))


def tosa_block(x, g):
    wide = x.astype(np.float64)
    mixed = wide * (1 / wide.sum(1, keepdims=True)) + g
    return np.clip(1 / (1 + np.exp(-mixed)), 0.25, 0.75).T


def tosa_rescale(x):
    scaled = i32((i64(x) * 1518500250 + (1 << 37)) >> 38)
    return np.clip(i64(scaled) - 3, -128, 127).astype(np.int8)


def tosa_avg_pool(x):
    padded = np.pad(x.astype(np.float64), ((0, 0), (1, 0), (1, 0), (0, 0)))
    counted = windows(np.pad(np.ones((6, 6)), ((1, 0), (1, 0))), (3, 3), (0, 1), 2).sum((-1, -2))
    return windows(padded, (3, 3), (1, 2), 2).sum((-1, -2)) / counted[None, :, :, None]


def tosa_depthwise(x, w, b):
    wide = np.einsum("npqcrs,rscm->npqcm", i64(windows(x, (3, 3), (1, 2))) + 3, i64(w))
    return i32(wide.reshape(1, 4, 4, 8) + b)


def tosa_shapes(x, i):
    return np.concatenate([x, i], 1).reshape(3, 6)[:, ::-1]


def tosa_requantize(x, w):
    scaled = ((i64(x) @ i64(w)) * (1 << 30) + (1 << 36)) >> 37
    return np.clip(scaled, -128, 127).astype(np.int8)


def conditions(a, b):
    kept = (b >= 5) == (a != 0)
    return kept.astype(np.uint8), np.asarray(kept.all()).astype(np.uint8), kept.astype(np.int32)


def reduces(x, f):
    unsigned = x.view(np.uint32).max(0).view(np.int32)
    return x.max(1), unsigned, f.astype(np.float64).prod(1), f.max(1)


CASES = {
    "matmul": Case(matmul, offload=1),
    "batch_matmul": Case(matmul, offload=1),
    "matvec": Case(matmul, offload=1),
    "dot": Case(lambda a, b: i32(i64(a) @ i64(b))),
    "conv_2d_nhwc_hwcf": Case(lambda a, b: conv_2d_nhwc(a, b, 2), offload=1),
    "conv_2d_nchw_fchw": Case(lambda a, b: i32(np.einsum(
        "ncpqrs,kcrs->nkpq", i64(windows(a, (3, 3), (2, 3))), i64(b))), offload=1),
    "conv_1d_nwc_wcf": Case(lambda a, b: i32(np.einsum(
        "npcr,rck->npk", i64(windows(a, (3,), (1,), 1, 2)), i64(b))), offload=1),
    "conv_3d_ndhwc_dhwcf": Case(lambda a, b: i32(np.einsum(
        "ndhwcrst,rstck->ndhwk", i64(windows(a, (2, 3, 3), (1, 2, 3))), i64(b))), offload=1),
    "depthwise_conv_2d": Case(lambda a, b: i32(np.einsum(
        "npqcrs,rsc->npqc", i64(windows(a, (3, 3), (1, 2))), i64(b)))),
    "pooling": Case(lambda x, z: (windows(x, (2, 2), (1, 2), 2).max((-1, -2)),
                                  i32(i64(windows(z, (3, 3), (1, 2), 2)).sum((-1, -2))))),
    "requantize": Case(requantize, offload=1, ranges={"bias": (-20000, 20000)}),
    "zero_points": Case(lambda a, b: matmul(i64(a) + 3, i64(b) - 5)),
    "elementwise": Case(elementwise, tolerance=2e-6),
    "softmax": Case(softmax, tolerance=2e-6),
    "layer_norm": Case(layer_norm, tolerance=1e-4),
    "attention": Case(attention, tolerance=1e-5, ranges={"scale": (0.001, 0.002)}),
    "pad_conv": Case(lambda x, w: conv_2d_nhwc(zero_pad(x), w), offload=1),
    "pad_pool": Case(pad_pool),
    "pad_high": Case(lambda x: np.pad(x, ((0, 2), (1, 0)), constant_values=7)),
    "heads": Case(heads, offload=1),
    "batches": Case(matmul, offload=1),
    "slices": Case(slices),
    "argmax": Case(lambda x, f: (i32(x.argmax(1)), f.argmin(1))),
    "integers": Case(integers),
    "embed": Case(lambda table, at: table[at], ranges={"at": (0, 49)}),
    "reduces": Case(reduces, tolerance=2e-6),
    "nan_rules": Case(nan_rules),
    "small_floats": Case(small_floats, tolerance=2e-3, ranges={
        "a": (-8, 8), "b": (-8, 8), "h": (-8, 8)}),
    "unsigned_matmul": Case(matmul),
    "globals": Case(globals_, offload=1),
    "dynamic": Case(matmul, sizes={"a_0": 5, "a_1": 17, "b_1": 9}, offload=1),
    "dynamic_conv": Case(conv_2d_nhwc, sizes={"x_1": 7, "x_2": 9}, offload=1),
    "tosa_conv2d": Case(lambda x, w, b: i32(np.einsum(
        "npqcrs,krsc->npqk", i64(windows(zero_pad(x), (3, 3), (1, 2))), i64(w)) + b), offload=1),
    "tosa_matmul": Case(matmul, offload=1),
    "tosa_block": Case(tosa_block, tolerance=5e-5, ranges={"x": (0.5, 2.0)}),
    "tosa_avg_pool": Case(tosa_avg_pool, tolerance=2e-6),
    "tosa_depthwise": Case(tosa_depthwise),
    "tosa_shapes": Case(tosa_shapes),
    "tosa_requantize": Case(tosa_requantize, offload=1),
    "conditions": Case(conditions),
    "mmt4d": Case(lambda a, b: i32(np.einsum("ikln,jkmn->ijlm", i64(a), i64(b))), offload=1),
    "accumulate": Case(lambda a, acc: i32(i64(a).sum(1) + 2 * i64(acc))),
    "wrapped_index": Case(lambda table, a, b: table[i64((i64(a) + b).astype(np.int8)) + 128]),
    "dynamic_reshape": Case(lambda x, z: (x.reshape(3, -1), z.reshape(-1, 4, 3)),
                            sizes={"x_1": 5, "x_2": 7, "z_0": 3}),
    "tosa_rescale": Case(tosa_rescale),
}
