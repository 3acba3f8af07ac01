// A dense layer whose activation is a table of 256 values.
#nk = affine_map<(n, k) -> (n, k)>
func.func @lut_activation(%x: tensor<19x33xi8>, %w: tensor<33x20xi8>, %table: tensor<256xi8>) -> tensor<19x20xi8> {
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %middle = arith.constant 128 : i32
  %zeros = arith.constant dense<0> : tensor<19x20xi32>
  %s = linalg.matmul ins(%x, %w : tensor<19x33xi8>, tensor<33x20xi8>) outs(%zeros : tensor<19x20xi32>) -> tensor<19x20xi32>
  %e = tensor.empty() : tensor<19x20xi8>
  %a = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%s : tensor<19x20xi32>) outs(%e : tensor<19x20xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<19x20xi8>
  %y = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<19x20xi8>) outs(%e : tensor<19x20xi8>) {
  ^bb0(%v: i8, %o: i8):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.addi %0, %middle : i32
    %at = arith.index_cast %1 : i32 to index
    %2 = tensor.extract %table[%at] : tensor<256xi8>
    linalg.yield %2 : i8
  } -> tensor<19x20xi8>
  return %y : tensor<19x20xi8>
}
