"""The fifteen operator families of AMOS (ISCA 2022) as kernels here, and what bounds each shape.

A kernel's STRIDE, PAD, DILATION, ... are numbers in its text: `write` fills them in. Published shapes
stand in tests/data/operators.json in the order of their source (github.com/pku-liang/AMOS,
benchmark/amos/mapping_*.py), which reads a row of batched_fc as inputs, outputs, groups."""
import dataclasses
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DIM, PORT_BYTES = 16, 16  # of the reference array: rows and columns, bytes a cycle each way


@dataclasses.dataclass
class Case:
    family: str
    kernel: str  # file name here
    row: list  # as published
    sizes: dict
    numbers: dict  # STRIDE and the like
    macs: int  # of the operator's definition
    rows: int  # cycles of the array at its best
    read: int  # bytes that must be read, and written
    written: int

    @property
    def bound(self):
        """Cycles that the array needs at its best, or the memory port if those are more."""
        return max(self.rows, -(-self.read // PORT_BYTES), -(-self.written // PORT_BYTES))

    @property
    def name(self):
        return " ".join(map(str, self.row))

    def write(self, folder):
        """The kernel with its numbers, as a file; its path from the project's root."""
        text = (HERE / self.kernel).read_text()
        for name in sorted(self.numbers, key=len, reverse=True):
            text = re.sub(rf"\b{name}\b", str(self.numbers[name]), text)
        tag = "_".join([pathlib.Path(self.kernel).stem, *map(str, self.numbers.values())])
        path = folder / f"{tag}.lathe"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path.relative_to(ROOT)


def tiles(extent):
    return -(-extent // DIM)


def out(size, kernel, stride, pad, dilation=1):
    return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1


def touched(size, kernel, stride, pad, dilation=1):
    """Of `size` elements, how many some window covers: stride 7 with a kernel of 3 skips most."""
    return len({at for p in range(out(size, kernel, stride, pad, dilation)) for r in range(kernel)
                if 0 <= (at := stride * p + dilation * r - pad) < size})


def product(rows, depth, lanes):
    """A product rows x depth x lanes: a row a cycle for each tile of depth and of lanes."""
    return {"macs": rows * depth * lanes, "rows": rows * tiles(depth) * tiles(lanes)}


def full(macs):
    """Where tiles of the array could hold several products: every multiplier at work."""
    return {"macs": macs, "rows": -(-macs // (DIM * DIM))}


def gemm(M, N, K):
    return {"sizes": {"M": M, "N": N, "K": K}, **product(M, K, N),
            "read": M * K + K * N, "written": M * N}


def gemv(M, K):
    return {"sizes": {"M": M, "K": K}, **full(M * K), "read": M * K + K, "written": 4 * M}


def scan(M, N, K):
    return {"sizes": {"M": M, "N": N, "K": K}, **product(M, K, N),
            "read": M * K + K * N, "written": 4 * M * N}


def conv1d(C, L, K, KL, stride, pad, dil):
    p = out(L, KL, stride, pad, dil)
    return {"sizes": {"L": L, "C": C, "K": K, "R": KL, "P": p},
            "numbers": {"STRIDE": stride, "PAD": pad, "DILATION": dil}, **product(p, KL * C, K),
            "read": touched(L, KL, stride, pad, dil) * C + KL * C * K, "written": p * K}


def planes(N, C, H, W, R, S, stride, pad, dil=1):
    """What convolutions over height and width share: output points, sizes, input bytes."""
    p, q = out(H, R, stride, pad, dil), out(W, S, stride, pad, dil)
    sizes = {"N": N, "H": H, "W": W, "C": C, "R": R, "S": S, "P": p, "Q": q}
    seen = touched(H, R, stride, pad, dil) * touched(W, S, stride, pad, dil)
    return N * p * q, sizes, N * C * seen


def conv2d(N, C, H, W, K, R, S, stride, pad, dil):
    points, sizes, read = planes(N, C, H, W, R, S, stride, pad, dil)
    return {"sizes": {**sizes, "K": K},
            "numbers": {"STRIDE": stride, "PAD": pad, "DILATION": dil},
            **product(points, R * S * C, K), "read": read + R * S * C * K, "written": points * K}


def batch_conv2d(N, C, H, W, K, R, S, stride, pad):
    points, sizes, read = planes(N, C, H, W, R, S, stride, pad)
    return {"sizes": {**sizes, "K": K}, "numbers": {"STRIDE": stride, "PAD": pad},
            **product(points, R * S * C, K), "read": read + N * R * S * C * K,
            "written": points * K}


def capsule_conv2d(N, C, H, W, K, R, S, caps, stride, pad, dil):
    points, sizes, read = planes(N, C, H, W, R, S, stride, pad, dil)
    return {"sizes": {**sizes, "K": K, "M": caps},
            "numbers": {"STRIDE": stride, "PAD": pad, "DILATION": dil},
            **product(points, R * S * C, K * caps), "read": read + R * S * C * K * caps,
            "written": points * K * caps}


def conv3d(C, D, H, W, K, KD, R, S, stride_d, stride, pad_d, pad, dil):
    assert dil == 1
    points, sizes, read = planes(1, C, H, W, R, S, stride, pad)
    depth, seen = out(D, KD, stride_d, pad_d), touched(D, KD, stride_d, pad_d)
    return {"sizes": {**sizes, "K": K, "L": D, "E": KD, "D": depth},
            "numbers": {"STRIDE": stride, "PAD": pad, "DEEP_STRIDE": stride_d, "DEEP_PAD": pad_d},
            **product(points * depth, KD * R * S * C, K), "read": seen * read + KD * R * S * C * K,
            "written": depth * points * K}


def depthwise_conv2d(N, C, H, W, K, R, S, stride, pad, dil, groups):
    assert dil == 1 and groups == C and K % C == 0
    points, sizes, read = planes(N, C, H, W, R, S, stride, pad)
    return {"sizes": {**sizes, "M": K // C}, "numbers": {"STRIDE": stride, "PAD": pad},
            **full(points * R * S * K), "read": read + R * S * K, "written": points * K}


def grouped_conv2d(N, C, H, W, K, R, S, stride, pad, dil, groups):
    assert dil == 1 and C % groups == 0 and K % groups == 0
    points, sizes, read = planes(N, C, H, W, R, S, stride, pad)
    c, k = C // groups, K // groups
    return {"sizes": {**sizes, "G": groups, "C": c, "K": k},
            "numbers": {"STRIDE": stride, "PAD": pad}, **full(points * R * S * c * K),
            "read": read + R * S * c * K, "written": points * K}


def transposed_conv2d(C, H, W, K, kernel, stride, pad, dil):
    """The source convolves K channels into C."""
    assert dil == 1
    outputs = ((H - 1) * stride + kernel - 2 * pad) * ((W - 1) * stride + kernel - 2 * pad)
    return {"sizes": {"H": H, "W": W, "C": K, "K": C, "R": kernel, "F": min(stride, kernel)},
            "numbers": {"STRIDE": stride, "PAD": pad}, **full(H * W * K * kernel**2 * C),
            "read": H * W * K + kernel**2 * K * C, "written": outputs * C}


def batched_fc(inputs, outputs, groups):
    assert inputs % groups == 0 and outputs % groups == 0
    c, k = inputs // groups, outputs // groups
    return {"sizes": {"N": 1, "G": groups, "C": c, "K": k}, **full(inputs * k),
            "read": inputs + c * outputs, "written": 4 * outputs}


def mean(N, C, H, W):
    return {"sizes": {"N": N, "C": C, "H": H, "W": W}, **full(N * C * H * W),
            "read": N * C * H * W, "written": 4 * C}


FAMILIES = {  # in the order of the data: kernel, and what its rows mean
    "gemm": ("gemm", gemm), "gemv": ("gemv", gemv), "conv1d": ("conv1d", conv1d),
    "conv2d": ("conv2d", conv2d), "dilated_conv2d": ("conv2d", conv2d),
    "batch_conv2d": ("batch_conv2d", batch_conv2d),
    "capsule_conv2d": ("capsule_conv2d", capsule_conv2d), "conv3d": ("conv3d", conv3d),
    "depthwise_conv2d": ("depthwise_conv2d", depthwise_conv2d),
    "grouped_conv2d": ("grouped_conv2d", grouped_conv2d),
    "transposed_conv2d": ("transposed_conv2d", transposed_conv2d),
    "batched_fc": ("batched_fc", batched_fc), "mean": ("mean", mean), "variance": ("variance", mean),
    "scan": ("scan", scan)}

# Small shapes whose every mapping is measured, in the columns of the data: with a one, a prime, and
# one that does not divide the array.
SMALL = {
    "gemv": [[37, 53]],
    "conv1d": [[5, 37, 19, 3, 1, 2, 2]],
    "conv2d": [[2, 3, 13, 11, 18, 3, 3, 2, 1, 1]],
    "depthwise_conv2d": [[1, 5, 14, 14, 5, 3, 3, 1, 1, 1, 5], [1, 3, 14, 13, 18, 3, 3, 2, 1, 1, 3]],
    "grouped_conv2d": [[1, 3, 19, 18, 24, 3, 3, 2, 1, 1, 3], [1, 36, 7, 11, 12, 1, 1, 1, 0, 1, 3]],
    "transposed_conv2d": [[3, 9, 7, 20, 3, 2, 1, 1], [3, 6, 7, 17, 3, 7, 3, 1]],
    "batched_fc": [[11, 99, 11], [26, 65, 13]],
    "mean": [[1, 5, 13, 11]], "variance": [[2, 7, 5, 11]],
}


def case(family, row):
    kernel, make = FAMILIES[family]
    return Case(family, f"{kernel}.lathe", row, **{"numbers": {}, **make(*row)})


def published():
    """Every published shape."""
    operators = json.loads((ROOT / "tests/data/operators.json").read_text())["amos"]["ops"]
    return [case(family, row) for family, data in operators.items()
            for row in data.get("rows", data.get("rows_NCHW"))]
