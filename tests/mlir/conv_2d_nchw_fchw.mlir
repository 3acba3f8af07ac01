func.func @conv_2d_nchw_fchw(%a: tensor<2x8x7x7xi8>, %b: tensor<16x8x3x3xi8>) -> tensor<2x16x5x5xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<2x16x5x5xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<2x16x5x5xi32>) -> tensor<2x16x5x5xi32>
  %c = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%a, %b : tensor<2x8x7x7xi8>, tensor<16x8x3x3xi8>)
      outs(%init : tensor<2x16x5x5xi32>) -> tensor<2x16x5x5xi32>
  return %c : tensor<2x16x5x5xi32>
}
