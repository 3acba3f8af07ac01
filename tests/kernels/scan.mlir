// An inclusive sum, an exclusive maximum, and the first place where the sum passes a threshold.
#x = affine_map<(i, j) -> (j)>
#i = affine_map<(i, j) -> (i)>
#one = affine_map<(i) -> (i)>
#none = affine_map<(i) -> ()>
func.func @scan(%x: tensor<61xi32>, %threshold: i32) -> (tensor<61xi32>, tensor<61xi32>, tensor<i32>) {
  %zero = arith.constant 0 : i32
  %low = arith.constant -2147483648 : i32
  %zeros = arith.constant dense<0> : tensor<61xi32>
  %total = linalg.generic {indexing_maps = [#x, #i], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<61xi32>) outs(%zeros : tensor<61xi32>) {
  ^bb0(%v: i32, %acc: i32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %seen = arith.cmpi sle, %j, %i : index
    %0 = arith.select %seen, %v, %zero : i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<61xi32>
  %least = arith.constant dense<-2147483648> : tensor<61xi32>
  %before = linalg.generic {indexing_maps = [#x, #i], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<61xi32>) outs(%least : tensor<61xi32>) {
  ^bb0(%v: i32, %acc: i32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %seen = arith.cmpi slt, %j, %i : index
    %0 = arith.select %seen, %v, %low : i32
    %1 = arith.maxsi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<61xi32>
  %from = arith.constant dense<0> : tensor<i32>
  %worst = arith.constant dense<-2147483648> : tensor<i32>
  %passed:2 = linalg.generic {indexing_maps = [#one, #none, #none], iterator_types = ["reduction"]}
      ins(%total : tensor<61xi32>) outs(%from, %worst : tensor<i32>, tensor<i32>) {
  ^bb0(%v: i32, %at: i32, %best: i32):
    %i = linalg.index 0 : index
    %here = arith.index_cast %i : index to i32
    %over = arith.cmpi sgt, %v, %threshold : i32
    %flag = arith.extui %over : i1 to i32
    %more = arith.cmpi sgt, %flag, %best : i32
    %0 = arith.select %more, %here, %at : i32
    %1 = arith.select %more, %flag, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<i32>, tensor<i32>)
  return %total, %before, %passed#0 : tensor<61xi32>, tensor<61xi32>, tensor<i32>
}
