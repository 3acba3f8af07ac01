// Two 3 x 3 convolutions with padding, and the input added before the last ReLU.
#id = affine_map<(n, p, q, k) -> (n, p, q, k)>
func.func @residual_block(%x: tensor<1x9x7x16xi8>, %w1: tensor<3x3x16x16xi8>, %b1: tensor<16xi32>,
                          %w2: tensor<3x3x16x16xi8>, %b2: tensor<16xi32>) -> tensor<1x9x7x16xi8> {
  %none = arith.constant 0 : i8
  %zero = arith.constant 0 : i32
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %e = tensor.empty() : tensor<1x9x7x16xi32>
  %e8 = tensor.empty() : tensor<1x9x7x16xi8>
  %px = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %none : i8
  } : tensor<1x9x7x16xi8> to tensor<1x11x9x16xi8>
  %s1 = linalg.broadcast ins(%b1 : tensor<16xi32>) outs(%e : tensor<1x9x7x16xi32>) dimensions = [0, 1, 2]
  %a = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%px, %w1 : tensor<1x11x9x16xi8>, tensor<3x3x16x16xi8>) outs(%s1 : tensor<1x9x7x16xi32>) -> tensor<1x9x7x16xi32>
  %h = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%a : tensor<1x9x7x16xi32>) outs(%e8 : tensor<1x9x7x16xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<1x9x7x16xi8>
  %ph = tensor.pad %h low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %r: index, %w: index, %c: index):
    tensor.yield %none : i8
  } : tensor<1x9x7x16xi8> to tensor<1x11x9x16xi8>
  %s2 = linalg.broadcast ins(%b2 : tensor<16xi32>) outs(%e : tensor<1x9x7x16xi32>) dimensions = [0, 1, 2]
  %b = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%ph, %w2 : tensor<1x11x9x16xi8>, tensor<3x3x16x16xi8>) outs(%s2 : tensor<1x9x7x16xi32>) -> tensor<1x9x7x16xi32>
  %t = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%b : tensor<1x9x7x16xi32>) outs(%e8 : tensor<1x9x7x16xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<1x9x7x16xi8>
  %y = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%t, %x : tensor<1x9x7x16xi8>, tensor<1x9x7x16xi8>) outs(%e8 : tensor<1x9x7x16xi8>) {
  ^bb0(%p: i8, %q: i8, %o: i8):
    %0 = arith.extsi %p : i8 to i32
    %1 = arith.extsi %q : i8 to i32
    %2 = arith.addi %0, %1 : i32
    %3 = arith.maxsi %2, %zero : i32
    %4 = arith.maxsi %3, %low : i32
    %5 = arith.minsi %4, %high : i32
    %6 = arith.trunci %5 : i32 to i8
    linalg.yield %6 : i8
  } -> tensor<1x9x7x16xi8>
  return %y : tensor<1x9x7x16xi8>
}
