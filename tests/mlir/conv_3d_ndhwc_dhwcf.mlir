func.func @conv_3d_ndhwc_dhwcf(%a: tensor<1x4x6x6x4xi8>, %b: tensor<2x3x3x4x8xi8>) -> tensor<1x3x4x4x8xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x3x4x4x8xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x3x4x4x8xi32>) -> tensor<1x3x4x4x8xi32>
  %c = linalg.conv_3d_ndhwc_dhwcf {dilations = dense<1> : tensor<3xi64>, strides = dense<1> : tensor<3xi64>} ins(%a, %b : tensor<1x4x6x6x4xi8>, tensor<2x3x3x4x8xi8>)
      outs(%init : tensor<1x3x4x4x8xi32>) -> tensor<1x3x4x4x8xi32>
  return %c : tensor<1x3x4x4x8xi32>
}
