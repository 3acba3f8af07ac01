// How the machine reaches memory: here, one port of read beats and one of write beats.
#pragma once

#include "Backpressure.h"
#include "HostMemory.h"
#include "Ring.h"

#include <cstdint>
#include <cstring>

namespace lathe::model {

/// An access that lies outside every attached region, or is not aligned to a beat.
struct RefusedAccess {
  bool happened = false;
  bool isWrite = false;
  bool misaligned = false;
  uint64_t address = 0;
};

/// One read and one write beat of BeatBytes bytes a cycle, answered in order. A request taken in
/// cycle c is answered from cycle c + latency on; responses that were offered stay until taken.
/// Reads see memory as it is, and writes change it, when their request is taken.
/// Another kind of memory port is another class with these members.
template <unsigned BeatBytes> class BeatMemoryChannel {
public:
  HostMemory memory;

  void configure(const LatheMemoryConfig &config) {
    latency = config.latency_cycles;
    backpressure.configure(config);
    // Room for every beat on its way, and for as many that wait for the machine.
    reads.size(2 * latency + 16);
    acks.size(2 * latency + 16);
    readOffered = ackOffered = false;
  }

  void reset() {
    reads.clear();
    acks.clear();
    readOffered = ackOffered = false;
    readCount = writeCount = 0;
    lastStore = watchedStore = LATHE_NEVER;
    refused = {};
  }

  bool empty() const { return reads.empty() && acks.empty(); }
  bool isHeldBack() const { return backpressure.isActive(); }
  unsigned drawHeld(uint64_t cycle) { return backpressure.draw(cycle); }
  const RefusedAccess &refusal() const { return refused; }
  uint64_t beatsRead() const { return readCount; }
  uint64_t beatsWritten() const { return writeCount; }
  uint64_t lastStoreCycle() const { return lastStore; }

  /// From now on watchedCycle() is that of the last write of the byte at `address`.
  void watch(uint64_t address) {
    watched = address;
    watchedStore = LATHE_NEVER;
  }
  uint64_t watchedCycle() const { return watchedStore; }

  /// Sets the inputs of `cycle`. `held`: bit per LatheChannel, see Backpressure.
  template <typename Top> void drive(Top &top, uint64_t cycle, unsigned held) {
    top.rd_req_ready_i = !reads.full() & !(held >> LATHE_READ_REQUEST & 1);
    top.wr_req_ready_i = !acks.full() & !(held >> LATHE_WRITE_REQUEST & 1);
    if (!readOffered && !reads.empty() && reads.front().due <= cycle &&
        !(held >> LATHE_READ_RESPONSE & 1)) {
      readOffered = true;
      std::memcpy(&top.rd_rsp_data_i, reads.front().data, BeatBytes);
    }
    if (!ackOffered && !acks.empty() && acks.front() <= cycle &&
        !(held >> LATHE_WRITE_RESPONSE & 1))
      ackOffered = true;
    top.rd_rsp_valid_i = readOffered;
    top.wr_rsp_valid_i = ackOffered;
  }

  /// Looks at the outputs before the clock edge. True when a handshake happened.
  template <typename Top> bool sample(Top &top, uint64_t cycle) {
    bool answered = readOffered & top.rd_rsp_ready_o,
         acknowledged = ackOffered & top.wr_rsp_ready_o;
    bool reading = top.rd_req_valid_o & top.rd_req_ready_i;
    bool writing = top.wr_req_valid_o & top.wr_req_ready_i;
    if (answered) {
      readOffered = false;
      reads.pop();
    }
    if (acknowledged) {
      ackOffered = false;
      acks.pop();
    }
    if (reading)
      takeRead(top.rd_req_addr_o, cycle);
    if (writing)
      takeWrite(top, cycle);
    return answered | acknowledged | reading | writing;
  }

  template <typename Archive> void archive(Archive &&visit) {
    reads.archive(visit);
    acks.archive(visit);
    backpressure.archive(visit);
    visit(readOffered);
    visit(ackOffered);
    visit(readCount);
    visit(writeCount);
    visit(lastStore);
    visit(refused);
  }

private:
  struct ReadBeat {
    uint64_t due;
    uint8_t data[BeatBytes];
  };

  void takeRead(uint64_t address, uint64_t cycle) {
    ReadBeat &beat = reads.next();
    beat.due = cycle + latency;
    if (address % BeatBytes != 0)
      refuse({.misaligned = true, .address = address});
    else if (!memory.template read<BeatBytes>(address, beat.data))
      refuse({.address = address});
    reads.push();
    ++readCount;
  }

  template <typename Top> void takeWrite(Top &top, uint64_t cycle) {
    uint64_t address = top.wr_req_addr_o, strobe = 0, outside = 0;
    std::memcpy(&strobe, &top.wr_req_strb_o, sizeof(top.wr_req_strb_o));
    if (address % BeatBytes != 0)
      refuse({.isWrite = true, .misaligned = true, .address = address});
    else if (!memory.template write<BeatBytes>(address, &top.wr_req_data_o, strobe, outside))
      refuse({.isWrite = true, .address = outside});
    acks.next() = cycle + latency;
    acks.push();
    ++writeCount;
    lastStore = cycle;
    if (watched - address < BeatBytes && (strobe >> (watched - address) & 1))
      watchedStore = cycle;
  }

  // The first one is the one that explains the rest.
  void refuse(RefusedAccess access) {
    if (refused.happened)
      return;
    refused = access;
    refused.happened = true;
  }

  Ring<ReadBeat> reads;
  Ring<uint64_t> acks; ///< the cycle from which each acknowledgement may be given
  Backpressure backpressure;
  RefusedAccess refused;
  uint64_t latency = 1;
  uint64_t readCount = 0, writeCount = 0, lastStore = LATHE_NEVER;
  uint64_t watched = ~uint64_t(0), watchedStore = LATHE_NEVER;
  bool readOffered = false, ackOffered = false;
};

} // namespace lathe::model
