func.func @softmax(%x: tensor<5x13xf32>) -> tensor<5x13xf32> {
  %e = tensor.empty() : tensor<5x13xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<5x13xf32>) outs(%e : tensor<5x13xf32>) -> tensor<5x13xf32>
  return %y : tensor<5x13xf32>
}
