func.func @dilated_conv(%x: tensor<1x11x10x17xi8>, %w: tensor<3x3x17x9xi8>) -> tensor<1x7x6x9xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<1x7x6x9xi32>
  %zeros = linalg.fill ins(%zero : i32) outs(%e : tensor<1x7x6x9xi32>) -> tensor<1x7x6x9xi32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<2> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%x, %w : tensor<1x11x10x17xi8>, tensor<3x3x17x9xi8>) outs(%zeros : tensor<1x7x6x9xi32>) -> tensor<1x7x6x9xi32>
  return %y : tensor<1x7x6x9xi32>
}
