// lathe-isa-reader: TableGen in a process of its own.
//
// Reads from stdin the text of an ISA description and of every file it may include, and writes one
// JSON value a line to stdout: diagnostics as they happen, then the records. The file system is not
// touched. Limits on memory and time are set before the first byte is read, since TableGen exits,
// overflows its stack or runs forever on bad input; the parent turns each end into a diagnostic.
//
//   lathe-isa-reader MEMORY_BYTES CPU_SECONDS
//   in    lathe-isa 1\n  { include DIR\n }  { file SIZE PATH\n BYTES }   the first file is the main
//   one out   {"diagnostic": [file, offset, "error", text]}\n ... {"isa": {...}}\n
// A location is [file, offset]: an index into the input's files, and a byte offset (-1: none).
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Parser.h"
#include "llvm/TableGen/Record.h"

#include <sys/resource.h>
#include <unistd.h>

using namespace llvm;

namespace {

constexpr int kBadInput = 3; // our own caller's mistake
constexpr rlim_t kOutputBytes = 1 << 24;
constexpr unsigned kConstantRun = 32; // constant bits are written in runs of at most this width

struct Input {
  std::vector<std::string> includeDirs;
  std::vector<std::pair<std::string, StringRef>> files;
};

void limit(__rlimit_resource_t what, rlim_t amount) {
  rlimit value{amount, amount};
  setrlimit(what, &value);
}

void applyLimits(rlim_t memoryBytes, rlim_t cpuSeconds) {
  limit(RLIMIT_AS, memoryBytes);
  limit(RLIMIT_CPU, cpuSeconds);
  limit(RLIMIT_FSIZE, kOutputBytes);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 3); // stdin, stdout, stderr: nothing else can be opened
}

std::optional<Input> parseInput(StringRef text) {
  if (!text.consume_front("lathe-isa 1\n"))
    return std::nullopt;
  Input input;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    if (line.consume_front("include ")) {
      input.includeDirs.push_back(line.str());
      continue;
    }
    size_t size = 0;
    if (!line.consume_front("file ") || line.consumeInteger(10, size) || size > text.size())
      return std::nullopt;
    input.files.emplace_back(line.drop_front(1).str(), text.take_front(size));
    text = text.drop_front(size);
  }
  return input.files.empty() ? std::nullopt : std::optional(std::move(input));
}

/// Turns SMLocs into [file, offset], and writes diagnostics at once: TableGen may exit any time.
class Locations {
public:
  Locations(const Input &input, SourceMgr &manager) : input(input), manager(manager) {}

  json::Array at(SMLoc loc) const { return placeIn(manager, loc); }

  static void onDiagnostic(const SMDiagnostic &diagnostic, void *context) {
    static_cast<const Locations *>(context)->write(diagnostic);
  }

private:
  int64_t fileIndex(StringRef path) const {
    for (size_t i = 0; i < input.files.size(); ++i)
      if (input.files[i].first == path)
        return i;
    return 0;
  }

  // While TableGen parses, the buffers are in its own manager: the diagnostic carries that one.
  void write(const SMDiagnostic &diagnostic) const {
    StringRef kind = diagnostic.getKind() == SourceMgr::DK_Error     ? "error"
                     : diagnostic.getKind() == SourceMgr::DK_Warning ? "warning"
                                                                     : "note";
    const SourceMgr *current = diagnostic.getSourceMgr();
    json::Array place = placeIn(current ? *current : manager, diagnostic.getLoc());
    place.push_back(kind);
    place.push_back(json::fixUTF8(diagnostic.getMessage()));
    outs() << json::Value(json::Object{{"diagnostic", std::move(place)}}) << '\n';
    outs().flush();
  }

  json::Array placeIn(const SourceMgr &current, SMLoc loc) const {
    unsigned buffer = loc.isValid() ? current.FindBufferContainingLoc(loc) : 0;
    if (buffer == 0)
      return json::Array{0, -1};
    const MemoryBuffer *memory = current.getMemoryBuffer(buffer);
    return json::Array{fileIndex(memory->getBufferIdentifier()),
                       static_cast<int64_t>(loc.getPointer() - memory->getBufferStart())};
  }

  const Input &input;
  SourceMgr &manager;
};

/// The records as JSON. What a record lacks is null: the parent knows what is required.
class IsaWriter {
public:
  IsaWriter(const RecordKeeper &records, const Locations &locations)
      : records(records), locations(locations) {}

  json::Object write() const {
    return json::Object{{"params", list("Param", &IsaWriter::param)},
                        {"spaces", list("Space", &IsaWriter::space)},
                        {"states", list("State", &IsaWriter::state)},
                        {"units", list("Unit", &IsaWriter::unit)},
                        {"intrinsics", list("Intrinsic", &IsaWriter::intrinsic)}};
  }

private:
  using Describe = json::Object (IsaWriter::*)(const Record &) const;

  json::Array list(StringRef className, Describe describe) const {
    json::Array out;
    if (!records.getClass(className))
      return out;
    std::vector<const Record *> defs;
    for (const Record *record : records.getAllDerivedDefinitions(className))
      if (!record->isAnonymous())
        defs.push_back(record);
    llvm::sort(defs, [](const Record *a, const Record *b) { return a->getID() < b->getID(); });
    for (const Record *record : defs)
      out.push_back((this->*describe)(*record));
    return out;
  }

  // The record's name and place, and the place of each field that the description set itself.
  json::Object header(const Record &record, ArrayRef<StringRef> fields) const {
    json::Object places;
    for (StringRef field : fields)
      if (const RecordVal *value = record.getValue(field))
        places[field] = locations.at(value->getLoc());
    json::Array at;
    for (SMLoc loc : record.getLoc())
      at.push_back(locations.at(loc));
    return json::Object{
        {"record", record.getName()}, {"at", std::move(at)}, {"fields", std::move(places)}};
  }

  static const Init *valueOf(const Record &record, StringRef field) {
    const RecordVal *value = record.getValue(field);
    return value ? value->getValue() : nullptr;
  }

  static json::Value text(const Record &record, StringRef field) {
    if (auto *value = dyn_cast_or_null<StringInit>(valueOf(record, field)))
      return json::fixUTF8(value->getValue());
    return nullptr;
  }

  static json::Value number(const Record &record, StringRef field) {
    if (auto *value = dyn_cast_or_null<IntInit>(valueOf(record, field)))
      return value->getValue();
    return nullptr;
  }

  static const Record *reference(const Record &record, StringRef field) {
    auto *value = dyn_cast_or_null<DefInit>(valueOf(record, field));
    return value ? value->getDef() : nullptr;
  }

  static json::Value recordName(const Record *record) {
    return record ? json::Value(record->getName()) : json::Value(nullptr);
  }

  static json::Value elementType(const Record &record) {
    const Record *element = reference(record, "ElementType");
    return element ? text(*element, "Notation") : json::Value(nullptr);
  }

  static json::Value bound(const Record *bound) {
    if (!bound)
      return nullptr;
    return bound->isSubClassOf("Param") ? json::Value(bound->getName()) : number(*bound, "Default");
  }

  json::Object param(const Record &record) const {
    json::Object out = header(record, {"Default", "Summary"});
    out["default"] = number(record, "Default");
    out["summary"] = text(record, "Summary");
    return out;
  }

  json::Object space(const Record &record) const {
    json::Object out = header(record, {"Name", "ElementType", "Row", "Hazards", "Layout"});
    out["name"] = text(record, "Name");
    out["element"] = elementType(record);
    out["summary"] = text(record, "Summary");
    out["hazards"] = text(record, "Hazards");
    out["layout"] = text(record, "Layout");
    json::Array row;
    if (auto *sizes = dyn_cast_or_null<ListInit>(valueOf(record, "Row")))
      for (const Init *size : sizes->getElements())
        row.push_back(isa<DefInit>(size) ? bound(cast<DefInit>(size)->getDef())
                                         : json::Value(nullptr));
    out["row"] = std::move(row);
    return out;
  }

  json::Object state(const Record &record) const {
    json::Object out = header(record, {"ElementType"});
    out["element"] = elementType(record);
    out["summary"] = text(record, "Summary");
    return out;
  }

  json::Object unit(const Record &record) const {
    json::Object out = header(record, {"Name"});
    out["name"] = text(record, "Name");
    out["summary"] = text(record, "Summary");
    return out;
  }

  json::Object intrinsic(const Record &record) const {
    json::Object out =
        header(record, {"Width", "Inst", "Operands", "Semantics", "Strides", "Layouts", "MinusOne",
                        "Defaults", "ExecutedBy", "Pipe", "Writes"});
    out["width"] = number(record, "Width");
    out["summary"] = text(record, "Summary");
    out["semantics"] = text(record, "Semantics");
    out["unit"] = recordName(reference(record, "ExecutedBy"));
    out["pipe"] = text(record, "Pipe");
    out["operands"] = operands(record);
    out["strides"] = strides(record);
    out["layouts"] = layouts(record);
    out["minusOne"] = strings(valueOf(record, "MinusOne"));
    out["defaults"] = defaults(record);
    out["writes"] = writes(record);
    out["bitFields"] = bitFields(record);
    out["inst"] = instructionBits(record);
    return out;
  }

  // [Write<address, value>, ...] as [address, value].
  static json::Array writes(const Record &record) {
    json::Array out;
    if (auto *list = dyn_cast_or_null<ListInit>(valueOf(record, "Writes")))
      for (const Init *write : list->getElements())
        if (auto *def = dyn_cast<DefInit>(write))
          out.push_back(
              json::Array{number(*def->getDef(), "Address"), text(*def->getDef(), "Value")});
    return out;
  }

  static json::Array strings(const Init *value) {
    json::Array out;
    if (auto *elements = dyn_cast_or_null<ListInit>(value))
      for (const Init *element : elements->getElements())
        if (auto *string = dyn_cast<StringInit>(element))
          out.push_back(json::fixUTF8(string->getValue()));
    return out;
  }

  json::Array operands(const Record &record) const {
    json::Array out;
    if (auto *dag = dyn_cast_or_null<DagInit>(valueOf(record, "Operands")))
      for (unsigned i = 0; i < dag->getNumArgs(); ++i)
        out.push_back(operand(dag->getArgNameStr(i), dag->getArg(i)));
    return out;
  }

  static json::Object operand(StringRef name, const Init *value) {
    json::Object out{{"name", name}};
    auto *def = dyn_cast<DefInit>(value);
    const Record *kind = def ? def->getDef() : nullptr;
    if (kind && kind->isSubClassOf("Tile")) {
      out["kind"] = "tile";
      out["space"] = recordName(reference(*kind, "In"));
      out["element"] = elementType(*kind);
      out["shape"] = strings(valueOf(*kind, "Shape"));
      out["tileAt"] = text(*kind, "At");
    } else if (kind && kind->isSubClassOf("Extent")) {
      out["kind"] = "extent";
      out["min"] = number(*kind, "Min");
      out["max"] = bound(reference(*kind, "Max"));
    } else if (kind && kind->isSubClassOf("Immediate")) {
      out["kind"] = "immediate";
      out["element"] = elementType(*kind);
    } else {
      out["kind"] = value->getAsString();
    }
    return out;
  }

  // (strides STATE:$operand, "immediate":$operand) as [operand, "state" or "operand", name].
  json::Array strides(const Record &record) const {
    json::Array out;
    auto *dag = dyn_cast_or_null<DagInit>(valueOf(record, "Strides"));
    for (unsigned i = 0; dag && i < dag->getNumArgs(); ++i) {
      json::Array stride{dag->getArgNameStr(i)};
      if (auto *string = dyn_cast<StringInit>(dag->getArg(i))) {
        stride.push_back("operand");
        stride.push_back(json::fixUTF8(string->getValue()));
      } else {
        auto *def = dyn_cast<DefInit>(dag->getArg(i));
        stride.push_back(def && def->getDef()->isSubClassOf("State") ? "state" : "other");
        stride.push_back(dag->getArg(i)->getAsString());
      }
      out.push_back(std::move(stride));
    }
    return out;
  }

  // (layout "TEXT":$operand) as [operand, text]; null for anything else.
  json::Array layouts(const Record &record) const {
    json::Array out;
    auto *dag = dyn_cast_or_null<DagInit>(valueOf(record, "Layouts"));
    for (unsigned i = 0; dag && i < dag->getNumArgs(); ++i) {
      json::Value value(nullptr);
      if (auto *string = dyn_cast<StringInit>(dag->getArg(i)))
        value = json::fixUTF8(string->getValue());
      out.push_back(json::Array{dag->getArgNameStr(i), std::move(value)});
    }
    return out;
  }

  // (defaults 1:$operand, PARAM:$operand) as [operand, number or name]; null for anything else.
  json::Array defaults(const Record &record) const {
    json::Array out;
    auto *dag = dyn_cast_or_null<DagInit>(valueOf(record, "Defaults"));
    for (unsigned i = 0; dag && i < dag->getNumArgs(); ++i) {
      json::Value value(nullptr);
      if (auto *number = dyn_cast<IntInit>(dag->getArg(i)))
        value = number->getValue();
      else if (auto *def = dyn_cast<DefInit>(dag->getArg(i));
               def && def->getDef()->isSubClassOf("Bound"))
        value = bound(def->getDef());
      out.push_back(json::Array{dag->getArgNameStr(i), std::move(value)});
    }
    return out;
  }

  static unsigned bitWidth(const RecTy *type) {
    auto *bits = dyn_cast<BitsRecTy>(type);
    return bits ? bits->getNumBits() : isa<BitRecTy>(type) ? 1 : 0;
  }

  // Every `bits<N> name` and `bit name` of the record that has no value, apart from Inst.
  json::Array bitFields(const Record &record) const {
    json::Array out;
    for (const RecordVal &value : record.getValues())
      if (unsigned width = bitWidth(value.getType());
          width && value.getName() != "Inst" && !value.getValue()->isComplete())
        out.push_back(json::Array{value.getName(), width, locations.at(value.getLoc())});
    return out;
  }

  // Inst from bit 0 up: [lsb, width, value] for constants, [lsb, width, field, field's lsb]. A bit
  // that is neither counts as a field with its text as name. Bits that nothing sets are left out.
  json::Array instructionBits(const Record &record) const {
    json::Array out;
    auto *bits = dyn_cast_or_null<BitsInit>(valueOf(record, "Inst"));
    for (unsigned lsb = 0; bits && lsb < bits->getNumBits();) {
      const Init *bit = bits->getBit(lsb);
      if (isa<UnsetInit>(bit))
        ++lsb;
      else if (isa<BitInit>(bit))
        lsb += constantRun(*bits, lsb, out);
      else
        lsb += fieldRun(*bits, lsb, out);
    }
    return out;
  }

  static unsigned constantRun(const BitsInit &bits, unsigned lsb, json::Array &out) {
    uint64_t value = 0;
    unsigned width = 0;
    for (; lsb + width < bits.getNumBits() && width < kConstantRun; ++width) {
      auto *bit = dyn_cast<BitInit>(bits.getBit(lsb + width));
      if (!bit)
        break;
      value |= uint64_t(bit->getValue()) << width;
    }
    out.push_back(json::Array{lsb, width, static_cast<int64_t>(value)});
    return width;
  }

  struct FieldBit {
    std::string name;
    unsigned bit = 0;
  };
  static FieldBit fieldBit(const Init *init) {
    if (auto *whole = dyn_cast<VarInit>(init))
      return {whole->getName().str(), 0};
    auto *bit = dyn_cast<VarBitInit>(init);
    auto *variable = bit ? dyn_cast<VarInit>(bit->getBitVar()) : nullptr;
    if (!variable)
      return {json::fixUTF8(init->getAsString()), 0};
    return {variable->getName().str(), bit->getBitNum()};
  }

  static unsigned fieldRun(const BitsInit &bits, unsigned lsb, json::Array &out) {
    FieldBit first = fieldBit(bits.getBit(lsb));
    unsigned width = 1;
    for (; lsb + width < bits.getNumBits() && !isa<UnsetInit, BitInit>(bits.getBit(lsb + width));
         ++width) {
      FieldBit next = fieldBit(bits.getBit(lsb + width));
      if (next.name != first.name || next.bit != first.bit + width)
        break;
    }
    out.push_back(json::Array{lsb, width, first.name, first.bit});
    return width;
  }

  const RecordKeeper &records;
  const Locations &locations;
};

int readIsa(const Input &input) {
  SourceMgr manager;
  auto files = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
  for (const auto &[path, text] : input.files)
    files->addFile(path, 0, MemoryBuffer::getMemBufferCopy(text, path));
  manager.setVirtualFileSystem(files);
  manager.setIncludeDirs(input.includeDirs);
  const auto &[mainPath, mainText] = input.files.front();
  manager.AddNewSourceBuffer(MemoryBuffer::getMemBufferCopy(mainText, mainPath), SMLoc());
  Locations locations(input, manager);
  manager.setDiagHandler(Locations::onDiagnostic, &locations);

  RecordKeeper records;
  if (TableGenParseFile(manager, records))
    return 1;
  outs() << json::Value(json::Object{{"isa", IsaWriter(records, locations).write()}}) << '\n';
  outs().flush();
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  uint64_t memoryBytes = 0, cpuSeconds = 0;
  if (argc != 3 || StringRef(argv[1]).getAsInteger(10, memoryBytes) ||
      StringRef(argv[2]).getAsInteger(10, cpuSeconds))
    return kBadInput;
  applyLimits(memoryBytes, cpuSeconds);
  auto text = MemoryBuffer::getSTDIN();
  std::optional<Input> input = text ? parseInput((*text)->getBuffer()) : std::nullopt;
  if (!input)
    return kBadInput;
  int status = readIsa(*input);
  outs().flush();
  _exit(status); // nothing is worth tearing down
}
