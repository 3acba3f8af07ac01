func.func @f(%a: tensor<4x5xi8>, %b: tensor<4x5xi8>, %c: tensor<4x5xi32>) -> tensor<4x5xi32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x5xi8>, tensor<4x5xi8>) outs(%c : tensor<4x5xi32>) -> tensor<4x5xi32>
  return %0 : tensor<4x5xi32>
}
// L0651|2:8|
