func.func @tosa_block(%x: tensor<4x10xf32>, %g: tensor<1x10xf32>) -> tensor<10x4xf32> {
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<4x10xf32>) -> tensor<4x1xf32>
  %1 = tosa.reciprocal %0 : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %2 = tosa.mul %x, %1, %shift : (tensor<4x10xf32>, tensor<4x1xf32>, tensor<1xi8>) -> tensor<4x10xf32>
  %3 = tosa.add %2, %g : (tensor<4x10xf32>, tensor<1x10xf32>) -> tensor<4x10xf32>
  %4 = tosa.sigmoid %3 : (tensor<4x10xf32>) -> tensor<4x10xf32>
  %5 = tosa.clamp %4 {min_val = 0.25 : f32, max_val = 0.75 : f32} : (tensor<4x10xf32>) -> tensor<4x10xf32>
  %6 = tosa.transpose %5 {perms = array<i32: 1, 0>} : (tensor<4x10xf32>) -> tensor<10x4xf32>
  return %6 : tensor<10x4xf32>
}
