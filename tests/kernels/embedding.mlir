// Rows of a table by token, a position added, and a projection.
#btd = affine_map<(b, t, d) -> (b, t, d)>
#bt = affine_map<(b, t, d) -> (b, t)>
#td = affine_map<(b, t, d) -> (t, d)>
#e = affine_map<(b, t, k, d) -> (b, t, d)>
#w = affine_map<(b, t, k, d) -> (d, k)>
#y = affine_map<(b, t, k, d) -> (b, t, k)>
func.func @embedding(%table: tensor<30x20xi8>, %position: tensor<7x20xi8>, %token: tensor<3x7xi32>,
                     %w: tensor<20x18xi8>) -> tensor<3x7x18xi8> {
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %ee = tensor.empty() : tensor<3x7x20xi8>
  %e = linalg.generic {indexing_maps = [#bt, #td, #btd], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%token, %position : tensor<3x7xi32>, tensor<7x20xi8>) outs(%ee : tensor<3x7x20xi8>) {
  ^bb0(%at: i32, %p: i8, %o: i8):
    %row = arith.index_cast %at : i32 to index
    %d = linalg.index 2 : index
    %v = tensor.extract %table[%row, %d] : tensor<30x20xi8>
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %p : i8 to i32
    %2 = arith.addi %0, %1 : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<3x7x20xi8>
  %zeros = arith.constant dense<0> : tensor<3x7x18xi32>
  %a = linalg.generic {indexing_maps = [#e, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%e, %w : tensor<3x7x20xi8>, tensor<20x18xi8>) outs(%zeros : tensor<3x7x18xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<3x7x18xi32>
  %ey = tensor.empty() : tensor<3x7x18xi8>
  %y = linalg.generic {indexing_maps = [#btd, #btd], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<3x7x18xi32>) outs(%ey : tensor<3x7x18xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<3x7x18xi8>
  return %y : tensor<3x7x18xi8>
}
