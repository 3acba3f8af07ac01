func.func @mmt4d(%a: tensor<2x3x4x8xi8>, %b: tensor<5x3x4x8xi8>) -> tensor<2x5x4x4xi32> {
  %z = arith.constant 0 : i32
  %e = tensor.empty() : tensor<2x5x4x4xi32>
  %i = linalg.fill ins(%z : i32) outs(%e : tensor<2x5x4x4xi32>) -> tensor<2x5x4x4xi32>
  %c = linalg.mmt4d ins(%a, %b : tensor<2x3x4x8xi8>, tensor<5x3x4x8xi8>) outs(%i : tensor<2x5x4x4xi32>) -> tensor<2x5x4x4xi32>
  return %c : tensor<2x5x4x4xi32>
}
