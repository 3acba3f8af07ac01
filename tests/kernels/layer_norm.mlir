#nd = affine_map<(n, d) -> (n, d)>
#n = affine_map<(n, d) -> (n)>
#d = affine_map<(n, d) -> (d)>
func.func @layer_norm(%x: tensor<9x37xf32>, %gain: tensor<37xf32>, %offset: tensor<37xf32>) -> tensor<9x37xf32> {
  %count = arith.constant 37.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %zeros = arith.constant dense<0.0> : tensor<9xf32>
  %e = tensor.empty() : tensor<9x37xf32>
  %total = linalg.reduce { arith.addf } ins(%x : tensor<9x37xf32>) outs(%zeros : tensor<9xf32>) dimensions = [1]
  %c = linalg.generic {indexing_maps = [#nd, #n, #nd], iterator_types = ["parallel", "parallel"]}
      ins(%x, %total : tensor<9x37xf32>, tensor<9xf32>) outs(%e : tensor<9x37xf32>) {
  ^bb0(%v: f32, %t: f32, %o: f32):
    %0 = arith.divf %t, %count : f32
    %1 = arith.subf %v, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<9x37xf32>
  %var = linalg.generic {indexing_maps = [#nd, #n], iterator_types = ["parallel", "reduction"]}
      ins(%c : tensor<9x37xf32>) outs(%zeros : tensor<9xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.mulf %v, %v : f32
    %1 = arith.divf %0, %count : f32
    %2 = arith.addf %acc, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<9xf32>
  %y = linalg.generic {indexing_maps = [#nd, #n, #d, #d, #nd], iterator_types = ["parallel", "parallel"]}
      ins(%c, %var, %gain, %offset : tensor<9x37xf32>, tensor<9xf32>, tensor<37xf32>, tensor<37xf32>)
      outs(%e : tensor<9x37xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %b: f32, %o: f32):
    %0 = arith.addf %s, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.mulf %v, %1 : f32
    %3 = arith.mulf %2, %g : f32
    %4 = arith.addf %3, %b : f32
    linalg.yield %4 : f32
  } -> tensor<9x37xf32>
  return %y : tensor<9x37xf32>
}
