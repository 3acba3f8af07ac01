func.func @depthwise_conv_2d(%a: tensor<1x8x8x16xi8>, %b: tensor<3x3x16xi8>) -> tensor<1x6x6x16xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x6x6x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x6x6x16xi32>) -> tensor<1x6x6x16xi32>
  %c = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%a, %b : tensor<1x8x8x16xi8>, tensor<3x3x16xi8>)
      outs(%init : tensor<1x6x6x16xi32>) -> tensor<1x6x6x16xi32>
  return %c : tensor<1x6x6x16xi32>
}
