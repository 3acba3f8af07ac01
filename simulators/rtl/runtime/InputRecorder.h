// Keeps the inputs of every cycle, to measure what the cycle loop costs over the bare model.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace lathe::model {

/// `Top` is the model's class of top-level ports. Replaying sets the same inputs in the same cycles
/// and evaluates both clock edges: nothing else, so it is the least that driving the model can
/// cost.
template <typename Top> class InputRecorder {
public:
  void record(const Top &top) {
    cycles.push_back({top.cmd_valid_i, top.rd_req_ready_i, top.rd_rsp_valid_i, top.wr_req_ready_i,
                      top.wr_rsp_valid_i, top.cmd_word_i, top.rd_rsp_data_i});
  }
  void clear() { cycles.clear(); }

  /// Sets the inputs of each recorded cycle and calls `evaluate` for both edges. The cycles
  /// replayed.
  template <typename Evaluate> uint64_t replay(Top &top, Evaluate &&evaluate) const {
    for (const Inputs &inputs : cycles) {
      top.cmd_valid_i = inputs.commandValid;
      top.rd_req_ready_i = inputs.readReady;
      top.rd_rsp_valid_i = inputs.responseValid;
      top.wr_req_ready_i = inputs.writeReady;
      top.wr_rsp_valid_i = inputs.ackValid;
      top.cmd_word_i = inputs.word;
      top.rd_rsp_data_i = inputs.data;
      top.clk_i = 0;
      evaluate();
      top.clk_i = 1;
      evaluate();
    }
    return cycles.size();
  }

private:
  struct Inputs {
    uint8_t commandValid, readReady, responseValid, writeReady, ackValid;
    std::remove_cvref_t<decltype(std::declval<Top>().cmd_word_i)> word;
    std::remove_cvref_t<decltype(std::declval<Top>().rd_rsp_data_i)> data;
  };
  std::vector<Inputs> cycles;
};

} // namespace lathe::model
