// A product of which only the masked elements are wanted, and a product with pruned weights.
#ij = affine_map<(i, j) -> (i, j)>
func.func @masked_product(%a: tensor<18x20xi8>, %b: tensor<20x23xi8>, %mask: tensor<18x23xi1>, %keep: tensor<23x16xi1>,
                          %w: tensor<23x16xi8>) -> tensor<18x16xi32> {
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %none = arith.constant 0 : i8
  %zs = arith.constant dense<0> : tensor<18x23xi32>
  %s = linalg.matmul ins(%a, %b : tensor<18x20xi8>, tensor<20x23xi8>) outs(%zs : tensor<18x23xi32>) -> tensor<18x23xi32>
  %et = tensor.empty() : tensor<18x23xi8>
  %t = linalg.generic {indexing_maps = [#ij, #ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%mask, %s : tensor<18x23xi1>, tensor<18x23xi32>) outs(%et : tensor<18x23xi8>) {
  ^bb0(%m: i1, %v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    %5 = arith.select %m, %4, %none : i8
    linalg.yield %5 : i8
  } -> tensor<18x23xi8>
  %ek = tensor.empty() : tensor<23x16xi8>
  %kept = linalg.generic {indexing_maps = [#ij, #ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%keep, %w : tensor<23x16xi1>, tensor<23x16xi8>) outs(%ek : tensor<23x16xi8>) {
  ^bb0(%m: i1, %v: i8, %o: i8):
    %0 = arith.select %m, %v, %none : i8
    linalg.yield %0 : i8
  } -> tensor<23x16xi8>
  %zy = arith.constant dense<0> : tensor<18x16xi32>
  %y = linalg.matmul ins(%t, %kept : tensor<18x23xi8>, tensor<23x16xi8>) outs(%zy : tensor<18x16xi32>) -> tensor<18x16xi32>
  return %y : tensor<18x16xi32>
}
