// The database row that differs from each query in the fewest bits.
#q = affine_map<(m, n, w) -> (m, w)>
#base = affine_map<(m, n, w) -> (n, w)>
#d = affine_map<(m, n, w) -> (m, n)>
#mn = affine_map<(m, n) -> (m, n)>
#m = affine_map<(m, n) -> (m)>
func.func @hamming_nearest(%q: tensor<6x3xi64>, %base: tensor<29x3xi64>) -> (tensor<6xi32>, tensor<6xi32>) {
  %zeros = arith.constant dense<0> : tensor<6x29xi32>
  %d = linalg.generic {indexing_maps = [#q, #base, #d], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%q, %base : tensor<6x3xi64>, tensor<29x3xi64>) outs(%zeros : tensor<6x29xi32>) {
  ^bb0(%a: i64, %b: i64, %acc: i32):
    %0 = arith.xori %a, %b : i64
    %1 = math.ctpop %0 : i64
    %2 = arith.trunci %1 : i64 to i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<6x29xi32>
  %from = arith.constant dense<0> : tensor<6xi32>
  %most = arith.constant dense<2147483647> : tensor<6xi32>
  %at:2 = linalg.generic {indexing_maps = [#mn, #m, #m], iterator_types = ["parallel", "reduction"]}
      ins(%d : tensor<6x29xi32>) outs(%from, %most : tensor<6xi32>, tensor<6xi32>) {
  ^bb0(%v: i32, %where: i32, %best: i32):
    %n = linalg.index 1 : index
    %here = arith.index_cast %n : index to i32
    %less = arith.cmpi slt, %v, %best : i32
    %0 = arith.select %less, %here, %where : i32
    %1 = arith.select %less, %v, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<6xi32>, tensor<6xi32>)
  return %at#0, %at#1 : tensor<6xi32>, tensor<6xi32>
}
