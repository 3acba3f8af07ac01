func.func @matvec(%a: tensor<19x32xi8>, %b: tensor<32xi8>) -> tensor<19xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<19xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<19xi32>) -> tensor<19xi32>
  %c = linalg.matvec ins(%a, %b : tensor<19x32xi8>, tensor<32xi8>)
      outs(%init : tensor<19xi32>) -> tensor<19xi32>
  return %c : tensor<19xi32>
}
