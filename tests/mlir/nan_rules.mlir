func.func @nan_rules(%a: tensor<16xf32>, %b: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %e = tensor.empty() : tensor<16xf32>
  %r = linalg.map { arith.maximumf } ins(%a, %b : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>)
  %s = linalg.map { arith.minnumf } ins(%a, %b : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>)
  %t = linalg.map { math.ceil } ins(%a : tensor<16xf32>) outs(%e : tensor<16xf32>)
  return %r, %s, %t : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
