func.func @conv_2d_nhwc_hwcf(%a: tensor<1x9x9x8xi8>, %b: tensor<3x3x8x16xi8>) -> tensor<1x4x4x16xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x4x4x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x4x4x16xi32>) -> tensor<1x4x4x16xi32>
  %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%a, %b : tensor<1x9x9x8xi8>, tensor<3x3x8x16xi8>)
      outs(%init : tensor<1x4x4x16xi32>) -> tensor<1x4x4x16xi32>
  return %c : tensor<1x4x4x16xi32>
}
