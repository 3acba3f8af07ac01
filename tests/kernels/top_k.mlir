// The four largest of each row, the earlier first among equals, by rank.
#mine = affine_map<(n, i, j) -> (n, i)>
#other = affine_map<(n, i, j) -> (n, j)>
#rank = affine_map<(n, r, i) -> (n, i)>
#at = affine_map<(n, r, i) -> (n, r)>
#nr = affine_map<(n, r) -> (n, r)>
func.func @top_k(%x: tensor<9x33xi32>) -> (tensor<9x4xi32>, tensor<9x4xi32>) {
  %zeros = arith.constant dense<0> : tensor<9x33xi32>
  %rank = linalg.generic {indexing_maps = [#mine, #other, #mine], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %x : tensor<9x33xi32>, tensor<9x33xi32>) outs(%zeros : tensor<9x33xi32>) {
  ^bb0(%v: i32, %u: i32, %acc: i32):
    %i = linalg.index 1 : index
    %j = linalg.index 2 : index
    %larger = arith.cmpi sgt, %u, %v : i32
    %same = arith.cmpi eq, %u, %v : i32
    %earlier = arith.cmpi slt, %j, %i : index
    %tie = arith.andi %same, %earlier : i1
    %first = arith.ori %larger, %tie : i1
    %0 = arith.extui %first : i1 to i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<9x33xi32>
  %from = arith.constant dense<0> : tensor<9x4xi32>
  %least = arith.constant dense<-2147483648> : tensor<9x4xi32>
  %at:2 = linalg.generic {indexing_maps = [#rank, #at, #at], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%rank : tensor<9x33xi32>) outs(%from, %least : tensor<9x4xi32>, tensor<9x4xi32>) {
  ^bb0(%v: i32, %where: i32, %best: i32):
    %r = linalg.index 1 : index
    %i = linalg.index 2 : index
    %wanted = arith.index_cast %r : index to i32
    %here = arith.index_cast %i : index to i32
    %is = arith.cmpi eq, %v, %wanted : i32
    %flag = arith.extui %is : i1 to i32
    %more = arith.cmpi sgt, %flag, %best : i32
    %0 = arith.select %more, %here, %where : i32
    %1 = arith.select %more, %flag, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<9x4xi32>, tensor<9x4xi32>)
  %e = tensor.empty() : tensor<9x4xi32>
  %value = linalg.generic {indexing_maps = [#nr, #nr], iterator_types = ["parallel", "parallel"]}
      ins(%at#0 : tensor<9x4xi32>) outs(%e : tensor<9x4xi32>) {
  ^bb0(%i: i32, %o: i32):
    %n = linalg.index 0 : index
    %where = arith.index_cast %i : i32 to index
    %0 = tensor.extract %x[%n, %where] : tensor<9x33xi32>
    linalg.yield %0 : i32
  } -> tensor<9x4xi32>
  return %value, %at#0 : tensor<9x4xi32>, tensor<9x4xi32>
}
