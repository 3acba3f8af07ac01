// The sizes that one bench is built for; the same numbers are given to Verilator as parameters.
#pragma once
#include <cstdint>

namespace bench {

struct Sizes {
  uint32_t dim, memBytes, spmRows, spmBanks, accRows, accBanks, biasRows, storeQueue;
};

constexpr Sizes sizes = {.dim = BENCH_DIM,
                         .memBytes = BENCH_MEM_BYTES,
                         .spmRows = BENCH_SPM_ROWS,
                         .spmBanks = BENCH_SPM_BANKS,
                         .accRows = BENCH_ACC_ROWS,
                         .accBanks = BENCH_ACC_BANKS,
                         .biasRows = BENCH_BIAS_ROWS,
                         .storeQueue = BENCH_STORE_QUEUE};

} // namespace bench
