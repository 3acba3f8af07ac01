func.func @elementwise(%x: tensor<6x11xf32>, %scale: f32) -> (tensor<6x11xf32>, tensor<6x11xf32>) {
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %zero = arith.constant 0.0 : f32
  %root = arith.constant 0.707106769 : f32
  %e = tensor.empty() : tensor<6x11xf32>
  %gelu = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : tensor<6x11xf32>) outs(%e : tensor<6x11xf32>) {
  ^bb0(%v: f32, %out: f32):
    %0 = arith.mulf %v, %root : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %v, %half : f32
    %4 = arith.mulf %3, %2 : f32
    linalg.yield %4 : f32
  } -> tensor<6x11xf32>
  %act = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %scale : tensor<6x11xf32>, f32) outs(%e : tensor<6x11xf32>) {
  ^bb0(%v: f32, %s: f32, %out: f32):
    %0 = arith.maximumf %v, %zero : f32
    %1 = math.tanh %0 : f32
    %2 = math.absf %v : f32
    %3 = arith.addf %2, %one : f32
    %4 = math.rsqrt %3 : f32
    %5 = arith.subf %1, %4 : f32
    %6 = arith.cmpf ult, %v, %s : f32
    %7 = arith.select %6, %5, %s : f32
    linalg.yield %7 : f32
  } -> tensor<6x11xf32>
  return %gelu, %act : tensor<6x11xf32>, tensor<6x11xf32>
}
