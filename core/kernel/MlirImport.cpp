#include "core/kernel/KernelFile.h"

#include "core/semantics/Parser.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"

#include <cstring>

using namespace lathe;
using llvm::StringRef;

namespace json = llvm::json;

namespace {

/// Reads the reader's answer (its form: mlir/MlirReaderMain.cpp).
class Answer {
public:
  Answer(unsigned file, Diagnostics &diagnostics) : file(file), diagnostics(diagnostics) {}

  /// False: the answer is not one of our reader.
  bool read(StringRef output, KernelFile &result) {
    auto [line, rest] = output.split('\n');
    blob = rest;
    llvm::Expected<json::Value> value = json::parse(line);
    if (!value) {
      llvm::consumeError(value.takeError());
      return false;
    }
    const json::Object *root = value->getAsObject();
    const json::Array *reports = root ? root->getArray("reports") : nullptr;
    const json::Array *kernels = root ? root->getArray("kernels") : nullptr;
    if (!reports || !kernels)
      return false;
    for (const json::Value &report : *reports)
      if (!report.getAsObject() || !readReport(*report.getAsObject()))
        return false;
    for (const json::Value &kernel : *kernels)
      if (!kernel.getAsObject() || !readKernel(*kernel.getAsObject(), result))
        return false;
    return true;
  }

private:
  Place place(const json::Array *at) const {
    unsigned line = at && at->size() == 2 ? (*at)[0].getAsInteger().value_or(0) : 0;
    unsigned column = line ? (*at)[1].getAsInteger().value_or(0) : 0;
    Sources &sources = diagnostics.sourceTexts();
    return line ? sources.place(file, line, column) : sources.wholeFile(sources.name(file));
  }

  llvm::SMLoc location(const json::Array *at) const {
    int64_t line = at && at->size() == 2 ? (*at)[0].getAsInteger().value_or(0) : 0;
    StringRef text = diagnostics.sourceTexts().text(file);
    size_t offset = 0;
    for (; line > 1; --line)
      offset = std::min(text.find('\n', offset), text.size() - 1) + 1;
    int64_t column = line == 0 ? 1 : (*at)[1].getAsInteger().value_or(1);
    return diagnostics.sourceTexts().location(file, std::min(offset + column - 1, text.size()));
  }

  bool readReport(const json::Object &report) {
    const json::Array *given = report.getArray("arguments");
    auto kind = report.getString("kind");
    if (!given || !kind)
      return false;
    std::string words[3];
    for (size_t i = 0; i < std::min<size_t>(given->size(), 3); ++i)
      words[i] = (*given)[i].getAsString().value_or("").str();
    if (*kind == "foreign") {
      auto [before, after] = StringRef(words[2]).split("{0}");
      if (before.size() != words[2].size())
        words[2] = (before + diagnostics.sourceTexts().name(file) + after).str();
    }
    Message message = llvm::StringSwitch<Message>(*kind)
                          .Case("warning", Message::MlirWarning)
                          .Case("deep", Message::MlirTooDeep)
                          .Case("foreign", Message::MlirForeign)
                          .Case("unsupported", Message::MlirUnsupported)
                          .Case("inexact", Message::MlirInexact)
                          .Case("type", Message::MlirType)
                          .Case("undefined", Message::MlirUndefined)
                          .Case("dynamic", Message::MlirDynamic)
                          .Case("empty", Message::MlirNoKernel)
                          .Default(Message::MlirSyntax);
    Diagnostic &diagnostic =
        diagnostics.report(message, place(report.getArray("at")), words[0], words[1], words[2]);
    if (const json::Array *notes = report.getArray("notes"))
      for (const json::Value &note : *notes)
        if (const json::Object *object = note.getAsObject())
          diagnostic.notes.push_back(
              {place(object->getArray("at")), object->getString("text").value_or("").str()});
    return true;
  }

  static ExprRef relocated(const ExprRef &expr, llvm::SMLoc loc) {
    auto copy = std::make_shared<Expr>(*expr);
    copy->loc = loc;
    for (ExprRef &operand : copy->operands)
      operand = relocated(operand, loc);
    return copy;
  }

  static void relocate(Statement &statement, llvm::SMLoc loc) {
    statement.loc = loc;
    statement.value = relocated(statement.value, loc);
    for (ExprRef &subscript : statement.subscripts)
      subscript = relocated(subscript, loc);
    for (ExprRef &condition : statement.conditions)
      condition = relocated(condition, loc);
    for (Loop &loop : statement.loops)
      loop.loc = loc;
  }

  // What our reader writes is valid but for the notation's limits, so its mistakes are told at the
  // function.
  std::optional<Semantics> parse(StringRef name, StringRef text, const json::Array *at) {
    Sources &sources = diagnostics.sourceTexts();
    Diagnostics own(sources);
    auto parsed = parseKernels(sources.add((name + " in index notation").str(), text), own);
    if (parsed && parsed->size() == 1)
      return std::move(parsed->front());
    std::string why = own.all().empty() ? "it is empty" : own.all().front().text;
    Diagnostic &diagnostic = diagnostics.report(Message::MlirNotation, place(at), name, why);
    if (!own.all().empty())
      diagnostic.notes.push_back({own.all().front().place, "it would be this line"});
    return std::nullopt;
  }

  bool readKernel(const json::Object &kernel, KernelFile &result) {
    auto name = kernel.getString("name"), text = kernel.getString("text");
    const json::Array *statements = kernel.getArray("statements");
    const json::Array *constants = kernel.getArray("constants");
    if (!name || !text || !statements || !constants)
      return false;
    KernelFile::Entry entry;
    entry.text = text->str();
    for (const json::Value &constant : *constants)
      if (!constant.getAsObject() || !readConstant(*constant.getAsObject(), entry.constants))
        return false;
    auto semantics = parse(*name, *text, kernel.getArray("at"));
    if (!semantics)
      return true;
    llvm::SMLoc loc = location(kernel.getArray("at"));
    semantics->loc = loc;
    for (Tensor &tensor : semantics->tensors)
      tensor.loc = loc;
    for (Size &size : semantics->sizes)
      size.loc = loc;
    for (auto [statement, at] : llvm::zip(semantics->statements, *statements))
      relocate(statement, location(at.getAsArray()));
    for (auto &[tensor, array] : entry.constants)
      array.type = semantics->tensors[*semantics->findTensor(tensor)].type;
    entry.semantics = std::move(*semantics);
    result.kernels.push_back(std::move(entry));
    return true;
  }

  bool readConstant(const json::Object &constant, Arrays &arrays) {
    auto tensor = constant.getString("tensor");
    const json::Array *sizes = constant.getArray("sizes");
    auto bytes = constant.getInteger("bytes");
    if (!tensor || !sizes || !bytes || *bytes < 0 || static_cast<size_t>(*bytes) > blob.size())
      return false;
    Array array;
    for (const json::Value &size : *sizes)
      array.sizes.push_back(size.getAsInteger().value_or(0));
    array.bytes.assign(blob.begin(), blob.begin() + *bytes);
    blob = blob.drop_front(*bytes);
    arrays[tensor->str()] = std::move(array);
    return true;
  }

  unsigned file;
  Diagnostics &diagnostics;
  StringRef blob;
};

std::string endOf(const ChildResult &result, const ChildLimits &limits) {
  switch (result.end) {
  case ChildResult::End::OutOfTime:
    return "it takes more than " +
           std::to_string(result.status ? limits.cpuSeconds : limits.wallMilliseconds / 1000) +
           " s";
  case ChildResult::End::OutOfMemory:
    return "it takes more than " + std::to_string(limits.memoryBytes >> 20) + " MiB of memory";
  case ChildResult::End::TooMuchOutput:
    return "its kernels and constants take more than " + std::to_string(limits.outputBytes >> 20) +
           " MiB";
  case ChildResult::End::Signalled:
    return std::string("the reader ended with '") + strsignal(result.status) + "'";
  default:
    return "the reader gave no answer (status " + std::to_string(result.status) + ") " +
           StringRef(result.errors).split('\n').first.str();
  }
}

/// Text of dense constants takes up to 24 times its size in memory and 8 times in the answer.
ChildLimits scaled(ChildLimits limits, size_t fileBytes) {
  limits.memoryBytes += 64 * fileBytes;
  limits.outputBytes += 16 * fileBytes;
  limits.cpuSeconds += fileBytes >> 22;
  limits.wallMilliseconds += fileBytes >> 11;
  return limits;
}

} // namespace

std::optional<KernelFile> lathe::importMlir(unsigned file, Diagnostics &diagnostics,
                                            const MlirReaderOptions &options) {
  std::string program = options.program.empty()
                            ? findChildProgram("lathe-mlir-reader", LATHE_MLIR_READER)
                            : options.program;
  Sources &sources = diagnostics.sourceTexts();
  ChildLimits limits = scaled(options.limits, sources.text(file).size());
  ChildResult child = runChild(program, sources.text(file), limits);
  if (child.end == ChildResult::End::NotStarted) {
    diagnostics.report(Message::MlirReaderMissing, sources.wholeFile(sources.name(file)),
                       child.errors);
    return std::nullopt;
  }
  unsigned errorsBefore = diagnostics.errorCount();
  KernelFile result;
  bool complete = child.end == ChildResult::End::Exited && child.status == 0 &&
                  Answer(file, diagnostics).read(child.output, result);
  if (!complete)
    diagnostics.report(Message::MlirReaderEnded, sources.wholeFile(sources.name(file)),
                       endOf(child, limits));
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return result;
}
