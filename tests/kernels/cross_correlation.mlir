// Every lag of two signals, and the best one.
#l = affine_map<(l) -> (l)>
#none = affine_map<(l) -> ()>
func.func @cross_correlation(%a: tensor<90xi8>, %b: tensor<24xi8>) -> (tensor<67xi32>, tensor<i32>) {
  %zeros = arith.constant dense<0> : tensor<67xi32>
  %from = arith.constant dense<0> : tensor<i32>
  %least = arith.constant dense<-2147483648> : tensor<i32>
  %y = linalg.conv_1d ins(%a, %b : tensor<90xi8>, tensor<24xi8>) outs(%zeros : tensor<67xi32>) -> tensor<67xi32>
  %best:2 = linalg.generic {indexing_maps = [#l, #none, #none], iterator_types = ["reduction"]}
      ins(%y : tensor<67xi32>) outs(%from, %least : tensor<i32>, tensor<i32>) {
  ^bb0(%v: i32, %at: i32, %top: i32):
    %l = linalg.index 0 : index
    %here = arith.index_cast %l : index to i32
    %more = arith.cmpi sgt, %v, %top : i32
    %0 = arith.select %more, %here, %at : i32
    %1 = arith.select %more, %v, %top : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<i32>, tensor<i32>)
  return %y, %best#0 : tensor<67xi32>, tensor<i32>
}
