// A decoder layer of a translator: causal attention to itself, attention to what the encoder left, two dense
// layers; a residual and a layer norm after each.
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
#hs = affine_map<(h, s, d) -> (h, s)>
#two = affine_map<(i, n) -> (i, n)>
#row = affine_map<(i, n) -> (i)>
#column = affine_map<(i, n) -> (n)>
func.func private @project(%x: tensor<24x64xi8>, %w: tensor<64x2x32xi8>) -> tensor<2x24x32xi8> {
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<2x24x32xi32>
  %a = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<24x64xi8>, tensor<64x2x32xi8>) outs(%zeros : tensor<2x24x32xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<2x24x32xi32>
  %e = tensor.empty() : tensor<2x24x32xi8>
  %r = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<2x24x32xi32>) outs(%e : tensor<2x24x32xi8>) {
  ^bb0(%v: i32, %out: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x24x32xi8>
  return %r : tensor<2x24x32xi8>
}
func.func private @query(%x: tensor<24x64xi8>, %w: tensor<64x2x32xi8>) -> tensor<2x24x32xi8> {
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<2x24x32xi32>
  %a = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<24x64xi8>, tensor<64x2x32xi8>) outs(%zeros : tensor<2x24x32xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<2x24x32xi32>
  %e = tensor.empty() : tensor<2x24x32xi8>
  %r = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<2x24x32xi32>) outs(%e : tensor<2x24x32xi8>) {
  ^bb0(%v: i32, %out: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x24x32xi8>
  return %r : tensor<2x24x32xi8>
}
func.func private @remember(%x: tensor<40x64xi8>, %w: tensor<64x2x32xi8>) -> tensor<2x40x32xi8> {
  %half = arith.constant 256 : i32
  %shift = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %zeros = arith.constant dense<0> : tensor<2x40x32xi32>
  %a = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<40x64xi8>, tensor<64x2x32xi8>) outs(%zeros : tensor<2x40x32xi32>) {
  ^bb0(%v: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<2x40x32xi32>
  %e = tensor.empty() : tensor<2x40x32xi8>
  %r = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%a : tensor<2x40x32xi32>) outs(%e : tensor<2x40x32xi8>) {
  ^bb0(%v: i32, %out: i8):
    %0 = arith.addi %v, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<2x40x32xi8>
  return %r : tensor<2x40x32xi8>
}
func.func private @look_back(%q: tensor<2x24x32xi8>, %k: tensor<2x24x32xi8>, %v: tensor<2x24x32xi8>,
                      %wo: tensor<2x32x64xi8>, %scale: f32) -> tensor<24x64xi32> {
  %half = arith.constant 64 : i32
  %shift = arith.constant 7 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %et = tensor.empty() : tensor<2x32x24xi8>
  %kt = linalg.transpose ins(%k : tensor<2x24x32xi8>) outs(%et : tensor<2x32x24xi8>) permutation = [0, 2, 1]
  %zs = arith.constant dense<0> : tensor<2x24x24xi32>
  %s = linalg.batch_matmul ins(%q, %kt : tensor<2x24x32xi8>, tensor<2x32x24xi8>) outs(%zs : tensor<2x24x24xi32>)
      -> tensor<2x24x24xi32>
  %el = tensor.empty() : tensor<2x24x24xf32>
  %l = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s : tensor<2x24x24xi32>) outs(%el : tensor<2x24x24xf32>) {
  ^bb0(%u: i32, %out: f32):
    %i = linalg.index 1 : index
    %j = linalg.index 2 : index
    %seen = arith.cmpi sle, %j, %i : index
    %0 = arith.sitofp %u : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.select %seen, %1, %minus : f32
    linalg.yield %2 : f32
  } -> tensor<2x24x24xf32>
  %lowest = arith.constant dense<0xFF800000> : tensor<2x24xf32>
  %top = linalg.reduce { arith.maximumf } ins(%l : tensor<2x24x24xf32>) outs(%lowest : tensor<2x24xf32>) dimensions = [2]
  %e = linalg.generic {indexing_maps = [#three, #hs, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%l, %top : tensor<2x24x24xf32>, tensor<2x24xf32>) outs(%el : tensor<2x24x24xf32>) {
  ^bb0(%u: f32, %t: f32, %out: f32):
    %0 = arith.subf %u, %t : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x24x24xf32>
  %none = arith.constant dense<0.0> : tensor<2x24xf32>
  %total = linalg.reduce { arith.addf } ins(%e : tensor<2x24x24xf32>) outs(%none : tensor<2x24xf32>) dimensions = [2]
  %ep = tensor.empty() : tensor<2x24x24xi8>
  %p = linalg.generic {indexing_maps = [#three, #hs, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%e, %total : tensor<2x24x24xf32>, tensor<2x24xf32>) outs(%ep : tensor<2x24x24xi8>) {
  ^bb0(%u: f32, %t: f32, %out: i8):
    %0 = arith.divf %u, %t : f32
    %1 = arith.mulf %0, %most : f32
    %2 = math.roundeven %1 : f32
    %3 = arith.maximumf %2, %least : f32
    %4 = arith.minimumf %3, %most : f32
    %5 = arith.fptosi %4 : f32 to i8
    linalg.yield %5 : i8
  } -> tensor<2x24x24xi8>
  %zo = arith.constant dense<0> : tensor<24x2x32xi32>
  %mixed = linalg.generic {indexing_maps = [#p, #v, #o], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%p, %v : tensor<2x24x24xi8>, tensor<2x24x32xi8>) outs(%zo : tensor<24x2x32xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<24x2x32xi32>
  %eo = tensor.empty() : tensor<24x2x32xi8>
  %o = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%mixed : tensor<24x2x32xi32>) outs(%eo : tensor<24x2x32xi8>) {
  ^bb0(%u: i32, %out: i8):
    %0 = arith.addi %u, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<24x2x32xi8>
  %za = arith.constant dense<0> : tensor<24x64xi32>
  %a = linalg.generic {indexing_maps = [#oi, #wo, #a], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%o, %wo : tensor<24x2x32xi8>, tensor<2x32x64xi8>) outs(%za : tensor<24x64xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<24x64xi32>
  return %a : tensor<24x64xi32>
}
func.func private @look_there(%q: tensor<2x24x32xi8>, %k: tensor<2x40x32xi8>, %v: tensor<2x40x32xi8>,
                      %wo: tensor<2x32x64xi8>, %scale: f32) -> tensor<24x64xi32> {
  %half = arith.constant 64 : i32
  %shift = arith.constant 7 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %et = tensor.empty() : tensor<2x32x40xi8>
  %kt = linalg.transpose ins(%k : tensor<2x40x32xi8>) outs(%et : tensor<2x32x40xi8>) permutation = [0, 2, 1]
  %zs = arith.constant dense<0> : tensor<2x24x40xi32>
  %s = linalg.batch_matmul ins(%q, %kt : tensor<2x24x32xi8>, tensor<2x32x40xi8>) outs(%zs : tensor<2x24x40xi32>)
      -> tensor<2x24x40xi32>
  %el = tensor.empty() : tensor<2x24x40xf32>
  %l = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s : tensor<2x24x40xi32>) outs(%el : tensor<2x24x40xf32>) {
  ^bb0(%u: i32, %out: f32):
    %0 = arith.sitofp %u : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    linalg.yield %1 : f32
  } -> tensor<2x24x40xf32>
  %lowest = arith.constant dense<0xFF800000> : tensor<2x24xf32>
  %top = linalg.reduce { arith.maximumf } ins(%l : tensor<2x24x40xf32>) outs(%lowest : tensor<2x24xf32>) dimensions = [2]
  %e = linalg.generic {indexing_maps = [#three, #hs, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%l, %top : tensor<2x24x40xf32>, tensor<2x24xf32>) outs(%el : tensor<2x24x40xf32>) {
  ^bb0(%u: f32, %t: f32, %out: f32):
    %0 = arith.subf %u, %t : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x24x40xf32>
  %none = arith.constant dense<0.0> : tensor<2x24xf32>
  %total = linalg.reduce { arith.addf } ins(%e : tensor<2x24x40xf32>) outs(%none : tensor<2x24xf32>) dimensions = [2]
  %ep = tensor.empty() : tensor<2x24x40xi8>
  %p = linalg.generic {indexing_maps = [#three, #hs, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%e, %total : tensor<2x24x40xf32>, tensor<2x24xf32>) outs(%ep : tensor<2x24x40xi8>) {
  ^bb0(%u: f32, %t: f32, %out: i8):
    %0 = arith.divf %u, %t : f32
    %1 = arith.mulf %0, %most : f32
    %2 = math.roundeven %1 : f32
    %3 = arith.maximumf %2, %least : f32
    %4 = arith.minimumf %3, %most : f32
    %5 = arith.fptosi %4 : f32 to i8
    linalg.yield %5 : i8
  } -> tensor<2x24x40xi8>
  %zo = arith.constant dense<0> : tensor<24x2x32xi32>
  %mixed = linalg.generic {indexing_maps = [#p, #v, #o], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%p, %v : tensor<2x24x40xi8>, tensor<2x40x32xi8>) outs(%zo : tensor<24x2x32xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<24x2x32xi32>
  %eo = tensor.empty() : tensor<24x2x32xi8>
  %o = linalg.generic {indexing_maps = [#three, #three], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%mixed : tensor<24x2x32xi32>) outs(%eo : tensor<24x2x32xi8>) {
  ^bb0(%u: i32, %out: i8):
    %0 = arith.addi %u, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<24x2x32xi8>
  %za = arith.constant dense<0> : tensor<24x64xi32>
  %a = linalg.generic {indexing_maps = [#oi, #wo, #a], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%o, %wo : tensor<24x2x32xi8>, tensor<2x32x64xi8>) outs(%za : tensor<24x64xi32>) {
  ^bb0(%t: i8, %u: i8, %acc: i32):
    %0 = arith.extsi %t : i8 to i32
    %1 = arith.extsi %u : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<24x64xi32>
  return %a : tensor<24x64xi32>
}
func.func private @residual(%a: tensor<24x64xi32>, %b: tensor<24x64xf32>, %step: f32) -> tensor<24x64xf32> {
  %e = tensor.empty() : tensor<24x64xf32>
  %r = linalg.generic {indexing_maps = [#two, #two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<24x64xi32>, tensor<24x64xf32>) outs(%e : tensor<24x64xf32>) {
  ^bb0(%t: i32, %u: f32, %out: f32):
    %0 = arith.sitofp %t : i32 to f32
    %1 = arith.mulf %0, %step : f32
    %2 = arith.addf %1, %u : f32
    linalg.yield %2 : f32
  } -> tensor<24x64xf32>
  return %r : tensor<24x64xf32>
}
func.func private @norm(%r: tensor<24x64xf32>, %gain: tensor<64xf32>, %offset: tensor<64xf32>) -> tensor<24x64xf32> {
  %count = arith.constant 64.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %zeros = arith.constant dense<0.0> : tensor<24xf32>
  %e = tensor.empty() : tensor<24x64xf32>
  %mean = linalg.generic {indexing_maps = [#two, #row], iterator_types = ["parallel", "reduction"]}
      ins(%r : tensor<24x64xf32>) outs(%zeros : tensor<24xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.divf %v, %count : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<24xf32>
  %c = linalg.generic {indexing_maps = [#two, #row, #two], iterator_types = ["parallel", "parallel"]}
      ins(%r, %mean : tensor<24x64xf32>, tensor<24xf32>) outs(%e : tensor<24x64xf32>) {
  ^bb0(%v: f32, %m: f32, %out: f32):
    %0 = arith.subf %v, %m : f32
    linalg.yield %0 : f32
  } -> tensor<24x64xf32>
  %var = linalg.generic {indexing_maps = [#two, #row], iterator_types = ["parallel", "reduction"]}
      ins(%c : tensor<24x64xf32>) outs(%zeros : tensor<24xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %0 = arith.mulf %v, %v : f32
    %1 = arith.divf %0, %count : f32
    %2 = arith.addf %acc, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<24xf32>
  %z = linalg.generic {indexing_maps = [#two, #row, #column, #column, #two], iterator_types = ["parallel", "parallel"]}
      ins(%c, %var, %gain, %offset : tensor<24x64xf32>, tensor<24xf32>, tensor<64xf32>, tensor<64xf32>)
      outs(%e : tensor<24x64xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %b: f32, %out: f32):
    %0 = arith.addf %s, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.mulf %v, %1 : f32
    %3 = arith.mulf %2, %g : f32
    %4 = arith.addf %3, %b : f32
    linalg.yield %4 : f32
  } -> tensor<24x64xf32>
  return %z : tensor<24x64xf32>
}
func.func private @quantise(%z: tensor<24x64xf32>) -> tensor<24x64xi8> {
  %fine = arith.constant 32.0 : f32
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %e = tensor.empty() : tensor<24x64xi8>
  %q = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%z : tensor<24x64xf32>) outs(%e : tensor<24x64xi8>) {
  ^bb0(%u: f32, %out: i8):
    %0 = arith.mulf %u, %fine : f32
    %1 = math.roundeven %0 : f32
    %2 = arith.maximumf %1, %least : f32
    %3 = arith.minimumf %2, %most : f32
    %4 = arith.fptosi %3 : f32 to i8
    linalg.yield %4 : i8
  } -> tensor<24x64xi8>
  return %q : tensor<24x64xi8>
}
func.func @decoder_layer(%x: tensor<24x64xi8>, %memory: tensor<40x64xi8>, %wq: tensor<2x64x2x32xi8>, %wk: tensor<2x64x2x32xi8>,
                         %wv: tensor<2x64x2x32xi8>, %wo: tensor<2x2x32x64xi8>, %w1: tensor<64x128xi8>,
                         %b1: tensor<128xi32>, %w2: tensor<128x64xi8>, %gain: tensor<3x64xf32>, %offset: tensor<3x64xf32>,
                         %scale: f32, %step: f32) -> tensor<24x64xf32> {
  %zero = arith.constant 0 : i32
  %half = arith.constant 128 : i32
  %shift = arith.constant 8 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %wq0 = tensor.extract_slice %wq[0, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wk0 = tensor.extract_slice %wk[0, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wv0 = tensor.extract_slice %wv[0, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wo0 = tensor.extract_slice %wo[0, 0, 0, 0] [1, 2, 32, 64] [1, 1, 1, 1] : tensor<2x2x32x64xi8> to tensor<2x32x64xi8>
  %wq1 = tensor.extract_slice %wq[1, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wk1 = tensor.extract_slice %wk[1, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wv1 = tensor.extract_slice %wv[1, 0, 0, 0] [1, 64, 2, 32] [1, 1, 1, 1] : tensor<2x64x2x32xi8> to tensor<64x2x32xi8>
  %wo1 = tensor.extract_slice %wo[1, 0, 0, 0] [1, 2, 32, 64] [1, 1, 1, 1] : tensor<2x2x32x64xi8> to tensor<2x32x64xi8>
  %gain0 = tensor.extract_slice %gain[0, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %offset0 = tensor.extract_slice %offset[0, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %gain1 = tensor.extract_slice %gain[1, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %offset1 = tensor.extract_slice %offset[1, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %gain2 = tensor.extract_slice %gain[2, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %offset2 = tensor.extract_slice %offset[2, 0] [1, 64] [1, 1] : tensor<3x64xf32> to tensor<64xf32>
  %q = call @project(%x, %wq0) : (tensor<24x64xi8>, tensor<64x2x32xi8>) -> tensor<2x24x32xi8>
  %k = call @project(%x, %wk0) : (tensor<24x64xi8>, tensor<64x2x32xi8>) -> tensor<2x24x32xi8>
  %v = call @project(%x, %wv0) : (tensor<24x64xi8>, tensor<64x2x32xi8>) -> tensor<2x24x32xi8>
  %a = call @look_back(%q, %k, %v, %wo0, %scale)
      : (tensor<2x24x32xi8>, tensor<2x24x32xi8>, tensor<2x24x32xi8>, tensor<2x32x64xi8>, f32) -> tensor<24x64xi32>
  %ef = tensor.empty() : tensor<24x64xf32>
  %r = linalg.generic {indexing_maps = [#two, #two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%a, %x : tensor<24x64xi32>, tensor<24x64xi8>) outs(%ef : tensor<24x64xf32>) {
  ^bb0(%t: i32, %u: i8, %out: f32):
    %0 = arith.sitofp %t : i32 to f32
    %1 = arith.mulf %0, %step : f32
    %2 = arith.sitofp %u : i8 to f32
    %3 = arith.addf %1, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<24x64xf32>
  %z = call @norm(%r, %gain0, %offset0)
      : (tensor<24x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<24x64xf32>
  %zq = call @quantise(%z) : (tensor<24x64xf32>) -> tensor<24x64xi8>
  %q2 = call @query(%zq, %wq1) : (tensor<24x64xi8>, tensor<64x2x32xi8>) -> tensor<2x24x32xi8>
  %k2 = call @remember(%memory, %wk1) : (tensor<40x64xi8>, tensor<64x2x32xi8>) -> tensor<2x40x32xi8>
  %v2 = call @remember(%memory, %wv1) : (tensor<40x64xi8>, tensor<64x2x32xi8>) -> tensor<2x40x32xi8>
  %a2 = call @look_there(%q2, %k2, %v2, %wo1, %scale)
      : (tensor<2x24x32xi8>, tensor<2x40x32xi8>, tensor<2x40x32xi8>, tensor<2x32x64xi8>, f32) -> tensor<24x64xi32>
  %r2 = call @residual(%a2, %z, %step) : (tensor<24x64xi32>, tensor<24x64xf32>, f32) -> tensor<24x64xf32>
  %z2 = call @norm(%r2, %gain1, %offset1)
      : (tensor<24x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<24x64xf32>
  %zq2 = call @quantise(%z2) : (tensor<24x64xf32>) -> tensor<24x64xi8>
  %eb = tensor.empty() : tensor<24x128xi32>
  %start = linalg.broadcast ins(%b1 : tensor<128xi32>) outs(%eb : tensor<24x128xi32>) dimensions = [0]
  %b = linalg.matmul ins(%zq2, %w1 : tensor<24x64xi8>, tensor<64x128xi8>) outs(%start : tensor<24x128xi32>) -> tensor<24x128xi32>
  %eh = tensor.empty() : tensor<24x128xi8>
  %f = linalg.generic {indexing_maps = [#two, #two], iterator_types = ["parallel", "parallel"]}
      ins(%b : tensor<24x128xi32>) outs(%eh : tensor<24x128xi8>) {
  ^bb0(%u: i32, %out: i8):
    %0 = arith.maxsi %u, %zero : i32
    %1 = arith.addi %0, %half : i32
    %2 = arith.shrsi %1, %shift : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<24x128xi8>
  %zg = arith.constant dense<0> : tensor<24x64xi32>
  %g = linalg.matmul ins(%f, %w2 : tensor<24x128xi8>, tensor<128x64xi8>) outs(%zg : tensor<24x64xi32>) -> tensor<24x64xi32>
  %r3 = call @residual(%g, %z2, %step) : (tensor<24x64xi32>, tensor<24x64xf32>, f32) -> tensor<24x64xf32>
  %y = call @norm(%r3, %gain2, %offset2)
      : (tensor<24x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<24x64xf32>
  return %y : tensor<24x64xf32>
}
