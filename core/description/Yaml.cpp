#include "core/description/Yaml.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

using namespace lathe;
using llvm::StringRef;

static constexpr unsigned kDeepest = 32;
static constexpr size_t kMostNodes = 20000;

const YamlNode *YamlNode::find(StringRef key) const {
  for (const auto &[name, value] : entries)
    if (name.text == key)
      return &value;
  return nullptr;
}

llvm::SMLoc YamlNode::keyLoc(StringRef key) const {
  for (const auto &[name, value] : entries)
    if (name.text == key)
      return name.loc;
  return loc;
}

llvm::SMLoc YamlNode::textLoc() const {
  return quoted ? llvm::SMLoc::getFromPointer(loc.getPointer() + 1) : loc;
}

StringRef lathe::describe(YamlNode::Kind kind) {
  switch (kind) {
  case YamlNode::Kind::Null:
    return "nothing";
  case YamlNode::Kind::Scalar:
    return "text";
  case YamlNode::Kind::List:
    return "a list";
  case YamlNode::Kind::Map:
    return "a map";
  }
  llvm_unreachable("all kinds are named");
}

namespace {

/// Unwinds yaml-cpp when there is no point in reading on.
struct GiveUp {};

/// Builds the tree from yaml-cpp's events, with a stack of its own.
class TreeBuilder : public YAML::EventHandler {
public:
  TreeBuilder(unsigned file, Diagnostics &diagnostics)
      : file(file), diagnostics(diagnostics), text(diagnostics.sourceTexts().text(file)) {
    lineStarts.push_back(0);
    for (size_t at = 0; at < text.size(); ++at)
      if (text[at] == '\n')
        lineStarts.push_back(at + 1);
  }

  YamlNode take() { return std::move(root); }

  llvm::SMLoc location(const YAML::Mark &mark) const {
    size_t line = std::min<size_t>(std::max(mark.line, 0), lineStarts.size() - 1);
    return diagnostics.sourceTexts().location(file, lineStarts[line] + std::max(mark.column, 0));
  }

  void OnDocumentStart(const YAML::Mark &) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark &mark, YAML::anchor_t) override {
    place(makeNode(YamlNode::Kind::Null, mark));
  }

  // Its anchor has been reported.
  void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override {
    place(makeNode(YamlNode::Kind::Null, mark));
  }

  void OnAnchor(const YAML::Mark &mark, const std::string &) override {
    diagnostics.report(Message::YamlAnchor, location(mark));
  }

  void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                const std::string &value) override {
    checkTag(mark, tag);
    YamlNode node = makeNode(YamlNode::Kind::Scalar, mark);
    node.text = value;
    node.quoted = tag == "!" && isQuote(mark);
    place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::List, mark, tag);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::Map, mark, tag);
  }
  void OnMapEnd() override { close(); }

private:
  /// A list or map being filled; `key` waits for its value.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;
  };

  YamlNode makeNode(YamlNode::Kind kind, const YAML::Mark &mark) const {
    YamlNode node;
    node.kind = kind;
    node.loc = location(mark);
    return node;
  }

  bool isQuote(const YAML::Mark &mark) const {
    char first = *location(mark).getPointer();
    return first == '"' || first == '\'';
  }

  void checkTag(const YAML::Mark &mark, const std::string &tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      diagnostics.report(Message::YamlTag, location(mark), tag);
  }

  void open(YamlNode::Kind kind, const YAML::Mark &mark, const std::string &tag) {
    checkTag(mark, tag);
    if (stack.size() >= kDeepest) {
      diagnostics.report(Message::YamlTooDeep, location(mark), kDeepest);
      throw GiveUp();
    }
    stack.push_back({makeNode(kind, mark), std::nullopt});
  }

  void close() {
    YamlNode done = std::move(stack.back().node);
    stack.pop_back();
    place(std::move(done));
  }

  void place(YamlNode node) {
    if (++nodes > kMostNodes) {
      diagnostics.report(Message::YamlTooMany, node.loc, kMostNodes);
      throw GiveUp();
    }
    if (stack.empty())
      root = std::move(node);
    else if (stack.back().node.kind == YamlNode::Kind::List)
      stack.back().node.items.push_back(std::move(node));
    else if (!stack.back().key)
      stack.back().key = std::move(node);
    else
      addEntry(stack.back(), std::move(node));
  }

  void addEntry(Open &map, YamlNode value) {
    YamlNode key = std::move(*map.key);
    map.key.reset();
    if (!key.isScalar()) {
      diagnostics.report(Message::YamlKeyKind, key.loc, describe(key.kind));
    } else if (key.text == "<<") {
      diagnostics.report(Message::YamlMergeKey, key.loc);
    } else if (const YamlNode *first = findKey(map.node, key.text)) {
      Diagnostic &diagnostic = diagnostics.report(Message::YamlDuplicateKey, key.loc, key.text);
      diagnostics.note(diagnostic, first->loc, "first given here");
    } else {
      map.node.entries.push_back({std::move(key), std::move(value)});
    }
  }

  static const YamlNode *findKey(const YamlNode &map, StringRef text) {
    for (const auto &[key, value] : map.entries)
      if (key.text == text)
        return &key;
    return nullptr;
  }

  unsigned file;
  Diagnostics &diagnostics;
  StringRef text;
  std::vector<size_t> lineStarts;
  std::vector<Open> stack;
  YamlNode root;
  size_t nodes = 0;
};

} // namespace

// yaml-cpp takes tabs and control characters in places where they only confuse.
static bool checkCharacters(unsigned file, Diagnostics &diagnostics) {
  StringRef text = diagnostics.sourceTexts().text(file);
  size_t badUtf8 = 0;
  if (!llvm::json::isUTF8(text, &badUtf8)) {
    diagnostics.report(Message::YamlCharacter, diagnostics.sourceTexts().location(file, badUtf8),
                       "not UTF-8");
    return false;
  }
  for (size_t at = 0; at < text.size(); ++at) {
    unsigned char c = text[at];
    if (c >= 0x20 ? c != 0x7f : c == '\n' || c == '\r')
      continue;
    diagnostics.report(Message::YamlCharacter, diagnostics.sourceTexts().location(file, at),
                       c == '\t' ? "a tab" : "a control character");
    return false;
  }
  return true;
}

namespace {
/// Lines of a file that matter to documents, found without yaml-cpp.
struct DocumentLines {
  std::optional<size_t> first;  ///< offset of the first content
  std::optional<size_t> second; ///< offset where a second document begins
};
} // namespace

// yaml-cpp stops behind the first document and says nothing of what follows.
static DocumentLines findDocuments(StringRef text) {
  DocumentLines lines;
  bool ended = false;
  for (size_t at = 0; at < text.size() && !lines.second;) {
    StringRef line = text.substr(at).take_until([](char c) { return c == '\n'; });
    StringRef word = line.rtrim();
    bool starts = word == "---" || word.starts_with("--- ");
    bool blank = word.empty() || word.ltrim().starts_with("#") || word == "...";
    if ((starts && lines.first) || (ended && !blank))
      lines.second = at;
    else if (!blank && word != "---" && !lines.first)
      lines.first = at + (line.size() - line.ltrim().size());
    ended |= word == "...";
    at += line.size() + 1;
  }
  return lines;
}

static void checkDocuments(unsigned file, bool isEmpty, Diagnostics &diagnostics) {
  Sources &sources = diagnostics.sourceTexts();
  DocumentLines lines = findDocuments(sources.text(file));
  if (isEmpty && lines.first && !diagnostics.hasErrors())
    diagnostics.report(Message::YamlSyntax, sources.location(file, *lines.first),
                       "expected 'key: value'");
  if (lines.second)
    diagnostics.report(Message::YamlSecondDocument, sources.location(file, *lines.second));
}

static void parse(unsigned file, TreeBuilder &builder, Diagnostics &diagnostics) {
  try {
    std::istringstream stream(diagnostics.sourceTexts().text(file).str());
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const GiveUp &) {
    // already reported
  } catch (const YAML::Exception &error) {
    diagnostics.report(Message::YamlSyntax, builder.location(error.mark), error.msg);
  }
}

std::optional<YamlNode> lathe::readYaml(unsigned file, Diagnostics &diagnostics) {
  if (!checkCharacters(file, diagnostics))
    return std::nullopt;
  Diagnostics own(diagnostics.sourceTexts()); // earlier errors of the caller do not count here
  TreeBuilder builder(file, own);
  parse(file, builder, own);
  YamlNode root = builder.take();
  checkDocuments(file, root.kind == YamlNode::Kind::Null, own);
  bool failed = own.hasErrors();
  diagnostics.take(std::move(own));
  if (failed)
    return std::nullopt;
  if (root.kind == YamlNode::Kind::Null) {
    root.kind = YamlNode::Kind::Map;
    root.loc = diagnostics.sourceTexts().location(file, 0);
  }
  return root;
}
