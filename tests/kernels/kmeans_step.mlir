// Points to their nearest centre, then each centre to the mean of its points (rounded down).
#kd = affine_map<(k, d) -> (k, d)>
#k = affine_map<(k, d) -> (k)>
#nk = affine_map<(n, k) -> (n, k)>
#n = affine_map<(n, k) -> (n)>
#of_k = affine_map<(n, k) -> (k)>
func.func @kmeans_step(%x: tensor<60x18xi8>, %centre: tensor<7x18xi8>)
    -> (tensor<60xi32>, tensor<7xi32>, tensor<7x18xi32>) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %two = arith.constant 2 : i32
  %yes = arith.constant 1 : i8
  %no = arith.constant 0 : i8
  %zd = arith.constant dense<0> : tensor<60x7xi32>
  %zk = arith.constant dense<0> : tensor<7xi32>
  %zt = arith.constant dense<0> : tensor<7x18xi32>
  %ec = tensor.empty() : tensor<18x7xi8>
  %ct = linalg.transpose ins(%centre : tensor<7x18xi8>) outs(%ec : tensor<18x7xi8>) permutation = [1, 0]
  %dot = linalg.matmul ins(%x, %ct : tensor<60x18xi8>, tensor<18x7xi8>) outs(%zd : tensor<60x7xi32>) -> tensor<60x7xi32>
  %norm = linalg.generic {indexing_maps = [#kd, #k], iterator_types = ["parallel", "reduction"]}
      ins(%centre : tensor<7x18xi8>) outs(%zk : tensor<7xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.muli %0, %0 : i32
    %2 = arith.addi %acc, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<7xi32>
  %from = arith.constant dense<0> : tensor<60xi32>
  %most = arith.constant dense<2147483647> : tensor<60xi32>
  %nearest:2 = linalg.generic {indexing_maps = [#nk, #of_k, #n, #n], iterator_types = ["parallel", "reduction"]}
      ins(%dot, %norm : tensor<60x7xi32>, tensor<7xi32>) outs(%from, %most : tensor<60xi32>, tensor<60xi32>) {
  ^bb0(%p: i32, %c: i32, %at: i32, %best: i32):
    %k = linalg.index 1 : index
    %here = arith.index_cast %k : index to i32
    %0 = arith.muli %p, %two : i32
    %1 = arith.subi %c, %0 : i32
    %less = arith.cmpi slt, %1, %best : i32
    %2 = arith.select %less, %here, %at : i32
    %3 = arith.select %less, %1, %best : i32
    linalg.yield %2, %3 : i32, i32
  } -> (tensor<60xi32>, tensor<60xi32>)
  %em = tensor.empty() : tensor<60x7xi8>
  %mine = linalg.generic {indexing_maps = [#n, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%nearest#0 : tensor<60xi32>) outs(%em : tensor<60x7xi8>) {
  ^bb0(%v: i32, %o: i8):
    %k = linalg.index 1 : index
    %here = arith.index_cast %k : index to i32
    %is = arith.cmpi eq, %v, %here : i32
    %0 = arith.select %is, %yes, %no : i8
    linalg.yield %0 : i8
  } -> tensor<60x7xi8>
  %count = linalg.generic {indexing_maps = [#nk, #of_k], iterator_types = ["reduction", "parallel"]}
      ins(%mine : tensor<60x7xi8>) outs(%zk : tensor<7xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<7xi32>
  %et = tensor.empty() : tensor<7x60xi8>
  %mt = linalg.transpose ins(%mine : tensor<60x7xi8>) outs(%et : tensor<7x60xi8>) permutation = [1, 0]
  %total = linalg.matmul ins(%mt, %x : tensor<7x60xi8>, tensor<60x18xi8>) outs(%zt : tensor<7x18xi32>) -> tensor<7x18xi32>
  %ed = tensor.empty() : tensor<7x18xi32>
  %moved = linalg.generic {indexing_maps = [#k, #kd, #kd, #kd], iterator_types = ["parallel", "parallel"]}
      ins(%count, %centre, %total : tensor<7xi32>, tensor<7x18xi8>, tensor<7x18xi32>) outs(%ed : tensor<7x18xi32>) {
  ^bb0(%c: i32, %old: i8, %sum: i32, %o: i32):
    %none = arith.cmpi eq, %c, %zero : i32
    %0 = arith.extsi %old : i8 to i32
    %1 = arith.maxsi %c, %one : i32
    %2 = arith.floordivsi %sum, %1 : i32
    %3 = arith.select %none, %0, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<7x18xi32>
  return %nearest#0, %count, %moved : tensor<60xi32>, tensor<7xi32>, tensor<7x18xi32>
}
