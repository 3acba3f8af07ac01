func.func @f(%a: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.map { math.sin } ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>)
  %s = linalg.map { math.cos } ins(%r : tensor<4xf32>) outs(%e : tensor<4xf32>)
  %t = linalg.map { math.tan } ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>)
  return %s, %t : tensor<4xf32>, tensor<4xf32>
}
// L0655|3:8|'math.sin'|5:8|'math.tan'
