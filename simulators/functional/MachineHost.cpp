// The host's share of a program, on the same memory and with the same care for undefined elements.
#include "simulators/functional/MachineParts.h"
#include "simulators/functional/Undefined.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

/// The tensors of a host step in memory.
struct Machine::HostCall {
  std::vector<void *> bases;           ///< by tensor, shadows behind them
  std::vector<const Symbol *> symbols; ///< null: local to the step
  std::vector<Chunks> accesses;
  std::vector<std::vector<uint8_t>> locals;
  std::vector<bool> written;
};

Problem Machine::bindHost(const Semantics &semantics, HostCall &call) {
  size_t tensors = semantics.tensors.size();
  call.bases.resize(2 * tensors);
  call.locals.resize(2 * tensors);
  call.accesses.resize(tensors);
  call.written.resize(tensors);
  for (const Statement &statement : semantics.statements)
    call.written[statement.tensor] = true;
  Memory &memory = memories[kHostSpace];
  for (unsigned t = 0; t < tensors; ++t) {
    const Tensor &tensor = semantics.tensors[t];
    auto symbol = llvm::find_if(symbols, [&](const Symbol &s) { return s.name == tensor.name; });
    bool local = symbol == symbols.end();
    call.symbols.push_back(local ? nullptr : &*symbol);
    int64_t bytes = tensor.type.bytes();
    for (int64_t size : tensor.sizes)
      bytes *= size;
    if (local && tensor.role != Role::Temporary)
      return "'" + tensor.name + "' is no symbol of the program";
    if (local) {
      call.locals[t].resize(bytes);
      call.locals[tensors + t].assign(bytes, 0xff);
      call.bases[t] = call.locals[t].data();
      call.bases[tensors + t] = call.locals[tensors + t].data();
      continue;
    }
    if (static_cast<uint64_t>(bytes) != symbol->bytes())
      return llvm::formatv("'{0}' has {1} bytes, its symbol {2}", tensor.name, bytes,
                           symbol->bytes())
          .str();
    bool readOnly = symbol->kind == Symbol::Kind::Input || symbol->kind == Symbol::Kind::Constant;
    if (call.written[t] && readOnly)
      return llvm::formatv("writes {0} '{1}'", spelling(symbol->kind), tensor.name).str();
    call.accesses[t].first = symbol->address;
    call.accesses[t].chunkBytes = bytes;
    call.bases[t] = memory.data() + symbol->address;
    call.bases[tensors + t] = memory.shadow() + symbol->address;
  }
  return std::nullopt;
}

Problem Machine::executeHost(const Semantics &semantics) {
  HostCall call;
  if (auto problem = bindHost(semantics, call))
    return problem;
  Memory &memory = memories[kHostSpace];
  bool defined = true;
  std::string cause = "an element was not written";
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    if (!call.symbols[t] || (call.written[t] && writesAll(semantics, t)))
      continue;
    if (memory.isDefined(call.accesses[t]))
      continue;
    int64_t offset = *memory.firstUndefined(call.accesses[t]);
    if (defined && !call.written[t])
      cause = placeOf(*call.symbols[t], offset) + " " + writerText(memory, offset);
    defined = false;
  }
  auto function = jit.compile(defined ? semantics : trackUndefined(semantics));
  if (!function)
    return llvm::toString(function.takeError());
  if (auto problem = (*function)(call.bases.data()))
    return problem;
  if (!defined)
    if (auto problem = finishHost(semantics, call, cause))
      return problem;
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    if (!call.written[t] || !call.symbols[t])
      continue;
    if (defined)
      memory.markDefined(call.accesses[t]);
    noteWrite(kHostSpace, call.accesses[t]);
  }
  ++number;
  return std::nullopt;
}

/// A result that depends on undefined elements is an error; other elements may stay unwritten.
Problem Machine::finishHost(const Semantics &semantics, HostCall &call, const std::string &cause) {
  Memory &memory = memories[kHostSpace];
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    if (!call.written[t] || !call.symbols[t])
      continue;
    memory.recount(call.accesses[t], number);
    auto offset = memory.firstUndefined(call.accesses[t]);
    if (offset && writesAll(semantics, t))
      return placeOf(*call.symbols[t], *offset) + " depends on an undefined element: " + cause;
  }
  return std::nullopt;
}
