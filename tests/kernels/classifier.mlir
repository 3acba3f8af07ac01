// Two dense layers and the best class of each row, with the count that matches the labels.
#nk = affine_map<(n, k) -> (n, k)>
#n = affine_map<(n, k) -> (n)>
#one = affine_map<(n) -> (n)>
#none = affine_map<(n) -> ()>
func.func @classifier(%x: tensor<40x50xi8>, %w1: tensor<50x24xi8>, %b1: tensor<24xi32>, %w2: tensor<24x10xi8>,
                      %b2: tensor<10xi32>, %label: tensor<40xi32>) -> (tensor<40xi32>, tensor<i32>) {
  %zero = arith.constant 0 : i32
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %e1 = tensor.empty() : tensor<40x24xi32>
  %bias1 = linalg.broadcast ins(%b1 : tensor<24xi32>) outs(%e1 : tensor<40x24xi32>) dimensions = [0]
  %a = linalg.matmul ins(%x, %w1 : tensor<40x50xi8>, tensor<50x24xi8>) outs(%bias1 : tensor<40x24xi32>) -> tensor<40x24xi32>
  %eh = tensor.empty() : tensor<40x24xi8>
  %h = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<40x24xi32>) outs(%eh : tensor<40x24xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<40x24xi8>
  %e2 = tensor.empty() : tensor<40x10xi32>
  %bias2 = linalg.broadcast ins(%b2 : tensor<10xi32>) outs(%e2 : tensor<40x10xi32>) dimensions = [0]
  %z = linalg.matmul ins(%h, %w2 : tensor<40x24xi8>, tensor<24x10xi8>) outs(%bias2 : tensor<40x10xi32>) -> tensor<40x10xi32>
  %from = arith.constant dense<0> : tensor<40xi32>
  %least = arith.constant dense<-2147483648> : tensor<40xi32>
  %class:2 = linalg.generic {indexing_maps = [#nk, #n, #n], iterator_types = ["parallel", "reduction"]}
      ins(%z : tensor<40x10xi32>) outs(%from, %least : tensor<40xi32>, tensor<40xi32>) {
  ^bb0(%v: i32, %at: i32, %best: i32):
    %k = linalg.index 1 : index
    %here = arith.index_cast %k : index to i32
    %more = arith.cmpi sgt, %v, %best : i32
    %0 = arith.select %more, %here, %at : i32
    %1 = arith.select %more, %v, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<40xi32>, tensor<40xi32>)
  %start = arith.constant dense<0> : tensor<i32>
  %right = linalg.generic {indexing_maps = [#one, #one, #none], iterator_types = ["reduction"]}
      ins(%class#0, %label : tensor<40xi32>, tensor<40xi32>) outs(%start : tensor<i32>) {
  ^bb0(%c: i32, %l: i32, %acc: i32):
    %0 = arith.cmpi eq, %c, %l : i32
    %1 = arith.extui %0 : i1 to i32
    %2 = arith.addi %acc, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<i32>
  return %class#0, %right : tensor<40xi32>, tensor<i32>
}
