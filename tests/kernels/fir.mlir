// A filter of 9 taps over 5 channels, then every second sample.
#x = affine_map<(b, i, t) -> (b, i + t)>
#h = affine_map<(b, i, t) -> (t)>
#a = affine_map<(b, i, t) -> (b, i)>
#id = affine_map<(b, i) -> (b, i)>
func.func @fir(%x: tensor<5x70xi8>, %h: tensor<9xi8>) -> tensor<5x31xi8> {
  %half = arith.constant 64 : i32
  %shift = arith.constant 7 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<5x62xi32>
  %a = linalg.generic {indexing_maps = [#x, #h, #a], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %h : tensor<5x70xi8>, tensor<9xi8>) outs(%zeros : tensor<5x62xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<5x62xi32>
  %every = tensor.extract_slice %a[0, 0] [5, 31] [1, 2] : tensor<5x62xi32> to tensor<5x31xi32>
  %e = tensor.empty() : tensor<5x31xi8>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%every : tensor<5x31xi32>) outs(%e : tensor<5x31xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<5x31xi8>
  return %y : tensor<5x31xi8>
}
