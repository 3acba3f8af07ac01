// A depthwise 3 x 3 convolution with stride 2, then a pointwise one.
#id = affine_map<(n, p, q, k) -> (n, p, q, k)>
#d = affine_map<(n, p, q, k, c) -> (n, p, q, c)>
#w = affine_map<(n, p, q, k, c) -> (c, k)>
#y = affine_map<(n, p, q, k, c) -> (n, p, q, k)>
func.func @depthwise_separable(%x: tensor<2x11x9x20xi8>, %wd: tensor<3x3x20xi8>, %wp: tensor<20x18xi8>,
                               %bias: tensor<18xi32>) -> tensor<2x5x4x18xi8> {
  %zero = arith.constant 0 : i32
  %half7 = arith.constant 64 : i32
  %seven = arith.constant 7 : i32
  %half8 = arith.constant 128 : i32
  %eight = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<2x5x4x20xi32>
  %a = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %wd : tensor<2x11x9x20xi8>, tensor<3x3x20xi8>) outs(%zeros : tensor<2x5x4x20xi32>) -> tensor<2x5x4x20xi32>
  %ed = tensor.empty() : tensor<2x5x4x20xi8>
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%a : tensor<2x5x4x20xi32>) outs(%ed : tensor<2x5x4x20xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half7 : i32
    %1 = arith.shrsi %0, %seven : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x5x4x20xi8>
  %eb = tensor.empty() : tensor<2x5x4x18xi32>
  %start = linalg.broadcast ins(%bias : tensor<18xi32>) outs(%eb : tensor<2x5x4x18xi32>) dimensions = [0, 1, 2]
  %b = linalg.generic {indexing_maps = [#d, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%d, %wp : tensor<2x5x4x20xi8>, tensor<20x18xi8>) outs(%start : tensor<2x5x4x18xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<2x5x4x18xi32>
  %ey = tensor.empty() : tensor<2x5x4x18xi8>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%b : tensor<2x5x4x18xi32>) outs(%ey : tensor<2x5x4x18xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half8 : i32
    %2 = arith.shrsi %1, %eight : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<2x5x4x18xi8>
  return %y : tensor<2x5x4x18xi8>
}
