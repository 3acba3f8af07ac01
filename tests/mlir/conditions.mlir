func.func @conditions(%a: tensor<8xi1>, %b: tensor<8xi32>) -> (tensor<8xi1>, tensor<i1>, tensor<8xi32>) {
  %e = tensor.empty() : tensor<8xi1>
  %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%a, %b : tensor<8xi1>, tensor<8xi32>) outs(%e : tensor<8xi1>) {
  ^bb0(%x: i1, %y: i32, %o: i1):
    %c = arith.constant 5 : i32
    %true = arith.constant true
    %0 = arith.cmpi sge, %y, %c : i32
    %1 = arith.xori %0, %x : i1
    %2 = arith.xori %1, %true : i1
    linalg.yield %2 : i1
  } -> tensor<8xi1>
  %t = arith.constant dense<true> : tensor<i1>
  %all = linalg.reduce { arith.andi } ins(%r : tensor<8xi1>) outs(%t : tensor<i1>) dimensions = [0]
  %e2 = tensor.empty() : tensor<8xi32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%r : tensor<8xi1>) outs(%e2 : tensor<8xi32>) {
  ^bb0(%x: i1, %o: i32):
    %0 = arith.extui %x : i1 to i32
    linalg.yield %0 : i32
  } -> tensor<8xi32>
  return %r, %all, %s : tensor<8xi1>, tensor<i1>, tensor<8xi32>
}
