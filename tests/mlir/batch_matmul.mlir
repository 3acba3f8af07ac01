func.func @batch_matmul(%a: tensor<3x5x16xi8>, %b: tensor<3x16x7xi8>) -> tensor<3x5x7xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<3x5x7xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<3x5x7xi32>) -> tensor<3x5x7xi32>
  %c = linalg.batch_matmul ins(%a, %b : tensor<3x5x16xi8>, tensor<3x16x7xi8>)
      outs(%init : tensor<3x5x7xi32>) -> tensor<3x5x7xi32>
  return %c : tensor<3x5x7xi32>
}
