#x = affine_map<(n, p, q, g, k, r, s, c) -> (n, p + r, q + s, g, c)>
#w = affine_map<(n, p, q, g, k, r, s, c) -> (r, s, g, c, k)>
#y = affine_map<(n, p, q, g, k, r, s, c) -> (n, p, q, g, k)>
#id = affine_map<(n, p, q, g, k) -> (n, p, q, g, k)>
func.func @grouped_conv(%x: tensor<1x8x9x3x8xi8>, %w: tensor<3x3x3x8x10xi8>, %bias: tensor<3x10xi32>)
    -> tensor<1x6x7x3x10xi8> {
  %zero = arith.constant 0 : i32
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %e = tensor.empty() : tensor<1x6x7x3x10xi32>
  %start = linalg.broadcast ins(%bias : tensor<3x10xi32>) outs(%e : tensor<1x6x7x3x10xi32>) dimensions = [0, 1, 2]
  %a = linalg.generic {indexing_maps = [#x, #w, #y],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : tensor<1x8x9x3x8xi8>, tensor<3x3x3x8x10xi8>) outs(%start : tensor<1x6x7x3x10xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<1x6x7x3x10xi32>
  %ey = tensor.empty() : tensor<1x6x7x3x10xi8>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]}
      ins(%a : tensor<1x6x7x3x10xi32>) outs(%ey : tensor<1x6x7x3x10xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<1x6x7x3x10xi8>
  return %y : tensor<1x6x7x3x10xi8>
}
