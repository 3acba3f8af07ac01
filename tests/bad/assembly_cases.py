"""Programs in assembly with mistakes, and libraries of plugins whose entries cannot be used."""
import shutil

from harness import ROOT, Case

TARGET = ROOT / "targets" / "systolic_array"
HEAD = "program p for systolic_array\ninput x: i8[4,4]\noutput y: i8[4,4]\n"
COPY = "kernel copy(x: i8[M,N]) -> y: i8[M,N] { y[i,j] = x[i,j] }\n"


def top(line):
    return HEAD + line + "\n"


def inside(*lines):
    """The first line stands in line 5."""
    return HEAD + "device {\n" + "\n".join(lines) + "\n}\n"


LOAD = "LOAD src=x dst=0 rows=4 cols=4"
# name, text, messages; the file is p.lasm
TEXTS = [
    ("no header", "input x: i8[4]\n", ["L0750 1:1"]),
    ("no name", "program\n", ["L0750 1:8"]),
    ("a header of nothing", "program p in systolic_array\n", ["L0750 1:11"]),
    ("another target", "program p for other_array\n", ["L0756 1:15"]),
    ("another machine", "program p for systolic_array@edge\n", ["L0756 1:15"]),
    ("a line of nothing", top("inptu z: i8[4]"), ["L0750 4:1"]),
    ("a symbol twice", top("input x: i8[4]"), ["L0757 4:7"]),
    ("a constant named as a symbol", top("let x = 1"), ["L0757 4:5"]),
    ("a constant twice", top("let a = 1\nlet a = 2"), ["L0757 5:5"]),
    ("a size below one", top("size M = 0"), ["L0602 4:6"]),
    ("a size of an array below one", top("input z: i8[2-2]"), ["L0750 4:13"]),
    ("a symbol beyond all memory", top("input z: i8[1<<40,4]"), ["L0773 4:7"]),
    ("a symbol outside of the image", "program p for systolic_array image 8\ninput x: i8[4,4]\n", ["L0758 2:7"]),
    ("an overflow", top("let a = (1<<62)*4"), ["L0230 4:16"]),
    ("a negated overflow", top("let a = -(1<<62)*2 - 1"), ["L0230 4:20"]),
    ("a number of more than 64 bits", top("let a = 99999999999999999999"), ["L0750 4:9"]),
    ("a shift too far", top("let a = 1 << 63"), ["L0230 4:11"]),
    ("a division by zero", top("let a = 4 / (2-2)"), ["L0229 4:11"]),
    ("a remainder by zero", top("let a = 4 % 0"), ["L0229 4:11"]),
    ("an unknown name", top("let a = M + 1"), ["L0755 4:9"]),
    ("a name that is nearly known", top("let rows = 1\nlet a = row + 1"), ["L0755 5:9"]),
    ("an unknown function", top("let a = log(4)"), ["L0510 4:9"]),
    ("a comparison of a comparison", top("let a = 1 < 2 < 3"), ["L0750 4:15"]),
    ("a bracket that does not close", top("let a = (1 + 2"), ["L0750 4:15"]),
    ("an expression too deep", top("let a = " + "(" * 300 + "1" + ")" * 300), ["L0505 4:209"]),
    ("an operator without its right side", top("let a = 1 +"), ["L0750 4:12"]),
    ("an element of a constant", top("let n = 4\nlet a = n[1]"), ["L0750 5:9"]),
    ("an element outside", top("let a = x[4,0]"), ["L0766 4:9"]),
    ("an element of too many subscripts", top("let a = x[0,0,0]"), ["L0766 4:9"]),
    ("a requirement that does not hold", top("require 4 % 3 == 0"), ["L0770 4:1"], 4),
    ("data of a constant that does not fit", top("constant c: i8[2] = 1, 300"), ["L0754 4:24"]),
    ("data of a constant, too few", top("constant c: i8[3] = 1, 2"), ["L0759 4:10"]),
    ("numbers for a float constant", top("constant c: f32[1] = 1"), ["L0750 4:20"]),
    ("a huge constant", top("constant c: i8[1<<30] = 0"), ["L0773 4:10"]),
    ("a kernel that is not there", top('kernel "none.lathe"'), ["L0101 -"]),
    ("a kernel file of two", top('kernel "two.lathe"'), ["L0774 4:8"]),
    ("a kernel that the file does not have", top('kernel "two.lathe" c'), ["L0907 4:8"], 2),
    ("a kernel without its sizes", "program p for systolic_array\nkernel \"copy.lathe\"\n",
     ["L0608 1:19 copy.lathe"]),
    ("a host step on another type", top('host "h" {\nkernel h(x: i8[4]) -> y: i8[4,4] { y[i,j] = x[i] }\n}'),
     ["L0771 5:10"]),
    ("a host step on no symbol", top('host "h" {\nkernel h(z: i8[4,4]) -> y: i8[4,4] { y[i,j] = z[i,j] }\n}'),
     ["L0771 5:10"]),
    ("an unknown intrinsic", inside("LOOD src=x"), ["L0751 5:1"]),
    ("an unknown operand", inside("LOAD from=x"), ["L0752 5:6"]),
    ("an operand twice", inside("LOAD src=x src=x"), ["L0757 5:12"]),
    ("an operand without a value", inside("LOAD src= dst=0 rows=4 cols=4"), ["L0750 5:11"]),
    ("operands that are left out", inside("LOAD src=x dst=0"), ["L0753 5:1", "L0753 5:1"]),
    ("a number that does not fit", inside("LOAD src=x dst=0 rows=257 cols=4"), ["L0754 5:23"]),
    ("a host address in no symbol", inside("LOAD src=x+4096 dst=0 rows=4 cols=4"), ["L0767 5:10"]),
    ("a host address between symbols", inside("LOAD src=x+16 dst=0 rows=4 cols=4"), ["L0767 5:10"]),
    ("a label twice", inside("a:", LOAD, "a:"), ["L0757 7:1"]),
    ("a loop without an end", inside("for i in 0..4 {", LOAD), ["L0750 4:8"]),
    ("a loop without its brace", inside("for i in 0..4", LOAD, ""), ["L0750 5:14"]),
    ("a loop without 'in'", inside("for i = 0 {", LOAD, "}"), ["L0750 5:7"]),
    ("a loop without '..'", inside("for i in 4 {", LOAD, "}"), ["L0750 5:12"]),
    ("a loop with a step of zero", inside("for i in 0..4 step 0 {", LOAD, "}"), ["L0768 5:5"]),
    ("a loop with more behind its brace", inside("for i in 0..4 { " + LOAD, "}"), ["L0750 5:17"]),
    ("a loop named as a constant", inside("let i = 0", "for i in 0..4 {", LOAD, "}"), ["L0757 6:5"]),
    ("a loop whose name is used behind it", inside("for i in 0..4 {", "}", "LOAD src=x dst=i rows=1 cols=1"),
     ["L0755 7:16"]),
    ("mistakes in and behind a loop", inside("for i in 0..4 {", "LOOD src=x", "}", "LOAD from=x"),
     ["L0751 6:1", "L0752 8:6"]),
    ("a mistake of one pass", inside("for i in 0..4 {", "LOAD src=x[2*i,0] dst=0 rows=1 cols=1", "}"),
     ["L0766 6:10"]),
    ("a loop without end in sight", inside("for i in 0..1<<60 {", "}"), ["L0769 5:5"]),
    ("too many instructions", inside("for i in 0..1<<30 {", "SET_LOAD_STRIDE value=1", "}"), ["L0769 5:5"]),
    ("loops too deep", inside(*["for i in 0..1 {"] * 33, *["}"] * 33), ["L0505 37:15", "L0750 71:1"]),
    ("an 'else' of nothing", inside("for i in 0..4 {", LOAD, "} else {", "}"), ["L0750 7:3", "L0750 9:1"]),
    ("an 'if' without a condition", inside("if {", LOAD, "}"), ["L0750 5:4"]),
]

# name, files of library/, messages of `lathe check`
LIBRARIES = [
    ("a kernel without its program", {"a.lathe": COPY}, ["L0242 a.lathe"]),
    ("a program without its kernel", {"a.lasm": "program a for systolic_array\n"}, ["L0242 a.lasm"]),
    ("a file of two kernels", {"a.lathe": COPY + COPY.replace("copy(", "again("), "a.lasm": ""}, ["L0243 2:8 a.lathe"]),
    ("a kernel that is wrong", {"a.lathe": "kernel a(\n", "a.lasm": ""}, ["L0504 2:1 a.lathe"]),
    ("a program without a kernel", {"a.lathe": COPY, "a.lasm": "program a for systolic_array\n"}, ["L0244 a.lasm"]),
    ("a program of another kernel",
     {"a.lathe": COPY, "a.lasm": 'program a for systolic_array\nsize M = 4\nsize N = 4\nkernel "b.lathe"\n'},
     ["L0244 4:8 a.lasm"]),
    ("a program with a host step",
     {"a.lathe": COPY, "a.lasm": 'program a for systolic_array\nsize M = 4\nsize N = 4\nkernel "a.lathe"\nhost "h" {\n'
                                 "kernel h(x: i8[4,4]) -> y: i8[4,4] { y[i,j] = x[i,j] }\n}\n"}, ["L0244 a.lasm"]),
    ("statements that are not one group",
     {"a.lathe": "kernel a(x: i8[M]) -> (y: i8[M], z: i8[M]) {\n  y[i] = x[i]\n  z[i] = x[i]\n}\n",
      "a.lasm": 'program a for systolic_array\nsize M = 4\nkernel "a.lathe"\n'}, ["L0245 a.lasm"]),
]


def assembly_cases(scratch):
    folder = scratch / "assembly"
    for number, (name, text, expected, *status) in enumerate(TEXTS):
        place = folder / str(number)
        place.mkdir(parents=True)
        (place / "p.lasm").write_text(text)
        (place / "copy.lathe").write_text(COPY)
        (place / "two.lathe").write_text(COPY + COPY.replace("copy(", "again("))
        codes = [code if len(code.split()) == 3 or code[-1] == "-" else code + " p.lasm" for code in expected]
        yield Case("assembly", name, ["assemble", "p.lasm", "-t", f"{TARGET}/", "-o", "p.lprog"], *(status or [3]), codes, place)
    place = folder / "sizes"
    place.mkdir()
    (place / "p.lasm").write_text(top("size ROWS = 4"))
    yield Case("assembly", "a size that it does not have",
               ["assemble", "p.lasm", "-t", f"{TARGET}/", "--size", "ROW=3"], 3, ["L0601 -"], place, "did you mean")
    yield Case("assembly", "a comparison without a kernel",
               ["run", "p.lasm", "-t", f"{TARGET}/", "--seed", "1", "--compare"], 2, ["L0924 -"], place)
    for number, (name, files, expected) in enumerate(LIBRARIES):
        plugin = folder / f"library{number}"
        shutil.copytree(TARGET, plugin, ignore=shutil.ignore_patterns("rtl", "tests", "library", "machines"))
        (plugin / "machines").mkdir()
        shutil.copy(TARGET / "machines" / "default.yaml", plugin / "machines")
        manifest = (plugin / "lathe-plugin.yaml").read_text().partition("\nmachines:")[0]
        (plugin / "lathe-plugin.yaml").write_text(manifest + "\nmachines: {default: machines/default.yaml}\n")
        (plugin / "library").mkdir()
        for file, text in files.items():
            (plugin / "library" / file).write_text(text)
        yield Case("library", name, ["check", "."], 3, expected, plugin)
