func.func @layer_norm(%x: tensor<4x24xf32>, %gamma: tensor<24xf32>, %beta: tensor<24xf32>) -> tensor<4x24xf32> {
  %zero = arith.constant 0.0 : f32
  %count = arith.constant 24.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %r = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x24xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%r : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce { arith.addf } ins(%x : tensor<4x24xf32>) outs(%zeros : tensor<4xf32>) dimensions = [1]
  %squares = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<4x24xf32>, tensor<4xf32>) outs(%zeros : tensor<4xf32>) {
  ^bb0(%v: f32, %s: f32, %acc: f32):
    %mean = arith.divf %s, %count : f32
    %d = arith.subf %v, %mean : f32
    %q = arith.mulf %d, %d : f32
    %a = arith.addf %acc, %q : f32
    linalg.yield %a : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %squares, %gamma, %beta : tensor<4x24xf32>, tensor<4xf32>, tensor<4xf32>, tensor<24xf32>, tensor<24xf32>) outs(%e : tensor<4x24xf32>) {
  ^bb0(%v: f32, %s: f32, %q: f32, %g: f32, %b: f32, %out: f32):
    %mean = arith.divf %s, %count : f32
    %var = arith.divf %q, %count : f32
    %more = arith.addf %var, %eps : f32
    %inv = math.rsqrt %more : f32
    %d = arith.subf %v, %mean : f32
    %n = arith.mulf %d, %inv : f32
    %m = arith.mulf %n, %g : f32
    %o = arith.addf %m, %b : f32
    linalg.yield %o : f32
  } -> tensor<4x24xf32>
  return %y : tensor<4x24xf32>
}
