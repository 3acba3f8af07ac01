#include "RtlBench.h"
#include <cstdio>
#include <cstring>

namespace bench {
namespace {

// A port of up to 64 bits is an integer, a wider one an array of words.
template <typename Port> uint8_t *raw(Port &port) { return reinterpret_cast<uint8_t *>(&port); }

bool bitOf(uint32_t bits, uint32_t index) { return (bits >> index) & 1; }

std::string at(const char *what, uint64_t cycle, size_t index) {
  return std::string(what) + ", beat " + std::to_string(index) + ", cycle " + std::to_string(cycle);
}

constexpr uint64_t hangCycles = 20000;

} // namespace

RtlBench::RtlBench(const HostImage &host, uint32_t seed)
    : host(host), random(seed), top(std::make_unique<Vlathe_top>()) {
  top->rst_ni = 0;
  for (int i = 0; i < 3; ++i)
    edge();
  top->rst_ni = 1;
  cycle = 0;
}

RtlBench::~RtlBench() { top->final(); }

void RtlBench::edge() {
  top->clk_i = 0;
  top->eval();
  top->clk_i = 1;
  top->eval();
  ++cycle;
}

void RtlBench::drive(const std::vector<uint64_t> &words, const Outside &outside) {
  offering = next < words.size() && (offering || chance(outside.command));
  top->cmd_valid_i = offering;
  top->cmd_word_i = offering ? words[next] : uint64_t(random()) << 32 | random();

  responding =
      !reads.empty() && reads.front().due <= cycle && (responding || chance(outside.readValid));
  top->rd_rsp_valid_i = responding;
  for (uint32_t i = 0; i < sizes.memBytes; ++i)
    raw(top->rd_rsp_data_i)[i] =
        responding ? host.at(reads.front().address + i) : uint8_t(random());

  acking = !acks.empty() && acks.front() <= cycle && (acking || chance(outside.ackValid));
  top->wr_rsp_valid_i = acking;
  top->rd_req_ready_i = chance(outside.readReady);
  top->wr_req_ready_i = chance(outside.writeReady);
}

std::string RtlBench::compareWrite(const IsaModel &expected, size_t index) const {
  if (index >= expected.writeBeats.size())
    return at("write that no store makes", cycle, index);
  const WriteBeat &beat = expected.writeBeats[index];
  if (top->wr_req_addr_o != beat.address)
    return at("write address", cycle, index);
  for (uint32_t i = 0; i < sizes.memBytes; ++i) {
    if (bitOf(top->wr_req_strb_o, i) != beat.strobe[i])
      return at("write strobe", cycle, index);
    if (beat.strobe[i] && raw(top->wr_req_data_o)[i] != beat.data[i])
      return at("written byte", cycle, index) + ", lane " + std::to_string(i) + ": expected " +
             std::to_string(beat.data[i]) + ", got " + std::to_string(raw(top->wr_req_data_o)[i]);
  }
  return "";
}

// Outputs are functions of state, so what is seen before the edge is what the edge will act on.
void RtlBench::observe(const IsaModel &expected, const Outside &outside, Run &run) {
  if (top->cmd_valid_i && top->cmd_ready_o) {
    run.accepted.push_back(cycle);
    ++next;
    offering = false;
  }
  if (top->rd_rsp_valid_i && top->rd_rsp_ready_o) {
    reads.pop_front();
    responding = false;
  }
  if (top->wr_rsp_valid_i && top->wr_rsp_ready_o) {
    acks.pop_front();
    acking = false;
  }
  if (top->rd_req_valid_o && top->rd_req_ready_i) {
    size_t index = run.reads.size();
    if (index >= expected.readBeats.size() || expected.readBeats[index] != top->rd_req_addr_o)
      run.failure = at("read address", cycle, index);
    reads.push_back({cycle + outside.readLatency, top->rd_req_addr_o});
    run.reads.push_back(cycle);
  }
  if (top->wr_req_valid_o && top->wr_req_ready_i) {
    run.failure = compareWrite(expected, run.writes.size());
    acks.push_back(cycle + outside.writeLatency);
    run.writes.push_back(cycle);
  }
}

Run RtlBench::run(const std::vector<uint64_t> &words, const IsaModel &expected,
                  const Outside &outside) {
  Run run;
  next = 0;
  uint64_t lastProgress = cycle;
  while (run.failure.empty()) {
    drive(words, outside);
    size_t before = run.reads.size() + run.writes.size() + next + reads.size() + acks.size();
    observe(expected, outside, run);
    if (next == words.size() && run.accepted.size() == words.size() && top->idle_o && !offering &&
        run.accepted.back() < cycle)
      break;
    edge();
    if (before != run.reads.size() + run.writes.size() + next + reads.size() + acks.size())
      lastProgress = cycle;
    if (cycle > lastProgress + hangCycles)
      run.failure = "no progress, cycle " + std::to_string(cycle);
  }
  run.idleAt = cycle;
  run.error = top->error_o;
  if (!run.failure.empty())
    return run;
  if (run.reads.size() != expected.readBeats.size())
    run.failure = "beats read: " + std::to_string(run.reads.size()) + " of " +
                  std::to_string(expected.readBeats.size());
  if (run.writes.size() != expected.writeBeats.size())
    run.failure = "beats written: " + std::to_string(run.writes.size()) + " of " +
                  std::to_string(expected.writeBeats.size());
  return run;
}

uint64_t RtlBench::counter(uint8_t index) {
  top->cmd_valid_i = 0;
  top->rd_rsp_valid_i = 0;
  top->wr_rsp_valid_i = 0;
  top->perf_sel_i = index;
  edge();
  return top->perf_data_o;
}

bool RtlBench::outputsIgnoreInputs() {
  auto outputs = [&] {
    std::string all;
    auto add = [&](const void *data, size_t bytes) {
      all.append(static_cast<const char *>(data), bytes);
    };
    add(&top->cmd_ready_o, sizeof top->cmd_ready_o);
    add(&top->rd_req_valid_o, sizeof top->rd_req_valid_o);
    add(&top->rd_req_addr_o, sizeof top->rd_req_addr_o);
    add(&top->rd_rsp_ready_o, sizeof top->rd_rsp_ready_o);
    add(&top->wr_req_valid_o, sizeof top->wr_req_valid_o);
    add(&top->wr_req_addr_o, sizeof top->wr_req_addr_o);
    add(&top->wr_req_data_o, sizeof top->wr_req_data_o);
    add(&top->wr_req_strb_o, sizeof top->wr_req_strb_o);
    add(&top->wr_rsp_ready_o, sizeof top->wr_rsp_ready_o);
    add(&top->idle_o, sizeof top->idle_o);
    add(&top->error_o, sizeof top->error_o);
    add(&top->perf_data_o, sizeof top->perf_data_o);
    return all;
  };
  std::string before = outputs();
  top->clk_i = 0;
  for (int i = 0; i < 8; ++i) {
    top->cmd_valid_i = random() & 1;
    top->cmd_word_i = uint64_t(random()) << 32 | random();
    top->rd_req_ready_i = random() & 1;
    top->rd_rsp_valid_i = random() & 1;
    top->wr_req_ready_i = random() & 1;
    top->wr_rsp_valid_i = random() & 1;
    top->perf_sel_i = uint8_t(random());
    top->eval();
    if (outputs() != before)
      return false;
  }
  return true;
}

} // namespace bench
