// Products of polynomials modulo X^32 + 1 and q, as in lattice cryptography.
#a = affine_map<(t, k, i) -> (t, i)>
#c = affine_map<(t, k, i) -> (t, k)>
#turn = affine_map<(k, i) -> ((k - i) mod 32)>
#tk = affine_map<(t, k) -> (t, k)>
func.func @modular_product(%a: tensor<3x32xi32>, %b: tensor<32xi32>, %q: i64) -> tensor<3x32xi64> {
  %zero = arith.constant 0 : i64
  %zeros = arith.constant dense<0> : tensor<3x32xi64>
  %plus = linalg.generic {indexing_maps = [#a, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a : tensor<3x32xi32>) outs(%zeros : tensor<3x32xi64>) {
  ^bb0(%v: i32, %acc: i64):
    %k = linalg.index 1 : index
    %i = linalg.index 2 : index
    %at = affine.apply #turn(%k, %i)
    %u = tensor.extract %b[%at] : tensor<32xi32>
    %below = arith.cmpi sle, %i, %k : index
    %0 = arith.extui %v : i32 to i64
    %1 = arith.extui %u : i32 to i64
    %2 = arith.muli %0, %1 : i64
    %3 = arith.remui %2, %q : i64
    %4 = arith.select %below, %3, %zero : i64
    %5 = arith.addi %acc, %4 : i64
    linalg.yield %5 : i64
  } -> tensor<3x32xi64>
  %minus = linalg.generic {indexing_maps = [#a, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a : tensor<3x32xi32>) outs(%zeros : tensor<3x32xi64>) {
  ^bb0(%v: i32, %acc: i64):
    %k = linalg.index 1 : index
    %i = linalg.index 2 : index
    %at = affine.apply #turn(%k, %i)
    %u = tensor.extract %b[%at] : tensor<32xi32>
    %above = arith.cmpi sgt, %i, %k : index
    %0 = arith.extui %v : i32 to i64
    %1 = arith.extui %u : i32 to i64
    %2 = arith.muli %0, %1 : i64
    %3 = arith.remui %2, %q : i64
    %4 = arith.select %above, %3, %zero : i64
    %5 = arith.addi %acc, %4 : i64
    linalg.yield %5 : i64
  } -> tensor<3x32xi64>
  %e = tensor.empty() : tensor<3x32xi64>
  %c = linalg.generic {indexing_maps = [#tk, #tk, #tk], iterator_types = ["parallel", "parallel"]}
      ins(%plus, %minus : tensor<3x32xi64>, tensor<3x32xi64>) outs(%e : tensor<3x32xi64>) {
  ^bb0(%p: i64, %m: i64, %o: i64):
    %0 = arith.remui %p, %q : i64
    %1 = arith.remui %m, %q : i64
    %2 = arith.subi %q, %1 : i64
    %3 = arith.addi %0, %2 : i64
    %4 = arith.remui %3, %q : i64
    linalg.yield %4 : i64
  } -> tensor<3x32xi64>
  return %c : tensor<3x32xi64>
}
