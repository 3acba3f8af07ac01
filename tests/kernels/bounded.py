"""Floats with a bound of their error, by running error analysis (Higham, Accuracy and Stability, ch. 3).

A `Bounded` holds, for each element, a value in double precision and the most by which any evaluation
in the stated precision, in any order of summation, may differ from it:

    x + y, x * y, x / y    the operands' errors, and one rounding of the result
    sum of n terms         the terms' errors, and n*u / (1 - n*u) times the sum of their magnitudes
    exp, log, tanh, erf    the function's slope times the error, and one rounding

Nothing in it is a free tolerance: `UNIT` is half a unit in the last place, and the errors of double
precision are covered by SLACK.
"""
import math

import numpy as np

UNIT = {"f32": 2.0 ** -24, "f16": 2.0 ** -11, "bf16": 2.0 ** -8}
SMALLEST = {"f32": 2.0 ** -149, "f16": 2.0 ** -24, "bf16": 2.0 ** -133}
SLACK = 1 + 2.0 ** -20


class Bounded:
    def __init__(self, value, error=0.0, kind="f32"):
        self.value = np.asarray(value, np.float64)
        self.error = np.broadcast_to(np.asarray(error, np.float64), self.value.shape)
        self.kind = kind

    def rounded(self, kind=None):
        kind = kind or self.kind
        size = np.abs(self.value) + self.error
        return Bounded(self.value, (self.error + UNIT[kind] * size + SMALLEST[kind]) * SLACK, kind)

    def exact(self, value, error):
        return Bounded(value, error, self.kind)

    def __getitem__(self, at):
        return self.exact(self.value[at], self.error[at])

    def reshape(self, *shape):
        return self.exact(self.value.reshape(*shape), self.error.reshape(*shape))

    def __add__(self, other):
        other = of(other)
        return self.exact(self.value + other.value, self.error + other.error).rounded()

    def __neg__(self):
        return self.exact(-self.value, self.error)

    def __sub__(self, other):
        return self + -of(other)

    def __rsub__(self, other):
        return of(other) - self

    def __mul__(self, other):
        other = of(other)
        error = (np.abs(self.value) * other.error + np.abs(other.value) * self.error
                 + self.error * other.error)
        return self.exact(self.value * other.value, error).rounded()

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other):
        other = of(other)
        least = np.abs(other.value) - other.error
        assert np.all(least > 0), "a divisor may be zero"
        value = self.value / other.value
        return self.exact(value, (self.error + np.abs(value) * other.error) / least).rounded()

    def __rtruediv__(self, other):
        return of(other) / self

    def sum(self, axis):
        """Of n terms in any order: n roundings at most on each one's way."""
        axes = axis if isinstance(axis, tuple) else (axis,)
        n = math.prod(self.value.shape[a] for a in axes)
        growth = n * UNIT[self.kind] / (1 - n * UNIT[self.kind])
        size = (np.abs(self.value) + self.error).sum(axis)
        error = (self.error.sum(axis) + growth * size) * SLACK
        return self.exact(self.value.sum(axis), error)

    def where(self, condition, other=0.0):
        return self.exact(np.where(condition, self.value, other),
                          np.where(condition, self.error, 0.0))

    def exp(self):
        value = np.exp(self.value)
        return self.exact(value, value * np.expm1(self.error)).rounded()

    def tanh(self):
        return self.exact(np.tanh(self.value), self.error).rounded()

    def erf(self):
        value = np.vectorize(math.erf)(self.value)
        return self.exact(value, self.error * 2 / math.sqrt(math.pi)).rounded()

    def rsqrt(self):
        least = self.value - self.error
        assert np.all(least > 0), "a square root of zero"
        return self.exact(self.value ** -0.5, 0.5 * least ** -1.5 * self.error).rounded()

    def to_integer(self, bits=8):
        """The nearest integer, saturated. `Tie` when the error leaves a choice."""
        fraction = np.abs(self.value - np.floor(self.value) - 0.5)
        if np.any(fraction <= self.error):
            raise Tie
        low, high = -(1 << bits - 1), (1 << bits - 1) - 1
        return np.clip(np.rint(self.value), low, high).astype(np.int64)


class Tie(Exception):
    """A value so close to the middle of two integers that both are right: draw other inputs."""


def of(x, kind="f32"):
    """Numbers that the precision holds exactly; a literal or an integer is rounded to it."""
    if isinstance(x, Bounded):
        return x
    exact = np.asarray(x, np.float64)
    held = exact.astype(np.float32).astype(np.float64)
    return Bounded(held, 0.0, kind)
