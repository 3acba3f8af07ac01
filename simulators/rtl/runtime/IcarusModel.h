// Stands in for what Verilator generates where Icarus Verilog simulates the machine: the same
// ports, but a cycle is a line to a `vvp` process and a line back (docs/decisions/0017).
#pragma once

#include "LathePorts.h" // LATHE_COMMAND_BITS, LATHE_BEAT_BYTES, LATHE_VVP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>

// Time is counted by the test bench.
class VerilatedContext {
public:
  void randReset(int how) { isRandom = how == 2; }
  void randSeed(int given) { seed = given; }
  void time(uint64_t) {}

  bool isRandom = false; ///< else registers and memories begin at 0
  int seed = 1;
};
struct Verilated {
  static void threadContextp(VerilatedContext *) {}
};

class VLatheModel__Syms; // no signal inside can be reached

/// The ports; wide ones as bytes, lowest first.
struct VLatheModel___024root {
  template <unsigned Bits> using Wire = std::array<uint8_t, (Bits + 7) / 8>;

  uint8_t clk_i = 0, rst_ni = 0, cmd_valid_i = 0, rd_req_ready_i = 0, rd_rsp_valid_i = 0,
          wr_req_ready_i = 0, wr_rsp_valid_i = 0, perf_sel_i = 0;
  uint32_t lathe_select_i = 0;
  Wire<LATHE_COMMAND_BITS> cmd_word_i = {};
  Wire<8 * LATHE_BEAT_BYTES> rd_rsp_data_i = {};

  uint8_t cmd_ready_o = 0, rd_req_valid_o = 0, rd_rsp_ready_o = 0, wr_req_valid_o = 0,
          wr_rsp_ready_o = 0, idle_o = 0, error_o = 0;
  uint64_t perf_data_o = 0;
  uint32_t rd_req_addr_o = 0, wr_req_addr_o = 0;
  Wire<LATHE_BEAT_BYTES> wr_req_strb_o = {};
  Wire<8 * LATHE_BEAT_BYTES> wr_req_data_o = {};

  VLatheModel__Syms *vlSymsp = nullptr;
};

namespace lathe::model {
/// A child process that answers a line with a line.
class LineProcess {
public:
  /// Starts `vvp` on the file beside this library. Throws std::runtime_error.
  explicit LineProcess(int seed);
  ~LineProcess();
  LineProcess(const LineProcess &) = delete;
  LineProcess &operator=(const LineProcess &) = delete;

  /// What the test bench prints for `line`; other lines that it prints go to the model's log.
  /// Throws RtlStopped when the process has ended.
  const std::string &ask(const std::string &line);

private:
  bool readLine();

  pid_t child = -1;
  int socket = -1;
  std::string unread, answer;
};
} // namespace lathe::model

class VLatheModel {
public:
  VLatheModel(VerilatedContext *context, const char *)
      : process(context->isRandom ? context->seed : 0) {}
  /// With clk_i 0 and then 1. The first is asked for both edges; the second only shows the outputs.
  void eval();

private:
  void ask();
  void show(size_t at);

  VLatheModel___024root root;
  lathe::model::LineProcess process;
  std::string line, said;
  size_t afterEdge = 0; ///< where the outputs after the rising edge begin in `said`
  bool sawUnknown = false;

public:
  VLatheModel___024root *rootp = &root;
};
