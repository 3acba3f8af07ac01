func.func @pad_conv(%x: tensor<1x8x8x16xi8>, %w: tensor<3x3x16x16xi8>) -> tensor<1x8x8x16xi32> {
  %c0 = arith.constant 0 : i8
  %zero = arith.constant 0 : i32
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %c0 : i8
  } : tensor<1x8x8x16xi8> to tensor<1x10x10x16xi8>
  %e = tensor.empty() : tensor<1x8x8x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<1x8x8x16xi32>) -> tensor<1x8x8x16xi32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%padded, %w : tensor<1x10x10x16xi8>, tensor<3x3x16x16xi8>)
      outs(%init : tensor<1x8x8x16xi32>) -> tensor<1x8x8x16xi32>
  return %y : tensor<1x8x8x16xi32>
}
