#include "simulators/rtl/ModelCache.h"
#include "simulators/rtl/Subprocess.h"

#include "RtlTestModels.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace lathe;
namespace fs = llvm::sys::fs;

namespace {
/// What one attempt to build gave.
struct Attempt {
  Sources sources;
  Diagnostics diagnostics{sources};
  std::optional<BuiltModel> model;

  explicit Attempt(const ModelSpec &spec, const CacheOptions &options = test::cacheOptions()) {
    model = ModelCache(options).get(spec, diagnostics);
  }
  /// "L0801 9:11 text" for each message, a line each.
  std::string messages() const {
    std::string lines;
    for (const Diagnostic &d : diagnostics.all())
      lines += llvm::formatv("{0} {1}:{2} {3}\n", d.code(), d.place.line, d.place.column, d.text);
    return lines;
  }
  std::string firstMessage() const { return llvm::StringRef(messages()).split('\n').first.str(); }
};

std::string lines(std::initializer_list<std::string> all) {
  std::string text;
  for (const std::string &line : all)
    text += line + "\n";
  return text;
}

void removeCache(const std::string &folder) {
  fs::remove_directories(std::string(LATHE_BUILD_DIR) + "/" + folder);
}

/// An empty cache, but for the runtime, which takes longest to build and is not what is tested.
CacheOptions freshCache(const std::string &folder) {
  removeCache(folder);
  CacheOptions options = test::cacheOptions(folder);
  Attempt warm(test::copySpec());
  fs::create_directories(options.directory);
  fs::create_link(test::cacheOptions().directory + "/runtime", options.directory + "/runtime");
  return options;
}

unsigned entries(const std::string &folder) {
  unsigned count = 0;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; it != end && !failure;
       it.increment(failure))
    ++count;
  return count;
}
} // namespace

TEST_CASE("model cache: ports that break the contract are all reported where they are declared") {
  Attempt attempt(test::badSpec("ports.sv"));
  CHECK_FALSE(attempt.model);
  CHECK(attempt.diagnostics.all()[0].place.file == test::rtlFile("bad/ports.sv"));
  CHECK(attempt.messages() ==
        lines({"L0805 7:29 'cmd_word_i' has 300 bits, the port contract wants 1 to 256 bits",
               "L0805 10:29 'rd_req_addr_o' has 24 bits, the port contract wants 32 bits",
               "L0805 17:29 'wr_req_data_o' has 64 bits, the port contract wants 128 bits, as "
               "'rd_rsp_data_i' has",
               "L0805 18:29 'wr_req_strb_o' has 8 bits, the port contract wants 16 bits, one for "
               "each byte of 'wr_req_data_o'",
               "L0806 19:29 'wr_rsp_valid_i' is an output, the port contract wants an input",
               "L0804 2:8 'lathe_top' has no output 'idle_o', the port contract wants 1 bit",
               "L0807 24:29 the port contract has no input 'scan_enable_i': it is held at 0"}));
}

TEST_CASE("model cache: a combinational loop is an error, with the way it goes around") {
  Attempt attempt(test::badSpec("loop.sv"));
  CHECK_FALSE(attempt.model);
  CHECK(attempt.messages() == lines({"L0803 6:15 'lathe_top.ripple' depends on itself without a "
                                     "register: it may be simulated wrongly"}));
  REQUIRE(attempt.diagnostics.all()[0].notes.size() == 3);
  CHECK(attempt.diagnostics.all()[0].notes[1].place.line == 7);
}

TEST_CASE("model cache: the error on loops cannot be switched off, in the RTL or by a flag") {
  Attempt silenced(test::badSpec("silenced_loop.sv"));
  CHECK(silenced.messages() ==
        lines({"L0802 5:25 'UNOPTFLAT' may not be silenced: it predicts wrong results"}));
  ModelSpec spec = test::badSpec("loop.sv");
  spec.flags = {"-Wno-lint", "-Wno-style", "-Wno-fatal"};
  CHECK(Attempt(spec).firstMessage().substr(0, 10) == "L0803 6:15");
  spec.flags = {"-Wno-UNOPTFLAT"};
  CHECK(Attempt(spec).messages() ==
        lines({"L0813 0:0 '-Wno-UNOPTFLAT' may not be given to verilator"}));
}

TEST_CASE("model cache: RTL that reaches outside the simulation is refused before it is built") {
  Attempt attempt(test::badSpec("unsafe.sv"));
  CHECK_FALSE(attempt.model);
  std::string refused = "' reaches outside the simulation and is not accepted in rtl";
  CHECK(attempt.messages() ==
        lines({"L0801 4:9 'DPI-C" + refused, "L0801 9:11 '$system" + refused,
               "L0801 10:11 '$readmemh" + refused, "L0801 11:1 '$system" + refused,
               "L0801 12:18 '$fopen" + refused, "L0801 13:11 '$c" + refused}));
  CHECK(Attempt(test::badSpec("pasted.sv")).messages() ==
        lines({"L0801 5:1 '`systemc_header" + refused}));
  CHECK(Attempt(test::badSpec("foreign_include.sv")).messages() ==
        lines({"L0801 2:1 '/etc/hostname" + refused}));
}

TEST_CASE("model cache: Verilator's errors are located in the user's file") {
  Attempt attempt(test::badSpec("syntax.sv"));
  CHECK_FALSE(attempt.model);
  CHECK(attempt.messages() == lines({"L0808 4:10 syntax error, unexpected '='"}));
  CHECK(attempt.diagnostics.all()[0].place.file == test::rtlFile("bad/syntax.sv"));

  ModelSpec noTop = test::copySpec();
  noTop.top = "nothing";
  CHECK(Attempt(noTop).messages() ==
        lines({"L0808 0:0 Specified --top-module 'nothing' was not found in design"}));
  ModelSpec noParameter = test::copySpec();
  noParameter.parameters = {{"Rows", 3}};
  CHECK(Attempt(noParameter).messages() ==
        lines({"L0808 0:0 Parameters from the command line were not found in the design: Rows"}));
}

TEST_CASE("model cache: Verilator's warnings are passed on") {
  Attempt attempt(test::badSpec("warned.sv"));
  CHECK(attempt.firstMessage() ==
        "L0809 6:14 Operator ASSIGNW expects 4 bits on the Assign RHS, but Assign RHS's VARREF "
        "'a_i' generates 8 bits (WIDTH)");
}

TEST_CASE("model cache: tools that are missing or fail, and time that runs out, are reported") {
  CacheOptions options = test::cacheOptions();
  options.verilator = "no-such-verilator";
  CHECK(Attempt(test::copySpec(), options).messages() ==
        lines({"L0810 0:0 'no-such-verilator' is not installed"}));
  options = test::cacheOptions();
  options.compilers = {"false"};
  Attempt failed(test::copySpec(), options);
  REQUIRE(failed.diagnostics.all().size() == 1);
  CHECK(failed.diagnostics.all()[0].code() == "L0811");
  CHECK(failed.diagnostics.all()[0].place.line == 0);
  options = test::cacheOptions();
  options.verilator = test::rtlFile("bad/never_ends");
  options.buildSeconds = 0.3;
  Attempt late(test::copySpec(), options);
  CHECK(late.messages() == lines({"L0812 0:0 'lathe_top' was not built in 0.30 s"}));
}

TEST_CASE("model cache: flags that would change what is run are refused") {
  ModelSpec spec = test::copySpec();
  spec.flags = {"-Wno-WIDTH", "--unroll-count", "64", "--exe", "--unroll-count", "x", "-CFLAGS"};
  CHECK(Attempt(spec).messages() ==
        lines({"L0813 0:0 '--exe' may not be given to verilator",
               "L0813 0:0 '--unroll-count' may not be given to verilator",
               "L0813 0:0 'x' may not be given to verilator",
               "L0813 0:0 '-CFLAGS' may not be given to verilator"}));
}

TEST_CASE("model cache: an RTL file that cannot be read is reported") {
  Attempt attempt(test::badSpec("nothing.sv"));
  REQUIRE(attempt.diagnostics.all().size() == 1);
  CHECK(attempt.diagnostics.all()[0].code() == "L0101");
  CHECK(attempt.diagnostics.all()[0].place.file == test::rtlFile("bad/nothing.sv"));
}

TEST_CASE("model cache: a cache that cannot be written is reported") {
  CacheOptions options;
  options.directory = "/proc/lathe";
  Attempt attempt(test::copySpec(), options);
  REQUIRE(attempt.diagnostics.all().size() == 1);
  CHECK(attempt.diagnostics.all()[0].code() == "L0102");
}

//----------------------------------------------------------------------------------------------
// What the key covers

static std::string copyRtl(const std::string &folder, bool editInclude = false) {
  std::string to = std::string(LATHE_BUILD_DIR) + "/" + folder;
  fs::create_directories(to);
  for (const char *file : {"lathe_top.sv", "copy_fifo.sv", "copy_ops.svh"})
    fs::copy_file(test::rtlFile(std::string("copy/") + file), to + "/" + file);
  if (editInclude) {
    std::error_code failure;
    llvm::raw_fd_ostream(to + "/copy_ops.svh", failure, fs::OF_Append) << "// more\n";
  }
  return to;
}

static ModelSpec specIn(const std::string &folder) {
  ModelSpec spec;
  spec.files = {folder + "/lathe_top.sv", folder + "/copy_fifo.sv"};
  return spec;
}

TEST_CASE("model cache: equal content is one model, wherever it lies, spaces included") {
  Attempt original(test::copySpec()), again(test::copySpec());
  REQUIRE(original.model);
  REQUIRE(again.model);
  CHECK(again.model->wasCached);
  CHECK(again.model->path == original.model->path);
  Attempt moved(specIn(copyRtl("a folder with spaces")));
  REQUIRE(moved.model);
  CHECK(moved.model->wasCached);
  CHECK(moved.model->key == original.model->key);
}

TEST_CASE("model cache: a changed include, parameter, flag or variant is another model") {
  std::vector<std::string> keys;
  auto keyOf = [](const ModelSpec &spec) {
    Sources sources;
    Diagnostics diagnostics(sources);
    return ModelCache(test::cacheOptions()).key(spec, diagnostics).value();
  };
  ModelSpec spec = test::copySpec();
  keys.push_back(keyOf(spec));
  keys.push_back(keyOf(specIn(copyRtl("edited include", /*editInclude=*/true))));
  spec.parameters = {{"MemBytes", 8}};
  keys.push_back(keyOf(spec));
  spec.parameters = {{"MemBytes", -8}};
  keys.push_back(keyOf(spec));
  spec = test::copySpec();
  spec.flags = {"-DX"};
  keys.push_back(keyOf(spec));
  spec = test::copySpec();
  spec.trace = true;
  keys.push_back(keyOf(spec));
  spec = test::copySpec();
  std::swap(spec.files[0], spec.files[1]);
  keys.push_back(keyOf(spec));
  llvm::sort(keys);
  CHECK(std::unique(keys.begin(), keys.end()) == keys.end());
  CHECK(keys.front().size() == 32);
}

//----------------------------------------------------------------------------------------------
// Sharing and killing

TEST_CASE("model cache: two builders at once build one model, both get it") {
  CacheOptions options = freshCache("shared cache"); // a space in the cache's own path
  std::optional<Attempt> one, two;
  std::thread other([&] { one.emplace(test::copySpec(), options); });
  two.emplace(test::copySpec(), options);
  other.join();
  REQUIRE(one->model);
  REQUIRE(two->model);
  CHECK(one->model->path == two->model->path);
  CHECK(one->model->wasCached != two->model->wasCached);
  CHECK(entries(options.directory + "/models") == 1);
  CHECK(entries(options.directory + "/building") == 0);
  CHECK(entries(options.directory + "/locks") == 0);
  removeCache("shared cache");
}

TEST_CASE("model cache: a build that is killed leaves no model, and the next one cleans up") {
  CacheOptions options = freshCache("killed-cache");
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Attempt attempt(test::copySpec(), options);
    _exit(0);
  }
  while (entries(options.directory + "/building") == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(entries(options.directory + "/building") > 0);
  CHECK(entries(options.directory + "/models") == 0);

  Attempt attempt(test::copySpec(), options);
  REQUIRE_MESSAGE(attempt.model, test::shown(attempt.diagnostics));
  CHECK_FALSE(attempt.model->wasCached);
  CHECK(entries(options.directory + "/building") == 0);
  removeCache("killed-cache");
}

TEST_CASE("model cache: a cancelled build ends quietly and leaves nothing") {
  CacheOptions options = freshCache("cancelled-cache");
  std::atomic<bool> cancel = false;
  options.cancel = &cancel;
  options.progress = [&](llvm::StringRef what) { cancel = what.contains("compiling"); };
  Attempt attempt(test::copySpec(), options);
  CHECK_FALSE(attempt.model);
  CHECK(attempt.messages().empty());
  CHECK(entries(options.directory + "/building") == 0);
  removeCache("cancelled-cache");
}

TEST_CASE("model cache: packages may come after what uses them") {
  ModelSpec spec;
  spec.files = {test::rtlFile("bad/uses_packages.sv"), test::rtlFile("bad/second_pkg.sv"),
                test::rtlFile("bad/first_pkg.sv")};
  Attempt attempt(spec);
  CHECK(attempt.firstMessage().substr(0, 5) == "L0804"); // read to the end: only ports are missing
}

TEST_CASE("model cache: the folder follows the user's environment") {
  CHECK(ModelCache::defaultDirectory("/x/cache", "/home/a") == "/x/cache/lathe");
  CHECK(ModelCache::defaultDirectory("", "/home/a") == "/home/a/.cache/lathe");
}
