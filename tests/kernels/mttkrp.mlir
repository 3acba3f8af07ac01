#x = affine_map<(i, r, j, k) -> (i, j, k)>
#b = affine_map<(i, r, j, k) -> (j, r)>
#c = affine_map<(i, r, j, k) -> (k, r)>
#y = affine_map<(i, r, j, k) -> (i, r)>
func.func @mttkrp(%x: tensor<11x13x9xi8>, %b: tensor<13x17xi8>, %c: tensor<9x17xi8>) -> tensor<11x17xi32> {
  %zeros = arith.constant dense<0> : tensor<11x17xi32>
  %y = linalg.generic {indexing_maps = [#x, #b, #c, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %b, %c : tensor<11x13x9xi8>, tensor<13x17xi8>, tensor<9x17xi8>) outs(%zeros : tensor<11x17xi32>) {
  ^bb0(%p: i8, %q: i8, %s: i8, %acc: i32):
    %0 = arith.extsi %p : i8 to i32
    %1 = arith.extsi %q : i8 to i32
    %2 = arith.extsi %s : i8 to i32
    %3 = arith.muli %0, %1 : i32
    %4 = arith.muli %3, %2 : i32
    %5 = arith.addi %acc, %4 : i32
    linalg.yield %5 : i32
  } -> tensor<11x17xi32>
  return %y : tensor<11x17xi32>
}
