// Two batch dimensions joined into one: laid out once, then multiplied.
func.func @batches(%a: tensor<2x3x8x16xi8>, %b: tensor<2x3x16x4xi8>) -> tensor<2x3x8x4xi32> {
  %zero = arith.constant 0 : i32
  %as = tensor.collapse_shape %a [[0, 1], [2], [3]] : tensor<2x3x8x16xi8> into tensor<6x8x16xi8>
  %bs = tensor.collapse_shape %b [[0, 1], [2], [3]] : tensor<2x3x16x4xi8> into tensor<6x16x4xi8>
  %e = tensor.empty() : tensor<6x8x4xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<6x8x4xi32>) -> tensor<6x8x4xi32>
  %c = linalg.batch_matmul ins(%as, %bs : tensor<6x8x16xi8>, tensor<6x16x4xi8>) outs(%init : tensor<6x8x4xi32>) -> tensor<6x8x4xi32>
  %y = tensor.expand_shape %c [[0, 1], [2], [3]] output_shape [2, 3, 8, 4] : tensor<6x8x4xi32> into tensor<2x3x8x4xi32>
  return %y : tensor<2x3x8x4xi32>
}
