#include "simulators/rtl/RtlScanner.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace lathe;
using llvm::StringRef;

namespace {
enum class Kind { Word, String, Comment, Symbol, End };

struct Token {
  Kind kind;
  StringRef text; ///< without a string's quotes and a comment's marks
  size_t offset;
};

/// One token after the other. A word starts with a letter, _, $ or `.
class Lexer {
public:
  explicit Lexer(StringRef text) : text(text) {}

  Token next() {
    at = text.find_first_not_of(" \t\r\n\f\v", at);
    if (at == StringRef::npos)
      return {Kind::End, {}, text.size()};
    if (text.substr(at).starts_with("//"))
      return comment(2, "\n");
    if (text.substr(at).starts_with("/*"))
      return comment(2, "*/");
    if (text[at] == '"')
      return string();
    if (isWordStart(text[at]))
      return word();
    if (text[at] == '\\')
      return escapedWord();
    return {Kind::Symbol, text.substr(at, 1), at++};
  }

private:
  static bool isWordStart(char c) { return llvm::isAlpha(c) || c == '_' || c == '$' || c == '`'; }
  static bool isWordPart(char c) { return llvm::isAlnum(c) || c == '_' || c == '$'; }

  Token comment(size_t mark, StringRef end) {
    size_t begin = at, stop = text.find(end, at + mark);
    StringRef body = text.slice(at + mark, stop);
    at = stop == StringRef::npos ? text.size() : stop + end.size();
    return {Kind::Comment, body, begin};
  }

  Token string() {
    size_t begin = at++;
    while (at < text.size() && text[at] != '"' && text[at] != '\n')
      at += text[at] == '\\' ? 2 : 1;
    at = std::min(at, text.size());
    StringRef body = text.slice(begin + 1, at);
    at = std::min(at + 1, text.size());
    return {Kind::String, body, begin};
  }

  Token word() {
    size_t begin = at++;
    while (at < text.size() && isWordPart(text[at]))
      ++at;
    return {Kind::Word, text.slice(begin, at), begin};
  }

  // \name is the word `name` and ends at white space.
  Token escapedWord() {
    size_t begin = at;
    at = std::min(text.find_first_of(" \t\r\n\f\v", at), text.size());
    return {Kind::Symbol, text.slice(begin, at), begin};
  }

  StringRef text;
  size_t at = 0;
};
} // namespace

// `$fdisplay` and its kin are of no use without a file that was opened.
static bool isForbiddenWord(StringRef word) {
  static const llvm::StringSet<> words = {
      "$system",    "$fopen",     "$fread",    "$fscanf",   "$fgets",     "$fgetc",
      "$ungetc",    "$fclose",    "$readmemh", "$readmemb", "$writememh", "$writememb",
      "$sreadmemh", "$sreadmemb", "$dumpfile", "$dumpvars", "$dumpports", "$sdf_annotate"};
  if (words.contains(word) || word.starts_with("`systemc_"))
    return true;
  // $c, $c1, $c32: text that Verilator pastes into the C++ it writes.
  return word.consume_front("$c") && llvm::all_of(word, llvm::isDigit);
}

static bool mustStay(StringRef warning) {
  return warning == "UNOPTFLAT" || warning == "UNOPT" || warning == "UNOPTTHREADS";
}

// `verilator lint_off UNOPTFLAT` in a comment; also `systemc_` marks in their comment form.
static void scanComment(const Token &token, RtlScan &scan) {
  auto [first, rest] = llvm::getToken(token.text);
  if (first != "verilator")
    return;
  auto [verb, what] = llvm::getToken(rest);
  StringRef name = llvm::getToken(what).first;
  if (verb.starts_with("lint_off") && mustStay(name))
    scan.silenced.push_back({name, token.offset});
  if (verb.starts_with("systemc_"))
    scan.forbidden.push_back({verb, token.offset});
}

RtlScan lathe::scanRtl(StringRef text) {
  RtlScan scan;
  Lexer lexer(text);
  Token before{Kind::End, {}, 0}, beforeThat = before;
  for (Token token = lexer.next(); token.kind != Kind::End; token = lexer.next()) {
    if (token.kind == Kind::Comment) {
      scanComment(token, scan);
      continue;
    }
    if (token.kind == Kind::Word && isForbiddenWord(token.text))
      scan.forbidden.push_back({token.text, token.offset});
    // In a configuration file: lint_off -rule UNOPTFLAT.
    if (token.kind == Kind::Word && mustStay(token.text) &&
        (before.text == "rule" || before.text == "msg"))
      scan.silenced.push_back({token.text, token.offset});
    bool isDpi = token.kind == Kind::String && (token.text == "DPI-C" || token.text == "DPI");
    if (isDpi && (before.text == "import" || before.text == "export"))
      scan.forbidden.push_back({token.text, before.offset});
    if (token.kind == Kind::String && before.text == "`include")
      scan.includes.push_back(token.text);
    if (token.kind == Kind::Word && before.text == "package")
      scan.packages.push_back(token.text);
    bool isScope = token.text == ":" && before.text == ":" && token.offset == before.offset + 1;
    if (isScope && beforeThat.kind == Kind::Word)
      scan.usedPackages.push_back(beforeThat.text);
    beforeThat = before;
    before = token;
  }
  return scan;
}

std::optional<size_t> lathe::findInModule(StringRef text, StringRef module, StringRef port) {
  Lexer lexer(text);
  std::optional<size_t> declared;
  StringRef before;
  for (Token token = lexer.next(); token.kind != Kind::End; token = lexer.next()) {
    if (token.kind != Kind::Word)
      continue;
    if (!declared && token.text == module && before == "module")
      declared = token.offset;
    else if (declared && token.text == port)
      return token.offset;
    else if (declared && token.text == "endmodule")
      return declared;
    before = token.text;
  }
  return declared;
}
