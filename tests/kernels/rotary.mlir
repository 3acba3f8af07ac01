// Pairs of channels turn by an angle of their position; then scores of queries and keys.
#thd = affine_map<(t, h, d) -> (t, h, d)>
#td = affine_map<(t, h, d) -> (t, d)>
#q = affine_map<(h, i, j, c) -> (i, h, c)>
#k = affine_map<(h, i, j, c) -> (j, h, c)>
#s = affine_map<(h, i, j, c) -> (h, i, j)>
func.func @rotary(%x: tensor<7x3x10xf32>, %cosine: tensor<7x5xf32>, %sine: tensor<7x5xf32>)
    -> (tensor<7x3x10xf32>, tensor<3x7x7xf32>) {
  %even = tensor.extract_slice %x[0, 0, 0] [7, 3, 5] [1, 1, 2] : tensor<7x3x10xf32> to tensor<7x3x5xf32>
  %odd = tensor.extract_slice %x[0, 0, 1] [7, 3, 5] [1, 1, 2] : tensor<7x3x10xf32> to tensor<7x3x5xf32>
  %e = tensor.empty() : tensor<7x3x5xf32>
  %a = linalg.generic {indexing_maps = [#thd, #thd, #td, #td, #thd], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%even, %odd, %cosine, %sine : tensor<7x3x5xf32>, tensor<7x3x5xf32>, tensor<7x5xf32>, tensor<7x5xf32>)
      outs(%e : tensor<7x3x5xf32>) {
  ^bb0(%p: f32, %q: f32, %c: f32, %s: f32, %o: f32):
    %0 = arith.mulf %p, %c : f32
    %1 = arith.mulf %q, %s : f32
    %2 = arith.subf %0, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<7x3x5xf32>
  %b = linalg.generic {indexing_maps = [#thd, #thd, #td, #td, #thd], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%even, %odd, %cosine, %sine : tensor<7x3x5xf32>, tensor<7x3x5xf32>, tensor<7x5xf32>, tensor<7x5xf32>)
      outs(%e : tensor<7x3x5xf32>) {
  ^bb0(%p: f32, %q: f32, %c: f32, %s: f32, %o: f32):
    %0 = arith.mulf %q, %c : f32
    %1 = arith.mulf %p, %s : f32
    %2 = arith.addf %0, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<7x3x5xf32>
  %ey = tensor.empty() : tensor<7x3x10xf32>
  %half = tensor.insert_slice %a into %ey[0, 0, 0] [7, 3, 5] [1, 1, 2] : tensor<7x3x5xf32> into tensor<7x3x10xf32>
  %y = tensor.insert_slice %b into %half[0, 0, 1] [7, 3, 5] [1, 1, 2] : tensor<7x3x5xf32> into tensor<7x3x10xf32>
  %zeros = arith.constant dense<0.0> : tensor<3x7x7xf32>
  %s = linalg.generic {indexing_maps = [#q, #k, #s], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%y, %y : tensor<7x3x10xf32>, tensor<7x3x10xf32>) outs(%zeros : tensor<3x7x7xf32>) {
  ^bb0(%p: f32, %q: f32, %acc: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<3x7x7xf32>
  return %y, %s : tensor<7x3x10xf32>, tensor<3x7x7xf32>
}
