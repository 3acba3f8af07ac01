// Paths of two, then of four steps.
#a = affine_map<(i, j, k) -> (i, k)>
#b = affine_map<(i, j, k) -> (k, j)>
#y = affine_map<(i, j, k) -> (i, j)>
func.func @min_plus(%d: tensor<23x23xi32>) -> tensor<23x23xi32> {
  %far = arith.constant dense<2147483647> : tensor<23x23xi32>
  %t = linalg.generic {indexing_maps = [#a, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%d, %d : tensor<23x23xi32>, tensor<23x23xi32>) outs(%far : tensor<23x23xi32>) {
  ^bb0(%p: i32, %q: i32, %acc: i32):
    %0 = arith.addi %p, %q : i32
    %1 = arith.minsi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<23x23xi32>
  %y = linalg.generic {indexing_maps = [#a, #b, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%t, %t : tensor<23x23xi32>, tensor<23x23xi32>) outs(%far : tensor<23x23xi32>) {
  ^bb0(%p: i32, %q: i32, %acc: i32):
    %0 = arith.addi %p, %q : i32
    %1 = arith.minsi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<23x23xi32>
  return %y : tensor<23x23xi32>
}
