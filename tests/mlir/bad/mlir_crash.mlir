// Heads of an attention: split, transposed, multiplied, joined.
func.func @heads(%x: tensor<6x32xi8>, %z: tensor<6x32xi8>) -> tensor<24x6xi32> {
  %zero = arith.constant 0 : i32
  %xs = tensor.expand_shape %x [[0], [1, 2]] output_shape [6, 4, 8] : tensor<6x32xi8> into tensor<6x4x8xi8>
  %zs = tensor.expand_shape %z [[0], [1, 2]] output_shape [6, 4, 8] : tensor<6x32xi8> into tensor<6x4x8xi8>
  %e = tensor.empty() : tensor<4x6x8xi8>
  %f = tensor.empty() : tensor<4x8x6xi8>
  %xt = linalg.transpose ins(%xs : tensor<6x4x8xi8>) outs(%e : tensor<4x6x8xi8>) permutation = [1, 0, 2]
  %zt = linalg.transpose ins(%zs : tensor<6x4x8xi8>) outs(%f : tensor<4x8x6xi8>) permutation = [1, 2, ]]
  %g = tensor.empty() : tensor<4x6x6xi32>
  %init = linalg.fill ins(%zero : i32) outs(%g : tensor<4x6x6xi32>) -> tensor<4x6x6xi32>
  %s = linalg.batch_matmul ins(%xt, %zt : tensor<4x6x8xi8>, tensor<4x8x6xi8>) outs(%init : tensor<4x6x6xi32>) -> tensor<4x6x6xi32>
  %y = tensor.collapse_shape %s [[0, 1], [2]] : tensor<4x6x6xi32> into tensor<24x6xi32>
  return %y : tensor<24x6xi32>
}
// L0671|
