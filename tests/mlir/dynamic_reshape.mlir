func.func @dynamic_reshape(%x: tensor<3x?x?xi8>, %z: tensor<?x12xi8>) -> (tensor<3x?xi8>, tensor<?x4x3xi8>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %z, %c0 : tensor<?x12xi8>
  %a = tensor.collapse_shape %x [[0], [1, 2]] : tensor<3x?x?xi8> into tensor<3x?xi8>
  %b = tensor.expand_shape %z [[0], [1, 2]] output_shape [%n, 4, 3] : tensor<?x12xi8> into tensor<?x4x3xi8>
  return %a, %b : tensor<3x?xi8>, tensor<?x4x3xi8>
}
