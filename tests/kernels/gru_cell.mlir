// One step of a quantised GRU: gates r, z, n.
#x = affine_map<(b, g, k, m) -> (b, m)>
#w = affine_map<(b, g, k, m) -> (m, g, k)>
#a = affine_map<(b, g, k, m) -> (b, g, k)>
#bk = affine_map<(b, k) -> (b, k)>
func.func private @sigmoid(%p: tensor<4x17xi32>, %q: tensor<4x17xi32>, %scale: f32) -> tensor<4x17xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x17xf32>
  %r = linalg.generic {indexing_maps = [#bk, #bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%p, %q : tensor<4x17xi32>, tensor<4x17xi32>) outs(%e : tensor<4x17xf32>) {
  ^bb0(%a: i32, %c: i32, %o: f32):
    %0 = arith.addi %a, %c : i32
    %1 = arith.sitofp %0 : i32 to f32
    %2 = arith.mulf %1, %scale : f32
    %3 = arith.negf %2 : f32
    %4 = math.exp %3 : f32
    %5 = arith.addf %4, %one : f32
    %6 = arith.divf %one, %5 : f32
    linalg.yield %6 : f32
  } -> tensor<4x17xf32>
  return %r : tensor<4x17xf32>
}
func.func @gru_cell(%x: tensor<4x23xi8>, %h: tensor<4x17xi8>, %wx: tensor<23x3x17xi8>, %wh: tensor<17x3x17xi8>,
                    %bx: tensor<3x17xi32>, %bh: tensor<3x17xi32>, %scale: f32) -> tensor<4x17xf32> {
  %one = arith.constant 1.0 : f32
  %full = arith.constant 128.0 : f32
  %e = tensor.empty() : tensor<4x3x17xi32>
  %sx = linalg.broadcast ins(%bx : tensor<3x17xi32>) outs(%e : tensor<4x3x17xi32>) dimensions = [0]
  %ax = linalg.generic {indexing_maps = [#x, #w, #a], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %wx : tensor<4x23xi8>, tensor<23x3x17xi8>) outs(%sx : tensor<4x3x17xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<4x3x17xi32>
  %sh = linalg.broadcast ins(%bh : tensor<3x17xi32>) outs(%e : tensor<4x3x17xi32>) dimensions = [0]
  %ah = linalg.generic {indexing_maps = [#x, #w, #a], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%h, %wh : tensor<4x17xi8>, tensor<17x3x17xi8>) outs(%sh : tensor<4x3x17xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<4x3x17xi32>
  %ax0 = tensor.extract_slice %ax[0, 0, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %ax1 = tensor.extract_slice %ax[0, 1, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %ax2 = tensor.extract_slice %ax[0, 2, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %ah0 = tensor.extract_slice %ah[0, 0, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %ah1 = tensor.extract_slice %ah[0, 1, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %ah2 = tensor.extract_slice %ah[0, 2, 0] [4, 1, 17] [1, 1, 1] : tensor<4x3x17xi32> to tensor<4x17xi32>
  %r = call @sigmoid(%ax0, %ah0, %scale) : (tensor<4x17xi32>, tensor<4x17xi32>, f32) -> tensor<4x17xf32>
  %z = call @sigmoid(%ax1, %ah1, %scale) : (tensor<4x17xi32>, tensor<4x17xi32>, f32) -> tensor<4x17xf32>
  %ef = tensor.empty() : tensor<4x17xf32>
  %n = linalg.generic {indexing_maps = [#bk, #bk, #bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%ax2, %ah2, %r : tensor<4x17xi32>, tensor<4x17xi32>, tensor<4x17xf32>) outs(%ef : tensor<4x17xf32>) {
  ^bb0(%a: i32, %c: i32, %gate: f32, %o: f32):
    %0 = arith.sitofp %a : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.sitofp %c : i32 to f32
    %3 = arith.mulf %2, %scale : f32
    %4 = arith.mulf %gate, %3 : f32
    %5 = arith.addf %1, %4 : f32
    %6 = math.tanh %5 : f32
    linalg.yield %6 : f32
  } -> tensor<4x17xf32>
  %y = linalg.generic {indexing_maps = [#bk, #bk, #bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%z, %n, %h : tensor<4x17xf32>, tensor<4x17xf32>, tensor<4x17xi8>) outs(%ef : tensor<4x17xf32>) {
  ^bb0(%gate: f32, %new: f32, %old: i8, %o: f32):
    %0 = arith.subf %one, %gate : f32
    %1 = arith.mulf %0, %new : f32
    %2 = arith.sitofp %old : i8 to f32
    %3 = arith.divf %2, %full : f32
    %4 = arith.mulf %gate, %3 : f32
    %5 = arith.addf %1, %4 : f32
    linalg.yield %5 : f32
  } -> tensor<4x17xf32>
  return %y : tensor<4x17xf32>
}
