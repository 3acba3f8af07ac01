// Scores on 8-bit queries and keys, softmax in f32 with a causal mask, values in f32.
func.func @attention(%q: tensor<16x32xi8>, %k: tensor<16x32xi8>, %v: tensor<16x32xf32>, %scale: f32) -> tensor<16x32xf32> {
  %zero = arith.constant 0 : i32
  %fzero = arith.constant 0.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %kt = tensor.empty() : tensor<32x16xi8>
  %t = linalg.transpose ins(%k : tensor<16x32xi8>) outs(%kt : tensor<32x16xi8>) permutation = [1, 0]
  %e = tensor.empty() : tensor<16x16xi32>
  %init = linalg.fill ins(%zero : i32) outs(%e : tensor<16x16xi32>) -> tensor<16x16xi32>
  %scores = linalg.matmul ins(%q, %t : tensor<16x32xi8>, tensor<32x16xi8>) outs(%init : tensor<16x16xi32>) -> tensor<16x16xi32>
  %f = tensor.empty() : tensor<16x16xf32>
  %masked = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%scores : tensor<16x16xi32>) outs(%f : tensor<16x16xf32>) {
  ^bb0(%s: i32, %out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %seen = arith.cmpi sle, %j, %i : index
    %0 = arith.sitofp %s : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.select %seen, %1, %minus : f32
    linalg.yield %2 : f32
  } -> tensor<16x16xf32>
  %p = linalg.softmax dimension(1) ins(%masked : tensor<16x16xf32>) outs(%f : tensor<16x16xf32>) -> tensor<16x16xf32>
  %o = tensor.empty() : tensor<16x32xf32>
  %oz = linalg.fill ins(%fzero : f32) outs(%o : tensor<16x32xf32>) -> tensor<16x32xf32>
  %y = linalg.matmul ins(%p, %v : tensor<16x16xf32>, tensor<16x32xf32>) outs(%oz : tensor<16x32xf32>) -> tensor<16x32xf32>
  return %y : tensor<16x32xf32>
}
