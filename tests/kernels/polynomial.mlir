// Horner's rule in wrapping i32, and the same coefficients in f32.
#n = affine_map<(n) -> (n)>
func.func @polynomial(%x: tensor<41xi32>, %c: tensor<6xi32>, %u: tensor<41xf32>) -> (tensor<41xi32>, tensor<41xf32>) {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %3 = arith.constant 3 : index
  %4 = arith.constant 4 : index
  %5 = arith.constant 5 : index
  %c0 = tensor.extract %c[%0] : tensor<6xi32>
  %c1 = tensor.extract %c[%1] : tensor<6xi32>
  %c2 = tensor.extract %c[%2] : tensor<6xi32>
  %c3 = tensor.extract %c[%3] : tensor<6xi32>
  %c4 = tensor.extract %c[%4] : tensor<6xi32>
  %c5 = tensor.extract %c[%5] : tensor<6xi32>
  %e = tensor.empty() : tensor<41xi32>
  %y = linalg.generic {indexing_maps = [#n, #n], iterator_types = ["parallel"]}
      ins(%x : tensor<41xi32>) outs(%e : tensor<41xi32>) {
  ^bb0(%v: i32, %o: i32):
    %p5 = arith.muli %c5, %v : i32
    %s4 = arith.addi %p5, %c4 : i32
    %p4 = arith.muli %s4, %v : i32
    %s3 = arith.addi %p4, %c3 : i32
    %p3 = arith.muli %s3, %v : i32
    %s2 = arith.addi %p3, %c2 : i32
    %p2 = arith.muli %s2, %v : i32
    %s1 = arith.addi %p2, %c1 : i32
    %p1 = arith.muli %s1, %v : i32
    %s0 = arith.addi %p1, %c0 : i32
    linalg.yield %s0 : i32
  } -> tensor<41xi32>
  %f0 = arith.sitofp %c0 : i32 to f32
  %f1 = arith.sitofp %c1 : i32 to f32
  %f2 = arith.sitofp %c2 : i32 to f32
  %f3 = arith.sitofp %c3 : i32 to f32
  %f4 = arith.sitofp %c4 : i32 to f32
  %f5 = arith.sitofp %c5 : i32 to f32
  %ef = tensor.empty() : tensor<41xf32>
  %v = linalg.generic {indexing_maps = [#n, #n], iterator_types = ["parallel"]}
      ins(%u : tensor<41xf32>) outs(%ef : tensor<41xf32>) {
  ^bb0(%v: f32, %o: f32):
    %p5 = arith.mulf %f5, %v : f32
    %s4 = arith.addf %p5, %f4 : f32
    %p4 = arith.mulf %s4, %v : f32
    %s3 = arith.addf %p4, %f3 : f32
    %p3 = arith.mulf %s3, %v : f32
    %s2 = arith.addf %p3, %f2 : f32
    %p2 = arith.mulf %s2, %v : f32
    %s1 = arith.addf %p2, %f1 : f32
    %p1 = arith.mulf %s1, %v : f32
    %s0 = arith.addf %p1, %f0 : f32
    linalg.yield %s0 : f32
  } -> tensor<41xf32>
  return %y, %v : tensor<41xi32>, tensor<41xf32>
}
