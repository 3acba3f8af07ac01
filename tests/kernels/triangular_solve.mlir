// Forward substitution with a unit lower triangle of four rows.
#n = affine_map<(n) -> (n)>
func.func private @without(%from: tensor<23xi32>, %factor: i32, %row: tensor<23xi32>) -> tensor<23xi32> {
  %e = tensor.empty() : tensor<23xi32>
  %r = linalg.generic {indexing_maps = [#n, #n, #n], iterator_types = ["parallel"]}
      ins(%from, %row : tensor<23xi32>, tensor<23xi32>) outs(%e : tensor<23xi32>) {
  ^bb0(%a: i32, %b: i32, %o: i32):
    %0 = arith.muli %factor, %b : i32
    %1 = arith.subi %a, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<23xi32>
  return %r : tensor<23xi32>
}
func.func @triangular_solve(%l: tensor<4x4xi32>, %b: tensor<4x23xi32>) -> tensor<4x23xi32> {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %3 = arith.constant 3 : index
  %l10 = tensor.extract %l[%1, %0] : tensor<4x4xi32>
  %l20 = tensor.extract %l[%2, %0] : tensor<4x4xi32>
  %l21 = tensor.extract %l[%2, %1] : tensor<4x4xi32>
  %l30 = tensor.extract %l[%3, %0] : tensor<4x4xi32>
  %l31 = tensor.extract %l[%3, %1] : tensor<4x4xi32>
  %l32 = tensor.extract %l[%3, %2] : tensor<4x4xi32>
  %y0 = tensor.extract_slice %b[0, 0] [1, 23] [1, 1] : tensor<4x23xi32> to tensor<23xi32>
  %b1 = tensor.extract_slice %b[1, 0] [1, 23] [1, 1] : tensor<4x23xi32> to tensor<23xi32>
  %b2 = tensor.extract_slice %b[2, 0] [1, 23] [1, 1] : tensor<4x23xi32> to tensor<23xi32>
  %b3 = tensor.extract_slice %b[3, 0] [1, 23] [1, 1] : tensor<4x23xi32> to tensor<23xi32>
  %y1 = call @without(%b1, %l10, %y0) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %p2 = call @without(%b2, %l20, %y0) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %y2 = call @without(%p2, %l21, %y1) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %p3 = call @without(%b3, %l30, %y0) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %q3 = call @without(%p3, %l31, %y1) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %y3 = call @without(%q3, %l32, %y2) : (tensor<23xi32>, i32, tensor<23xi32>) -> tensor<23xi32>
  %e = tensor.empty() : tensor<4x23xi32>
  %r0 = tensor.insert_slice %y0 into %e[0, 0] [1, 23] [1, 1] : tensor<23xi32> into tensor<4x23xi32>
  %r1 = tensor.insert_slice %y1 into %r0[1, 0] [1, 23] [1, 1] : tensor<23xi32> into tensor<4x23xi32>
  %r2 = tensor.insert_slice %y2 into %r1[2, 0] [1, 23] [1, 1] : tensor<23xi32> into tensor<4x23xi32>
  %y = tensor.insert_slice %y3 into %r2[3, 0] [1, 23] [1, 1] : tensor<23xi32> into tensor<4x23xi32>
  return %y : tensor<4x23xi32>
}
