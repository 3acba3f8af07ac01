// Means of 2 x 2 windows, half up, then the mean of each channel, rounded down.
#nhwc = affine_map<(n, h, w, c) -> (n, h, w, c)>
#nc = affine_map<(n, h, w, c) -> (n, c)>
#id = affine_map<(n, c) -> (n, c)>
func.func @average_pool(%x: tensor<2x8x10x17xi8>) -> (tensor<2x4x5x17xi8>, tensor<2x17xi32>) {
  %two = arith.constant 2 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %count = arith.constant 20 : i32
  %window = tensor.empty() : tensor<2x2xi8>
  %zeros = arith.constant dense<0> : tensor<2x4x5x17xi32>
  %a = linalg.pooling_nhwc_sum {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %window : tensor<2x8x10x17xi8>, tensor<2x2xi8>)
      outs(%zeros : tensor<2x4x5x17xi32>) -> tensor<2x4x5x17xi32>
  %ey = tensor.empty() : tensor<2x4x5x17xi8>
  %y = linalg.generic {indexing_maps = [#nhwc, #nhwc], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%a : tensor<2x4x5x17xi32>) outs(%ey : tensor<2x4x5x17xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %two : i32
    %1 = arith.shrsi %0, %two : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x4x5x17xi8>
  %none = arith.constant dense<0> : tensor<2x17xi32>
  %total = linalg.generic {indexing_maps = [#nhwc, #nc], iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%y : tensor<2x4x5x17xi8>) outs(%none : tensor<2x17xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<2x17xi32>
  %ez = tensor.empty() : tensor<2x17xi32>
  %z = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%total : tensor<2x17xi32>) outs(%ez : tensor<2x17xi32>) {
  ^bb0(%v: i32, %o: i32):
    %0 = arith.floordivsi %v, %count : i32
    linalg.yield %0 : i32
  } -> tensor<2x17xi32>
  return %y, %z : tensor<2x4x5x17xi8>, tensor<2x17xi32>
}
