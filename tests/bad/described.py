"""The cases that are files: a bad .td, machine, manifest or kernel each, with what to expect of it in
comments (tests/unit/BadDescriptions.h reads the same files):

    expect: L0312 7:14    a message at this line and column of the file; 0:0: of the file as a whole;
                          `-`: of no file; `A|B`: one of two
    file: L0312 NAME      that message is about another file of the plugin
    space:, unit: ENTRY   more for the machine around a bad .td
    run: WORDS            how a kernel is run; `check` without
"""
import re
import shutil

from harness import ROOT, Case, severities

BAD = ROOT / "tests" / "bad"
SEVERITY = severities()


def comments(text, word):
    return re.findall(rf"^[/# ]*{word}: *(.*?)\s*$", text, re.MULTILINE)


def exit_of(expected):
    """An invalid description or kernel is 3; warnings alone are no failure."""
    return 3 if any(SEVERITY[re.split("[| ]", one)[0]] == "Error" for one in expected) else 0


def expected_of(text, file):
    elsewhere = dict(one.split(" ") for one in comments(text, "file"))
    expected = []
    for one in comments(text, "expect"):
        code, place = one.split(" ")
        expected.append(one if place == "-" else f"{one} {elsewhere.get(code, file)}")
    return expected


def plugin_around(folder, name, text, manifest_from="", manifest_to=""):
    """A good plugin in `folder`, but for the file `name`, whose text this is."""
    for kind, to in (("plugin/base.yaml", "lathe-plugin.yaml"), ("yaml/base.yaml", "machines/base.yaml"),
                     ("td/base.td", "isa/base.td")):
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BAD / kind, folder / to)
    data = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(data)
    if manifest_from:
        manifest = folder / "lathe-plugin.yaml"
        manifest.write_text(manifest.read_text().replace(manifest_from, manifest_to))
    return folder


def machine_around(folder, text):
    machine = folder / "machines" / "base.yaml"
    more = machine.read_text()
    for word in ("space", "unit"):
        for entry in comments(text, word):
            more = more.replace(f"{word}s:\n", f"{word}s:\n  {entry}\n")
    machine.write_text(more)


def td_case(path, folder):
    text = path.read_text()
    plugin_around(folder, "isa/isa.td", text, "isa/base.td", "isa/isa.td")
    machine_around(folder, text)
    return expected_of(text, "isa/isa.td")


def yaml_case(path, folder):
    text = path.read_text()
    plugin_around(folder, "machines/case.yaml", text, "machines/base.yaml", "machines/case.yaml")
    return expected_of(text, "machines/case.yaml")


def plugin_case(path, folder):
    plugin_around(folder, "lathe-plugin.yaml", path.read_text())
    return expected_of(path.read_text(), "lathe-plugin.yaml")


def described_cases(scratch):
    """Every file below tests/bad/{td,yaml,plugin,kernel}, as `lathe check` or as it says itself."""
    kinds = {"td": (".td", td_case), "yaml": ("YAML", yaml_case), "plugin": ("YAML", plugin_case)}
    for folder, (kind, make) in kinds.items():
        for path in sorted((BAD / folder).iterdir()):
            if path.stem != "base":
                place = scratch / folder / path.stem
                expected = make(path, place)
                yield Case(kind, path.name, ["check", "."], exit_of(expected), expected, place)
    for path in sorted((BAD / "kernel").iterdir()):
        text = path.read_text()
        place = scratch / "kernel" / path.stem
        place.mkdir(parents=True)
        shutil.copy(path, place / path.name)
        words = (comments(text, "run") or ["check"])[0].split() + [path.name]
        expected = expected_of(text, path.name)
        yield Case(".lathe", path.name, words, exit_of(expected), expected, place)
