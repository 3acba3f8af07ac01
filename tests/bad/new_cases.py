"""`lathe new`: names and places that cannot be, and FuseSoC cores that cannot be read. None leaves a file."""
from harness import Case

FILES = "  rtl:\n    files: [a.sv]\n    file_type: systemVerilogSource\n"
HEAD = "CAPI=2:\nname: ::a:1\nfilesets:\n"

# (name, arguments, exit code, messages)
WORDS = [
    ("no name", "new target", 2, ["L0904 -"]),
    ("no such thing", "new machine x", 2, ["L0901 -"]),
    ("a digit first", "new target 4x4", 2, ["L0961 -"]),
    ("a path", "new target a/b", 2, ["L0961 -"]),
    ("a dash", "new kernel a-b", 2, ["L0961 -"]),
    ("a word of the notation", "new kernel sum", 2, ["L0961 -"]),
    ("far too long", "new target " + "n" * 61, 2, ["L0961 -"]),
    ("a folder that exists", "new target there", 2, ["L0960 -"]),
    ("a file that exists", "new target file", 2, ["L0960 -"]),
    ("a kernel that exists", "new kernel there", 2, ["L0960 -"]),
    ("no folder to write in", "new target x --in nowhere", 6, ["L0102 -"]),
    ("a file to write in", "new target x --in file", 6, ["L0102 -"]),
    ("no folder for a kernel", "new kernel x --in nowhere", 6, ["L0102 -"]),
    ("no core", "new target x --from-core none.core", 3, ["L0101 none.core"]),
]

# (name, text of x.core, messages)
CORES = [
    ("not a core", "name: ::a:1\n", ["L0260 1:1 x.core"]),
    ("no name", "CAPI=2:\nfilesets: {}\n", ["L0261 1:1 x.core"]),
    ("file sets in a list", "CAPI=2:\nname: ::a:1\nfilesets: [rtl]\n", ["L0261 3:11 x.core"]),
    ("files in a map", HEAD + "  rtl:\n    files: {a: b}\n", ["L0261 5:12 x.core"]),
    ("targets that list no file sets", HEAD + FILES + "targets: {default: {filesets: rtl}}\n",
     ["L0261 7:31 x.core"]),
    ("a condition", HEAD + "  rtl:\n    files: ['tool_icarus? (a.sv)']\n    file_type: systemVerilogSource\n",
     ["L0262 5:13 x.core"]),
    ("a file set that is not there", HEAD + FILES + "targets: {default: {filesets: [rlt]}}\n",
     ["L0263 7:32 x.core"]),
    ("no Verilog", HEAD + "  c: {files: [a.sv], file_type: cppSource}\n", ["L0265 4:15 x.core", "L0264 4:3 x.core"]),
    ("no type", HEAD + "  c: {files: [a.sv]}\n", ["L0265 4:15 x.core", "L0264 4:3 x.core"]),
    ("a missing file", HEAD + FILES.replace("a.sv", "a.sv, b.sv"), ["L0101 5:19 x.core"]),
    ("a file elsewhere", HEAD + FILES.replace("a.sv", "../file"), ["L0101 5:13 x.core"]),
    ("an anchor", HEAD + FILES + "targets: {default: &d {filesets: [rtl]}}\n", ["L0205 7:20 x.core"]),
]


def new_cases(scratch):
    folder = scratch / "new"
    folder.mkdir()
    (folder / "there").mkdir()
    (folder / "file").write_text("text\n")
    (folder / "there.lathe").write_text("text\n")
    cases = [Case("lathe new", name, words.split(), status, expect, folder)
             for name, words, status, expect in WORDS]
    for number, (name, text, expect) in enumerate(CORES):
        own = folder / f"core{number}"
        own.mkdir()
        (own / "x.core").write_text(text)
        (own / "a.sv").write_text("module a; endmodule\n")
        cases.append(Case("lathe new", name, "new target x --from-core x.core".split(), 3, expect, own))
    return cases
