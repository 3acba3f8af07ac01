func.func @tosa_shapes(%x: tensor<2x5xi32>, %i: tensor<2x4xi32>) -> tensor<3x6xi32> {
  %y = tosa.concat %x, %i {axis = 1 : i32} : (tensor<2x5xi32>, tensor<2x4xi32>) -> tensor<2x9xi32>
  %s = tosa.const_shape {values = dense<[3, 6]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %y, %s : (tensor<2x9xi32>, !tosa.shape<2>) -> tensor<3x6xi32>
  %v = tosa.reverse %r {axis = 1 : i32} : (tensor<3x6xi32>) -> tensor<3x6xi32>
  return %v : tensor<3x6xi32>
}
