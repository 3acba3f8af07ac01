func.func @f(%a: tensor<4xf64>) -> tensor<4xf64> {
  return %a : tensor<4xf64>
}
// L0657|1:14|'tensor<4xf64>'
