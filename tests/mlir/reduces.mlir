func.func @reduces(%x: tensor<7x12xi32>, %f: tensor<7x12xf32>) -> (tensor<7xi32>, tensor<12xi32>, tensor<7xf32>, tensor<7xf32>) {
  %low = arith.constant -2147483648 : i32
  %zero = arith.constant 0 : i32
  %one = arith.constant 1.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %e7 = tensor.empty() : tensor<7xi32>
  %e12 = tensor.empty() : tensor<12xi32>
  %f7 = tensor.empty() : tensor<7xf32>
  %lows = linalg.fill ins(%low : i32) outs(%e7 : tensor<7xi32>) -> tensor<7xi32>
  %zeros = linalg.fill ins(%zero : i32) outs(%e12 : tensor<12xi32>) -> tensor<12xi32>
  %ones = linalg.fill ins(%one : f32) outs(%f7 : tensor<7xf32>) -> tensor<7xf32>
  %minuses = linalg.fill ins(%minus : f32) outs(%f7 : tensor<7xf32>) -> tensor<7xf32>
  %max = linalg.reduce { arith.maxsi } ins(%x : tensor<7x12xi32>) outs(%lows : tensor<7xi32>) dimensions = [1]
  %umax = linalg.reduce { arith.maxui } ins(%x : tensor<7x12xi32>) outs(%zeros : tensor<12xi32>) dimensions = [0]
  %prod = linalg.reduce { arith.mulf } ins(%f : tensor<7x12xf32>) outs(%ones : tensor<7xf32>) dimensions = [1]
  %fmax = linalg.reduce { arith.maximumf } ins(%f : tensor<7x12xf32>) outs(%minuses : tensor<7xf32>) dimensions = [1]
  return %max, %umax, %prod, %fmax : tensor<7xi32>, tensor<12xi32>, tensor<7xf32>, tensor<7xf32>
}
