// Shortest paths between eight nodes: one step for each node that a path may pass.
#ij = affine_map<(i, j) -> (i, j)>
#i = affine_map<(i, j) -> (i)>
#j = affine_map<(i, j) -> (j)>
func.func private @through(%d: tensor<8x8xi32>, %to: tensor<8xi32>, %from: tensor<8xi32>) -> tensor<8x8xi32> {
  %e = tensor.empty() : tensor<8x8xi32>
  %r = linalg.generic {indexing_maps = [#ij, #i, #j, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%d, %to, %from : tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) outs(%e : tensor<8x8xi32>) {
  ^bb0(%direct: i32, %first: i32, %second: i32, %o: i32):
    %0 = arith.addi %first, %second : i32
    %1 = arith.minsi %direct, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<8x8xi32>
  return %r : tensor<8x8xi32>
}
func.func @floyd_warshall(%d: tensor<8x8xi32>) -> tensor<8x8xi32> {
  %to0 = tensor.extract_slice %d[0, 0] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from0 = tensor.extract_slice %d[0, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d0 = call @through(%d, %to0, %from0) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to1 = tensor.extract_slice %d0[0, 1] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from1 = tensor.extract_slice %d0[1, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d1 = call @through(%d0, %to1, %from1) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to2 = tensor.extract_slice %d1[0, 2] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from2 = tensor.extract_slice %d1[2, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d2 = call @through(%d1, %to2, %from2) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to3 = tensor.extract_slice %d2[0, 3] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from3 = tensor.extract_slice %d2[3, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d3 = call @through(%d2, %to3, %from3) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to4 = tensor.extract_slice %d3[0, 4] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from4 = tensor.extract_slice %d3[4, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d4 = call @through(%d3, %to4, %from4) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to5 = tensor.extract_slice %d4[0, 5] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from5 = tensor.extract_slice %d4[5, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d5 = call @through(%d4, %to5, %from5) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to6 = tensor.extract_slice %d5[0, 6] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from6 = tensor.extract_slice %d5[6, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d6 = call @through(%d5, %to6, %from6) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  %to7 = tensor.extract_slice %d6[0, 7] [8, 1] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %from7 = tensor.extract_slice %d6[7, 0] [1, 8] [1, 1] : tensor<8x8xi32> to tensor<8xi32>
  %d7 = call @through(%d6, %to7, %from7) : (tensor<8x8xi32>, tensor<8xi32>, tensor<8xi32>) -> tensor<8x8xi32>
  return %d7 : tensor<8x8xi32>
}
