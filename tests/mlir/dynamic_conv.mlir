func.func @dynamic_conv(%x: tensor<1x?x?x8xi8>, %w: tensor<3x3x8x16xi8>) -> tensor<1x?x?x16xi32> {
  %zero = arith.constant 0 : i32
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %h = tensor.dim %x, %c1 : tensor<1x?x?x8xi8>
  %v = tensor.dim %x, %c2 : tensor<1x?x?x8xi8>
  %p = arith.subi %h, %c2 : index
  %q = arith.subi %v, %c2 : index
  %e = tensor.empty(%p, %q) : tensor<1x?x?x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<1x?x?x16xi32>) -> tensor<1x?x?x16xi32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%x, %w : tensor<1x?x?x8xi8>, tensor<3x3x8x16xi8>) outs(%init : tensor<1x?x?x16xi32>) -> tensor<1x?x?x16xi32>
  return %y : tensor<1x?x?x16xi32>
}
