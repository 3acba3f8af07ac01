// A product in bf16 with f32 sums, and an f16 sum that rounds at every step.
#ik = affine_map<(i, k) -> (i, k)>
#i = affine_map<(i, k) -> (i)>
#one = affine_map<(i) -> (i)>
func.func @half_floats(%x: tensor<7x40xf32>, %w: tensor<40x9xf32>) -> (tensor<7x9xf32>, tensor<7xf32>) {
  %ea = tensor.empty() : tensor<7x40xbf16>
  %a = linalg.generic {indexing_maps = [#ik, #ik], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<7x40xf32>) outs(%ea : tensor<7x40xbf16>) {
  ^bb0(%v: f32, %o: bf16):
    %0 = arith.truncf %v : f32 to bf16
    linalg.yield %0 : bf16
  } -> tensor<7x40xbf16>
  %eb = tensor.empty() : tensor<40x9xbf16>
  %b = linalg.generic {indexing_maps = [#ik, #ik], iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<40x9xf32>) outs(%eb : tensor<40x9xbf16>) {
  ^bb0(%v: f32, %o: bf16):
    %0 = arith.truncf %v : f32 to bf16
    linalg.yield %0 : bf16
  } -> tensor<40x9xbf16>
  %zeros = arith.constant dense<0.0> : tensor<7x9xf32>
  %y = linalg.matmul ins(%a, %b : tensor<7x40xbf16>, tensor<40x9xbf16>) outs(%zeros : tensor<7x9xf32>) -> tensor<7x9xf32>
  %none = arith.constant dense<0.0> : tensor<7xf16>
  %h = linalg.generic {indexing_maps = [#ik, #i], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<7x40xf32>) outs(%none : tensor<7xf16>) {
  ^bb0(%v: f32, %acc: f16):
    %0 = arith.truncf %v : f32 to f16
    %1 = arith.addf %acc, %0 : f16
    linalg.yield %1 : f16
  } -> tensor<7xf16>
  %ez = tensor.empty() : tensor<7xf32>
  %z = linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
      ins(%h : tensor<7xf16>) outs(%ez : tensor<7xf32>) {
  ^bb0(%v: f16, %o: f32):
    %0 = arith.extf %v : f16 to f32
    linalg.yield %0 : f32
  } -> tensor<7xf32>
  return %y, %z : tensor<7x9xf32>, tensor<7xf32>
}
