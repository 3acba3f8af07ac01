#md = affine_map<(m, d) -> (m, d)>
#m = affine_map<(m, d) -> (m)>
#mn = affine_map<(m, n) -> (m, n)>
#row = affine_map<(m, n) -> (m)>
#column = affine_map<(m, n) -> (n)>
func.func @pairwise_distance(%x: tensor<21x33xi8>, %y: tensor<18x33xi8>) -> tensor<21x18xi32> {
  %two = arith.constant 2 : i32
  %zx = arith.constant dense<0> : tensor<21xi32>
  %zy = arith.constant dense<0> : tensor<18xi32>
  %zxy = arith.constant dense<0> : tensor<21x18xi32>
  %xx = linalg.generic {indexing_maps = [#md, #m], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<21x33xi8>) outs(%zx : tensor<21xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.muli %0, %0 : i32
    %2 = arith.addi %acc, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<21xi32>
  %yy = linalg.generic {indexing_maps = [#md, #m], iterator_types = ["parallel", "reduction"]}
      ins(%y : tensor<18x33xi8>) outs(%zy : tensor<18xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.muli %0, %0 : i32
    %2 = arith.addi %acc, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<18xi32>
  %et = tensor.empty() : tensor<33x18xi8>
  %yt = linalg.transpose ins(%y : tensor<18x33xi8>) outs(%et : tensor<33x18xi8>) permutation = [1, 0]
  %xy = linalg.matmul ins(%x, %yt : tensor<21x33xi8>, tensor<33x18xi8>) outs(%zxy : tensor<21x18xi32>) -> tensor<21x18xi32>
  %e = tensor.empty() : tensor<21x18xi32>
  %distance = linalg.generic {indexing_maps = [#row, #column, #mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%xx, %yy, %xy : tensor<21xi32>, tensor<18xi32>, tensor<21x18xi32>) outs(%e : tensor<21x18xi32>) {
  ^bb0(%a: i32, %b: i32, %p: i32, %o: i32):
    %0 = arith.addi %a, %b : i32
    %1 = arith.muli %p, %two : i32
    %2 = arith.subi %0, %1 : i32
    linalg.yield %2 : i32
  } -> tensor<21x18xi32>
  return %distance : tensor<21x18xi32>
}
