"""What each kernel of this folder must compute, by numpy and formulas of its own.

A reference is a function of a random generator to (inputs, results): integers as numpy arrays, floats
as `Bounded`. It is written from what the operator is, not from the text of the kernel.
"""
import math

import numpy as np

from bounded import Bounded, of

REFERENCES = {}


def reference(function):
    REFERENCES[function.__name__] = function
    return function


# ---- inputs: corners often, since small values hide wrong arithmetic

CORNERS = np.array([-128, -127, -1, 0, 1, 126, 127])


def i8(rng, *shape):
    anything = rng.integers(-128, 128, shape)
    return np.where(rng.random(shape) < 0.3, rng.choice(CORNERS, shape), anything).astype(np.int8)


def i32(rng, low, high, *shape):
    return rng.integers(low, high, shape).astype(np.int32)


def f32(rng, *shape):
    return rng.standard_normal(shape).astype(np.float32)


def scalar(value):
    return np.float32(value)


# ---- integers

def wide(x):
    return x.astype(np.int64)


def matmul(a, b):
    return wide(a) @ wide(b)


def wrap32(x):
    return x.astype(np.int64).astype(np.uint32).astype(np.int32)


def requantise(x, shift, low=-128):
    """Half up, into int8."""
    return np.clip(np.floor(x / 2.0 ** shift + 0.5), low, 127).astype(np.int8)


def relu(x):
    return np.maximum(x, 0)


def convolve(x, w, stride=1, dilation=1, pad=0):
    """Channels last: a sum of one matrix product for each tap."""
    x = np.pad(wide(x), ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows = (x.shape[1] - (w.shape[0] - 1) * dilation - 1) // stride + 1
    columns = (x.shape[2] - (w.shape[1] - 1) * dilation - 1) // stride + 1
    y = 0
    for r in range(w.shape[0]):
        for s in range(w.shape[1]):
            part = x[:, r * dilation:, s * dilation:][:, ::stride, ::stride][:, :rows, :columns]
            y = y + part @ wide(w[r, s])
    return y


# ---- floats

def softmax(x, axis=-1, mask=True):
    """Rows that are shifted by their largest element, as every implementation does."""
    mask = np.broadcast_to(mask, x.value.shape)
    top = np.where(mask, x.value, -np.inf).argmax(axis)
    at = np.expand_dims(top, axis)
    peak = Bounded(np.take_along_axis(x.value, at, axis), x.where(mask).error.max(axis, keepdims=True))
    e = (x - peak).where(mask, -1e9).exp().where(mask)
    return e / e.sum(axis)[..., None] if axis == -1 else e / e.sum(axis)


def layer_norm(x, gain, offset):
    c = x - (x.sum(-1) / of(x.value.shape[-1]))[..., None]
    variance = (c * c).sum(-1) / of(x.value.shape[-1])
    return c * (variance + of(1e-5)).rsqrt()[..., None] * of(gain) + of(offset)


def sigmoid(x):
    return 1.0 / (1.0 + (-x).exp())


# ---- attention

@reference
def attention(rng, s=128, d=64):
    q, k, v = i8(rng, s, d), i8(rng, s, d), i8(rng, s, d)
    scale = scalar(1e-4)
    causal = np.tril(np.ones((s, s), bool))
    p = (softmax(of(matmul(q, k.T)).rounded() * of(scale), mask=causal) * of(127)).to_integer()
    return dict(q=q, k=k, v=v, scale=scale), dict(y=requantise(matmul(p, v), 7))


def attend(x, memory, wq, wk, wv, scale, mask=True, shift=9):
    """Heads side by side: positions of x look at positions of the memory."""
    heads = []
    for n in range(wq.shape[1]):
        q = requantise(matmul(x, wq[:, n]), shift)
        k, v = (requantise(matmul(memory, w[:, n]), 9) for w in (wk, wv))
        p = (softmax(of(matmul(q, k.T)) * of(scale), mask=mask) * of(127)).to_integer()
        heads.append(requantise(matmul(p, v), 7))
    return np.concatenate(heads, 1)


@reference
def transformer_layer(rng, s=64, m=128, h=4, d=32, f=256):
    x = i8(rng, s, m)
    wq, wk, wv = i8(rng, m, h, d), i8(rng, m, h, d), i8(rng, m, h, d)
    wo, w1, w2 = i8(rng, h, d, m), i8(rng, m, f), i8(rng, f, m)
    b1 = i32(rng, -9000, 9000, f)
    gain, offset = 1 + f32(rng, m) / 8, f32(rng, m) / 8
    scale, step = scalar(2e-4), scalar(1 / 4096)
    inputs = dict(x=x, wq=wq, wk=wk, wv=wv, wo=wo, w1=w1, b1=b1, w2=w2, gain=gain, offset=offset,
                  scale=scale, step=step)
    joined = attend(x, x, wq, wk, wv, scale)
    z = layer_norm(of(matmul(joined, wo.reshape(h * d, m))) * of(step) + of(x), gain, offset)
    hidden = requantise(relu(matmul((z * of(32)).to_integer(), w1) + b1), 8)
    y = layer_norm(of(matmul(hidden, w2)) * of(step) + z, gain, offset)
    return inputs, dict(y=y)


@reference
def decoder_layer(rng, s=24, t=40, m=64, h=2, d=32, f=128):
    x, memory = i8(rng, s, m), i8(rng, t, m)
    wq, wk, wv, wo = i8(rng, 2, m, h, d), i8(rng, 2, m, h, d), i8(rng, 2, m, h, d), i8(rng, 2, h, d, m)
    w1, b1, w2 = i8(rng, m, f), i32(rng, -9000, 9000, f), i8(rng, f, m)
    gain, offset = 1 + f32(rng, 3, m) / 8, f32(rng, 3, m) / 8
    scale, step = scalar(2e-4), scalar(1 / 4096)
    inputs = dict(x=x, memory=memory, wq=wq, wk=wk, wv=wv, wo=wo, w1=w1, b1=b1, w2=w2, gain=gain, offset=offset,
                  scale=scale, step=step)
    causal = np.tril(np.ones((s, s), bool))
    own = attend(x, x, wq[0], wk[0], wv[0], scale, causal)
    z = layer_norm(of(matmul(own, wo[0].reshape(h * d, m))) * of(step) + of(x), gain[0], offset[0])
    given = attend((z * of(32)).to_integer(), memory, wq[1], wk[1], wv[1], scale, shift=8)
    z = layer_norm(of(matmul(given, wo[1].reshape(h * d, m))) * of(step) + z, gain[1], offset[1])
    hidden = requantise(relu(matmul((z * of(32)).to_integer(), w1) + b1), 8)
    return inputs, dict(y=layer_norm(of(matmul(hidden, w2)) * of(step) + z, gain[2], offset[2]))


# ---- normalisation and activations

@reference
def layer_norm_(rng, n=9, d=37):
    x, gain, offset = f32(rng, n, d), f32(rng, d), f32(rng, d)
    return dict(x=x, gain=gain, offset=offset), dict(y=layer_norm(of(x), gain, offset))


@reference
def batch_norm(rng):
    x, gain, offset = f32(rng, 2, 5, 6, 7), f32(rng, 7), f32(rng, 7)
    count = of(60)
    c = of(x) - of(x).sum((0, 1, 2)) / count
    k = of(gain) * ((c * c).sum((0, 1, 2)) / count + of(1e-5)).rsqrt()
    return dict(x=x, gain=gain, offset=offset), dict(y=c * k + of(offset))


@reference
def softmax_(rng):
    x = f32(rng, 11, 29) * 8
    return dict(x=x), dict(y=softmax(of(x)))


@reference
def gelu(rng):
    x, w, scale = i8(rng, 13, 24), i8(rng, 24, 18), scalar(2.0 ** -15)
    t = of(matmul(x, w)) * of(scale)
    y = 0.5 * t * (1.0 + (t * of(0.70710678)).erf())
    z = 0.5 * t * (1.0 + (of(0.79788456) * (t + of(0.044715) * t * t * t)).tanh())
    return dict(x=x, w=w, scale=scale), dict(y=y, z=z)


@reference
def lut_activation(rng):
    x, w, table = i8(rng, 19, 33), i8(rng, 33, 20), i8(rng, 256)
    a = requantise(matmul(x, w), 9)
    return dict(x=x, w=w, table=table), dict(y=table[wide(a) + 128])


# ---- convolutions and pooling

@reference
def residual_block(rng):
    x, c = i8(rng, 1, 9, 7, 16), 16
    w1, w2 = i8(rng, 3, 3, c, c), i8(rng, 3, 3, c, c)
    b1, b2 = i32(rng, -9000, 9000, c), i32(rng, -9000, 9000, c)
    h = requantise(relu(convolve(x, w1, pad=1) + b1), 9)
    t = requantise(convolve(h, w2, pad=1) + b2, 9)
    y = np.clip(wide(t) + wide(x), 0, 127).astype(np.int8)
    return dict(x=x, w1=w1, b1=b1, w2=w2, b2=b2), dict(y=y)


@reference
def depthwise_separable(rng):
    x, wd, wp, bias = i8(rng, 2, 11, 9, 20), i8(rng, 3, 3, 20), i8(rng, 20, 18), i32(rng, -999, 999, 18)
    d = np.stack([convolve(x[..., c:c + 1], wd[..., c, None, None], stride=2)[..., 0]
                  for c in range(20)], -1)
    y = requantise(relu(matmul(requantise(d, 7), wp) + bias), 8)
    return dict(x=x, wd=wd, wp=wp, bias=bias), dict(y=y)


@reference
def dilated_conv(rng):
    x, w = i8(rng, 1, 11, 10, 17), i8(rng, 3, 3, 17, 9)
    return dict(x=x, w=w), dict(y=convolve(x, w, dilation=2).astype(np.int32))


@reference
def grouped_conv(rng):
    x, w, bias = i8(rng, 1, 8, 9, 3, 8), i8(rng, 3, 3, 3, 8, 10), i32(rng, -999, 999, 3, 10)
    y = np.stack([convolve(x[..., g, :], w[:, :, g]) for g in range(3)], 3) + bias
    return dict(x=x, w=w, bias=bias), dict(y=requantise(relu(y), 8))


@reference
def transposed_conv(rng):
    x, w = i8(rng, 1, 5, 6, 12), i8(rng, 3, 3, 12, 10)
    y = np.zeros((1, 11, 13, 10), np.int64)
    for i in range(5):
        for j in range(6):
            y[:, 2 * i:2 * i + 3, 2 * j:2 * j + 3] += np.einsum("nc,rsck->nrsk", wide(x[:, i, j]), wide(w))
    return dict(x=x, w=w), dict(y=y.astype(np.int32))


@reference
def max_pool(rng):
    x = i8(rng, 1, 9, 12, 18)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-128)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))
    return dict(x=x), dict(y=windows.max((-1, -2))[:, ::2, ::2][:, :5, :6])


@reference
def average_pool(rng):
    x = i8(rng, 2, 8, 10, 17)
    y = requantise(wide(x).reshape(2, 4, 2, 5, 2, 17).sum((2, 4)), 2)
    return dict(x=x), dict(y=y, z=(wide(y).sum((1, 2)) // 20).astype(np.int32))


@reference
def stencil_1d(rng):
    x = i32(rng, -1 << 20, 1 << 20, 53)
    y = wide(x)
    for _ in range(3):
        y[2:-2] = np.convolve(y, [1, 4, 6, 4, 1], "valid") >> 4
    return dict(x=x), dict(y=y.astype(np.int32))


@reference
def stencil_2d(rng):
    x = f32(rng, 13, 17)
    inner = np.zeros(x.shape, bool)
    inner[1:-1, 1:-1] = True
    y = of(x)
    for _ in range(2):
        parts = [Bounded(np.roll(y.value, s, a), np.roll(y.error, s, a)) for a in (0, 1) for s in (1, -1)]
        mean = (parts[0] + parts[1] + parts[2] + parts[3]) * 0.25
        y = Bounded(np.where(inner, mean.value, y.value), np.where(inner, mean.error, y.error))
    return dict(x=x), dict(y=y)


@reference
def stencil_3d(rng):
    x, w = i8(rng, 7, 9, 20), i8(rng, 3, 3, 3)
    windows = np.lib.stride_tricks.sliding_window_view(wide(x), (3, 3, 3))
    return dict(x=x, w=w), dict(y=requantise((windows * wide(w)).sum((3, 4, 5)), 8))


@reference
def quantised_cnn(rng):
    x, w1, b1 = i8(rng, 2, 12, 14, 5), i8(rng, 3, 3, 5, 16), i32(rng, -999, 999, 16)
    w2, b2, w3 = i8(rng, 3, 3, 16, 20), i32(rng, -999, 999, 20), i8(rng, 20, 10)
    a = requantise(relu(convolve(x, w1) + b1), 8)
    m = a.reshape(2, 5, 2, 6, 2, 16).max((2, 4))
    b = requantise(relu(convolve(m, w2) + b2), 9)
    z = matmul(wide(b).sum((1, 2)) // 12, w3)
    return (dict(x=x, w1=w1, b1=b1, w2=w2, b2=b2, w3=w3),
            {"z": z.astype(np.int32), "class": z.argmax(1).astype(np.int32)})


# ---- recurrent cells and capsules

@reference
def lstm_cell(rng, b=5, m=21, h=19):
    x, hidden, c = i8(rng, b, m), i8(rng, b, h), f32(rng, b, h)
    wx, wh, bias, scale = i8(rng, m, 4, h), i8(rng, h, 4, h), i32(rng, -999, 999, 4, h), scalar(2e-5)
    z = matmul(x, wx.reshape(m, -1)) + matmul(hidden, wh.reshape(h, -1)) + bias.reshape(-1)
    i, f, n, o = (of(part) * of(scale) for part in np.split(z, 4, 1))
    cell = sigmoid(f) * of(c) + sigmoid(i) * n.tanh()
    out = (sigmoid(o) * cell.tanh() * of(127)).to_integer().astype(np.int8)
    return (dict(x=x, h=hidden, c=c, wx=wx, wh=wh, bias=bias, scale=scale), dict(hn=out, cn=cell))


@reference
def gru_cell(rng, b=4, m=23, h=17):
    x, hidden = i8(rng, b, m), i8(rng, b, h)
    wx, wh, scale = i8(rng, m, 3, h), i8(rng, h, 3, h), scalar(2e-5)
    bx, bh = i32(rng, -999, 999, 3, h), i32(rng, -999, 999, 3, h)
    ax = np.split(matmul(x, wx.reshape(m, -1)) + bx.reshape(-1), 3, 1)
    ah = np.split(matmul(hidden, wh.reshape(h, -1)) + bh.reshape(-1), 3, 1)
    r, z = (sigmoid(of(p + q) * of(scale)) for p, q in zip(ax[:2], ah[:2]))
    n = (of(ax[2]) * of(scale) + r * (of(ah[2]) * of(scale))).tanh()
    y = (1.0 - z) * n + z * (of(hidden) / of(128))
    return dict(x=x, h=hidden, wx=wx, wh=wh, bx=bx, bh=bh, scale=scale), dict(y=y)


@reference
def rnn_step(rng, b=6, m=20, h=18):
    x, hidden, w, v = i8(rng, 2, b, m), i8(rng, b, h), i8(rng, m, h), i8(rng, h, h)
    scale, state = scalar(2e-5), hidden
    for step in x:
        a = of(matmul(step, w) + matmul(state, v))
        state = ((a * of(scale)).tanh() * of(127)).to_integer()
    return dict(x=x, h=hidden, w=w, v=v, scale=scale), dict(y=state.astype(np.int8))


def squash(s):
    n = (s * s).sum(1)[:, None]
    return s * n / (1.0 + n) * (n + of(1e-6)).rsqrt()


@reference
def capsule_routing(rng, i=12, o=5, d=8, e=16):
    u, w = i8(rng, i, d), i8(rng, i, o, d, e)
    x = of(np.einsum("id,iode->ioe", wide(u), wide(w))) * of(1e-4)
    v0 = squash(x.sum(0) / of(o))
    g = (x * Bounded(v0.value[None], v0.error[None])).sum(2).exp()
    c = g / g.sum(1)[:, None]
    return dict(u=u, w=w), dict(v=squash((x * c[:, :, None]).sum(0)))


@reference
def rotary(rng, t=7, h=3, d=5):
    x = f32(rng, t, h, 2 * d)
    angle = np.arange(t)[:, None] * 100.0 ** (-np.arange(d) / d)
    cosine, sine = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    even, odd, c, s = of(x[..., ::2]), of(x[..., 1::2]), of(cosine[:, None]), of(sine[:, None])
    a, b = even * c - odd * s, odd * c + even * s
    y = Bounded(np.stack([a.value, b.value], -1).reshape(x.shape),
                np.stack([a.error, b.error], -1).reshape(x.shape))
    scores = [[(y[i] * y[j]).sum(1) for j in range(t)] for i in range(t)]
    s = Bounded(np.array([[q.value for q in row] for row in scores]).transpose(2, 0, 1),
                np.array([[q.error for q in row] for row in scores]).transpose(2, 0, 1))
    return dict(x=x, cosine=cosine, sine=sine), dict(y=y, s=s)


@reference
def half_floats(rng, m=7, k=40, n=9):
    x, w = f32(rng, m, k), f32(rng, k, n)
    a, b = Bounded(to_bf16(x)), Bounded(to_bf16(w))
    y = (a[:, :, None] * b[None]).sum(1)
    z = np.zeros(m, np.float16)
    for column in x.T:  # in the order of the notation, each step rounded: exact
        z = z + column.astype(np.float16)
    return dict(x=x, w=w), dict(y=y, z=Bounded(z))


def to_bf16(x):
    """Nearest, ties to even, by the neighbours themselves."""
    low = (x.view(np.uint32) & 0xFFFF0000).view(np.float32).astype(np.float64)
    step = 2.0 ** (np.floor(np.log2(np.abs(low))) - 7) * np.sign(low)
    halves = (x - low) / step
    odd = np.round(low / step) % 2 == 1
    return np.where((halves > 0.5) | ((halves == 0.5) & odd), low + step, low)


# ---- linear algebra

@reference
def mttkrp(rng):
    x, b, c = i8(rng, 11, 13, 9), i8(rng, 13, 17), i8(rng, 9, 17)
    y = np.einsum("ijk,jr,kr->ir", wide(x), wide(b), wide(c))
    return dict(x=x, b=b, c=c), dict(y=wrap32(y))


@reference
def bilinear(rng):
    a, b, w = i8(rng, 15, 12), i8(rng, 15, 18), i8(rng, 5, 12, 18)
    y = np.stack([(matmul(a, part) * wide(b)).sum(1) for part in w], 1)
    return dict(a=a, b=b, w=w), dict(y=wrap32(y))


@reference
def masked_product(rng):
    a, b, w = i8(rng, 18, 20), i8(rng, 20, 23), i8(rng, 23, 16)
    mask, keep = rng.random((18, 23)) < 0.4, rng.random((23, 16)) < 0.3
    t = requantise(matmul(a, b), 8) * mask
    return (dict(a=a, b=b, mask=mask.astype(np.uint8), keep=keep.astype(np.uint8), w=w),
            dict(y=matmul(t, w * keep).astype(np.int32)))


@reference
def matrix_chain(rng):
    a, b, c, d = i8(rng, 17, 31), i8(rng, 31, 20), i8(rng, 20, 33), i8(rng, 33, 16)
    y = matmul(requantise(matmul(a, b), 9), requantise(matmul(c, d), 9))
    return dict(a=a, b=b, c=c, d=d), dict(y=y.astype(np.int32))


@reference
def covariance(rng):
    x = i8(rng, 50, 19)
    y = 50 * matmul(x.T, x) - np.outer(wide(x).sum(0), wide(x).sum(0))
    return dict(x=x), dict(y=wrap32(y))


@reference
def pairwise_distance(rng):
    x, y = i8(rng, 21, 33), i8(rng, 18, 33)
    d = ((wide(x)[:, None] - wide(y)[None]) ** 2).sum(2)
    return dict(x=x, y=y), dict(distance=d.astype(np.int32))


@reference
def triangular_solve(rng):
    l, b = i32(rng, -50, 50, 4, 4), i32(rng, -999, 999, 4, 23)
    lower = np.tril(wide(l), -1) + np.eye(4, dtype=np.int64)
    y = np.rint(np.linalg.solve(lower.astype(float), b.astype(float))).astype(np.int64)
    assert np.array_equal(lower @ y, b)
    return dict(l=l, b=b), dict(y=wrap32(y))


@reference
def polynomial(rng):
    x, c, u = i32(rng, -1 << 31, 1 << 31, 41), i32(rng, -9, 9, 6), f32(rng, 41)
    y = [sum(int(k) * int(n) ** i for i, k in enumerate(c)) for n in x]
    y = np.array([(v + (1 << 31)) % (1 << 32) - (1 << 31) for v in y])
    v = of(int(c[5]))
    for k in c[4::-1]:
        v = v * of(u) + of(int(k))
    return dict(x=x, c=c, u=u), dict(y=y.astype(np.int32), v=v)


# ---- shortest paths, modular arithmetic, bits

def shortest(d, hops):
    best = d
    for _ in range(hops):
        best = (best[:, :, None] + best[None]).min(1)
    return best


@reference
def min_plus(rng):
    d = i32(rng, 0, 1000, 23, 23)
    return dict(d=d), dict(y=shortest(d, 2).astype(np.int32))


@reference
def floyd_warshall(rng):
    d = i32(rng, 1, 1000, 8, 8)
    np.fill_diagonal(d, 0)
    return dict(d=d), dict(y=shortest(d, 3).astype(np.int32))


@reference
def modular_product(rng, b=3, n=32, q=(1 << 29) - 3):
    x, y = rng.integers(0, q, (b, n)), rng.integers(0, q, n)
    c = []
    for row in x:
        full = [0] * (2 * n)
        for i in range(n):
            for j in range(n):
                full[i + j] += int(row[i]) * int(y[j])
        c.append([(full[k] - full[k + n]) % q for k in range(n)])
    return (dict(a=x.astype(np.uint32), b=y.astype(np.uint32), q=np.uint64(q)),
            dict(c=np.array(c, np.uint64)))


@reference
def hamming_nearest(rng, m=6, n=29, w=3):
    q, base = rng.integers(0, 1 << 64, (m, w), np.uint64), rng.integers(0, 1 << 64, (n, w), np.uint64)
    d = [[sum(bin(int(a) ^ int(b)).count("1") for a, b in zip(one, other)) for other in base] for one in q]
    d = np.array(d, np.int32)
    return dict(q=q, base=base), dict(at=d.argmin(1).astype(np.int32), bits=d.min(1))


# ---- sorting, counting, sums of prefixes

@reference
def histogram(rng):
    x = rng.integers(0, 256, 701).astype(np.uint8)
    count = np.histogram(x, 16, (0, 256))[0]
    return dict(x=x), dict(count=count.astype(np.int32), most=np.int32(count.argmax()))


@reference
def scan(rng):
    x, threshold = i32(rng, -50, 100, 61), np.int32(700)
    total = np.cumsum(x)
    before = np.concatenate([[-1 << 31], np.maximum.accumulate(x)[:-1]])
    return (dict(x=x, threshold=threshold),
            dict(total=total.astype(np.int32), before=before.astype(np.int32),
                 passed=np.int32((total > threshold).argmax())))


@reference
def top_k(rng):
    x = i32(rng, -20, 20, 9, 33)
    at = np.argsort(-wide(x), 1, kind="stable")[:, :4]
    return dict(x=x), dict(value=np.take_along_axis(x, at, 1), at=at.astype(np.int32))


@reference
def integral_image(rng):
    x = rng.integers(0, 256, (14, 19)).astype(np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(wide(x)[1:, 1:], (3, 3))
    return dict(x=x), dict(s=wide(x).cumsum(0).cumsum(1).astype(np.int32),
                           box=windows.sum((2, 3)).astype(np.int32))


@reference
def kmeans_step(rng, n=60, d=18, k=7):
    x, centre = i8(rng, n, d), i8(rng, k, d)
    centre[3] = centre[5]  # a tie, and a centre that nothing is nearest to
    nearest = ((wide(x)[:, None] - wide(centre)[None]) ** 2).sum(2).argmin(1)
    count = np.bincount(nearest, minlength=k)
    moved = [wide(x)[nearest == c].sum(0) // count[c] if count[c] else wide(centre)[c] for c in range(k)]
    return (dict(x=x, centre=centre),
            dict(nearest=nearest.astype(np.int32), count=count.astype(np.int32),
                 moved=np.array(moved).astype(np.int32)))


# ---- signals

@reference
def fir(rng):
    x, h = i8(rng, 5, 70), i8(rng, 9)
    y = np.stack([np.correlate(wide(row), wide(h), "valid")[::2] for row in x])
    return dict(x=x, h=h), dict(y=requantise(y, 7))


@reference
def cross_correlation(rng):
    a, b = i8(rng, 90), i8(rng, 24)
    y = np.correlate(wide(a), wide(b), "valid")
    return dict(a=a, b=b), dict(y=y.astype(np.int32), best=np.int32(y.argmax()))


# ---- networks

@reference
def embedding(rng):
    table, position, w = i8(rng, 30, 20), i8(rng, 7, 20), i8(rng, 20, 18)
    token = i32(rng, 0, 30, 3, 7)
    e = np.clip(wide(table)[token] + wide(position), -128, 127)
    return dict(table=table, position=position, token=token, w=w), dict(y=requantise(matmul(e, w), 8))


@reference
def classifier(rng):
    x, w1, b1 = i8(rng, 40, 50), i8(rng, 50, 24), i32(rng, -999, 999, 24)
    w2, b2, label = i8(rng, 24, 10), i32(rng, -999, 999, 10), i32(rng, 0, 10, 40)
    z = matmul(requantise(relu(matmul(x, w1) + b1), 9), w2) + b2
    best = z.argmax(1)
    return (dict(x=x, w1=w1, b1=b1, w2=w2, b2=b2, label=label),
            {"class": best.astype(np.int32), "right": np.int32((best == label).sum())})


@reference
def quantised_mlp(rng):
    x, w1, b1 = i8(rng, 30, 40), i8(rng, 40, 32), i32(rng, -999, 999, 32)
    w2, b2, w3 = i8(rng, 32, 32), i32(rng, -999, 999, 32), i8(rng, 32, 11)
    h1 = requantise(relu(matmul(x, w1) + b1), 9)
    h2 = np.clip(wide(requantise(matmul(h1, w2) + b2, 9)) + wide(h1), -128, 127)
    return dict(x=x, w1=w1, b1=b1, w2=w2, b2=b2, w3=w3), dict(y=matmul(h2, w3).astype(np.int32))
