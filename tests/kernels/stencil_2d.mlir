// Two steps of Jacobi's iteration; the borders are fixed.
#ij = affine_map<(i, j) -> (i, j)>
func.func private @step(%x: tensor<13x17xf32>) -> tensor<13x17xf32> {
  %quarter = arith.constant 0.25 : f32
  %up = tensor.extract_slice %x[0, 1] [11, 15] [1, 1] : tensor<13x17xf32> to tensor<11x15xf32>
  %down = tensor.extract_slice %x[2, 1] [11, 15] [1, 1] : tensor<13x17xf32> to tensor<11x15xf32>
  %left = tensor.extract_slice %x[1, 0] [11, 15] [1, 1] : tensor<13x17xf32> to tensor<11x15xf32>
  %right = tensor.extract_slice %x[1, 2] [11, 15] [1, 1] : tensor<13x17xf32> to tensor<11x15xf32>
  %e = tensor.empty() : tensor<11x15xf32>
  %mean = linalg.generic {indexing_maps = [#ij, #ij, #ij, #ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%up, %down, %left, %right : tensor<11x15xf32>, tensor<11x15xf32>, tensor<11x15xf32>, tensor<11x15xf32>)
      outs(%e : tensor<11x15xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %o: f32):
    %0 = arith.addf %a, %b : f32
    %1 = arith.addf %0, %c : f32
    %2 = arith.addf %1, %d : f32
    %3 = arith.mulf %2, %quarter : f32
    linalg.yield %3 : f32
  } -> tensor<11x15xf32>
  %r = tensor.insert_slice %mean into %x[1, 1] [11, 15] [1, 1] : tensor<11x15xf32> into tensor<13x17xf32>
  return %r : tensor<13x17xf32>
}
func.func @stencil_2d(%x: tensor<13x17xf32>) -> tensor<13x17xf32> {
  %a = call @step(%x) : (tensor<13x17xf32>) -> tensor<13x17xf32>
  %y = call @step(%a) : (tensor<13x17xf32>) -> tensor<13x17xf32>
  return %y : tensor<13x17xf32>
}
