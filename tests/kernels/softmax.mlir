func.func @softmax(%x: tensor<11x29xf32>) -> tensor<11x29xf32> {
  %e = tensor.empty() : tensor<11x29xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<11x29xf32>) outs(%e : tensor<11x29xf32>) -> tensor<11x29xf32>
  return %y : tensor<11x29xf32>
}
