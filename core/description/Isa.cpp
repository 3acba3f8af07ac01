#include "core/description/Isa.h"

#include "core/description/IsaSources.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <csignal>

using namespace lathe;
using llvm::StringRef;
namespace json = llvm::json;

llvm::SMLoc IsaRecord::at(StringRef field) const {
  auto found = fieldLocs.find(field);
  return found != fieldLocs.end() && found->second.isValid() ? found->second : loc;
}

namespace {

/// From the child's JSON to records. The child answers with null where the .td left a field unset;
/// that is the only mistake looked for here.
class RecordReader {
public:
  RecordReader(const IsaSources &files, Diagnostics &diagnostics)
      : files(files), diagnostics(diagnostics) {}

  Isa read(const json::Object &isa) {
    Isa out;
    out.file = files.files.front().file;
    forEach(isa, "params", [&](auto &o) { out.params.push_back(param(o)); });
    forEach(isa, "spaces", [&](auto &o) { out.spaces.push_back(space(o)); });
    forEach(isa, "states", [&](auto &o) { out.states.push_back(state(o)); });
    forEach(isa, "units", [&](auto &o) { out.units.push_back(unit(o)); });
    forEach(isa, "intrinsics", [&](auto &o) { out.intrinsics.push_back(intrinsic(o)); });
    return out;
  }

  /// The place of [file, offset].
  llvm::SMLoc location(const json::Array *at) const {
    if (!at || at->size() < 2)
      return {};
    auto index = (*at)[0].getAsInteger(), offset = (*at)[1].getAsInteger();
    if (!index || !offset || *offset < 0 || static_cast<size_t>(*index) >= files.files.size())
      return {};
    return diagnostics.sourceTexts().location(files.files[*index].file, *offset);
  }

private:
  template <typename Function>
  static void forEach(const json::Object &object, StringRef key, Function function) {
    if (const json::Array *list = object.getArray(key))
      for (const json::Value &value : *list)
        if (const json::Object *entry = value.getAsObject())
          function(*entry);
  }

  void header(const json::Object &object, IsaRecord &record) {
    record.name = object.getString("record").value_or("").str();
    if (const json::Array *places = object.getArray("at"); places && !places->empty()) {
      record.prototypeLoc = location(places->front().getAsArray());
      record.loc = location(places->back().getAsArray());
    }
    if (const json::Object *fields = object.getObject("fields"))
      for (const auto &[name, place] : *fields)
        if (const json::Array *at = place.getAsArray(); at && !isVocabulary(*at))
          record.fieldLocs.emplace(StringRef(name).str(), location(at));
  }

  // A field that only the vocabulary sets is the record's: nobody mends the vocabulary.
  bool isVocabulary(const json::Array &at) const {
    return at.front().getAsInteger() == static_cast<int64_t>(files.files.size()) - 1;
  }

  void missing(const IsaRecord &record, StringRef field) {
    diagnostics.report(Message::IsaFieldUnset, record.at(field), record.name, field);
  }

  std::string text(const json::Object &object, StringRef key, const IsaRecord &record,
                   StringRef field) {
    if (auto value = object.getString(key))
      return value->str();
    missing(record, field);
    return {};
  }

  int64_t number(const json::Object &object, StringRef key, const IsaRecord &record,
                 StringRef field) {
    if (auto value = object.getInteger(key))
      return *value;
    missing(record, field);
    return 1;
  }

  IsaBound bound(const json::Value *value, const IsaRecord &record, StringRef field) {
    if (auto name = value ? value->getAsString() : std::nullopt)
      return {name->str(), 0};
    if (auto number = value ? value->getAsInteger() : std::nullopt)
      return {"", *number};
    missing(record, field);
    return {"", 1};
  }

  IsaParam param(const json::Object &object) {
    IsaParam out;
    header(object, out);
    out.defaultValue = number(object, "default", out, "Default");
    out.summary = text(object, "summary", out, "Summary");
    return out;
  }

  IsaSpace space(const json::Object &object) {
    IsaSpace out;
    header(object, out);
    out.notation = text(object, "name", out, "Name");
    out.element = text(object, "element", out, "ElementType");
    out.summary = text(object, "summary", out, "Summary");
    out.hazards = text(object, "hazards", out, "Hazards");
    out.layout = text(object, "layout", out, "Layout");
    if (const json::Array *row = object.getArray("row"))
      for (const json::Value &size : *row)
        out.row.push_back(bound(&size, out, "Row"));
    return out;
  }

  IsaState state(const json::Object &object) {
    IsaState out;
    header(object, out);
    out.element = text(object, "element", out, "ElementType");
    out.summary = text(object, "summary", out, "Summary");
    return out;
  }

  IsaUnit unit(const json::Object &object) {
    IsaUnit out;
    header(object, out);
    out.notation = text(object, "name", out, "Name");
    out.summary = text(object, "summary", out, "Summary");
    return out;
  }

  IsaIntrinsic intrinsic(const json::Object &object) {
    IsaIntrinsic out;
    header(object, out);
    out.width = number(object, "width", out, "Width");
    out.summary = text(object, "summary", out, "Summary");
    out.semantics = text(object, "semantics", out, "Semantics");
    out.unit = text(object, "unit", out, "ExecutedBy");
    out.pipe = text(object, "pipe", out, "Pipe");
    forEach(object, "operands", [&](auto &entry) { operand(entry, out); });
    strides(object, out);
    layouts(object, out);
    if (const json::Array *names = object.getArray("minusOne"))
      for (const json::Value &name : *names)
        out.minusOne.push_back(name.getAsString().value_or("").str());
    defaults(object, out);
    writes(object, out);
    bitFields(object, out);
    instructionBits(object, out);
    return out;
  }

  static void layouts(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("layouts");
    for (unsigned i = 0; list && i < list->size(); ++i) {
      const json::Array *entry = (*list)[i].getAsArray();
      if (!entry || entry->size() != 2)
        continue;
      IsaLayout layout{(*entry)[0].getAsString().value_or("").str(), std::nullopt};
      if (auto text = (*entry)[1].getAsString())
        layout.text = text->str();
      record.layouts.push_back(std::move(layout));
    }
  }

  static void defaults(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("defaults");
    for (unsigned i = 0; list && i < list->size(); ++i) {
      const json::Array *entry = (*list)[i].getAsArray();
      if (!entry || entry->size() != 2)
        continue;
      std::optional<IsaBound> value;
      if (auto name = (*entry)[1].getAsString())
        value = {name->str(), 0};
      else if (auto number = (*entry)[1].getAsInteger())
        value = {"", *number};
      record.defaults.emplace_back((*entry)[0].getAsString().value_or("").str(), value);
    }
  }

  static void writes(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("writes");
    for (unsigned i = 0; list && i < list->size(); ++i)
      if (const json::Array *write = (*list)[i].getAsArray(); write && write->size() == 2)
        record.writes.emplace_back((*write)[0].getAsInteger().value_or(0),
                                   (*write)[1].getAsString().value_or("").str());
  }

  void operand(const json::Object &object, IsaIntrinsic &record) {
    IsaOperand out;
    out.name = object.getString("name").value_or("").str();
    out.loc = operandLocation(record, out.name);
    StringRef kind = object.getString("kind").value_or("");
    if (kind == "tile") {
      out.space = text(object, "space", record, "Operands");
      out.element = text(object, "element", record, "Operands");
      if (const json::Array *shape = object.getArray("shape"))
        for (const json::Value &size : *shape)
          out.shape.push_back(size.getAsString().value_or("").str());
      out.at = text(object, "tileAt", record, "Operands");
    } else if (kind == "extent") {
      out.kind = IsaOperand::Kind::Extent;
      out.min = number(object, "min", record, "Operands");
      out.max = bound(object.get("max"), record, "Operands");
    } else if (kind == "immediate") {
      out.kind = IsaOperand::Kind::Immediate;
      out.element = text(object, "element", record, "Operands");
    } else {
      diagnostics.report(Message::IsaOperandKind, out.loc, record.name, kind);
      return;
    }
    if (out.name.empty())
      diagnostics.report(Message::IsaOperandUnnamed, out.loc, record.name, kind);
    else
      record.operands.push_back(std::move(out));
  }

  // Dag arguments carry no location: look for `$name` in the text of the field.
  llvm::SMLoc operandLocation(const IsaRecord &record, StringRef name) const {
    llvm::SMLoc field = record.at("Operands");
    if (name.empty() || !field.isValid())
      return field;
    StringRef text = StringRef(field.getPointer()).take_until([](char c) { return c == ';'; });
    std::string word = "$" + name.str();
    for (size_t at = text.find(word); at != StringRef::npos; at = text.find(word, at + 1)) {
      StringRef after = text.substr(at + word.size());
      if (after.empty() || !(llvm::isAlnum(after[0]) || after[0] == '_'))
        return llvm::SMLoc::getFromPointer(text.data() + at);
    }
    return field;
  }

  void strides(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("strides");
    for (unsigned i = 0; list && i < list->size(); ++i) {
      const json::Array *stride = (*list)[i].getAsArray();
      if (!stride || stride->size() != 3)
        continue;
      StringRef source = (*stride)[1].getAsString().value_or("");
      std::string name = (*stride)[2].getAsString().value_or("").str();
      if (source == "other")
        diagnostics.report(Message::IsaStrideSource, record.at("Strides"), record.name, name, "");
      else
        record.strides.push_back(
            {(*stride)[0].getAsString().value_or("").str(), name, source == "state"});
    }
  }

  void bitFields(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("bitFields");
    for (unsigned i = 0; list && i < list->size(); ++i)
      if (const json::Array *field = (*list)[i].getAsArray(); field && field->size() == 3)
        record.bitFields.push_back({(*field)[0].getAsString().value_or("").str(),
                                    static_cast<unsigned>((*field)[1].getAsInteger().value_or(0)),
                                    location((*field)[2].getAsArray())});
  }

  void instructionBits(const json::Object &object, IsaIntrinsic &record) {
    const json::Array *list = object.getArray("inst");
    for (unsigned i = 0; list && i < list->size(); ++i) {
      const json::Array &run = *(*list)[i].getAsArray();
      IsaBits bits;
      bits.lsb = run[0].getAsInteger().value_or(0);
      bits.width = run[1].getAsInteger().value_or(0);
      if (auto value = run[2].getAsInteger()) {
        bits.value = *value;
      } else {
        bits.field = run[2].getAsString().value_or("").str();
        bits.fieldLsb = run[3].getAsInteger().value_or(0);
      }
      record.bits.push_back(std::move(bits));
    }
  }

  const IsaSources &files;
  Diagnostics &diagnostics;
};

/// Turns what the child wrote, and how it ended, into diagnostics and perhaps an Isa.
class Answer {
public:
  Answer(StringRef path, const IsaSources &files, Diagnostics &diagnostics)
      : path(path), diagnostics(diagnostics), records(files, diagnostics) {}

  std::optional<Isa> read(const IsaProcessResult &result, const IsaReaderLimits &limits) {
    std::optional<Isa> isa;
    unsigned errorsBefore = diagnostics.errorCount();
    for (StringRef rest = result.output; !rest.empty();) {
      auto [line, next] = rest.split('\n');
      rest = next;
      if (auto found = readLine(line))
        isa = std::move(found);
    }
    reportEnd(result, limits, isa.has_value(), errorsBefore);
    if (isa)
      checkVocabulary(*isa);
    if (diagnostics.errorCount() != errorsBefore)
      return std::nullopt;
    return isa;
  }

private:
  std::optional<Isa> readLine(StringRef line) {
    llvm::Expected<json::Value> value = json::parse(line);
    if (!value) {
      llvm::consumeError(value.takeError()); // cut off by the child's end, which is reported
      return std::nullopt;
    }
    const json::Object *object = value->getAsObject();
    if (const json::Array *diagnostic = object ? object->getArray("diagnostic") : nullptr)
      forward(*diagnostic);
    const json::Object *isa = object && !failed ? object->getObject("isa") : nullptr;
    return isa ? std::optional(records.read(*isa)) : std::nullopt;
  }

  void forward(const json::Array &diagnostic) {
    llvm::SMLoc loc = records.location(&diagnostic);
    StringRef kind = diagnostic[2].getAsString().value_or("");
    std::string text = diagnostic[3].getAsString().value_or("").str();
    if (text.size() > 1 && !llvm::isUpper(text[1]))
      text[0] = llvm::toLower(text[0]);
    Sources &sources = diagnostics.sourceTexts();
    Place place = loc.isValid() ? sources.place(loc) : sources.wholeFile(path);
    if (kind == "note" && last)
      last->notes.push_back({place, text});
    else if (kind == "warning")
      last = &diagnostics.report(Message::IsaWarning, place, text);
    else if (kind == "error" && !followsInclude(place))
      last = &reportError(place, text);
    failed |= kind == "error";
  }

  // TableGen stumbles over a failed include once more, at the same place.
  bool followsInclude(const Place &place) const {
    return last && last->message == Message::IsaInclude && last->place.line == place.line &&
           last->place.column == place.column;
  }

  void checkVocabulary(const Isa &isa) {
    const std::pair<StringRef, bool> classes[] = {{"Space", isa.spaces.empty()},
                                                  {"Unit", isa.units.empty()},
                                                  {"Intrinsic", isa.intrinsics.empty()}};
    for (auto [name, missing] : classes)
      if (missing) {
        diagnostics.report(Message::IsaEmpty, diagnostics.sourceTexts().location(isa.file, 0),
                           name);
        return;
      }
  }

  Diagnostic &reportError(const Place &place, StringRef text) {
    if (text.consume_front("could not find include file "))
      return diagnostics.report(Message::IsaInclude, place, text);
    return diagnostics.report(Message::IsaSyntax, place, text);
  }

  void reportEnd(const IsaProcessResult &result, const IsaReaderLimits &limits, bool answered,
                 unsigned errorsBefore) {
    Place file = diagnostics.sourceTexts().wholeFile(path);
    using End = IsaProcessResult::End;
    switch (result.end) {
    case End::NotStarted:
      diagnostics.report(Message::IsaReaderMissing, file, result.errors);
      return;
    case End::OutOfTime:
      diagnostics.report(Message::IsaTime, file,
                         result.status ? limits.cpuSeconds : limits.wallMilliseconds / 1000);
      return;
    case End::OutOfMemory:
      diagnostics.report(Message::IsaMemory, file, limits.memoryBytes >> 20);
      return;
    case End::TooMuchOutput:
      diagnostics.report(Message::IsaOutput, file, limits.outputBytes >> 20);
      return;
    case End::Signalled:
      diagnostics.report(Message::IsaCrash, file, strsignal(result.status));
      return;
    case End::Exited:
      if (!answered && diagnostics.errorCount() == errorsBefore)
        diagnostics.report(Message::IsaNoAnswer, file, result.status,
                           StringRef(result.errors).split('\n').first);
      return;
    }
  }

  StringRef path;
  Diagnostics &diagnostics;
  RecordReader records;
  Diagnostic *last = nullptr; // notes belong to it
  bool failed = false;        // records after an error would mislead
};

} // namespace

std::optional<Isa> lathe::readIsa(StringRef folder, StringRef path, Diagnostics &diagnostics,
                                  const IsaReaderOptions &options) {
  std::optional<IsaSources> files = collectIsaSources(folder, path, diagnostics);
  if (!files)
    return std::nullopt;
  std::string message = files->message(diagnostics.sourceTexts());
  IsaProcessResult result = runIsaReader(message, options);
  std::optional<Isa> isa = Answer(path, *files, diagnostics).read(result, options.limits);
  if (isa)
    isa->path = path.str();
  return isa;
}
