// Windows of 3 x 3 with stride 2 over a border that counts as the smallest value.
func.func @max_pool(%x: tensor<1x9x12x18xi8>) -> tensor<1x5x6x18xi8> {
  %low = arith.constant -128 : i8
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %h: index, %w: index, %c: index):
    tensor.yield %low : i8
  } : tensor<1x9x12x18xi8> to tensor<1x11x14x18xi8>
  %window = tensor.empty() : tensor<3x3xi8>
  %e = tensor.empty() : tensor<1x5x6x18xi8>
  %least = linalg.fill ins(%low : i8) outs(%e : tensor<1x5x6x18xi8>) -> tensor<1x5x6x18xi8>
  %y = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%padded, %window : tensor<1x11x14x18xi8>, tensor<3x3xi8>) outs(%least : tensor<1x5x6x18xi8>) -> tensor<1x5x6x18xi8>
  return %y : tensor<1x5x6x18xi8>
}
