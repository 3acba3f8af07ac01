func.func @zero_points(%a: tensor<8x16xi8>, %b: tensor<16x12xi8>) -> tensor<8x12xi32> {
  %za = arith.constant -3 : i32
  %zb = arith.constant 5 : i32
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<8x12xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<8x12xi32>) -> tensor<8x12xi32>
  %c = linalg.quantized_matmul ins(%a, %b, %za, %zb : tensor<8x16xi8>, tensor<16x12xi8>, i32, i32)
      outs(%init : tensor<8x12xi32>) -> tensor<8x12xi32>
  return %c : tensor<8x12xi32>
}
