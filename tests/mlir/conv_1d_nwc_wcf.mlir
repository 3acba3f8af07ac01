func.func @conv_1d_nwc_wcf(%a: tensor<1x20x8xi8>, %b: tensor<3x8x16xi8>) -> tensor<1x16x16xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x16x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x16x16xi32>) -> tensor<1x16x16xi32>
  %c = linalg.conv_1d_nwc_wcf {dilations = dense<2> : tensor<1xi64>, strides = dense<1> : tensor<1xi64>} ins(%a, %b : tensor<1x20x8xi8>, tensor<3x8x16xi8>)
      outs(%init : tensor<1x16x16xi32>) -> tensor<1x16x16xi32>
  return %c : tensor<1x16x16xi32>
}
