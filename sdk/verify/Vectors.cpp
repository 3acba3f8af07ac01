#include "sdk/verify/Vectors.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::verify;

static constexpr uint64_t kPieceBytes = 256;

const Vector *VectorSet::find(llvm::StringRef caseName) const {
  for (const Vector &vector : vectors)
    if (llvm::is_contained(vector.cases, caseName))
      return &vector;
  return nullptr;
}

ReplayMemo::Answer ReplayMemo::get(const Vector &vector, llvm::function_ref<Answer()> replay) {
  {
    std::lock_guard lock(mutex);
    if (auto found = known.find(&vector); found != known.end())
      return found->second;
  }
  Answer answer = replay();
  std::lock_guard lock(mutex);
  return known.try_emplace(&vector, std::move(answer)).first->second;
}

/// Pieces of `memory`, which lies as the windows' model addresses say, without its zeros.
static std::vector<MemoryPiece> piecesOf(const HostWindows &windows,
                                         llvm::ArrayRef<uint8_t> memory) {
  std::vector<MemoryPiece> pieces;
  for (const HostWindow &window : windows.all())
    for (uint64_t at = 0; at < window.bytes; at += kPieceBytes) {
      auto bytes = memory.slice(window.modelAddress + at, std::min(kPieceBytes, window.bytes - at));
      if (llvm::all_of(bytes, [](uint8_t byte) { return byte == 0; }))
        continue;
      uint64_t address = window.address + at;
      if (pieces.empty() || pieces.back().address + pieces.back().bytes.size() != address)
        pieces.push_back({address, {}});
      llvm::append_range(pieces.back().bytes, bytes);
    }
  return pieces;
}

Vector verify::vectorOf(const Target &target, const Script &script, Judge &judge,
                        const JudgeOptions &options, std::vector<std::string> cases) {
  Vector vector;
  vector.cases = std::move(cases);
  for (const HostWindow &window : script.windows().all())
    vector.windows.push_back({window.address, window.bytes});
  vector.commands = script.commands().vec();
  for (size_t i = 0; i < script.segments().size(); ++i) {
    const Segment &part = script.segments()[i];
    if (part.count == 0 && !part.restarts)
      continue;
    vector.parts.push_back({part.count, part.cut, part.restarts, part.refusal != Refusal::None,
                            judge.errorCodes()[i], judge.ends()[i]});
  }
  vector.before = piecesOf(script.windows(), script.before());
  vector.after = piecesOf(script.windows(), script.after());
  for (const Observation &range : script.ignored())
    vector.ignored.push_back({*script.windows().fromModel(range.modelAddress), range.bytes});
  for (auto [name, value] : llvm::zip(target.rtl->counters, judge.counters()))
    vector.counters.push_back({name, value});
  vector.ports = options.ports;
  vector.registerSeed = options.registerSeed;
  return vector;
}
