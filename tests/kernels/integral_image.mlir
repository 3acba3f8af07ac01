// Sums over everything above and to the left, and over 3 x 3 boxes from four corners.
#x = affine_map<(i, j, c) -> (i, c)>
#row = affine_map<(i, j, c) -> (i, j)>
#above = affine_map<(i, j, r) -> (r, j)>
#s = affine_map<(i, j, r) -> (i, j)>
#ij = affine_map<(i, j) -> (i, j)>
func.func @integral_image(%x: tensor<14x19xi8>) -> (tensor<14x19xi32>, tensor<11x16xi32>) {
  %zero = arith.constant 0 : i32
  %zeros = arith.constant dense<0> : tensor<14x19xi32>
  %row = linalg.generic {indexing_maps = [#x, #row], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<14x19xi8>) outs(%zeros : tensor<14x19xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %j = linalg.index 1 : index
    %c = linalg.index 2 : index
    %left = arith.cmpi sle, %c, %j : index
    %0 = arith.extui %v : i8 to i32
    %1 = arith.select %left, %0, %zero : i32
    %2 = arith.addi %acc, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<14x19xi32>
  %s = linalg.generic {indexing_maps = [#above, #s], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%row : tensor<14x19xi32>) outs(%zeros : tensor<14x19xi32>) {
  ^bb0(%v: i32, %acc: i32):
    %i = linalg.index 0 : index
    %r = linalg.index 2 : index
    %over = arith.cmpi sle, %r, %i : index
    %0 = arith.select %over, %v, %zero : i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<14x19xi32>
  %a = tensor.extract_slice %s[3, 3] [11, 16] [1, 1] : tensor<14x19xi32> to tensor<11x16xi32>
  %b = tensor.extract_slice %s[0, 3] [11, 16] [1, 1] : tensor<14x19xi32> to tensor<11x16xi32>
  %c = tensor.extract_slice %s[3, 0] [11, 16] [1, 1] : tensor<14x19xi32> to tensor<11x16xi32>
  %d = tensor.extract_slice %s[0, 0] [11, 16] [1, 1] : tensor<14x19xi32> to tensor<11x16xi32>
  %e = tensor.empty() : tensor<11x16xi32>
  %box = linalg.generic {indexing_maps = [#ij, #ij, #ij, #ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%a, %b, %c, %d : tensor<11x16xi32>, tensor<11x16xi32>, tensor<11x16xi32>, tensor<11x16xi32>)
      outs(%e : tensor<11x16xi32>) {
  ^bb0(%p: i32, %q: i32, %u: i32, %v: i32, %o: i32):
    %0 = arith.subi %p, %q : i32
    %1 = arith.subi %0, %u : i32
    %2 = arith.addi %1, %v : i32
    linalg.yield %2 : i32
  } -> tensor<11x16xi32>
  return %s, %box : tensor<14x19xi32>, tensor<11x16xi32>
}
