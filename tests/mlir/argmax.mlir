func.func @argmax(%x: tensor<6x15xi8>, %f: tensor<6x15xf32>) -> (tensor<6xi32>, tensor<6xi64>) {
  %c0 = arith.constant 0 : i32
  %d0 = arith.constant 0 : i64
  %low = arith.constant -128 : i8
  %far = arith.constant 0x7F800000 : f32
  %e = tensor.empty() : tensor<6xi32>
  %g = tensor.empty() : tensor<6xi64>
  %h = tensor.empty() : tensor<6xi8>
  %l = tensor.empty() : tensor<6xf32>
  %at = linalg.fill ins(%c0 : i32) outs(%e : tensor<6xi32>) -> tensor<6xi32>
  %least = linalg.fill ins(%low : i8) outs(%h : tensor<6xi8>) -> tensor<6xi8>
  %from = linalg.fill ins(%d0 : i64) outs(%g : tensor<6xi64>) -> tensor<6xi64>
  %most = linalg.fill ins(%far : f32) outs(%l : tensor<6xf32>) -> tensor<6xf32>
  %r:2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]} ins(%x : tensor<6x15xi8>) outs(%at, %least : tensor<6xi32>, tensor<6xi8>) {
  ^bb0(%v: i8, %where: i32, %best: i8):
    %i = linalg.index 1 : index
    %n = arith.index_cast %i : index to i32
    %c = arith.cmpi sgt, %v, %best : i8
    %0 = arith.select %c, %n, %where : i32
    %1 = arith.select %c, %v, %best : i8
    linalg.yield %0, %1 : i32, i8
  } -> (tensor<6xi32>, tensor<6xi8>)
  %s:2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]} ins(%f : tensor<6x15xf32>) outs(%from, %most : tensor<6xi64>, tensor<6xf32>) {
  ^bb0(%v: f32, %where: i64, %best: f32):
    %i = linalg.index 1 : index
    %n = arith.index_cast %i : index to i64
    %c = arith.cmpf olt, %v, %best : f32
    %0 = arith.select %c, %n, %where : i64
    %1 = arith.select %c, %v, %best : f32
    linalg.yield %0, %1 : i64, f32
  } -> (tensor<6xi64>, tensor<6xf32>)
  return %r#0, %s#0 : tensor<6xi32>, tensor<6xi64>
}
