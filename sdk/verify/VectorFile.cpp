// The file of a VectorSet.
//
// Header, 56 bytes: "LATHEVEC", u32 format, u32 zero, u64 payload bytes, BLAKE3 of the payload
// (32). Payload, little endian, strings with a u32 length in front: target, u8 whole, u32 vectors;
// each vector is its raw size and a string that zlib wrote.
#include "core/program/ByteStream.h"
#include "sdk/verify/Vectors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Compression.h"

using namespace lathe;
using namespace lathe::verify;
using llvm::StringRef;

static constexpr StringRef kMagic = "LATHEVEC";
static constexpr uint32_t kFormat = 1;
static constexpr size_t kHashBytes = 32;
/// Of one vector before compression: more would not fit into the memory of a small machine.
static constexpr uint64_t kMostBytes = uint64_t(1) << 30;

static StringRef text(llvm::ArrayRef<uint8_t> bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

static std::string hashOf(StringRef bytes) {
  auto hash = llvm::BLAKE3::hash<kHashBytes>(llvm::arrayRefFromStringRef(bytes));
  return text(hash).str();
}

// ---- writing

static void writeWindows(ByteWriter &out, llvm::ArrayRef<Vector::Window> windows) {
  out.number<uint32_t>(windows.size());
  for (const Vector::Window &window : windows) {
    out.number<uint64_t>(window.address);
    out.number<uint64_t>(window.bytes);
  }
}

static void writePieces(ByteWriter &out, llvm::ArrayRef<MemoryPiece> pieces) {
  out.number<uint32_t>(pieces.size());
  for (const MemoryPiece &piece : pieces) {
    out.number<uint64_t>(piece.address);
    out.string(text(piece.bytes));
  }
}

static void writeParts(ByteWriter &out, llvm::ArrayRef<Vector::Part> parts) {
  out.number<uint32_t>(parts.size());
  for (const Vector::Part &part : parts) {
    out.number<uint64_t>(part.count);
    out.number<uint64_t>(part.cut.value_or(LATHE_NEVER));
    out.number<uint8_t>(part.restarts | part.refused << 1);
    out.number<uint32_t>(part.errorCode);
    out.number<uint64_t>(part.cycles);
  }
}

static void writePorts(ByteWriter &out, const MemoryBehaviour &ports) {
  out.number<uint32_t>(ports.latencyCycles);
  out.number<uint64_t>(ports.seed);
  for (unsigned i = 0; i < LATHE_CHANNELS; ++i) {
    out.number<uint32_t>(static_cast<uint32_t>(ports.stall[i] * 65536));
    out.number<uint32_t>(ports.pattern[i].held);
    out.number<uint32_t>(ports.pattern[i].period);
  }
}

static std::string bytesOf(const Vector &vector) {
  ByteWriter out;
  out.number<uint32_t>(vector.cases.size());
  for (const std::string &name : vector.cases)
    out.string(name);
  writeWindows(out, vector.windows);
  out.number<uint32_t>(vector.commands.size());
  for (const Command &command : vector.commands) {
    for (uint64_t limb : command.word)
      out.number<uint64_t>(limb);
    out.number<uint32_t>(command.gap);
  }
  writeParts(out, vector.parts);
  writePieces(out, vector.before);
  writePieces(out, vector.after);
  writeWindows(out, vector.ignored);
  out.number<uint32_t>(vector.counters.size());
  for (const Vector::Counter &counter : vector.counters) {
    out.string(counter.name);
    out.number<uint64_t>(counter.value);
  }
  writePorts(out, vector.ports);
  out.number<uint32_t>(vector.registerSeed);
  return out.take();
}

std::string verify::serialize(const VectorSet &set) {
  ByteWriter payload;
  payload.string(set.target);
  payload.number<uint8_t>(set.whole);
  payload.number<uint32_t>(set.vectors.size());
  for (const Vector &vector : set.vectors) {
    std::string bytes = bytesOf(vector);
    llvm::SmallVector<uint8_t, 0> compressed;
    llvm::compression::zlib::compress(llvm::arrayRefFromStringRef(bytes), compressed);
    payload.number<uint64_t>(bytes.size());
    payload.string(text(compressed));
  }
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

// ---- reading: a number past the end is 0, so that loops end; the caller looks at failed()

namespace {
class VectorReader {
public:
  explicit VectorReader(StringRef bytes) : in(bytes), most(bytes.size()) {}
  std::optional<Vector> read();

private:
  /// A number of elements; more than there are bytes is none.
  uint32_t count() {
    uint32_t value = in.number<uint32_t>();
    bad |= value > most;
    return bad ? 0 : value;
  }
  std::vector<Vector::Window> windows();
  std::vector<MemoryPiece> pieces();
  std::vector<Vector::Part> parts();
  void ports(MemoryBehaviour &ports);

  ByteReader in;
  size_t most;
  bool bad = false;
};
} // namespace

std::vector<Vector::Window> VectorReader::windows() {
  std::vector<Vector::Window> windows(count());
  uint64_t total = 0;
  for (Vector::Window &window : windows) {
    window.address = in.number<uint64_t>();
    window.bytes = in.number<uint64_t>();
    bad |= window.bytes > kMostBytes || window.address > LATHE_NEVER - window.bytes;
    total += bad ? 0 : window.bytes;
  }
  bad |= total > kMostBytes;
  return windows;
}

std::vector<MemoryPiece> VectorReader::pieces() {
  std::vector<MemoryPiece> pieces(count());
  for (MemoryPiece &piece : pieces) {
    piece.address = in.number<uint64_t>();
    auto bytes = llvm::arrayRefFromStringRef(in.string());
    piece.bytes.assign(bytes.begin(), bytes.end());
  }
  return pieces;
}

std::vector<Vector::Part> VectorReader::parts() {
  std::vector<Vector::Part> parts(count());
  for (Vector::Part &part : parts) {
    part.count = in.number<uint64_t>();
    uint64_t cut = in.number<uint64_t>();
    if (cut != LATHE_NEVER)
      part.cut = cut;
    auto flags = in.number<uint8_t>();
    part.restarts = flags & 1;
    part.refused = flags & 2;
    part.errorCode = in.number<uint32_t>();
    part.cycles = in.number<uint64_t>();
  }
  return parts;
}

void VectorReader::ports(MemoryBehaviour &ports) {
  ports.latencyCycles = in.number<uint32_t>();
  ports.seed = in.number<uint64_t>();
  for (unsigned i = 0; i < LATHE_CHANNELS; ++i) {
    ports.stall[i] = in.number<uint32_t>() / 65536.0;
    ports.pattern[i].held = in.number<uint32_t>();
    ports.pattern[i].period = in.number<uint32_t>();
  }
}

std::optional<Vector> VectorReader::read() {
  Vector vector;
  vector.cases.resize(count());
  for (std::string &name : vector.cases)
    name = in.string().str();
  vector.windows = windows();
  vector.commands.resize(count());
  for (Command &command : vector.commands) {
    for (uint64_t &limb : command.word)
      limb = in.number<uint64_t>();
    command.gap = in.number<uint32_t>();
  }
  vector.parts = parts();
  vector.before = pieces();
  vector.after = pieces();
  vector.ignored = windows();
  vector.counters.resize(count());
  for (Vector::Counter &counter : vector.counters) {
    counter.name = in.string().str();
    counter.value = in.number<uint64_t>();
  }
  ports(vector.ports);
  vector.registerSeed = in.number<uint32_t>();
  auto inside = [&](uint64_t address, uint64_t bytes) {
    return llvm::any_of(vector.windows, [&](const Vector::Window &window) {
      return address >= window.address && address - window.address <= window.bytes &&
             bytes <= window.bytes - (address - window.address);
    });
  };
  for (const std::vector<MemoryPiece> *pieces : {&vector.before, &vector.after})
    for (const MemoryPiece &piece : *pieces)
      bad |= !inside(piece.address, piece.bytes.size());
  for (const Vector::Window &range : vector.ignored)
    bad |= !inside(range.address, range.bytes);
  uint64_t commands = 0;
  for (const Vector::Part &part : vector.parts)
    commands += std::min<uint64_t>(part.count, most);
  if (bad || in.failed() || commands != vector.commands.size())
    return std::nullopt;
  return vector;
}

static std::optional<Vector> readVector(ByteReader &in) {
  auto size = in.number<uint64_t>();
  StringRef compressed = in.string();
  llvm::SmallVector<uint8_t, 0> bytes;
  if (in.failed() || size > kMostBytes)
    return std::nullopt;
  llvm::Error error =
      llvm::compression::zlib::decompress(llvm::arrayRefFromStringRef(compressed), bytes, size);
  if (error) {
    llvm::consumeError(std::move(error));
    return std::nullopt;
  }
  return VectorReader(text(bytes)).read();
}

static std::optional<VectorSet> readSet(ByteReader in) {
  VectorSet set;
  set.target = in.string().str();
  set.whole = in.number<uint8_t>();
  auto count = in.number<uint32_t>();
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    std::optional<Vector> vector = readVector(in);
    if (!vector)
      return std::nullopt;
    set.vectors.push_back(std::move(*vector));
  }
  return in.failed() ? std::nullopt : std::optional(std::move(set));
}

std::optional<VectorSet> verify::readVectors(StringRef bytes, StringRef path,
                                             Diagnostics &diagnostics) {
  Place place{path.str(), 0, 0, {}};
  auto refuse = [&](const char *why) -> std::optional<VectorSet> {
    diagnostics.report(Message::BadVectors, place, why);
    return std::nullopt;
  };
  ByteReader in(bytes);
  if (in.raw(kMagic.size()) != kMagic)
    return refuse("it does not begin as one");
  if (in.number<uint32_t>() != kFormat)
    return refuse("it is of another version of lathe");
  (void)in.number<uint32_t>();
  auto size = in.number<uint64_t>();
  StringRef hash = in.raw(kHashBytes), body = in.raw(size);
  if (in.failed() || hashOf(body) != hash)
    return refuse("it is cut off or damaged");
  std::optional<VectorSet> set = readSet(ByteReader(body));
  return set ? std::move(set) : refuse("it is damaged");
}
