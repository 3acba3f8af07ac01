func.func @accumulate(%a: tensor<4x8xi32>, %acc: tensor<4xi32>) -> tensor<4xi32> {
  %r = linalg.reduce { arith.addi } ins(%a : tensor<4x8xi32>) outs(%acc : tensor<4xi32>) dimensions = [1]
  %q = linalg.map { arith.addi } ins(%r, %acc : tensor<4xi32>, tensor<4xi32>) outs(%acc : tensor<4xi32>)
  return %q : tensor<4xi32>
}
