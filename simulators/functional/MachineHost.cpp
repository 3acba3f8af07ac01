// The host's share of a program, on the same memory and with the same care for undefined elements.
#include "simulators/functional/MachineParts.h"
#include "simulators/functional/Undefined.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

/// The tensors of a host step in memory.
struct Machine::HostCall {
  std::vector<void *> bases;           ///< by tensor, shadows behind them
  std::vector<const Symbol *> symbols; ///< null: local to the step
  std::vector<Chunks> places;
  std::vector<std::vector<uint8_t>> locals;
  std::vector<bool> written;
};

static bool isReadOnly(const Symbol &symbol) {
  return symbol.kind == Symbol::Kind::Input || symbol.kind == Symbol::Kind::Constant;
}

static int64_t bytesOf(const Tensor &tensor) {
  int64_t bytes = tensor.type.bytes();
  for (int64_t size : tensor.sizes)
    bytes *= size;
  return bytes;
}

/// Room for a temporary, undefined at first.
void Machine::bindLocal(const Tensor &tensor, unsigned t, HostCall &call) {
  unsigned shadow = call.symbols.size() + t;
  call.locals[t].resize(bytesOf(tensor));
  call.locals[shadow].assign(bytesOf(tensor), 0xff);
  call.bases[t] = call.locals[t].data();
  call.bases[shadow] = call.locals[shadow].data();
}

Problem Machine::bindSymbol(const Tensor &tensor, const Symbol &symbol, unsigned t,
                            HostCall &call) {
  int64_t bytes = bytesOf(tensor);
  if (static_cast<uint64_t>(bytes) != symbol.bytes())
    return llvm::formatv("'{0}' has {1} bytes, its symbol {2}", tensor.name, bytes, symbol.bytes())
        .str();
  if (call.written[t] && isReadOnly(symbol))
    return llvm::formatv("writes {0} '{1}'", spelling(symbol.kind), tensor.name).str();
  call.symbols[t] = &symbol;
  call.places[t].first = symbol.address;
  call.places[t].chunkBytes = bytes;
  call.bases[t] = memories[kHostSpace].data() + symbol.address;
  call.bases[call.symbols.size() + t] = memories[kHostSpace].shadow() + symbol.address;
  return std::nullopt;
}

Problem Machine::bindHost(const Semantics &semantics, HostCall &call) {
  size_t tensors = semantics.tensors.size();
  call.bases.resize(2 * tensors);
  call.locals.resize(2 * tensors);
  call.symbols.resize(tensors);
  call.places.resize(tensors);
  call.written.resize(tensors);
  for (const Statement &statement : semantics.statements)
    call.written[statement.tensor] = true;
  for (unsigned t = 0; t < tensors; ++t) {
    const Tensor &tensor = semantics.tensors[t];
    auto symbol = llvm::find_if(symbols, [&](const Symbol &s) { return s.name == tensor.name; });
    if (symbol != symbols.end()) {
      if (auto problem = bindSymbol(tensor, *symbol, t, call))
        return problem;
    } else if (tensor.role == Role::Temporary) {
      bindLocal(tensor, t, call);
    } else {
      return "'" + tensor.name + "' is no symbol of the program";
    }
  }
  return std::nullopt;
}

/// True when every element that the step may read is defined; else the first that is not, in
/// `cause`.
bool Machine::hostReadsDefined(const Semantics &semantics, const HostCall &call,
                               std::string &cause) const {
  const Memory &memory = memories[kHostSpace];
  bool defined = true;
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    bool replaced = call.written[t] && writesAll(semantics, t);
    if (!call.symbols[t] || replaced || memory.isDefined(call.places[t]))
      continue;
    int64_t offset = *memory.firstUndefined(call.places[t]);
    if (cause.empty() && !call.written[t])
      cause = placeOf(*call.symbols[t], offset) + " " + writerText(memory, offset);
    defined = false;
  }
  return defined;
}

Problem Machine::executeHost(const Semantics &semantics) {
  HostCall call;
  if (auto problem = bindHost(semantics, call))
    return problem;
  std::string cause;
  bool defined = hostReadsDefined(semantics, call, cause);
  auto function = jit.compile(defined ? semantics : trackUndefined(semantics));
  if (!function)
    return llvm::toString(function.takeError());
  if (auto problem = (*function)(call.bases.data()))
    return problem;
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    if (!call.written[t] || !call.symbols[t])
      continue;
    if (defined)
      memories[kHostSpace].markDefined(call.places[t]);
    noteWrite(kHostSpace, call.places[t]);
  }
  if (!defined)
    if (auto problem = checkHostResults(semantics, call, cause))
      return problem;
  ++number;
  return std::nullopt;
}

/// A result that depends on undefined elements is an error; other elements may stay unwritten.
Problem Machine::checkHostResults(const Semantics &semantics, const HostCall &call,
                                  const std::string &cause) {
  Memory &memory = memories[kHostSpace];
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    if (!call.written[t] || !call.symbols[t])
      continue;
    memory.recount(call.places[t], number);
    auto offset = memory.firstUndefined(call.places[t]);
    if (offset && writesAll(semantics, t))
      return placeOf(*call.symbols[t], *offset) + " depends on an undefined element" +
             (cause.empty() ? "" : ": " + cause);
  }
  return std::nullopt;
}
