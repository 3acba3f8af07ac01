// N times the matrix of second moments, less the product of the sums.
#nd = affine_map<(d, n) -> (n, d)>
#d = affine_map<(d, n) -> (d)>
#de = affine_map<(d, e) -> (d, e)>
#row = affine_map<(d, e) -> (d)>
#column = affine_map<(d, e) -> (e)>
func.func @covariance(%x: tensor<50x19xi8>) -> tensor<19x19xi32> {
  %n = arith.constant 50 : i32
  %none = arith.constant dense<0> : tensor<19xi32>
  %zeros = arith.constant dense<0> : tensor<19x19xi32>
  %total = linalg.generic {indexing_maps = [#nd, #d], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<50x19xi8>) outs(%none : tensor<19xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<19xi32>
  %et = tensor.empty() : tensor<19x50xi8>
  %xt = linalg.transpose ins(%x : tensor<50x19xi8>) outs(%et : tensor<19x50xi8>) permutation = [1, 0]
  %second = linalg.matmul ins(%xt, %x : tensor<19x50xi8>, tensor<50x19xi8>) outs(%zeros : tensor<19x19xi32>) -> tensor<19x19xi32>
  %e = tensor.empty() : tensor<19x19xi32>
  %y = linalg.generic {indexing_maps = [#de, #row, #column, #de], iterator_types = ["parallel", "parallel"]}
      ins(%second, %total, %total : tensor<19x19xi32>, tensor<19xi32>, tensor<19xi32>) outs(%e : tensor<19x19xi32>) {
  ^bb0(%s: i32, %a: i32, %b: i32, %o: i32):
    %0 = arith.muli %n, %s : i32
    %1 = arith.muli %a, %b : i32
    %2 = arith.subi %0, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<19x19xi32>
  return %y : tensor<19x19xi32>
}
