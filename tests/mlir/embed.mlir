func.func @embed(%table: tensor<50x8xf32>, %at: tensor<6xi32>) -> tensor<6x8xf32> {
  %e = tensor.empty() : tensor<6x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%at : tensor<6xi32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%i: i32, %out: f32):
    %0 = arith.index_cast %i : i32 to index
    %j = linalg.index 1 : index
    %1 = tensor.extract %table[%0, %j] : tensor<50x8xf32>
    linalg.yield %1 : f32
  } -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}
