#include "simulators/rtl/SignalTable.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"

#include <map>

using namespace lathe;
using llvm::StringRef;

namespace {
struct Member {
  StringRef name;
  unsigned bits = 0;
  unsigned elementBytes = 0;
  uint64_t elements = 1;
};
} // namespace

// CData, SData, IData, QData, or words of 32 bits.
static unsigned storageBytes(unsigned bits) {
  if (bits > 64)
    return (bits + 31) / 32 * 4;
  return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}

static unsigned number(StringRef text) {
  unsigned value = 0;
  text.getAsInteger(10, value);
  return value;
}

// VL_IN8(clk_i,0,0);
static std::optional<Member> parsePort(StringRef line) {
  static const llvm::Regex pattern(
      "^ *VL_(IN|OUT|INOUT)[0-9W]*\\(([A-Za-z0-9_]+),([0-9]+),([0-9]+)");
  llvm::SmallVector<StringRef> match;
  if (!pattern.match(line, &match))
    return std::nullopt;
  unsigned bits = number(match[3]) - number(match[4]) + 1;
  return Member{match[2], bits, storageBytes(bits), 1};
}

// CData/*6:0*/ head_q;   VlUnpacked<VlWide<4>/*127:0*/, 64> beats_q;
static std::optional<Member> parseState(StringRef line) {
  static const llvm::Regex pattern("^ *(VlUnpacked<)*([CSIQ]Data|VlWide<[0-9]+>)/\\*([0-9]+):"
                                   "([0-9]+)\\*/([^A-Za-z_]*) ([A-Za-z0-9_]+);");
  llvm::SmallVector<StringRef> match;
  if (!pattern.match(line, &match))
    return std::nullopt;
  unsigned bits = number(match[3]) - number(match[4]) + 1;
  Member member{match[6], bits, storageBytes(bits), 1};
  llvm::SmallVector<StringRef> extents;
  match[5].split(extents, '>', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef extent : extents)
    member.elements *= number(extent.trim(", "));
  return member;
}

static std::vector<Member> members(StringRef header) {
  std::vector<Member> result;
  llvm::SmallVector<StringRef> lines;
  header.split(lines, '\n');
  for (StringRef line : lines) {
    std::optional<Member> member = parsePort(line);
    if (!member)
      member = parseState(line);
    if (member && !member->name.starts_with("__V"))
      result.push_back(*member);
  }
  return result;
}

static std::string replaceAll(std::string text, StringRef from, StringRef to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// lathe_top__DOT__g_row__BRA__3__KET____DOT__sum_q -> lathe_top.g_row[3].sum_q
static std::string hierarchical(std::string name) {
  name = replaceAll(std::move(name), "__BRA__", "[");
  name = replaceAll(std::move(name), "__KET__", "]");
  return replaceAll(std::move(name), "__DOT__", ".");
}

// TOP__lathe_top__u_fifo and head_q -> lathe_top.u_fifo.head_q
static std::string fullName(StringRef instance, StringRef member) {
  instance.consume_front("TOP");
  instance.consume_front("__");
  std::string prefix = replaceAll(hierarchical(instance.str()), "__", ".");
  return prefix.empty() ? hierarchical(member.str()) : prefix + "." + hierarchical(member.str());
}

// Pairs of class and instance: "    VLatheModel_copy_fifo TOP__lathe_top__u_fifo;"
static std::vector<std::pair<StringRef, StringRef>> instances(StringRef symbols) {
  std::vector<std::pair<StringRef, StringRef>> result;
  StringRef section = symbols.split("// MODULE INSTANCE STATE").second.split("//").first;
  llvm::SmallVector<StringRef> lines;
  section.split(lines, '\n');
  for (StringRef line : lines) {
    auto [type, rest] = llvm::getToken(line);
    StringRef name = llvm::getToken(rest, " ;").first;
    if (!name.empty())
      result.push_back({type, name});
  }
  return result;
}

std::string lathe::signalTable(StringRef symbols, const std::vector<GeneratedClass> &classes) {
  std::map<StringRef, std::vector<Member>> byClass;
  for (const GeneratedClass &generated : classes)
    byClass[generated.name] = members(generated.header);
  std::map<std::string, std::string> lines; // sorted as std::string_view compares
  for (auto [type, instance] : instances(symbols))
    for (const Member &member : byClass[type]) {
      std::string name = fullName(instance, member.name);
      lines[name] = llvm::formatv(
          "{{\"{0}\", offsetof(VLatheModel__Syms, {1}) + offsetof({2}, {3}), "
          "{4}, {5}, {6}},\n",
          name, instance, type, member.name, member.elements, member.bits, member.elementBytes);
    }
  std::string table;
  for (const auto &[name, line] : lines)
    table += line;
  return table;
}
