func.func @tosa_matmul(%a: tensor<2x6x16xi8>, %b: tensor<2x16x9xi8>) -> tensor<2x6x9xi32> {
  %za = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %zb = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %c = tosa.matmul %a, %b, %za, %zb : (tensor<2x6x16xi8>, tensor<2x16x9xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x6x9xi32>
  return %c : tensor<2x6x9xi32>
}
