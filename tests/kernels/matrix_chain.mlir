// Four matrices, requantised between the products.
#ij = affine_map<(i, j) -> (i, j)>
func.func @matrix_chain(%a: tensor<17x31xi8>, %b: tensor<31x20xi8>, %c: tensor<20x33xi8>, %d: tensor<33x16xi8>)
    -> tensor<17x16xi32> {
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zp = arith.constant dense<0> : tensor<17x20xi32>
  %p = linalg.matmul ins(%a, %b : tensor<17x31xi8>, tensor<31x20xi8>) outs(%zp : tensor<17x20xi32>) -> tensor<17x20xi32>
  %ep = tensor.empty() : tensor<17x20xi8>
  %ab = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%p : tensor<17x20xi32>) outs(%ep : tensor<17x20xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<17x20xi8>
  %zq = arith.constant dense<0> : tensor<20x16xi32>
  %q = linalg.matmul ins(%c, %d : tensor<20x33xi8>, tensor<33x16xi8>) outs(%zq : tensor<20x16xi32>) -> tensor<20x16xi32>
  %eq = tensor.empty() : tensor<20x16xi8>
  %cd = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%q : tensor<20x16xi32>) outs(%eq : tensor<20x16xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<20x16xi8>
  %zy = arith.constant dense<0> : tensor<17x16xi32>
  %y = linalg.matmul ins(%ab, %cd : tensor<17x20xi8>, tensor<20x16xi8>) outs(%zy : tensor<17x16xi32>) -> tensor<17x16xi32>
  return %y : tensor<17x16xi32>
}
