// The binary form of a program.
//
// Header, 56 bytes: "LATHEPRG", u32 format, u32 zero, u64 payload bytes, BLAKE3 of the payload
// (32). Payload, little endian, strings with a u32 length in front: kernel, target, fingerprint of
// the encoding, image bytes, symbols, steps. Device steps hold labels and command words, host steps
// index notation.
#include "core/program/Assembly.h"
#include "core/program/ByteStream.h"
#include "core/semantics/Parser.h"
#include "core/target/Encoding.h"
#include "llvm/Support/BLAKE3.h"

using namespace lathe;
using llvm::StringRef;

static constexpr StringRef kMagic = "LATHEPRG";
static constexpr uint32_t kFormat = 2;
static constexpr size_t kHashBytes = 32;
static constexpr size_t kHeaderBytes = 8 + 4 + 4 + 8 + kHashBytes;

bool lathe::isProgramFile(StringRef bytes) { return bytes.starts_with(kMagic); }

static std::string hashOf(StringRef bytes) {
  auto hash = llvm::BLAKE3::hash<kHashBytes>(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
  return {reinterpret_cast<const char *>(hash.data()), hash.size()};
}

// Everything that gives a word its meaning: names, masks, fields, layouts. Speeds and sizes may
// change.
static std::string encodingFingerprint(const Target &target) {
  ByteWriter out;
  out.number<uint32_t>(target.instructionWidth);
  for (const Intrinsic &intrinsic : target.intrinsics) {
    out.string(intrinsic.name);
    out.string(intrinsic.semanticsText);
    for (unsigned limb = 0; limb < intrinsic.mask.size(); ++limb) {
      out.number<uint64_t>(intrinsic.mask[limb]);
      out.number<uint64_t>(intrinsic.match[limb]);
    }
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.layout)
        out.string(tile.layout->text);
    for (const Argument &argument : intrinsic.arguments) {
      out.string(argument.name);
      out.number<uint8_t>(argument.minusOne);
      for (const BitRun &run : argument.runs)
        out.number<uint64_t>(run.lsb | uint64_t(run.valueLsb) << 16 | uint64_t(run.width) << 32);
    }
  }
  return hashOf(out.take());
}

static void writeSymbol(ByteWriter &out, const Symbol &symbol) {
  out.string(symbol.name);
  out.number<uint8_t>(static_cast<uint8_t>(symbol.kind));
  out.string(name(symbol.type));
  out.number<uint32_t>(symbol.sizes.size());
  for (int64_t size : symbol.sizes)
    out.number<int64_t>(size);
  out.number<uint64_t>(symbol.address);
  out.string({reinterpret_cast<const char *>(symbol.data.data()), symbol.data.size()});
}

static void writeStep(ByteWriter &out, const ProgramStep &step, const Target &target) {
  out.number<uint8_t>(static_cast<uint8_t>(step.kind));
  out.number<uint32_t>(step.statement);
  out.string(step.what);
  if (step.kind == ProgramStep::Kind::Host)
    return out.string(print(*step.semantics));
  out.number<uint32_t>(step.labels.size());
  for (const Label &label : step.labels) {
    out.number<uint64_t>(label.at);
    out.string(label.name);
  }
  std::vector<uint64_t> words = encodeStep(step, target);
  out.string({reinterpret_cast<const char *>(words.data()), words.size() * sizeof(uint64_t)});
}

std::string lathe::serialize(const Program &program, const Target &target) {
  ByteWriter payload;
  payload.string(program.kernel);
  payload.string(program.target);
  payload.string(encodingFingerprint(target));
  payload.number<uint64_t>(program.imageBytes);
  payload.number<uint32_t>(program.symbols.size());
  for (const Symbol &symbol : program.symbols)
    writeSymbol(payload, symbol);
  payload.number<uint32_t>(program.steps.size());
  for (const ProgramStep &step : program.steps)
    writeStep(payload, step, target);

  std::string body = payload.take();
  ByteWriter file;
  file.raw(kMagic);
  file.number<uint32_t>(kFormat);
  file.number<uint32_t>(0);
  file.number<uint64_t>(body.size());
  file.raw(hashOf(body));
  file.raw(body);
  return file.take();
}

namespace {
class BinaryReader {
public:
  BinaryReader(StringRef path, const Target &target, Diagnostics &diagnostics)
      : place{path.str(), 0, 0, {}}, target(target), diagnostics(diagnostics) {}

  std::optional<StringRef> payload(StringRef bytes);
  std::optional<Program> read(StringRef payload);

private:
  template <typename... Args> bool fail(Message message, Args &&...args) {
    diagnostics.report(message, place, std::forward<Args>(args)...);
    return false;
  }
  bool readIdentity(ByteReader &in, Program &program);
  bool readSymbol(ByteReader &in, Symbol &symbol, uint64_t imageBytes);
  bool readStep(ByteReader &in, ProgramStep &step);
  bool readLabels(ByteReader &in, ProgramStep &step);
  bool readWords(StringRef bytes, ProgramStep &step);
  bool readHost(StringRef text, ProgramStep &step);

  Place place;
  const Target &target;
  Diagnostics &diagnostics;
};
} // namespace

std::optional<StringRef> BinaryReader::payload(StringRef bytes) {
  if (!bytes.starts_with(kMagic)) {
    fail(Message::ProgramNotOne, kMagic);
    return std::nullopt;
  }
  if (bytes.size() < kHeaderBytes) {
    fail(Message::ProgramTruncated, bytes.size(), kHeaderBytes);
    return std::nullopt;
  }
  ByteReader header(bytes.drop_front(kMagic.size()));
  uint32_t format = header.number<uint32_t>();
  header.number<uint32_t>();
  uint64_t size = header.number<uint64_t>();
  StringRef hash = header.raw(kHashBytes);
  StringRef body = bytes.drop_front(kHeaderBytes);
  bool fits = body.size() == size;
  if (format != kFormat)
    fail(Message::ProgramVersion, format, kFormat);
  else if (!fits)
    fail(Message::ProgramTruncated, bytes.size(), kHeaderBytes + size);
  else if (hashOf(body) != hash)
    fits = fail(Message::ProgramCorrupt, "its checksum does not match its contents");
  return format == kFormat && fits ? std::optional(body) : std::nullopt;
}

bool BinaryReader::readIdentity(ByteReader &in, Program &program) {
  program.kernel = in.string().str();
  program.target = in.string().str();
  StringRef fingerprint = in.string();
  program.imageBytes = in.number<uint64_t>();
  std::string expected = target.name + "@" + target.machine;
  if (program.target != expected)
    return fail(Message::ProgramOtherTarget, program.target, expected);
  return fingerprint == encodingFingerprint(target) || fail(Message::ProgramOtherIsa, target.name);
}

bool BinaryReader::readSymbol(ByteReader &in, Symbol &symbol, uint64_t imageBytes) {
  symbol.name = in.string().str();
  uint8_t kind = in.number<uint8_t>();
  std::optional<ElementType> type = parseElementType(in.string());
  uint32_t rank = in.number<uint32_t>();
  for (uint32_t i = 0; i < rank && !in.failed(); ++i)
    symbol.sizes.push_back(in.number<int64_t>());
  symbol.address = in.number<uint64_t>();
  StringRef data = in.string();
  symbol.data.assign(data.bytes_begin(), data.bytes_end());
  if (in.failed() || !type || kind > static_cast<uint8_t>(Symbol::Kind::Constant))
    return fail(Message::ProgramCorrupt, "a symbol cannot be read");
  symbol.kind = static_cast<Symbol::Kind>(kind);
  symbol.type = *type;
  bool inside = symbol.address <= imageBytes && symbol.bytes() <= imageBytes - symbol.address;
  return inside || fail(Message::ProgramSymbolOutside, symbol.name, symbol.address + symbol.bytes(),
                        imageBytes);
}

static bool inRange(const Intrinsic &intrinsic, llvm::ArrayRef<int64_t> values) {
  for (unsigned i = 0; i < values.size(); ++i)
    if (values[i] < intrinsic.arguments[i].min || values[i] > intrinsic.arguments[i].max)
      return false;
  return true;
}

bool BinaryReader::readWords(StringRef bytes, ProgramStep &step) {
  size_t commandBytes = limbsPerCommand(target) * sizeof(uint64_t);
  if (bytes.size() % commandBytes != 0)
    return fail(Message::ProgramCorrupt, "a step does not hold whole command words");
  for (size_t at = 0; at < bytes.size(); at += commandBytes) {
    Word word{};
    std::copy_n(bytes.data() + at, commandBytes, reinterpret_cast<char *>(word.data()));
    std::optional<Decoded> decoded = decode(target, word);
    if (!decoded || !inRange(target.intrinsics[decoded->intrinsic], decoded->values))
      return fail(Message::ProgramCorrupt,
                  llvm::formatv("word {0} is not an instruction", at / commandBytes).str());
    step.instructions.add(decoded->intrinsic, decoded->values);
  }
  return true;
}

bool BinaryReader::readHost(StringRef text, ProgramStep &step) {
  unsigned file = diagnostics.sourceTexts().add(place.file, text);
  auto kernels = parseKernels(file, diagnostics);
  if (!kernels)
    return false;
  if (kernels->size() != 1)
    return fail(Message::ProgramHostKernels, kernels->size());
  step.semantics = bind(kernels->front(), {}, {}, diagnostics);
  return step.semantics.has_value();
}

bool BinaryReader::readLabels(ByteReader &in, ProgramStep &step) {
  uint32_t count = in.number<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    uint64_t at = in.number<uint64_t>();
    step.labels.push_back({at, in.string().str()});
  }
  bool ordered =
      llvm::is_sorted(step.labels, [](const Label &a, const Label &b) { return a.at < b.at; });
  return (ordered && !in.failed()) || fail(Message::ProgramCorrupt, "labels cannot be read");
}

bool BinaryReader::readStep(ByteReader &in, ProgramStep &step) {
  uint8_t kind = in.number<uint8_t>();
  step.statement = in.number<uint32_t>();
  step.what = in.string().str();
  if (in.failed() || kind > static_cast<uint8_t>(ProgramStep::Kind::Host))
    return fail(Message::ProgramCorrupt, "a step cannot be read");
  step.kind = static_cast<ProgramStep::Kind>(kind);
  if (step.kind == ProgramStep::Kind::Device && !readLabels(in, step))
    return false;
  StringRef body = in.string();
  if (in.failed())
    return fail(Message::ProgramCorrupt, "a step cannot be read");
  return step.kind == ProgramStep::Kind::Device ? readWords(body, step) : readHost(body, step);
}

std::optional<Program> BinaryReader::read(StringRef payload) {
  ByteReader in(payload);
  Program program;
  if (!readIdentity(in, program))
    return std::nullopt;
  uint32_t symbols = in.number<uint32_t>();
  for (uint32_t i = 0; i < symbols; ++i)
    if (!readSymbol(in, program.symbols.emplace_back(), program.imageBytes))
      return std::nullopt;
  uint32_t steps = in.number<uint32_t>();
  for (uint32_t i = 0; i < steps; ++i)
    if (!readStep(in, program.steps.emplace_back()))
      return std::nullopt;
  return program;
}

std::optional<Program> lathe::deserialize(StringRef bytes, StringRef path, const Target &target,
                                          Diagnostics &diagnostics) {
  BinaryReader reader(path, target, diagnostics);
  std::optional<StringRef> payload = reader.payload(bytes);
  return payload ? reader.read(*payload) : std::nullopt;
}
