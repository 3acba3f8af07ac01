"""The cases that are not text, or too long to be files: bytes, brackets by the 100,000, arrays that
lie. Each row: name, content, what to expect."""
import os
import struct

from described import plugin_around
from harness import ROOT, Case

ISA, MACHINE, KERNEL = "isa/base.td", "machines/base.yaml", "kernel.lathe"
DEEP = 100000
HEAD = "kernel f(x: i8[N]) -> y: i8[N] {\n  y[i] = "
YAML = "lathe: machine/1\nisa: base\n"

TD = [
    ("100,000 nested calls", "include \"lathe/Isa.td\"\ndef X { int v = " + "!add(1," * DEEP, ["L0308"]),
    ("bytes that are no text", b"\0\1\2\xff\xfe", ["L0301 1:1", "L0301 1:2", "L0301 1:2"]),
    ("two million bytes", "// " + "x" * (2 << 20) + "\n", ["L0201"]),
]
YAMLS = [
    ("a comma", ",", ["L0202 1:1"]),
    ("a comma before a key", ", a: 1", ["L0202 1:1"]),
    ("nothing", "", ["L0213 1:1"] * 5),
    ("100,000 nested brackets", YAML + "spaces: " + "[" * DEEP + "]" * DEEP + "\n", ["L0208 3:40"]),
    ("100,000 nested braces", YAML + "spaces: " + "{a: " * DEEP + "\n", ["L0208 3:133"]),
    ("60,000 commas", YAML + "spaces: [" + "," * 60000 + "]\n", ["L0209 3:20005"]),
    ("a zero byte", b"lathe: \0", ["L0203 1:8"]),
    ("no UTF-8", b"lathe: \xff\n", ["L0203 1:8"]),
    ("a tab", "lathe: machine/1\nspaces:\n\thost: 1\n", ["L0203 3:1"]),
    ("two million bytes", "#" * (2 << 20), ["L0201 6:21 lathe-plugin.yaml"]),
]
KERNELS = [
    ("100,000 parentheses", HEAD + "(" * DEEP + "x[i]" + ")" * DEEP + "\n}\n", ["L0505 2:310"]),
    ("100,000 brackets", HEAD + "x[" * DEEP + "\n}\n", ["L0505 2:610"]),
    ("100,000 signs", HEAD + "-" * DEEP + "x[i]\n}\n", ["L0505 2:310"]),
    ("100,000 reductions", HEAD + "sum(k) " * DEEP + "x[i]\n}\n", ["L0505 2:2110"]),
    ("100,000 braces", "kernel f(x: i8[N]) -> y: i8[N] " + "{" * DEEP, ["L0504 1:33", "L0504 1:100032"]),
    ("100,000 statements that are wrong", "kernel f(q: f32[N]) -> y: i8[N] {\n" + "y[i] = q[i];\n" * DEEP + "}\n",
     [f"L0540 {line}:6" for line in range(2, 102)]),
    ("a zero byte", b"kernel f(x: i8[N]) -> y: i8[N] { y[i] = x[i]\0 }\n", ["L0501 1:45"]),
    ("bytes that are no text", b"\x7fELF\x02\x01\x01\xff\xfe", ["L0501 1:1", "L0501 1:5", "L0504 1:2"]),
]


def text_cases(scratch):
    for kind, table, name in ((".td", TD, ISA), ("YAML", YAMLS, MACHINE)):
        for number, (what, content, expected) in enumerate(table):
            folder = plugin_around(scratch / f"{kind}{number}", name, content)
            places = [one if len(one.split(" ")) == 3 else f"{one} {name}" for one in expected]
            yield Case(kind, what, ["check", "."], 3, places, folder)
    folder = scratch / "kernels"
    folder.mkdir()
    for number, (what, content, expected) in enumerate(KERNELS):
        path = folder / f"{number}.lathe"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        places = [f"{one} {path.name}" for one in expected]
        yield Case(".lathe", what, ["check", path.name], 3, places, folder)


# ---- .npy


def npy(header, data=b"", version=b"\x01\x00", length=None):
    """A file of this header; `length` is what it says its header takes."""
    text = header.encode()
    form = "<H" if version[0] == 1 else "<I"
    return b"\x93NUMPY" + version + struct.pack(form, len(text) if length is None else length) + text + data


def header(descr="'|i1'", order="False", shape="(6,)", more=""):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, {more}}}\n"


SIX = bytes(range(6))
GOOD = npy(header(), SIX)
ARRAYS = [
    ("an empty file", b"", "L0111"),
    ("text", b"1 2 3 4 5 6\n", "L0111"),
    ("an archive", b"PK\x03\x04 an .npz", "L0111"),
    ("the magic alone", GOOD[:6], "L0113"),
    ("cut off in the fixed part", GOOD[:9], "L0113"),
    ("cut off in the header", GOOD[:30], "L0113"),
    ("cut off in the elements", GOOD[:-1], "L0117"),
    ("a byte too many", GOOD + b"x", "L0117"),
    ("version 9", npy(header(), SIX, version=b"\x09\x00"), "L0112"),
    ("version 1.7", npy(header(), SIX, version=b"\x01\x07"), "L0112"),
    ("version 0", npy(header(), SIX, version=b"\x00\x00"), "L0112"),
    ("a header longer than the file", npy(header(), SIX, length=65535), "L0113"),
    ("a header of 4 GB", npy(header(), SIX, version=b"\x02\x00", length=0xffffffff), "L0113"),
    ("a header of no bytes", npy("", SIX), "L0113"),
    ("Python code as a header", npy("__import__('os').system('true')", SIX), "L0113"),
    ("a header without a type", npy("{'fortran_order': False, 'shape': (6,)}", SIX), "L0113"),
    ("two types", npy(header(more="'descr': '|i1'"), SIX), "L0113"),
    ("100,000 brackets in the header", npy(header(shape="(" * DEEP), SIX, version=b"\x02\x00"), "L0113"),
    ("a negative size", npy(header(shape="(-6,)"), SIX), "L0113"),
    ("99,999,999,999 elements in 6 bytes", npy(header(shape="(99999999999,)"), SIX), "L0117"),
    ("2^64 elements in 6 bytes", npy(header(shape="(4294967296, 4294967296)"), SIX), "L0117"),
    ("a size of 30 digits", npy(header(shape="(" + "9" * 30 + ",)"), SIX), "L0113"),
    ("Fortran order", npy(header(order="True", shape="(2, 3)"), SIX), "L0114"),
    ("big-endian numbers", npy(header(descr="'>i2'", shape="(3,)"), SIX), "L0115"),
    ("Python objects", npy(header(descr="'|O'"), SIX), "L0115"),
    ("records", npy(header(descr="[('a', '|i1')]"), SIX), "L0113|L0115"),
    ("complex numbers", npy(header(descr="'<c8'", shape="(1,)"), bytes(8)), "L0115"),
    ("float64", npy(header(descr="'<f8'", shape="(1,)"), bytes(8)), "L0115"),
    ("float32 for an i8", npy(header(descr="'<f4'", shape="(2,)"), bytes(8)), "L0116"),
    ("int32 for an i8", npy(header(descr="'<i4'", shape="(2,)"), bytes(8)), "L0116"),
]
COPY = "kernel copy(x: i8[N]) -> y: i8[N] {\n  y[i] = x[i]\n}\n"
NIBBLES = "kernel copy(x: i4[N]) -> y: i4[N] {\n  y[i] = x[i]\n}\n"


def array_cases(scratch):
    folder = scratch / "arrays"
    folder.mkdir()
    (folder / "copy.lathe").write_text(COPY)
    (folder / "nibbles.lathe").write_text(NIBBLES)
    (folder / "good.npy").write_bytes(GOOD)
    (folder / "flat.npy").write_bytes(npy(header(shape="(2, 3)"), SIX))
    (folder / "none.npy").write_bytes(npy(header(shape="(0,)")))
    os.mkfifo(folder / "pipe.npy")
    (folder / "folder.npy").mkdir()
    (folder / "zero.npy").symlink_to("/dev/zero")

    def case(name, array, expected, kernel="copy.lathe", more=()):
        words = ["run", kernel, "--on", "reference", "--in", f"x={array}", "--out", "y=y.npy", *more]
        return Case(".npy", name, words, 3, expected, folder)

    for number, (name, content, codes) in enumerate(ARRAYS):
        (folder / f"{number}.npy").write_bytes(content)
        yield case(name, f"{number}.npy", [f"{codes} {number}.npy"])
    yield case("no file", "missing.npy", ["L0101 missing.npy"])
    yield case("a folder", "folder.npy", ["L0101 folder.npy"])
    yield case("a pipe that nobody writes to", "pipe.npy", ["L0101 pipe.npy"])
    yield case("a device that never ends", "zero.npy", ["L0101 zero.npy"])
    (folder / "wide.npy").write_bytes(npy(header(), bytes([0, 1, 2, 3, 4, 8])))
    yield case("8 in an i4", "wide.npy", ["L0118 wide.npy"], "nibbles.lathe")
    yield case("two dimensions for one", "flat.npy", ["L0604 1:13 copy.lathe"])
    yield case("no elements", "none.npy", ["L0609 1:19 copy.lathe"])
    yield case("another size than asked for", "good.npy", ["L0607 1:19 copy.lathe"],
               more=("--size", "N=7"))
