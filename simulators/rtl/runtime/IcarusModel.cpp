#include "IcarusModel.h"
#include "ModelLog.h"
#include "ModelPrint.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <dlfcn.h>
#include <span>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lathe::model;

//----------------------------------------------------------------------------------------------
// The process

static void here() {}

// "model.vvp" beside the shared library that this code is in.
static std::string programFile() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void *>(&here), &info))
    throw std::runtime_error("the model does not know where it lies");
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + "model.vvp";
}

LineProcess::LineProcess(int seed) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error(std::string("cannot talk to vvp: ") + std::strerror(errno));
  socket = ends[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int standard : {0, 1, 2})
    posix_spawn_file_actions_adddup2(&actions, ends[1], standard);
  std::string vvp = LATHE_VVP, quiet = "-n", file = programFile();
  std::string begin = "+seed=" + std::to_string(seed);
  char *arguments[] = {vvp.data(), quiet.data(), file.data(), begin.data(), nullptr};
  int failure = posix_spawn(&child, vvp.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failure == 0)
    return;
  close(socket);
  throw std::runtime_error("cannot run '" + vvp + "': " + std::strerror(failure));
}

LineProcess::~LineProcess() {
  close(socket);
  kill(child, SIGKILL); // it holds nothing that could be lost
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Into `answer`, without its end. False when the process has ended.
bool LineProcess::readLine() {
  size_t end;
  while ((end = unread.find('\n')) == std::string::npos) {
    char bytes[4096];
    ssize_t got = recv(socket, bytes, sizeof(bytes), 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    unread.append(bytes, got);
  }
  answer.assign(unread, 0, end);
  unread.erase(0, end + 1);
  return true;
}

const std::string &LineProcess::ask(const std::string &line) {
  for (size_t sent = 0; sent < line.size();) {
    ssize_t some = send(socket, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (some < 0 && errno == EINTR)
      continue;
    if (some <= 0)
      break; // what it said before it ended is still to be read
    sent += some;
  }
  std::string said = "without a word";
  while (readLine()) {
    if (answer.starts_with("= "))
      return answer;
    said = answer;
    latheModelPrint("%s\n", answer.c_str());
  }
  throw RtlStopped{"", 0, "Icarus Verilog ended: " + said};
}

//----------------------------------------------------------------------------------------------
// The ports as text: hexadecimal numbers, highest digit first, in the order of the test bench

static void addNumber(std::string &line, std::span<const uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = bytes.size(); i-- > 0;) {
    line += kDigits[bytes[i] >> 4];
    line += kDigits[bytes[i] & 15];
  }
  line += ' ';
}

template <typename Number> static void addNumber(std::string &line, Number value) {
  uint8_t bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  addNumber(line, std::span<const uint8_t>(bytes));
}

namespace {
class Reader {
public:
  Reader(const std::string &line, size_t at) : at(at), line(line) {}

  void read(std::span<uint8_t> bytes) {
    size_t end = line.find(' ', at);
    end = end == std::string::npos ? line.size() : end;
    size_t digit = end;
    for (uint8_t &byte : bytes) {
      byte = digit > at ? nibble(line[--digit]) : 0;
      if (digit > at)
        byte |= nibble(line[--digit]) << 4;
    }
    at = std::min(end + 1, line.size());
  }
  template <typename Number> Number number() {
    Number value = 0;
    uint8_t bytes[sizeof(value)];
    read(bytes);
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  }
  size_t at;
  bool unknown = false;

private:
  uint8_t nibble(char digit) {
    if (digit >= '0' && digit <= '9')
      return digit - '0';
    if (digit >= 'a' && digit <= 'f')
      return digit - 'a' + 10;
    unknown = true;
    return 0;
  }

  const std::string &line;
};
} // namespace

void VLatheModel::eval() {
  if (root.clk_i) {
    show(afterEdge);
    return;
  }
  ask();
  show(std::strlen("= "));
}

void VLatheModel::ask() {
  const VLatheModel___024root &top = root;
  line.clear();
  addNumber(line,
            uint8_t(top.rst_ni | top.cmd_valid_i << 1 | top.rd_req_ready_i << 2 |
                    top.rd_rsp_valid_i << 3 | top.wr_req_ready_i << 4 | top.wr_rsp_valid_i << 5));
  addNumber(line, top.perf_sel_i);
  addNumber(line, top.lathe_select_i);
  addNumber(line, std::span<const uint8_t>(top.cmd_word_i));
  addNumber(line, std::span<const uint8_t>(top.rd_rsp_data_i));
  line.back() = '\n';
  said = process.ask(line);
}

void VLatheModel::show(size_t at) {
  VLatheModel___024root &top = root;
  Reader reader(said, at);
  auto flags = reader.number<uint8_t>();
  top.cmd_ready_o = flags & 1;
  top.rd_req_valid_o = flags >> 1 & 1;
  top.rd_rsp_ready_o = flags >> 2 & 1;
  top.wr_req_valid_o = flags >> 3 & 1;
  top.wr_rsp_ready_o = flags >> 4 & 1;
  top.idle_o = flags >> 5 & 1;
  top.error_o = reader.number<uint8_t>();
  top.perf_data_o = reader.number<uint64_t>();
  top.rd_req_addr_o = reader.number<uint32_t>();
  top.wr_req_addr_o = reader.number<uint32_t>();
  reader.read(top.wr_req_strb_o);
  reader.read(top.wr_req_data_o);
  afterEdge = reader.at;
  if (reader.unknown && !sawUnknown)
    latheModelPrint("unknown bits in an output, read as 0\n");
  sawUnknown |= reader.unknown;
}
