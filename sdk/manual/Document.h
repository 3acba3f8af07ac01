// A document as blocks, and the two forms it is published in.
//
// Text is inline Markdown: `code`, **bold**, [label](#id) and backslash escapes; `plain` makes it
// of a text that somebody else wrote.
#pragma once

#include "sdk/manual/BitLayout.h"

#include <string>
#include <variant>
#include <vector>

namespace lathe::manual {

struct Heading {
  unsigned level = 1; ///< 1 a chapter, 2 a section, 3 an entry
  std::string id;     ///< what links name; unique in the document
  std::string text;
  std::string tag; ///< a short remark beside it; may be empty
};
struct Paragraph {
  std::string text;
};
struct List {
  std::vector<std::string> items;
};
struct Code {
  std::string text; ///< as it is, no markup
};
/// A column whose name begins with '>' is right-aligned.
struct Grid {
  std::string caption; ///< may be empty
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};
/// An instruction's bits; with `word`, what they hold in it.
struct Bits {
  BitLayout layout;
  std::optional<Word> word;
};
struct Figure {
  std::string id; ///< unique; the file's stem in the Markdown form
  std::string caption;
  std::string svg; ///< a whole <svg> element
};
using Block = std::variant<Heading, Paragraph, List, Code, Grid, Bits, Figure>;

struct Document {
  std::string title, subtitle, footer;
  std::vector<std::pair<std::string, std::string>> facts; ///< name and value, for the front page
  std::vector<Block> blocks;
};

/// `text` with every character of the markup escaped.
std::string plain(llvm::StringRef text);

/// One self-contained page: style and pictures inside, no network.
std::string renderHtml(const Document &document);

/// GitHub's Markdown; figures are files `figures/ID.svg` beside it.
std::string renderMarkdown(const Document &document);

} // namespace lathe::manual
