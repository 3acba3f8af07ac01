// Each input element spreads over a 3 x 3 window with stride 2: a convolution of the input with zeros
// between its elements, by the weights turned around.
#w = affine_map<(r, s, c, k) -> (2 - r, 2 - s, c, k)>
#turned = affine_map<(r, s, c, k) -> (r, s, c, k)>
func.func @transposed_conv(%x: tensor<1x5x6x12xi8>, %w: tensor<3x3x12x10xi8>) -> tensor<1x11x13x10xi32> {
  %none = arith.constant dense<0> : tensor<1x13x15x12xi8>
  %spread = tensor.insert_slice %x into %none[0, 2, 2, 0] [1, 5, 6, 12] [1, 2, 2, 1]
      : tensor<1x5x6x12xi8> into tensor<1x13x15x12xi8>
  %e = tensor.empty() : tensor<3x3x12x10xi8>
  %turned = linalg.generic {indexing_maps = [#w, #turned], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%w : tensor<3x3x12x10xi8>) outs(%e : tensor<3x3x12x10xi8>) {
  ^bb0(%v: i8, %o: i8):
    linalg.yield %v : i8
  } -> tensor<3x3x12x10xi8>
  %zeros = arith.constant dense<0> : tensor<1x11x13x10xi32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%spread, %turned : tensor<1x13x15x12xi8>, tensor<3x3x12x10xi8>) outs(%zeros : tensor<1x11x13x10xi32>)
      -> tensor<1x11x13x10xi32>
  return %y : tensor<1x11x13x10xi32>
}
