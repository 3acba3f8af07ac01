#include "core/description/Keys.h"

using namespace lathe;

static constexpr int64_t kAny = INT64_MAX;
static constexpr int64_t kMostBytes = 1ll << 40;
static constexpr int64_t kMostCycles = 1000000;

static constexpr Key kMachineKeys[] = {
    // path, kind, unit, least, most, required, example, meaning
    {"lathe", ValueKind::Version, Measure::None, 0, 0, true, "machine/1",
     "the kind of this file and its version"},
    {"extends", ValueKind::Path, Measure::None, 0, 0, false, "default.yaml",
     "a machine file, relative to this one, whose values hold where this file says nothing"},
    {"isa", ValueKind::Name, Measure::None, 0, 0, true, "array16",
     "the plugin whose ISA this machine executes"},
    {"parameters", ValueKind::Map, Measure::None, 0, 0, false, "{DIM: 16}",
     "values of the ISA's parameters"},
    {"parameters.*", ValueKind::Quantity, Measure::None, 1, 1 << 20, false, "16",
     "one parameter; the .td's default when it is not named"},
    {"clock", ValueKind::Quantity, Measure::Frequency, 1, kAny, true, "500 MHz",
     "for times and rates in reports; cycles do not depend on it"},
    {"spaces", ValueKind::Map, Measure::None, 0, 0, true, "{...}", "the memories"},
    {"spaces.host", ValueKind::Map, Measure::None, 0, 0, true,
     "{read: 16 B/cycle, write: 16 B/cycle, latency: 40 cycles}", "the port to host memory"},
    {"spaces.host.read", ValueKind::Quantity, Measure::BytesPerCycle, 1, 4096, true, "16 B/cycle",
     "bytes of one aligned read beat; one beat a cycle"},
    {"spaces.host.write", ValueKind::Quantity, Measure::BytesPerCycle, 1, 4096, true, "16 B/cycle",
     "bytes of one aligned write beat; one beat a cycle"},
    {"spaces.host.latency", ValueKind::Quantity, Measure::Cycles, 0, kMostCycles, true, "40 cycles",
     "from a request to its response"},
    {"spaces.*", ValueKind::Map, Measure::None, 0, 0, false, "{capacity: 256 KiB, banks: 4}",
     "one memory of the ISA"},
    {"spaces.*.capacity", ValueKind::Quantity, Measure::Bytes, 1, kMostBytes, true, "256 KiB",
     "bytes of all banks together"},
    {"spaces.*.banks", ValueKind::Quantity, Measure::None, 1, 65536, false, "4",
     "equal parts of the address range, each with its own ports; 1 by default"},
    {"spaces.*.reads", ValueKind::Quantity, Measure::PerCycle, 1, 1024, false, "1 per cycle",
     "addresses that one bank reads in a cycle; 1 by default"},
    {"spaces.*.writes", ValueKind::Quantity, Measure::PerCycle, 1, 1024, false, "1 per cycle",
     "addresses that one bank writes in a cycle; 1 by default"},
    {"commands", ValueKind::Map, Measure::None, 0, 0, false,
     "{interval: 1 cycle, latency: 2 cycles}", "how commands enter"},
    {"commands.interval", ValueKind::Quantity, Measure::Cycles, 1, kMostCycles, false, "1 cycle",
     "cycles between two commands; 1 by default"},
    {"commands.latency", ValueKind::Quantity, Measure::Cycles, 0, kMostCycles, false, "2 cycles",
     "from taking a command until its unit may start it; 0 by default"},
    {"units", ValueKind::Map, Measure::None, 0, 0, true, "{...}", "the units of the ISA"},
    {"units.*", ValueKind::Map, Measure::None, 0, 0, false, "{queue: 8}", "one unit"},
    {"units.*.queue", ValueKind::Quantity, Measure::None, 1, 65536, false, "8",
     "commands waiting or running; 1 by default"},
    {"units.*.interval", ValueKind::Map, Measure::None, 0, 0, false, "{MATMUL: rows}",
     "cycles that a command holds its pipe"},
    {"units.*.interval.*", ValueKind::Cycles, Measure::Cycles, 0, kMostCycles, false,
     "rows + 2 cycles",
     "of one intrinsic, over its extents and the parameters; 1 cycle by default"},
    {"units.*.latency", ValueKind::Map, Measure::None, 0, 0, false, "{MATMUL: 2*DIM + 4 cycles}",
     "from the end of a command's interval until its results can be used"},
    {"units.*.latency.*", ValueKind::Cycles, Measure::Cycles, 0, kMostCycles, false,
     "2*DIM + 4 cycles", "of one intrinsic, over the parameters; 0 cycles by default"},
    {"units.*.release", ValueKind::Map, Measure::None, 0, 0, false, "{MATMUL: 1 cycle}",
     "from the end of a command's interval until its sources may be overwritten"},
    {"units.*.release.*", ValueKind::Cycles, Measure::Cycles, 0, kMostCycles, false, "1 cycle",
     "of one intrinsic, over the parameters; 0 cycles by default"},
};

static constexpr Key kPluginKeys[] = {
    {"lathe", ValueKind::Version, Measure::None, 0, 0, true, "plugin/1",
     "the kind of this file and its version"},
    {"name", ValueKind::Name, Measure::None, 0, 0, true, "array16", "what `-t` calls the target"},
    {"version", ValueKind::Text, Measure::None, 0, 0, true, "0.1.0",
     "of the plugin, `major.minor.patch`"},
    {"requires", ValueKind::Text, Measure::None, 0, 0, true, "lathe 0.1",
     "the oldest SDK that can read the plugin, `lathe major.minor`"},
    {"summary", ValueKind::Text, Measure::None, 0, 0, false, "a systolic array of 16 x 16",
     "the target in one sentence"},
    {"isa", ValueKind::Path, Measure::None, 0, 0, true, "isa/array16.td", "the main .td"},
    {"machines", ValueKind::Map, Measure::None, 0, 0, true, "{default: machines/default.yaml}",
     "machine files by name; the first is taken when none is asked for"},
    {"machines.*", ValueKind::Path, Measure::None, 0, 0, false, "machines/default.yaml",
     "one machine file"},
    {"rtl", ValueKind::Map, Measure::None, 0, 0, false, "{top: lathe_top, files: [rtl/*.sv]}",
     "the hardware"},
    {"rtl.top", ValueKind::Name, Measure::None, 0, 0, true, "lathe_top", "the top module"},
    {"rtl.files", ValueKind::Paths, Measure::None, 0, 0, true, "[rtl/*.sv]",
     "SystemVerilog sources; the package comes first, then in the order given"},
    {"rtl.package", ValueKind::Path, Measure::None, 0, 0, false, "rtl/array16_pkg.sv",
     "the package that `lathe show TARGET isa --format sv` writes"},
    {"rtl.parameters", ValueKind::Map, Measure::None, 0, 0, false, "{Dim: DIM}",
     "parameters of the top module"},
    {"rtl.parameters.*", ValueKind::Expression, Measure::None, 0, 0, false, "spm.addresses",
     "over the ISA's parameters, `SPACE.addresses`, `SPACE.banks`, `host.read_bytes`, "
     "`host.write_bytes` and `UNIT.queue`"},
    {"rtl.counters", ValueKind::Names, Measure::None, 0, 0, false, "[cycles, macs]",
     "the performance counters in the order of the select port"},
    {"rtl.errors", ValueKind::Map, Measure::None, 0, 0, false, "{reserved: 1, range: 2}",
     "error codes of the port `error_o`"},
    {"rtl.errors.reserved", ValueKind::Quantity, Measure::None, 1, 255, false, "1",
     "of a word that is no instruction"},
    {"rtl.errors.range", ValueKind::Quantity, Measure::None, 1, 255, false, "2",
     "of an operand outside of its memory, or an extent beyond its limit"},
    {"tests", ValueKind::Paths, Measure::None, 0, 0, false, "[tests/*.yaml]",
     "test lists that `lathe test` runs"},
    {"waivers", ValueKind::Map, Measure::None, 0, 0, false,
     "{'limit/FIR/*': 'sums are 20 bits wide'}",
     "coverage points of `lathe verify` that cannot be reached, by name with `*` and `?`"},
    {"waivers.*", ValueKind::Text, Measure::None, 0, 0, false, "'sums are 20 bits wide'",
     "why none of these points can be reached"},
};

static constexpr Key kProjectKeys[] = {
    {"lathe", ValueKind::Version, Measure::None, 0, 0, true, "project/1",
     "the kind of this file and its version"},
    {"plugins", ValueKind::Paths, Measure::None, 0, 0, true, "[targets]",
     "folders of plugins, relative to this file"},
};

const KeyTable &lathe::machineKeys() {
  static constexpr KeyTable table{"machine/1", "a machine file", kMachineKeys};
  return table;
}

const KeyTable &lathe::pluginKeys() {
  static constexpr KeyTable table{"plugin/1", "a plugin manifest", kPluginKeys};
  return table;
}

const KeyTable &lathe::projectKeys() {
  static constexpr KeyTable table{"project/1", "a project file", kProjectKeys};
  return table;
}
