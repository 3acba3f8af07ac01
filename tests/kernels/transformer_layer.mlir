// Attention with 4 heads, a residual and a layer norm; two dense layers, a residual and a layer norm.
#x = affine_map<(h, s, d, m) -> (s, m)>
#w = affine_map<(h, s, d, m) -> (m, h, d)>
#y = affine_map<(h, s, d, m) -> (h, s, d)>
#p = affine_map<(h, i, d, j) -> (h, i, j)>
#v = affine_map<(h, i, d, j) -> (h, j, d)>
#o = affine_map<(h, i, d, j) -> (i, h, d)>
#oi = affine_map<(i, n, h, d) -> (i, h, d)>
#wo = affine_map<(i, n, h, d) -> (h, d, n)>
#a = affine_map<(i, n, h, d) -> (i, n)>
#three = affine_map<(h, s, d) -> (h, s, d)>
#two = affine_map<(i, n) -> (i, n)>
#row = affine_map<(i, n) -> (i)>
#column = affine_map<(i, n) -> (n)>
func.func private @project(%x: tensor<64x128xi8>, %w: tensor<128x4x32xi8>) -> tensor<4x64x32xi8> {
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<4x64x32xi32>
  %a = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<64x128xi8>, tensor<128x4x32xi8>) outs(%zeros : tensor<4x64x32xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<4x64x32xi32>
  %e = tensor.empty() : tensor<4x64x32xi8>
  %r = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<4x64x32xi32>) outs(%e : tensor<4x64x32xi8>) {
  ^bb0(%v: i32, %out: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<4x64x32xi8>
  return %r : tensor<4x64x32xi8>
}
func.func private @norm(%r: tensor<64x128xf32>, %gain: tensor<128xf32>, %offset: tensor<128xf32>) -> tensor<64x128xf32> {
  %count = arith.constant 128.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %zeros = arith.constant dense<0.0> : tensor<64xf32>
  %e = tensor.empty() : tensor<64x128xf32>
  %mean = linalg.generic {indexing_maps = [#two, #row], iterator_types = ["parallel", "reduction"]}
      ins(%r : tensor<64x128xf32>) outs(%zeros : tensor<64xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.divf %v, %count : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<64xf32>
  %c = linalg.generic {indexing_maps = [#two, #row, #two], iterator_types = ["parallel", "parallel"]}
      ins(%r, %mean : tensor<64x128xf32>, tensor<64xf32>) outs(%e : tensor<64x128xf32>) {
  ^bb0(%v: f32, %m: f32, %out: f32):
    %0 = arith.subf %v, %m : f32
    linalg.yield %0 : f32
  } -> tensor<64x128xf32>
  %var = linalg.generic {indexing_maps = [#two, #row], iterator_types = ["parallel", "reduction"]}
      ins(%c : tensor<64x128xf32>) outs(%zeros : tensor<64xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.mulf %v, %v : f32
    %1 = arith.divf %0, %count : f32
    %2 = arith.addf %acc, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<64xf32>
  %z = linalg.generic {indexing_maps = [#two, #row, #column, #column, #two], iterator_types = ["parallel", "parallel"]}
      ins(%c, %var, %gain, %offset : tensor<64x128xf32>, tensor<64xf32>, tensor<128xf32>, tensor<128xf32>)
      outs(%e : tensor<64x128xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %b: f32, %out: f32):
    %0 = arith.addf %s, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.mulf %v, %1 : f32
    %3 = arith.mulf %2, %g : f32
    %4 = arith.addf %3, %b : f32
    linalg.yield %4 : f32
  } -> tensor<64x128xf32>
  return %z : tensor<64x128xf32>
}
func.func @transformer_layer(%x: tensor<64x128xi8>, %wq: tensor<128x4x32xi8>, %wk: tensor<128x4x32xi8>,
                             %wv: tensor<128x4x32xi8>, %wo: tensor<4x32x128xi8>, %w1: tensor<128x256xi8>,
                             %b1: tensor<256xi32>, %w2: tensor<256x128xi8>, %gain: tensor<128xf32>,
                             %offset: tensor<128xf32>, %scale: f32, %step: f32) -> tensor<64x128xf32> {
  %zero = arith.constant 0 : i32
  %half7 = arith.constant 64 : i32
  %seven = arith.constant 7 : i32
  %half8 = arith.constant 128 : i32
  %eight = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %fine = arith.constant 32.0 : f32
  %q = call @project(%x, %wq) : (tensor<64x128xi8>, tensor<128x4x32xi8>) -> tensor<4x64x32xi8>
  %k = call @project(%x, %wk) : (tensor<64x128xi8>, tensor<128x4x32xi8>) -> tensor<4x64x32xi8>
  %v = call @project(%x, %wv) : (tensor<64x128xi8>, tensor<128x4x32xi8>) -> tensor<4x64x32xi8>
  %et = tensor.empty() : tensor<4x32x64xi8>
  %kt = linalg.transpose ins(%k : tensor<4x64x32xi8>) outs(%et : tensor<4x32x64xi8>) permutation = [0, 2, 1]
  %zs = arith.constant dense<0> : tensor<4x64x64xi32>
  %s = linalg.batch_matmul ins(%q, %kt : tensor<4x64x32xi8>, tensor<4x32x64xi8>) outs(%zs : tensor<4x64x64xi32>)
      -> tensor<4x64x64xi32>
  %el = tensor.empty() : tensor<4x64x64xf32>
  %l = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s : tensor<4x64x64xi32>) outs(%el : tensor<4x64x64xf32>) {
  ^bb0(%u: i32, %out: f32):
    %0 = arith.sitofp %u : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    linalg.yield %1 : f32
  } -> tensor<4x64x64xf32>
  %soft = linalg.softmax dimension(2) ins(%l : tensor<4x64x64xf32>) outs(%el : tensor<4x64x64xf32>) -> tensor<4x64x64xf32>
  %ep = tensor.empty() : tensor<4x64x64xi8>
  %p = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%soft : tensor<4x64x64xf32>) outs(%ep : tensor<4x64x64xi8>) {
  ^bb0(%u: f32, %out: i8):
    %0 = arith.mulf %u, %most : f32
    %1 = math.roundeven %0 : f32
    %2 = arith.maximumf %1, %least : f32
    %3 = arith.minimumf %2, %most : f32
    %4 = arith.fptosi %3 : f32 to i8
    linalg.yield %4 : i8
  } -> tensor<4x64x64xi8>
  %zo = arith.constant dense<0> : tensor<64x4x32xi32>
  %mixed = linalg.generic {indexing_maps = [#p, #v, #o], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%p, %v : tensor<4x64x64xi8>, tensor<4x64x32xi8>) outs(%zo : tensor<64x4x32xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<64x4x32xi32>
  %eo = tensor.empty() : tensor<64x4x32xi8>
  %o = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%mixed : tensor<64x4x32xi32>) outs(%eo : tensor<64x4x32xi8>) {
  ^bb0(%u: i32, %out: i8):
    %0 = arith.addi %u, %half7 : i32
    %1 = arith.shrsi %0, %seven : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<64x4x32xi8>
  %za = arith.constant dense<0> : tensor<64x128xi32>
  %a = linalg.generic {indexing_maps = [#oi, #wo, #a], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%o, %wo : tensor<64x4x32xi8>, tensor<4x32x128xi8>) outs(%za : tensor<64x128xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<64x128xi32>
  %ef = tensor.empty() : tensor<64x128xf32>
  %r = linalg.generic {indexing_maps = [#two, #two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%a, %x : tensor<64x128xi32>, tensor<64x128xi8>) outs(%ef : tensor<64x128xf32>) {
  ^bb0(%t: i32, %u: i8, %out: f32):
    %0 = arith.sitofp %t : i32 to f32
    %1 = arith.mulf %0, %step : f32
    %2 = arith.sitofp %u : i8 to f32
    %3 = arith.addf %1, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<64x128xf32>
  %z = call @norm(%r, %gain, %offset) : (tensor<64x128xf32>, tensor<128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  %e8 = tensor.empty() : tensor<64x128xi8>
  %zq = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%z : tensor<64x128xf32>) outs(%e8 : tensor<64x128xi8>) {
  ^bb0(%u: f32, %out: i8):
    %0 = arith.mulf %u, %fine : f32
    %1 = math.roundeven %0 : f32
    %2 = arith.maximumf %1, %least : f32
    %3 = arith.minimumf %2, %most : f32
    %4 = arith.fptosi %3 : f32 to i8
    linalg.yield %4 : i8
  } -> tensor<64x128xi8>
  %eb = tensor.empty() : tensor<64x256xi32>
  %start = linalg.broadcast ins(%b1 : tensor<256xi32>) outs(%eb : tensor<64x256xi32>) dimensions = [0]
  %b = linalg.matmul ins(%zq, %w1 : tensor<64x128xi8>, tensor<128x256xi8>) outs(%start : tensor<64x256xi32>) -> tensor<64x256xi32>
  %eh = tensor.empty() : tensor<64x256xi8>
  %f = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%b : tensor<64x256xi32>) outs(%eh : tensor<64x256xi8>) {
  ^bb0(%u: i32, %out: i8):
    %0 = arith.maxsi %u, %zero : i32
    %1 = arith.addi %0, %half8 : i32
    %2 = arith.shrsi %1, %eight : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<64x256xi8>
  %g = linalg.matmul ins(%f, %w2 : tensor<64x256xi8>, tensor<256x128xi8>) outs(%za : tensor<64x128xi32>) -> tensor<64x128xi32>
  %r2 = linalg.generic {indexing_maps = [#two, #two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%g, %z : tensor<64x128xi32>, tensor<64x128xf32>) outs(%ef : tensor<64x128xf32>) {
  ^bb0(%t: i32, %u: f32, %out: f32):
    %0 = arith.sitofp %t : i32 to f32
    %1 = arith.mulf %0, %step : f32
    %2 = arith.addf %1, %u : f32
    linalg.yield %2 : f32
  } -> tensor<64x128xf32>
  %y = call @norm(%r2, %gain, %offset) : (tensor<64x128xf32>, tensor<128xf32>, tensor<128xf32>) -> tensor<64x128xf32>
  return %y : tensor<64x128xf32>
}
