func.func @dot(%a: tensor<37xi8>, %b: tensor<37xi8>) -> tensor<i32> {
  %zero = arith.constant dense<0> : tensor<i32>
  %c = linalg.generic {
      indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>],
      iterator_types = ["reduction"]}
      ins(%a, %b : tensor<37xi8>, tensor<37xi8>) outs(%zero : tensor<i32>) {
  ^bb0(%x: i8, %y: i8, %acc: i32):
    %0 = arith.extsi %x : i8 to i32
    %1 = arith.extsi %y : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<i32>
  return %c : tensor<i32>
}
