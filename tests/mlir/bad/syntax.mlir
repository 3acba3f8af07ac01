func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %b : tensor<4xf32>
}
// L0651|2:10|use of undeclared SSA value
