// A weighted sum over a 3 x 3 x 3 window of a quantised volume.
#id = affine_map<(o, p, q) -> (o, p, q)>
func.func @stencil_3d(%x: tensor<7x9x20xi8>, %w: tensor<3x3x3xi8>) -> tensor<5x7x18xi8> {
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<5x7x18xi32>
  %a = linalg.conv_3d ins(%x, %w : tensor<7x9x20xi8>, tensor<3x3x3xi8>) outs(%zeros : tensor<5x7x18xi32>) -> tensor<5x7x18xi32>
  %e = tensor.empty() : tensor<5x7x18xi8>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<5x7x18xi32>) outs(%e : tensor<5x7x18xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<5x7x18xi8>
  return %y : tensor<5x7x18xi8>
}
