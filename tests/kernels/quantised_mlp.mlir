// Three dense layers, the middle one with a skip connection.
#nk = affine_map<(n, k) -> (n, k)>
func.func @quantised_mlp(%x: tensor<30x40xi8>, %w1: tensor<40x32xi8>, %b1: tensor<32xi32>, %w2: tensor<32x32xi8>,
                         %b2: tensor<32xi32>, %w3: tensor<32x11xi8>) -> tensor<30x11xi32> {
  %zero = arith.constant 0 : i32
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %e = tensor.empty() : tensor<30x32xi32>
  %e8 = tensor.empty() : tensor<30x32xi8>
  %s1 = linalg.broadcast ins(%b1 : tensor<32xi32>) outs(%e : tensor<30x32xi32>) dimensions = [0]
  %a1 = linalg.matmul ins(%x, %w1 : tensor<30x40xi8>, tensor<40x32xi8>) outs(%s1 : tensor<30x32xi32>) -> tensor<30x32xi32>
  %h1 = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%a1 : tensor<30x32xi32>) outs(%e8 : tensor<30x32xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<30x32xi8>
  %s2 = linalg.broadcast ins(%b2 : tensor<32xi32>) outs(%e : tensor<30x32xi32>) dimensions = [0]
  %a2 = linalg.matmul ins(%h1, %w2 : tensor<30x32xi8>, tensor<32x32xi8>) outs(%s2 : tensor<30x32xi32>) -> tensor<30x32xi32>
  %t = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%a2 : tensor<30x32xi32>) outs(%e8 : tensor<30x32xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<30x32xi8>
  %h2 = linalg.generic {indexing_maps = [#nk, #nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%t, %h1 : tensor<30x32xi8>, tensor<30x32xi8>) outs(%e8 : tensor<30x32xi8>) {
  ^bb0(%p: i8, %q: i8, %o: i8):
    %0 = arith.extsi %p : i8 to i32
    %1 = arith.extsi %q : i8 to i32
    %2 = arith.addi %0, %1 : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<30x32xi8>
  %zeros = arith.constant dense<0> : tensor<30x11xi32>
  %y = linalg.matmul ins(%h2, %w3 : tensor<30x32xi8>, tensor<32x11xi8>) outs(%zeros : tensor<30x11xi32>) -> tensor<30x11xi32>
  return %y : tensor<30x11xi32>
}
