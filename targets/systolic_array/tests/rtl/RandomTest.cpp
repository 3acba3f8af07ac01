// The RTL and the plain model agree on every beat, whatever the hazards and however the outside
// behaves.
#define DOCTEST_CONFIG_IMPLEMENT
#include "Programs.h"
#include "RtlBench.h"
#include <cstdlib>
#include <doctest/doctest.h>

using namespace bench;

namespace {

unsigned seeds() {
  const char *text = std::getenv("RTL_SEEDS");
  return text ? unsigned(std::atoi(text)) : 40;
}

Outside anyOutside(std::mt19937 &random) {
  auto percent = [&] {
    constexpr unsigned choices[] = {100, 100, 60, 10};
    return choices[random() % 4];
  };
  auto latency = [&] {
    constexpr unsigned choices[] = {1, 2, 13, 60};
    return choices[random() % 4];
  };
  return {.command = percent(),
          .readReady = percent(),
          .readValid = percent(),
          .writeReady = percent(),
          .ackValid = percent(),
          .readLatency = latency(),
          .writeLatency = latency()};
}

struct Outcome {
  Run run;
  uint8_t expectedError;
};

Outcome runSeed(uint32_t seed, const ProgramOptions &options, bool wellBehaved) {
  std::mt19937 random(seed);
  HostImage image = cornerImage(random);
  std::vector<uint64_t> words = randomProgram(random, options);
  IsaModel model(image);
  for (uint64_t word : words)
    model.run(word);
  RtlBench rtl(image, seed);
  Run run = rtl.run(words, model, wellBehaved ? Outside{} : anyOutside(random));
  return {run, model.error()};
}

} // namespace

TEST_CASE("random programs agree with the model under random back-pressure") {
  for (uint32_t seed = 1; seed <= seeds(); ++seed) {
    CAPTURE(seed);
    Outcome outcome = runSeed(seed, {.commands = 150}, false);
    REQUIRE(outcome.run.failure == "");
    REQUIRE(outcome.run.error == 0);
  }
}

TEST_CASE("random programs agree with the model when the outside never waits") {
  for (uint32_t seed = 1000; seed < 1000 + seeds(); ++seed) {
    CAPTURE(seed);
    Outcome outcome = runSeed(seed, {.commands = 300}, true);
    REQUIRE(outcome.run.failure == "");
  }
}

TEST_CASE("illegal commands change nothing, and the first is reported") {
  for (uint32_t seed = 2000; seed < 2000 + seeds() / 2; ++seed) {
    CAPTURE(seed);
    Outcome outcome = runSeed(seed, {.commands = 100, .illegalPercent = 20}, false);
    REQUIRE(outcome.run.failure == "");
    REQUIRE(outcome.expectedError != 0);
    REQUIRE(outcome.run.error == outcome.expectedError);
  }
}

TEST_CASE("outputs do not depend on inputs between edges") {
  std::mt19937 random(3);
  HostImage image = cornerImage(random);
  std::vector<uint64_t> words = randomProgram(random, {.commands = 50});
  IsaModel model(image);
  for (uint64_t word : words)
    model.run(word);
  RtlBench rtl(image, 3);
  REQUIRE(rtl.run(words, model, {}).failure == "");
  CHECK(rtl.outputsIgnoreInputs());
}

int main(int count, char **arguments) {
  Verilated::commandArgs(count, arguments);
  return doctest::Context(count, arguments).run();
}
