"""RTL that cannot be accepted, and RTL that goes wrong while it runs. All of it is the machine of
tests/bad/rtl/lathe_top.sv, changed in one place; a run-time failure is chosen by the data."""
import os
import shutil
import struct
import subprocess

from described import plugin_around
from generated import header, npy
from harness import LATHE, ROOT, Case

TOP = ROOT / "tests" / "bad" / "rtl" / "lathe_top.sv"
COPY = "kernel copy(x: i8[M,N]) -> y: i8[M,N] {\n  y[i,j] = x[i,j]\n}\n"
RUN = ["run", "copy.lathe", "-t", "./", "--on", "rtl"]
SEEDED = RUN + ["--size", "M=5", "--size", "N=4", "--seed", "1"]
BINDING = "rtl:\n  top: lathe_top\n  files: [rtl/*.sv]\n"

# (what, text, its replacement, code); '@' in the replacement is the place that is blamed.
CHANGES = [
    ("a port is missing", "module lathe_top (", "module @lathe_top (", "L0804"),
    ("a port is too narrow", "output logic [3:0]       wr_req_strb_o", "output logic [2:0]       @wr_req_strb_o",
     "L0805"),
    ("a loop without a register", "  assign perf_data_o    = 48'(perf_sel_i);",
     "  logic [3:0] @ripple;\n  assign ripple = {ripple[2:0] ^ perf_sel_i[3:1], perf_sel_i[0]};\n"
     "  assign perf_data_o = 48'(ripple);", "L0803"),
    ("the warning of loops switched off", "  logic        accept,",
     "  /* verilator lint_off @UNOPTFLAT */\n  logic        accept,", "L0802"),
    ("$system", "  assign accept ", "  initial @$system(\"true\");\n  assign accept ", "L0801"),
    ("$fopen", "  assign accept ", "  integer f = @$fopen(\"/tmp/lathe-bad\", \"w\");\n  assign accept ", "L0801"),
    ("$readmemh", "  assign accept ", "  initial @$readmemh(\"/etc/passwd\", rows_q);\n  assign accept ", "L0801"),
    ("$c", "  assign accept ", "  initial @$c(\"abort();\");\n  assign accept ", "L0801"),
    ("DPI", "module lathe_top", "import \"@DPI-C\" function int getpid();\nmodule lathe_top", "L0801"),
    ("C++ in Verilog", "module lathe_top", "@`systemc_header\n#include <cstdlib>\n`verilog\nmodule lathe_top", "L0801"),
    ("$system behind a macro", "  assign accept ",
     "`define RUN(a, b) initial a``b(\"true\");\n@`RUN($sys, tem)\n  assign accept ", "L0801"),
    ("an include of a system file", "module lathe_top", "@`include \"/etc/hostname\"\nmodule lathe_top", "L0801"),
    ("an include that is missing", "module lathe_top", "`include @\"none.svh\"\nmodule lathe_top", "L0808"),
    ("a syntax error", "  assign accept ", "  assign @= 1;\n  assign accept ", "L0808"),
    ("a module that does not exist", "  assign accept ", "  @nothing u_nothing ();\n  assign accept ", "L0808"),
    ("bytes that are no text", "  assign accept ", "  @\x01\n  assign accept ", "L0808"),
]
# Lowest byte of 0xbad000.. in a beat, what then happens, what is said, the line of the RTL that is blamed.
FAILURES = [
    (0x00, "$fatal", "told to stop", "$fatal"),
    (0x01, "$error", "told to complain", "$error"),
    (0x02, "a failed assertion", "'assert' failed", "keeps_promises"),
    (0x03, "no progress", "no handshake and no progress for 100000 cycles", ""),
    (0x04, "$finish", "the RTL called $finish", "$finish"),
    (0x05, "an error code", "the hardware reports error code 42", ""),
    (0x06, "a write outside of memory", "is outside all attached memory", ""),
    (0x07, "a write beside the beat", "is not aligned to a beat", ""),
]


def copy_plugin(folder, rtl=None, binding=BINDING):
    """The copying machine with `rtl` as its RTL, and the kernel beside it."""
    plugin_around(folder, "copy.lathe", COPY)
    (folder / "rtl").mkdir()
    (folder / "rtl" / "lathe_top.sv").write_text(rtl if rtl is not None else TOP.read_text())
    manifest = folder / "lathe-plugin.yaml"
    manifest.write_text(manifest.read_text() + binding)
    return folder


def place_of(text, sign):
    """'line:column' of a sign in a text, or nothing."""
    before = text.partition(sign)[0]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def changed(old, new):
    """The RTL with a change, and the place of '@' in it."""
    text = TOP.read_text().replace("@", "\0")  # its own
    assert text.count(old) == 1 or "accept" in old, old
    text = text.replace(old, new, 1)
    return text.replace("@", "").replace("\0", "@"), place_of(text, "@")


def refused_cases(scratch, cache):
    for number, (what, old, new, code) in enumerate(CHANGES):
        text, place = changed(old, new)
        if code == "L0804":
            text = text.replace("  output logic             idle_o,\n", "")
            text = text.replace("  assign idle_o         = state_q == Idle;\n", "")
        folder = copy_plugin(scratch / f"rtl{number}", text)
        yield Case("RTL", what, SEEDED, 5, [f"{code} {place} rtl/lathe_top.sv"], folder, cache=cache)
    folder = copy_plugin(scratch / "no_top", binding=BINDING.replace("lathe_top", "nothing"))
    yield Case("RTL", "no top module", SEEDED, 5, ["L0808 rtl/lathe_top.sv"], folder, cache=cache)
    folder = copy_plugin(scratch / "no_parameter", binding=BINDING + "  parameters: {Nothing: N}\n")
    yield Case("RTL", "no such parameter", SEEDED, 5, ["L0808 rtl/lathe_top.sv"], folder, cache=cache)
    folder = copy_plugin(scratch / "no_files", binding=BINDING.replace("*.sv", "*.v"))
    yield Case("RTL", "no file", SEEDED, 5, ["L0236 9:11 lathe-plugin.yaml", "L0808 -"], folder, cache=cache)
    folder = copy_plugin(scratch / "broken_link")
    (folder / "rtl" / "more.sv").symlink_to("/nowhere")
    yield Case("RTL", "a link to nowhere", SEEDED, 3, ["L0101 rtl/more.sv"], folder, cache=cache)
    folder = copy_plugin(scratch / "no_verilator")
    yield Case("RTL", "no Verilator", SEEDED, 6, ["L0810 -", "L0810 -"], folder,
               environment={"PATH": "/nowhere"})
    yield Case("RTL", "a cache that cannot be written", SEEDED, 6, ["L0102 /proc/lathe/models"], folder,
               environment={"XDG_CACHE_HOME": "/proc"})


def failing_cases(scratch, cache):
    """Needs the model of the unchanged machine in the cache, for speed."""
    folder = copy_plugin(scratch / "runs")
    text = TOP.read_text()

    def case(byte, what, says, expected, more=(), code=5, seconds=20, **options):
        data = struct.pack("<II", 0x04030201, 0xbad00000 + byte)
        (folder / f"{byte}.npy").write_bytes(npy(header(shape="(2, 4)"), data))
        words = RUN + ["--in", f"x={byte}.npy", *more]
        return Case("RTL", f"{what} while it runs", words, code, expected, folder, says, cache=cache,
                    seconds=seconds, **options)

    for byte, what, says, sign in FAILURES:
        expected = ["L0917 -"]
        if sign:
            line = next(n for n, line in enumerate(text.split("\n"), 1)
                        if sign in line and "localparam" not in line)
            expected = [f"L0917 {line}:1 rtl/lathe_top.sv"]
        yield case(byte, what, says, expected, ["--out", "y=never.npy"])
    yield case(0x08, "a cycle without an end", "does not end", ["L0923 -"],
               ["--limit", "0.5", "--out", "y=never.npy"])
    yield case(0x09, "a wrong result", "undecided, the description or the RTL", [], ["--compare"], code=1)
    yield case(0x0a, "100,000 lines of output", "", [], ["--compare"], code=0)
    yield case(0x03, "no progress until --limit", "limit", ["L0917 -"], ["--limit", "0.001"])
    waived = copy_plugin(scratch / "waived", binding=BINDING + "waivers: {'reserved/IN/*': none of them can be reached}\n")
    yield Case("RTL", "a waiver of points that are reached", ["verify", "./", "--class", "reserved"], 1, ["L0951 -"],
               waived, "is reached", cache=cache)
    yield from vector_cases(scratch, cache)
    yield from second_simulator_cases(scratch, cache)
    yield from netlist_cases(scratch, cache)
    wave = case(0x00, "$fatal with a waveform", "told to stop", [], ["--trace", "stopped.fst"],
                creates=("stopped.fst",), seconds=60)
    wave.expect = [next(f"L0917 {n}:1 rtl/lathe_top.sv" for n, line in enumerate(text.split("\n"), 1)
                        if "$fatal" in line)]
    yield wave


def vector_cases(scratch, cache):
    """Vectors that are not of this machine, are damaged, or would be recorded of one that fails."""
    verify = ["verify", "./", "--case", "corner/PITCH/value=0"]
    recorded = copy_plugin(scratch / "recorded")
    subprocess.run([LATHE, *verify, "--record", "good.vectors"], cwd=recorded, check=True, capture_output=True,
                   env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    good = (recorded / "good.vectors").read_bytes()
    other = copy_plugin(scratch / "other_vectors")
    manifest = other / "lathe-plugin.yaml"
    manifest.write_text(manifest.read_text().replace("machines: {default:", "machines: {other: machines/base.yaml, default:"))
    (other / "good.vectors").write_bytes(good)
    yield Case("RTL", "vectors of another machine", ["verify", "./@other", *verify[2:], "--vectors", "good.vectors"], 3,
               ["L0779 good.vectors"], other, cache=cache)
    for what, data in {"cut off": good[:-1], "with a bit changed": good[:-1] + bytes([good[-1] ^ 1]),
                       "of a later version": good[:8] + b"\xff" + good[9:], "that are a text": b"vectors"}.items():
        folder = copy_plugin(scratch / f"vectors {what}")
        places = folder / "tests" / "vectors"
        places.mkdir(parents=True)
        (places / "default.vectors").write_bytes(data)
        yield Case("RTL", f"vectors {what}", verify, 3, ["L0778 tests/vectors/default.vectors"], folder, cache=cache)
    yield Case("RTL", "no such vectors", verify + ["--vectors", "none.vectors"], 3, ["L0101 -"],
               copy_plugin(scratch / "no_vectors"), cache=cache)
    wrong = copy_plugin(scratch / "wrong_error", binding=BINDING + "  errors: {range: 77}\n")
    yield Case("RTL", "vectors of a target that fails", ["verify", "./", "--class", "range", "--record", "bad.vectors",
                "--no-blame"], 1,
               ["L0952 -"], wrong, cache=cache)


def second_simulator_cases(scratch, cache):
    """A second simulator that is not installed, RTL that yosys does not read, a bridge."""
    tools = scratch / "no_iverilog" / "bin"
    tools.mkdir(parents=True)
    (tools.parent / "share").symlink_to("/usr/share")  # Verilator's headers are looked for beside its program
    for tool in ("verilator_bin", "verilator", "clang++-22", "yosys", "yosys-abc", "ld", "as", "perl"):
        if where := shutil.which(tool):
            (tools / tool).symlink_to(where)
    subprocess.run([LATHE, "new", "target", "sound"], cwd=scratch, check=True, capture_output=True)
    yield Case("RTL", "no Icarus Verilog", ["verify", "./", "--case", "limit/STORE_I8/src=max", "--second-simulator"], 6,
               ["L0810 -"], scratch / "sound", "'iverilog' is not installed", cache=cache,
               environment={"PATH": str(tools)}, seconds=150)
    bound = scratch / "bound"
    shutil.copytree(ROOT / "tests" / "binding" / "stream_words", bound)
    yield Case("RTL", "a bridge has no second simulator", ["verify", "./", "--subset", "--second-simulator"], 5, ["L0817 -"],
               bound, cache=cache, seconds=100)


def netlist_cases(scratch, cache):
    """RTL that Verilator reads and yosys 0.23 does not, or reads as another machine."""
    text = TOP.read_text()
    mutate = ["verify", "./", "--mutate", "4", "--subset"]
    unreadable = text.replace("  assign accept ", "  logic [1:0][3:0] two_by_four;\n  assign accept ", 1)
    folder = copy_plugin(scratch / "unreadable", unreadable)
    line = unreadable[:unreadable.index("two_by_four")].count("\n") + 1
    yield Case("RTL", "an array that yosys does not read", mutate, 5, [f"L0815 {line}:1 rtl/lathe_top.sv"], folder,
               cache=cache, seconds=100)
    subprocess.run([LATHE, "new", "target", "another", "--in", scratch], check=True, capture_output=True)
    folder = scratch / "another"
    row = folder / "rtl" / "store_row.sv"
    half = "  assign half = (32'sd1 << shift_i) >> 1;\n"
    text = row.read_text()
    assert half in text
    row.write_text(text.replace(half, f"`ifdef SYNTHESIS\n  assign half = '0;\n`else\n{half}`endif\n", 1))
    yield Case("RTL", "another machine when it is synthesised", mutate, 5, ["L0816 -"], folder, cache=cache, seconds=200)


def endless_start_case(scratch, cache):
    text = TOP.read_text().replace("  assign accept ", "  initial forever $display(\"again\");\n  assign accept ", 1)
    folder = copy_plugin(scratch / "endless", text)
    yield Case("RTL", "an initial block without an end", SEEDED + ["--limit", "0.5"], 5, ["L0923 -"], folder,
               cache=cache, seconds=100)


def damaged_model_case(scratch, cache):
    """A model whose file was cut off in the cache."""
    damaged = scratch / "damaged cache"
    shutil.copytree(cache, damaged, symlinks=True)
    for model in (damaged / "lathe" / "models").rglob("*.so"):
        model.write_bytes(model.read_bytes()[:1000])
    folder = copy_plugin(scratch / "damaged")
    yield Case("RTL", "a model that is cut off", SEEDED, 5, ["L0814 .so"], folder, cache=damaged)
