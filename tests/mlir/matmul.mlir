func.func @matmul(%a: tensor<17x33xi8>, %b: tensor<33x9xi8>) -> tensor<17x9xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<17x9xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<17x9xi32>) -> tensor<17x9xi32>
  %c = linalg.matmul ins(%a, %b : tensor<17x33xi8>, tensor<33x9xi8>)
      outs(%init : tensor<17x9xi32>) -> tensor<17x9xi32>
  return %c : tensor<17x9xi32>
}
