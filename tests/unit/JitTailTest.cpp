// Compiled statements write nothing beyond an array's last element.
#include "core/semantics/Jit.h"
#include "core/semantics/Parser.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace lathe;

namespace {
/// Memory whose end is followed by a page that must not be touched.
class FencedArray {
public:
  explicit FencedArray(size_t bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    inside = (bytes + page - 1) / page * page;
    size = inside + page;
    start = static_cast<char *>(
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(start + inside, page, PROT_NONE);
    first = start + inside - bytes;
  }
  ~FencedArray() { munmap(start, size); }
  FencedArray(const FencedArray &) = delete;
  FencedArray &operator=(const FencedArray &) = delete;
  void *data() { return first; }

private:
  char *start, *first;
  size_t inside, size;
};
} // namespace

TEST_CASE("a row whose last vector has few lanes ends where the array ends") {
  auto jit = Jit::create("", JitAim::Speed);
  REQUIRE(static_cast<bool>(jit));
  Sources sources;
  Diagnostics diagnostics(sources);
  unsigned file = sources.add("t.lathe", "kernel t(x: i32[N,M]) -> y: i8[N,M] {\n"
                                         "  y[i,j] = sat_i8(x[i,j])\n"
                                         "}\n");
  auto kernels = parseKernels(file, diagnostics);
  REQUIRE(kernels.has_value());
  for (int64_t columns : {1, 2, 3, 7, 9, 15, 17, 18, 31, 33, 49, 65}) {
    CAPTURE(columns);
    auto bound = bind(kernels->front(), {{"N", 3}, {"M", columns}}, {}, diagnostics);
    REQUIRE(bound.has_value());
    auto function = (*jit)->compile(*bound);
    REQUIRE(static_cast<bool>(function));
    FencedArray x(3 * columns * 4), y(3 * columns);
    auto *values = static_cast<int32_t *>(x.data());
    for (int64_t i = 0; i < 3 * columns; ++i)
      values[i] = static_cast<int32_t>(i) - 3;
    void *bases[] = {x.data(), y.data()};
    CHECK_FALSE((*function)(bases).has_value());
    for (int64_t i = 0; i < 3 * columns; ++i)
      CHECK(static_cast<int8_t *>(y.data())[i] == std::min<int64_t>(i - 3, 127));
  }
}
