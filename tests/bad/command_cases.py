"""Command lines that are wrong, files that cannot be read or written, and programs that are damaged."""
import os
import shutil
import subprocess

from harness import LATHE, ROOT, Case

TARGET = ROOT / "targets" / "systolic_array"
T = f"-t {TARGET}/"
G = "gemm.lathe"
S = "--size M=5 --size N=6 --size K=7"
TWO = "kernel a(x: i8[N]) -> y: i8[N] { y[i] = x[i] }\nkernel b(x: i8[N]) -> y: i8[N] { y[i] = x[i] }\n"
GATHER = "kernel g(x: i8[N], at: i32[M]) -> y: i8[M] { y[i] = x[at[i]] }\n"
TESTS = "lathe: tests/1\ntests:\n  - name: a\n    kernel: none.lathe\n"
# The second statement is too long for a program; the first is not.
LONG = ("kernel long(a: i8[N,K], b: i8[K,K], c: i8[K,W]) -> y: i8[N,W] {\n"
        "  t[i,j] = sat_i8(sum(k) i32(a[i,k]) * i32(b[k,j]))\n"
        "  y[i,j] = sat_i8(sum(k) i32(t[i,k]) * i32(c[k,j]))\n}\n")
BIG = "kernel big(x: i8[N,M]) -> y: i8[N] {\n  y[i] = sum(k) x[i,k]\n}\n"

# (arguments, exit code, messages)
LINES = [
    ("chek", 2, ["L0901 -"]),
    ("--plugin . check", 2, ["L0901 -"]),
    ("check --jsn", 2, ["L0902 -"]),
    ("version extra", 2, ["L0903 -"]),
    ("run", 2, ["L0904 -"]),
    (f"run {G} {T} --on silicon", 2, ["L0904 -"]),
    (f"run {G} {T} --seed ten", 2, ["L0904 -"]),
    (f"run {G} {T} --seed -1", 2, ["L0904 -"]),
    (f"run {G} {T} --seed 99999999999999999999", 2, ["L0904 -"]),
    (f"run {G} {T} --limit -1", 2, ["L0904 -"]),
    (f"run {G} {T} --limit nan", 2, ["L0904 -"]),
    (f"run {G} {T} --stall 1", 2, ["L0904 -"]),
    (f"run {G} {T} --in", 2, ["L0904 -"]),
    ("test --jobs 0", 2, ["L0904 -"]),
    ("test --shard 4/3", 2, ["L0906 -"]),
    ("test --shard 0/0", 2, ["L0906 -"]),
    ("show systolic_array nothing", 2, ["L0904 -"]),
    (f"compile {G} {T} --require-offload 101", 2, ["L0904 -"]),
    ("help L9999", 2, ["L0905 -"]),
    (f"compile {G} {T} --size M=ten", 2, ["L0906 -"]),
    (f"compile {G} {T} --size M", 2, ["L0906 -"]),
    (f"run {G} {T} --in a", 2, ["L0906 -"]),
    (f"compile {G} {T} --size M=99999999999999999999", 2, ["L0906 -"]),
    (f"compile {G} {T} --kernel gem", 2, ["L0907 -"]),
    (f"compile two.lathe {T}", 2, ["L0908 -"]),
    (f"run {G} {T} --in q=x.npy", 2, ["L0909 -"]),
    (f"run {G} {T} {S}", 2, ["L0910 -"] * 3),
    (f"run {G} {T} {S} --seed 1 --out q=q.npy", 2, ["L0909 -"]),
    (f"test {TARGET} --filter nothing-is-called-so", 1, ["L0911 -"]),
    ("test key.yaml", 3, ["L0912 4:5 key.yaml"]),
    ("test value.yaml", 3, ["L0920 5:15 value.yaml"]),
    (f"disasm xyz {T}", 2, ["L0913 -"]),
    (f"disasm 0x {T}", 2, ["L0913 -"]),
    (f"disasm 0x11112222333344445 {T}", 2, ["L0913 -"]),
    ("disasm 0x1", 2, ["L0914 -"]),
    ("check notes.txt", 2, ["L0915 -"]),
    ("check empty", 2, ["L0915 -"]),
    (f"compile {G} {T} {S} --host-only --require-offload 90", 4, ["L0916 -"]),
    (f"compile {G} {T} {S} --mapping 2", 4, ["L0925 -"]),
    (f"run {G} {T} {S} --seed 1 --mapping 9999999999", 4, ["L0925 -"]),
    ("run gather.lathe --on reference --size N=4 --size M=9 --seed 1", 3, ["L0918 -"]),
    (f"run {G} -t no_rtl/ {S} --seed 1 --on rtl", 2, ["L0919 -"]),
    (f"run {G} -t no_rtl/ {S} --seed 1 --timeline t.json --stall 0.5", 2, ["L0924 -", "L0924 -"]),
    (f"run {G} {S} --seed 1 --on reference --compare", 2, ["L0924 -"]),
    (f"run {G} -t sistolic_array {S}", 3, ["L0238 -"]),
    (f"run {G} -t systolic_array@edge {S}", 3, ["L0237 lathe-plugin.yaml"]),
    (f"run {G} -t systolic_array@edge.yaml {S}", 3, ["L0101 edge.yaml"]),
    (f"run {G} -t empty/ {S}", 3, ["L0241 -"]),
    ("target list --plugin nowhere", 3, ["L0241 -"]),
    (f"run {G} -t broken {S} --plugin broken", 3, ["L0212 3:1 lathe-plugin.yaml"]
     + ["L0213 1:1 lathe-plugin.yaml"] * 3 + ["L0239 broken"]),
    # files
    ("check none.lathe", 3, ["L0101 -"]),
    ("check zero.lathe", 3, ["L0101 -"]),
    ("check pipe.lathe", 3, ["L0101 -"]),
    ("check loop.lathe", 3, ["L0101 -"]),
    ("run empty --on reference", 3, ["L0101 -"]),
    (f"run zero.lathe {T}", 3, ["L0101 -"]),
    (f"disasm zero.lathe {T}", 3, ["L0101 -"]),
    ("test zero.yaml", 3, ["L0101 -"]),
    (f"compile {G} {T} {S} -o none/g.lprog", 6, ["L0102 -"]),
    (f"compile {G} {T} {S} -o empty", 6, ["L0102 -"]),
    (f"compile {G} {T} {S} -o /dev/full", 6, ["L0102 -"]),
    (f"run {G} {T} {S} --seed 1 --out c=/dev/full", 6, ["L0102 /dev/full"]),
    (f"run {G} {T} {S} --seed 1 --out c=none/c.npy", 6, ["L0102 none/c.npy"]),
    (f"run {G} {T} {S} --seed 1 --out c=/proc/c.npy", 6, ["L0102 /proc/c.npy"]),
    # manuals, generated files, packages
    (f"doc {TARGET}/ --format pdf", 2, ["L0904 -"]),
    ("doc sistolic_array", 3, ["L0238 -"]),
    (f"doc {TARGET}/ -o two.lathe", 6, ["L0102 -"]),
    (f"doc {TARGET}/ -o manual --example none.lathe", 3, ["L0101 -"]),
    (f"doc {TARGET}/ -o manual --example two.lathe", 2, ["L0908 -"]),
    (f"doc {TARGET}/ -o manual --example {G}", 3, ["L0608 2:19 gemm.lathe"]),
    ("doc no_rtl/ -o manual --measure", 2, ["L0919 -"]),
    (f"generate {TARGET}/", 2, ["L0904 -"]),
    (f"generate {TARGET}/ xml", 2, ["L0904 -"]),
    (f"generate {TARGET}/ c -o none/array.h", 6, ["L0102 -"]),
    (f"generate {TARGET}/ editor -o two.lathe", 6, ["L0102 -"]),
    (f"generate {TARGET}/ editor -o edited", 3, ["L0970 -"]),
    ("pack broken", 3,
     ["L0212 3:1 lathe-plugin.yaml"] + ["L0213 1:1 lathe-plugin.yaml"] * 3 + ["L0239 broken"]),
    ("pack linked/ -o l.deb", 3, ["L0973 -"]),
    (f"pack {TARGET}/ -o none/a.deb", 6, ["L0972 -"]),
    ("test --format xml", 2, ["L0904 -"]),
    (f"test {TARGET} --filter model --isa-coverage none/isa.json", 6, ["L0102 -"]),
    # sizes
    ("run big.lathe --on reference --seed 1 --size N=1000000 --size M=1000000", 6, ["L0922 -"]),
    (f"compile {G} {T} --size M=1000000 --size N=1000000 --size K=1000000", 4, ["L0616 3:22 gemm.lathe", "L0702 4:3 gemm.lathe"]),
    (f"compile long.lathe {T} --size N=1000000 --size W=1000000 --size K=16", 4, ["L0702 3:3 long.lathe"]),
    ("compile copy.lathe -t small/ --size M=20000 --size N=4", 4, ["L0701 1:8 copy.lathe"]),
    # damaged programs
    (f"run empty.lprog {T} --seed 1", 3, ["L0541 1:1 empty.lprog"]),
    (f"disasm empty.lprog {T}", 3, ["L0761 empty.lprog"]),
    (f"disasm notes.txt {T}", 3, ["L0761 notes.txt"]),
    (f"run short.lprog {T} --seed 1", 3, ["L0763 short.lprog"]),
    (f"run cut.lprog {T} --seed 1", 3, ["L0763 cut.lprog"]),
    (f"run longer.lprog {T} --seed 1", 3, ["L0763 longer.lprog"]),
    (f"run flipped.lprog {T} --seed 1", 3, ["L0764 flipped.lprog"]),
    (f"run newer.lprog {T} --seed 1", 3, ["L0762 newer.lprog"]),
    ("run good.lprog -t small/ --seed 1", 3, ["L0756 good.lprog"]),
    (f"run good.lprog {T} --in a=images.npy --seed 1", 3, ["L0921 -"]),
    (f"run good.lprog {T}", 2, ["L0910 -"]),
    (f"verify {TARGET} --case field/LOAD/dst=maxx", 2, ["L0950 -"]),
    (f"verify {TARGET} --class nothing", 2, ["L0906 -"]),
    (f"verify {TARGET} --icarus-time 5", 2, ["L0924 -"]),
    (f"verify {TARGET} --resume earlier.json", 2, ["L0924 -"]),
    (f"verify {TARGET} --mutate 4 --resume missing.json", 2, ["L0906 -"]),
]


def damage_programs(folder):
    subprocess.run([LATHE, "compile", G, *T.split(), *S.split(), "-o", "good.lprog"], cwd=folder,
                   check=True, capture_output=True)
    good = (folder / "good.lprog").read_bytes()
    flipped, newer = bytearray(good), bytearray(good)
    flipped[-1] ^= 1
    newer[8] ^= 0x40
    for name, data in (("empty", b""), ("short", good[:20]), ("cut", good[:-1]), ("longer", good + b"x"),
                       ("flipped", flipped), ("newer", newer)):
        (folder / f"{name}.lprog").write_bytes(data)


def prepare(folder, small):
    folder.mkdir()
    for name, text in (("two.lathe", TWO), ("gather.lathe", GATHER), ("big.lathe", BIG), ("long.lathe", LONG), ("notes.txt", "notes\n"),
                       ("key.yaml", TESTS.replace("    kernel", "    kernl: x\n    kernel")),
                       ("value.yaml", TESTS + "    on: [rtl, sim]\n")):
        (folder / name).write_text(text)
    shutil.copy(TARGET / "kernels" / G, folder / G)
    shutil.copy(small / "copy.lathe", folder / "copy.lathe")
    shutil.copytree(small, folder / "small")
    shutil.copytree(small, folder / "linked")
    (folder / "linked" / "notes").symlink_to("/etc/hostname")
    (folder / "edited" / ".vscode").mkdir(parents=True)
    (folder / "edited" / ".vscode" / "settings.json").write_text("{}\n")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "lathe-plugin.yaml").write_text("lathe: plugin/1\nname: broken\nversoin: 1\n")
    for name in ("zero.lathe", "zero.yaml"):
        (folder / name).symlink_to("/dev/zero")
    (folder / "loop.lathe").symlink_to("loop.lathe")
    os.mkfifo(folder / "pipe.lathe")
    shutil.copytree(TARGET, folder / "no_rtl", ignore=shutil.ignore_patterns("rtl", "tests"))
    manifest = folder / "no_rtl" / "lathe-plugin.yaml"
    manifest.write_text(manifest.read_text().partition("\nrtl:")[0] + "\n")
    shutil.copy(TARGET / "tests" / "digits" / "images.npy", folder)
    damage_programs(folder)


def command_cases(scratch, small):
    """`small` is a plugin with 16 bits of host address, and a kernel for it."""
    folder = scratch / "commands"
    prepare(folder, small)
    for line, status, expected in LINES:
        yield Case("command line", "lathe " + line.replace(str(ROOT) + "/", ""), line.split(), status, expected,
                   folder)
    spaced = folder / "with space" / "systolic array"
    shutil.copytree(small, spaced)
    yield Case("command line", "a folder with spaces in its name", ["check", "with space/systolic array"], 0,
               [], folder, "base@default")
    yield Case("command line", "a full disk under stdout", ["help"], 6, [], folder, "cannot write", out="/dev/full")
    yield Case("command line", "a full disk under a result",
               "run big.lathe --on reference --size N=50000 --size M=2 --seed 1 --out y=y.npy".split(), 6,
               ["L0102 y.npy"], folder, file_bytes=20000)
    yield Case("command line", "a full disk under a program",
               f"compile {G} {T} --size M=2000 --size N=2000 --size K=2000 -o big.lprog".split(), 6, ["L0102 -"],
               folder, file_bytes=100000)
    yield Case("command line", "a cache that cannot be written, without RTL",
               f"run {G} {T} {S} --seed 1 --compare".split(), 0, [], folder, "equal",
               environment={"XDG_CACHE_HOME": "/proc"})
    yield Case("command line", "a package without the program that makes it", ["pack", f"{TARGET}/"], 6, ["L0971 -"],
               folder, environment={"PATH": "/nowhere"})
    yield Case("command line", "no home and no cache", f"run {G} {T} {S} --seed 1 --compare".split(), 0, [],
               folder, "equal", environment={"XDG_CACHE_HOME": "", "HOME": ""})
