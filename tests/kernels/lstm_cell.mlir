// One step of a quantised LSTM: gates i, f, g, o side by side; the nonlinearities in f32.
#x = affine_map<(b, g, k, m) -> (b, m)>
#w = affine_map<(b, g, k, m) -> (m, g, k)>
#a = affine_map<(b, g, k, m) -> (b, g, k)>
#bgk = affine_map<(b, g, k) -> (b, g, k)>
#bk = affine_map<(b, k) -> (b, k)>
func.func private @sigmoid(%z: tensor<5x19xf32>) -> tensor<5x19xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<5x19xf32>
  %r = linalg.generic {indexing_maps = [#bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%z : tensor<5x19xf32>) outs(%e : tensor<5x19xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.negf %v : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.divf %one, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<5x19xf32>
  return %r : tensor<5x19xf32>
}
func.func @lstm_cell(%x: tensor<5x21xi8>, %h: tensor<5x19xi8>, %c: tensor<5x19xf32>, %wx: tensor<21x4x19xi8>,
                     %wh: tensor<19x4x19xi8>, %bias: tensor<4x19xi32>, %scale: f32) -> (tensor<5x19xi8>, tensor<5x19xf32>) {
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %zeros = arith.constant dense<0> : tensor<5x4x19xi32>
  %e = tensor.empty() : tensor<5x4x19xi32>
  %start = linalg.broadcast ins(%bias : tensor<4x19xi32>) outs(%e : tensor<5x4x19xi32>) dimensions = [0]
  %ax = linalg.generic {indexing_maps = [#x, #w, #a], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %wx : tensor<5x21xi8>, tensor<21x4x19xi8>) outs(%start : tensor<5x4x19xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<5x4x19xi32>
  %ah = linalg.generic {indexing_maps = [#x, #w, #a], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%h, %wh : tensor<5x19xi8>, tensor<19x4x19xi8>) outs(%zeros : tensor<5x4x19xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<5x4x19xi32>
  %ez = tensor.empty() : tensor<5x4x19xf32>
  %z = linalg.generic {indexing_maps = [#bgk, #bgk, #bgk], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%ax, %ah : tensor<5x4x19xi32>, tensor<5x4x19xi32>) outs(%ez : tensor<5x4x19xf32>) {
  ^bb0(%p: i32, %q: i32, %o: f32):
    %0 = arith.addi %p, %q : i32
    %1 = arith.sitofp %0 : i32 to f32
    %2 = arith.mulf %1, %scale : f32
    linalg.yield %2 : f32
  } -> tensor<5x4x19xf32>
  %z0 = tensor.extract_slice %z[0, 0, 0] [5, 1, 19] [1, 1, 1] : tensor<5x4x19xf32> to tensor<5x19xf32>
  %z1 = tensor.extract_slice %z[0, 1, 0] [5, 1, 19] [1, 1, 1] : tensor<5x4x19xf32> to tensor<5x19xf32>
  %z2 = tensor.extract_slice %z[0, 2, 0] [5, 1, 19] [1, 1, 1] : tensor<5x4x19xf32> to tensor<5x19xf32>
  %z3 = tensor.extract_slice %z[0, 3, 0] [5, 1, 19] [1, 1, 1] : tensor<5x4x19xf32> to tensor<5x19xf32>
  %i = call @sigmoid(%z0) : (tensor<5x19xf32>) -> tensor<5x19xf32>
  %f = call @sigmoid(%z1) : (tensor<5x19xf32>) -> tensor<5x19xf32>
  %o = call @sigmoid(%z3) : (tensor<5x19xf32>) -> tensor<5x19xf32>
  %en = tensor.empty() : tensor<5x19xf32>
  %n = linalg.map { math.tanh } ins(%z2 : tensor<5x19xf32>) outs(%en : tensor<5x19xf32>)
  %cn = linalg.generic {indexing_maps = [#bk, #bk, #bk, #bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%f, %c, %i, %n : tensor<5x19xf32>, tensor<5x19xf32>, tensor<5x19xf32>, tensor<5x19xf32>) outs(%en : tensor<5x19xf32>) {
  ^bb0(%keep: f32, %old: f32, %take: f32, %new: f32, %out: f32):
    %0 = arith.mulf %keep, %old : f32
    %1 = arith.mulf %take, %new : f32
    %2 = arith.addf %0, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<5x19xf32>
  %eh = tensor.empty() : tensor<5x19xi8>
  %hn = linalg.generic {indexing_maps = [#bk, #bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%o, %cn : tensor<5x19xf32>, tensor<5x19xf32>) outs(%eh : tensor<5x19xi8>) {
  ^bb0(%gate: f32, %cell: f32, %out: i8):
    %0 = math.tanh %cell : f32
    %1 = arith.mulf %gate, %0 : f32
    %2 = arith.mulf %1, %most : f32
    %3 = math.roundeven %2 : f32
    %4 = arith.maximumf %3, %least : f32
    %5 = arith.minimumf %4, %most : f32
    %6 = arith.fptosi %5 : f32 to i8
    linalg.yield %6 : i8
  } -> tensor<5x19xi8>
  return %hn, %cn : tensor<5x19xi8>, tensor<5x19xf32>
}
