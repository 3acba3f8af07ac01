#nhwc = affine_map<(n, h, w, c) -> (n, h, w, c)>
#c = affine_map<(n, h, w, c) -> (c)>
#one = affine_map<(c) -> (c)>
func.func @batch_norm(%x: tensor<2x5x6x7xf32>, %gain: tensor<7xf32>, %offset: tensor<7xf32>) -> tensor<2x5x6x7xf32> {
  %count = arith.constant 60.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %zeros = arith.constant dense<0.0> : tensor<7xf32>
  %mean = linalg.generic {indexing_maps = [#nhwc, #c], iterator_types = ["reduction", "reduction", "reduction", "parallel"]}
      ins(%x : tensor<2x5x6x7xf32>) outs(%zeros : tensor<7xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.divf %v, %count : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<7xf32>
  %var = linalg.generic {indexing_maps = [#nhwc, #c, #c], iterator_types = ["reduction", "reduction", "reduction", "parallel"]}
      ins(%x, %mean : tensor<2x5x6x7xf32>, tensor<7xf32>) outs(%zeros : tensor<7xf32>) {
  ^bb0(%v: f32, %m: f32, %acc: f32):
    %0 = arith.subf %v, %m : f32
    %1 = arith.mulf %0, %0 : f32
    %2 = arith.divf %1, %count : f32
    %3 = arith.addf %acc, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<7xf32>
  %ek = tensor.empty() : tensor<7xf32>
  %k = linalg.generic {indexing_maps = [#one, #one, #one], iterator_types = ["parallel"]}
      ins(%gain, %var : tensor<7xf32>, tensor<7xf32>) outs(%ek : tensor<7xf32>) {
  ^bb0(%g: f32, %v: f32, %o: f32):
    %0 = arith.addf %v, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.mulf %g, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<7xf32>
  %ey = tensor.empty() : tensor<2x5x6x7xf32>
  %y = linalg.generic {indexing_maps = [#nhwc, #c, #c, #c, #nhwc], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%x, %mean, %k, %offset : tensor<2x5x6x7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>)
      outs(%ey : tensor<2x5x6x7xf32>) {
  ^bb0(%v: f32, %m: f32, %s: f32, %b: f32, %o: f32):
    %0 = arith.subf %v, %m : f32
    %1 = arith.mulf %0, %s : f32
    %2 = arith.addf %1, %b : f32
    linalg.yield %2 : f32
  } -> tensor<2x5x6x7xf32>
  return %y : tensor<2x5x6x7xf32>
}
