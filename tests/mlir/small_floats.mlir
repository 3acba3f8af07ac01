func.func @small_floats(%a: tensor<5x16xbf16>, %b: tensor<16x6xbf16>, %h: tensor<5x6xf16>) -> (tensor<5x6xf32>, tensor<5x6xf16>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x6xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<5x6xf32>) -> tensor<5x6xf32>
  %c = linalg.matmul ins(%a, %b : tensor<5x16xbf16>, tensor<16x6xbf16>) outs(%init : tensor<5x6xf32>) -> tensor<5x6xf32>
  %f = tensor.empty() : tensor<5x6xf16>
  %d = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%c, %h : tensor<5x6xf32>, tensor<5x6xf16>) outs(%f : tensor<5x6xf16>) {
  ^bb0(%x: f32, %y: f16, %out: f16):
    %0 = arith.truncf %x : f32 to f16
    %1 = arith.addf %0, %y : f16
    linalg.yield %1 : f16
  } -> tensor<5x6xf16>
  return %c, %d : tensor<5x6xf32>, tensor<5x6xf16>
}
