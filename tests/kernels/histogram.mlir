#x = affine_map<(b, n) -> (n)>
#count = affine_map<(b, n) -> (b)>
#b = affine_map<(b) -> (b)>
#none = affine_map<(b) -> ()>
func.func @histogram(%x: tensor<701xi8>) -> (tensor<16xi32>, tensor<i32>) {
  %width = arith.constant 16 : i8
  %zeros = arith.constant dense<0> : tensor<16xi32>
  %count = linalg.generic {indexing_maps = [#x, #count], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<701xi8>) outs(%zeros : tensor<16xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %b = linalg.index 0 : index
    %bin = arith.index_cast %b : index to i8
    %0 = arith.divui %v, %width : i8
    %1 = arith.cmpi eq, %0, %bin : i8
    %2 = arith.extui %1 : i1 to i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<16xi32>
  %from = arith.constant dense<0> : tensor<i32>
  %least = arith.constant dense<-2147483648> : tensor<i32>
  %most:2 = linalg.generic {indexing_maps = [#b, #none, #none], iterator_types = ["reduction"]}
      ins(%count : tensor<16xi32>) outs(%from, %least : tensor<i32>, tensor<i32>) {
  ^bb0(%v: i32, %at: i32, %best: i32):
    %b = linalg.index 0 : index
    %here = arith.index_cast %b : index to i32
    %more = arith.cmpi sgt, %v, %best : i32
    %0 = arith.select %more, %here, %at : i32
    %1 = arith.select %more, %v, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<i32>, tensor<i32>)
  return %count, %most#0 : tensor<16xi32>, tensor<i32>
}
