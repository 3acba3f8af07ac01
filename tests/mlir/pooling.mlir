// The window does not reach the last row and column: its range stands in the notation.
func.func @pooling(%x: tensor<1x9x9x4xi8>, %z: tensor<1x8x8x4xi32>) -> (tensor<1x4x4x4xi8>, tensor<1x3x3x4xi32>) {
  %low = arith.constant -128 : i8
  %zero = arith.constant 0 : i32
  %window = tensor.empty() : tensor<2x2xi8>
  %wide = tensor.empty() : tensor<3x3xi32>
  %e = tensor.empty() : tensor<1x4x4x4xi8>
  %f = tensor.empty() : tensor<1x3x3x4xi32>
  %lows = linalg.fill ins(%low : i8) outs(%e : tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
  %zeros = linalg.fill ins(%zero : i32) outs(%f : tensor<1x3x3x4xi32>) -> tensor<1x3x3x4xi32>
  %max = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%x, %window : tensor<1x9x9x4xi8>, tensor<2x2xi8>) outs(%lows : tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
  %sum = linalg.pooling_nhwc_sum {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%z, %wide : tensor<1x8x8x4xi32>, tensor<3x3xi32>) outs(%zeros : tensor<1x3x3x4xi32>) -> tensor<1x3x3x4xi32>
  return %max, %sum : tensor<1x4x4x4xi8>, tensor<1x3x3x4xi32>
}
