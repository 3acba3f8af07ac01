"""Bindings that are wrong in one place, over the designs of tests/binding: what the description's reader
says, and what is said when the design's ports are known."""
import shutil

from harness import ROOT, Case
from rtl_cases import place_of

DESIGNS = ROOT / "tests" / "binding"
YAML = "lathe-plugin.yaml"

# (what, design, file, text, its replacement, codes); '@' in the replacement is the place that is blamed first.
# A mistake in a class of intrinsics is reported for each of them.
DESCRIBED = [
    ("no such protocol", "apb_dot", YAML, "protocol: apb,", "protocol: @apbb,", "L0430"),
    ("a protocol that has another use", "apb_dot", YAML, "spm: {protocol: sram", "spm: {protocol: @axi4", "L0430"),
    ("no such role", "apb_dot", YAML, "{en: res_ce}", "{@enable: res_ce}", "L0431"),
    ("no such memory", "apb_dot", YAML, "      spm: {", "      @spn: {", "L0432"),
    ("nothing says when it is done", "apb_dot", YAML, "done: {poll: 0x04, mask: 0x1, clear: 0x04, clear_value: 1}",
     "done: @{mask: 1}", "L0433"),
    ("a program that nothing starts", "program_lanes", YAML, ", start: 0x00}", "}", "L0434"),
    ("host memory out of reach", "stream_words", YAML, "    memories:\n      host: {protocol: sram, prefix: mem_, latency: 2 cycles}\n",
     "", "L0435 L0435"),
    ("an instruction without a start", "apb_dot", YAML, "start: 0x00", "start: 0x1c", "L0435 L0435 L0435"),
    ("a register that no bus reaches", "stream_words", YAML, "{port: busy, level: 0}", "{port: busy, clear: @0x04}", "L0436"),
    ("no path of an array", "program_lanes", YAML, "array: u_lanes.rows_q", "array: @u_lanes..rows_q", "L0437"),
    ("a table of something else", "program_lanes", YAML, "0x14: count", "0x14: @length", "L0438"),
    ("a port with two uses", "apb_dot", YAML, "    commands:", "    ties: {@presetn: 0}\n    commands:", "L0439"),
    ("bits of an encoding that has none", "apb_dot", "apb_dot.td", "def DOT : Dot<\"3\"> {", "def DOT : Dot<\"3\"> {\n  let @Inst{0} = 1;",
     "L0440"),
    ("writes beside an encoding", "program_lanes", "program_lanes.td", "  let MinusOne", "  let @Writes = [Write<0, \"1\">];\n  let MinusOne",
     "L0441 L0441 L0441"),
    ("operands that no word holds", "apb_dot", "apb_dot.td", "Extent<1, Int<8>>:$rows, Immediate<u16>:$stride",
     "Extent<1, Int<8>>:$rows, Immediate<u64>:$p, Immediate<u64>:$q, Immediate<u64>:$r, Immediate<u64>:$s, Immediate<u16>:$stride", "L0442 L0442"),
    ("a negative register", "apb_dot", "apb_dot.td", "let Writes = [Write<0x08", "let @Writes = [Write<-8", "L0443 L0443"),
    ("a value of unknown operands", "apb_dot", "apb_dot.td", "\"rows - 1\"", "\"@row - 1\"", "L0227 L0227"),
    ("an operand that nothing has", "preloaded_ring", YAML, "{x: x_row", "{@xx: x_row", "L0446"),
    ("beats of two sizes", "apb_dot", "machine.yaml", "write: 4 B/cycle", "write: 8 B/cycle", "L0445"),
    ("no address", "apb_dot", YAML, "poll: 0x04", "poll: @soon", "L0246"),
]
BUILT = [
    ("no such clock", "apb_dot", YAML, "clocks: [pclk]", "clocks: [@pclock]", "L0820 L0826"),
    ("a prefix that no port has", "preloaded_ring", YAML, "ports: {data: products}", "ports: {data: @product}", "L0820"),
    ("an input for an output", "matrix_fifo", YAML, "done: {port: idle}", "done: {port: @test_mode}", "L0821"),
    ("a clock that is an output", "preloaded_ring", YAML, "clocks: [clk]", "clocks: [@done]", "L0821 L0826"),
    ("memory of another width", "matrix_fifo", "machine.yaml", "read: 1 B/cycle, write: 1 B/cycle",
     "read: 2 B/cycle, write: 2 B/cycle", "L0822 L0822 L0822"),
    ("a register beyond the bus", "apb_dot", "apb_dot.td", "Write<0x14, \"rows - 1\">", "Write<0x24, \"@rows - 1\">", "L0823 L0823"),
    ("no such array", "program_lanes", YAML, "u_lanes.rows_q", "@u_lanes.rows", "L0824"),
    ("an array that is too short", "preloaded_ring", "machine.yaml", "x: {capacity: 128 B}", "x: {capacity: 256 B}", "L0825"),
    ("an input that nothing drives", "matrix_fifo", YAML, "    ties: {test_mode: 0}\n", "", "L0826"),
]


def changed_design(folder, design, file, old, new):
    """A copy of the design with a change; 'line:column' of '@' in it, or nothing."""
    shutil.copytree(DESIGNS / design, folder)
    path = folder / file
    text = path.read_text()
    assert text.count(old) >= 1, (file, old)
    text = text.replace(old, new, 1)
    path.write_text(text.replace("@", ""))
    return place_of(text, "@") if "@" in new else ""


def binding_cases(scratch, cache):
    number = 0
    for changes, words, code in ((DESCRIBED, ["check", "./"], 3), (BUILT, ["build", "./", "-o", "model.so"], 5)):
        for what, design, file, old, new, message in changes:
            number += 1
            folder = scratch / f"binding{number}"
            place = changed_design(folder, design, file, old, new)
            first, *more = message.split(" ")
            expected = f"{first} {place} {file}" if place else first
            yield Case("binding", what, words, code, [expected, *more], folder, cache=cache)
