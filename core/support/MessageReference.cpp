#include "core/support/MessageReference.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;

std::string lathe::readablePattern(llvm::StringRef pattern) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    bool argument = pattern[i] == '{' && i + 2 < pattern.size() && llvm::isDigit(pattern[i + 1]);
    text += argument ? "..." : pattern.substr(i, 1).str();
    if (argument)
      i = std::min(pattern.find('}', i), pattern.size() - 1);
    else if (pattern.substr(i).starts_with("{{")) // a brace that stands for itself
      ++i;
  }
  return text;
}

llvm::StringRef lathe::messageArea(llvm::StringRef code) {
  static constexpr llvm::StringLiteral kAreas[] = {"",
                                                   "files and arrays",
                                                   "machine files and manifests (.yaml)",
                                                   "instruction set descriptions (.td)",
                                                   "an instruction set against its machine",
                                                   "index notation",
                                                   "kernels, sizes and arguments",
                                                   "mapping, schedule and programs",
                                                   "simulators and RTL",
                                                   "the command line and its environment"};
  unsigned area = code[2] - '0';
  return area < std::size(kAreas) ? llvm::StringRef(kAreas[area]) : "";
}

static void printMessage(llvm::raw_ostream &out, const MessageInfo &info) {
  std::string severity = info.severity == Severity::Error ? "error" : "warning";
  out << "### " << info.code << "\n\n    " << severity << ": " << readablePattern(info.text)
      << '\n';
  if (!info.help.empty())
    out << "    help: " << readablePattern(info.help) << '\n';
  out << '\n';
}

std::string lathe::messageReference() {
  std::string text =
      "# Messages\n\n"
      "Generated from `core/support/Messages.def`; `...` stands for what a message names. "
      "`lathe help CODE` prints the\n"
      "same. A message is shown with its file, line and column, the line itself, and what to do "
      "about it.\n\n";
  llvm::raw_string_ostream out(text);
  llvm::StringRef area;
  for (const MessageInfo &info : allMessages()) {
    if (info.code.substr(0, 3) != area) {
      area = info.code.substr(0, 3);
      out << "## " << area << "xx: " << messageArea(area) << "\n\n";
    }
    printMessage(out, info);
  }
  text.pop_back();
  return text;
}
