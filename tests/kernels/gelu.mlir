// A dense layer and its activation, by erf and by tanh.
#nk = affine_map<(n, k) -> (n, k)>
func.func @gelu(%x: tensor<13x24xi8>, %w: tensor<24x18xi8>, %scale: f32) -> (tensor<13x18xf32>, tensor<13x18xf32>) {
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %root = arith.constant 0.70710678 : f32
  %slope = arith.constant 0.79788456 : f32
  %cubic = arith.constant 0.044715 : f32
  %zeros = arith.constant dense<0> : tensor<13x18xi32>
  %a = linalg.matmul ins(%x, %w : tensor<13x24xi8>, tensor<24x18xi8>) outs(%zeros : tensor<13x18xi32>) -> tensor<13x18xi32>
  %e = tensor.empty() : tensor<13x18xf32>
  %f = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<13x18xi32>) outs(%e : tensor<13x18xf32>) {
  ^bb0(%v: i32, %o: f32):
    %0 = arith.sitofp %v : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    linalg.yield %1 : f32
  } -> tensor<13x18xf32>
  %y = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%f : tensor<13x18xf32>) outs(%e : tensor<13x18xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.mulf %v, %root : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %v, %half : f32
    %4 = arith.mulf %3, %2 : f32
    linalg.yield %4 : f32
  } -> tensor<13x18xf32>
  %z = linalg.generic {indexing_maps = [#nk, #nk], iterator_types = ["parallel", "parallel"]}
      ins(%f : tensor<13x18xf32>) outs(%e : tensor<13x18xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.mulf %cubic, %v : f32
    %1 = arith.mulf %0, %v : f32
    %2 = arith.mulf %1, %v : f32
    %3 = arith.addf %v, %2 : f32
    %4 = arith.mulf %slope, %3 : f32
    %5 = math.tanh %4 : f32
    %6 = arith.addf %5, %one : f32
    %7 = arith.mulf %v, %half : f32
    %8 = arith.mulf %7, %6 : f32
    linalg.yield %8 : f32
  } -> tensor<13x18xf32>
  return %y, %z : tensor<13x18xf32>, tensor<13x18xf32>
}
