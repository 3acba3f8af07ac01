#include "sdk/manual/Inline.h"

#include "sdk/manual/Document.h"

using namespace lathe::manual;
using llvm::StringRef;

std::string lathe::manual::plain(StringRef text) {
  std::string out;
  for (char c : text) {
    if (StringRef("\\`*[]_<>|#").contains(c))
      out += '\\';
    out += c;
  }
  return out;
}

namespace {
class InlineReader {
public:
  InlineReader(StringRef text, const InlineForms &forms) : rest(text), forms(forms) {}

  std::string read() {
    while (!rest.empty())
      if (!readMarked())
        readCharacter();
    flush();
    return out;
  }

private:
  bool readMarked() {
    if (rest.starts_with("`"))
      return readSpan("`", forms.code);
    if (rest.starts_with("**"))
      return readSpan("**", forms.bold);
    return rest.starts_with("[") && readLink();
  }

  bool readSpan(StringRef mark, llvm::function_ref<std::string(StringRef)> form) {
    size_t end = rest.find(mark, mark.size());
    if (end == StringRef::npos)
      return false;
    add(form(rest.slice(mark.size(), end)), end + mark.size());
    return true;
  }

  bool readLink() {
    size_t middle = rest.find("]("), end = rest.find(')');
    if (middle == StringRef::npos || end == StringRef::npos || end < middle)
      return false;
    add(forms.link(rest.slice(1, middle), rest.slice(middle + 2, end)), end + 1);
    return true;
  }

  void add(const std::string &piece, size_t length) {
    flush();
    out += piece;
    rest = rest.drop_front(length);
  }

  void readCharacter() {
    if (rest.size() > 1 && rest[0] == '\\')
      rest = rest.drop_front();
    words += rest[0];
    rest = rest.drop_front();
  }

  void flush() {
    if (!words.empty())
      out += forms.words(words);
    words.clear();
  }

  StringRef rest;
  const InlineForms &forms;
  std::string words, out;
};
} // namespace

std::string lathe::manual::renderInline(StringRef text, const InlineForms &forms) {
  return InlineReader(text, forms).read();
}

std::string lathe::manual::withoutMarkup(StringRef text) {
  auto same = [](StringRef piece) { return piece.str(); };
  auto nested = [](StringRef piece) { return withoutMarkup(piece); };
  auto label = [](StringRef piece, StringRef) { return withoutMarkup(piece); };
  return renderInline(text, {same, same, nested, label});
}
