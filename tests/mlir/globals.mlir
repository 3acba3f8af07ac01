ml_program.global private @weights(dense<[[1, -2, 3], [4, 5, -6], [7, 8, 127], [-128, 0, 1]]> : tensor<4x3xi8>) : tensor<4x3xi8>
ml_program.global private @ones(dense<1> : tensor<3xi32>) : tensor<3xi32>

func.func private @layer(%x: tensor<5x4xi8>) -> tensor<5x3xi32> {
  %w = ml_program.global_load_const @weights : tensor<4x3xi8>
  %bias = ml_program.global_load_const @ones : tensor<3xi32>
  %e = tensor.empty() : tensor<5x3xi32>
  %init = linalg.broadcast ins(%bias : tensor<3xi32>) outs(%e : tensor<5x3xi32>) dimensions = [0]
  %c = linalg.matmul ins(%x, %w : tensor<5x4xi8>, tensor<4x3xi8>) outs(%init : tensor<5x3xi32>) -> tensor<5x3xi32>
  return %c : tensor<5x3xi32>
}

func.func @globals(%x: tensor<5x4xi8>) -> tensor<5x3xi32> {
  %table = arith.constant dense<[10, 20, -30]> : tensor<3xi32>
  %c = func.call @layer(%x) : (tensor<5x4xi8>) -> tensor<5x3xi32>
  %e = tensor.empty() : tensor<5x3xi32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%c, %table : tensor<5x3xi32>, tensor<3xi32>) outs(%e : tensor<5x3xi32>) {
  ^bb0(%a: i32, %b: i32, %out: i32):
    %0 = arith.addi %a, %b : i32
    linalg.yield %0 : i32
  } -> tensor<5x3xi32>
  return %y : tensor<5x3xi32>
}
