#include "core/program/Timing.h"

#include <doctest/doctest.h>

using namespace lathe;

namespace {

/// One unit with three pipes: WRITE takes 100 cycles, READ needs what it wrote, OTHER needs
/// nothing.
enum : unsigned { WRITE, READ, OTHER, LOAD, SET };

Intrinsic intrinsicOf(const char *name, unsigned pipe, int64_t cycles) {
  Intrinsic intrinsic;
  intrinsic.name = name;
  intrinsic.pipe = pipe;
  intrinsic.timing.interval.base = cycles;
  return intrinsic;
}

TileOperand byteOfHost() {
  TileOperand tile;
  tile.space = kHostSpace;
  tile.shape = {Dimension{1, std::nullopt}, Dimension{1, std::nullopt}};
  tile.read = true;
  return tile;
}

TileOperand rowOfSpm(bool written) {
  TileOperand tile;
  tile.space = 1;
  tile.shape = {Dimension{1, std::nullopt}};
  tile.read = !written;
  tile.written = written;
  return tile;
}

Target fourPipes(int64_t queue) {
  Target target;
  target.spaces.resize(2);
  target.spaces[0].isHost = true;
  target.spaces[0].readBytes = 16;
  target.spaces[0].latencyCycles = 40;
  target.spaces[1].addresses = 64;
  target.units = {{"unit", "", queue, {"write", "read", "other", "load"}}};
  target.intrinsics = {intrinsicOf("WRITE", 0, 100), intrinsicOf("READ", 1, 1),
                       intrinsicOf("OTHER", 2, 1), intrinsicOf("LOAD", 3, 1),
                       intrinsicOf("SET", 2, 0)};
  target.intrinsics[WRITE].tiles = {rowOfSpm(/*written=*/true)};
  target.intrinsics[READ].tiles = {rowOfSpm(/*written=*/false)};
  target.intrinsics[LOAD].tiles = {rowOfSpm(/*written=*/true), byteOfHost()};
  for (unsigned i : {WRITE, READ, LOAD})
    target.intrinsics[i].arguments.emplace_back();
  return target;
}

class Machine {
public:
  explicit Machine(int64_t queue) : Machine(fourPipes(queue)) {}
  explicit Machine(Target given)
      : target(std::move(given)), model(target, TimingModel::Mode::Machine) {}
  TimingModel::Times issue(unsigned intrinsic) {
    constexpr int64_t row = 7;
    return model.issue(intrinsic, row, {});
  }
  int64_t start(unsigned intrinsic) { return issue(intrinsic).start; }

private:
  Target target;
  TimingModel model;
};

} // namespace

TEST_CASE("a command that waits for data holds back its own pipe only") {
  Machine machine(8);
  CHECK(machine.start(WRITE) == 0);
  CHECK(machine.start(READ) == 100);
  CHECK(machine.start(OTHER) == 2); // the third command, taken in cycle 2
  CHECK(machine.start(READ) == 101);
}

TEST_CASE("whichever command completes first makes room in the queue") {
  Machine machine(2);
  CHECK(machine.start(WRITE) == 0);
  CHECK(machine.start(OTHER) == 1); // done in cycle 2, long before the one in front of it
  CHECK(machine.start(OTHER) == 2);
  CHECK(machine.start(OTHER) == 3);
}

TEST_CASE("a full queue takes no command") {
  Machine machine(1);
  CHECK(machine.start(WRITE) == 0);
  CHECK(machine.start(OTHER) == 100);
}

TEST_CASE("what holds no pipe waits for nothing and takes no room") {
  Machine machine(1);
  CHECK(machine.start(WRITE) == 0);
  CHECK(machine.start(SET) == 1);
  CHECK(machine.start(OTHER) == 100);
}

TEST_CASE("a load's beats are asked for while what it overwrites is still in use") {
  Machine machine(8);
  CHECK(machine.issue(LOAD).done == 41); // asked for in cycle 0, there from 40 on
  CHECK(machine.start(WRITE) == 41);
  CHECK(machine.issue(LOAD).done == 142); // the beat waits for WRITE, not the other way round
}

TEST_CASE("a unit that reads in turn adds the latency of host memory to every load") {
  Target target = fourPipes(8);
  target.units[0].ahead = 0;
  Machine machine(target);
  CHECK(machine.issue(LOAD).done == 41);
  CHECK(machine.issue(LOAD).done == 82);
  CHECK(Machine(8).issue(LOAD).done == 41);
  target.units[0].ahead = 1;
  Machine ahead(target);
  CHECK(ahead.issue(LOAD).done == 41);
  CHECK(ahead.issue(LOAD).done == 42); // asked for in cycle 1
  CHECK(ahead.issue(LOAD).done == 82); // in cycle 41, when the first is done
}

TEST_CASE("a program memory is started once for what it holds") {
  Target target = fourPipes(8);
  target.launchCycles = 15;
  target.rtl.emplace();
  target.rtl->binding.emplace();
  target.rtl->binding->program.emplace();
  target.rtl->binding->program->capacity = 2;
  target.intrinsics[LOAD].isCall = true;
  Machine machine(target);
  CHECK(machine.start(OTHER) == 15);
  CHECK(machine.start(OTHER) == 16);
  CHECK(machine.start(OTHER) == 32); // two fit: the next program
  (void)machine.issue(LOAD);         // not a command of the program: it waits until that is done
  CHECK(machine.start(OTHER) == 48);
}
