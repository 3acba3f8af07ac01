func.func @f(%a: tensor<4xi32>) {
  return
}
// L0655|1:1|it has no result
