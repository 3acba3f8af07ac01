func.func @requantize(%a: tensor<20x48xi8>, %b: tensor<48x18xi8>, %bias: tensor<18xi32>) -> tensor<20x18xi8> {
  %empty = tensor.empty() : tensor<20x18xi32>
  %init = linalg.broadcast ins(%bias : tensor<18xi32>) outs(%empty : tensor<20x18xi32>) dimensions = [0]
  %acc = linalg.matmul ins(%a, %b : tensor<20x48xi8>, tensor<48x18xi8>)
      outs(%init : tensor<20x18xi32>) -> tensor<20x18xi32>
  %half = arith.constant 64 : i32
  %shift = arith.constant 7 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %e = tensor.empty() : tensor<20x18xi8>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]} ins(%acc : tensor<20x18xi32>) outs(%e : tensor<20x18xi8>) {
  ^bb0(%x: i32, %out: i8):
    %1 = arith.addi %x, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<20x18xi8>
  return %y : tensor<20x18xi8>
}
