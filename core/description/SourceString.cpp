#include "core/description/SourceString.h"

using namespace lathe;
using llvm::StringRef;

namespace {
struct Literal {
  size_t file = 0;
  StringRef text;
};
} // namespace

// The literals of the initializer that begins behind `=`, up to its `;`.
static std::vector<Literal> literalsFrom(StringRef text, size_t at) {
  std::vector<Literal> literals;
  while (at < text.size() && text[at] != ';' && text[at] != '}') {
    StringRef rest = text.substr(at);
    bool block = rest.starts_with("[{");
    if (!block && rest[0] != '"') {
      ++at;
      continue;
    }
    size_t begin = at + (block ? 2 : 1);
    size_t end = block ? text.find("}]", begin) : text.find('"', begin);
    if (end == StringRef::npos)
      break;
    literals.push_back({begin, text.slice(begin, end)});
    at = end + (block ? 2 : 1);
  }
  return literals;
}

SourceString::SourceString(StringRef text, size_t field, StringRef value) : length(value.size()) {
  size_t equals = text.find('=', field);
  if (equals == StringRef::npos)
    return;
  size_t next = 0;
  for (const Literal &literal : literalsFrom(text, equals + 1)) {
    size_t found = value.find(literal.text, next);
    if (literal.text.empty() || found == StringRef::npos)
      continue;
    pieces.push_back({found, literal.file, literal.text.size()});
    next = found + literal.text.size();
  }
}

std::optional<size_t> SourceString::locate(size_t offset) const {
  for (const Piece &piece : pieces)
    if (offset >= piece.value && offset < piece.value + piece.size)
      return piece.file + (offset - piece.value);
  if (!pieces.empty() && offset == length && pieces.back().value + pieces.back().size == length)
    return pieces.back().file + pieces.back().size; // the end of the string
  return std::nullopt;
}

std::optional<size_t> SourceString::verbatim() const {
  if (pieces.size() == 1 && pieces[0].value == 0 && pieces[0].size == length)
    return pieces[0].file;
  return std::nullopt;
}
