// One head of causal attention: int8 products, the softmax in f32.
#ij = affine_map<(i, j) -> (i, j)>
#i = affine_map<(i, j) -> (i)>
func.func @attention(%q: tensor<128x64xi8>, %k: tensor<128x64xi8>, %v: tensor<128x64xi8>, %scale: f32)
    -> tensor<128x64xi8> {
  %zero = arith.constant 0 : i32
  %minus = arith.constant 0xFF800000 : f32
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %half = arith.constant 64 : i32
  %shift = arith.constant 7 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %et = tensor.empty() : tensor<64x128xi8>
  %kt = linalg.transpose ins(%k : tensor<128x64xi8>) outs(%et : tensor<64x128xi8>) permutation = [1, 0]
  %es = tensor.empty() : tensor<128x128xi32>
  %zs = linalg.fill ins(%zero : i32) outs(%es : tensor<128x128xi32>) -> tensor<128x128xi32>
  %s = linalg.matmul ins(%q, %kt : tensor<128x64xi8>, tensor<64x128xi8>)
      outs(%zs : tensor<128x128xi32>) -> tensor<128x128xi32>
  %ef = tensor.empty() : tensor<128x128xf32>
  %m = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%s : tensor<128x128xi32>) outs(%ef : tensor<128x128xf32>) {
  ^bb0(%x: i32, %o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %seen = arith.cmpi sle, %j, %i : index
    %0 = arith.sitofp %x : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.select %seen, %1, %minus : f32
    linalg.yield %2 : f32
  } -> tensor<128x128xf32>
  %er = tensor.empty() : tensor<128xf32>
  %lowest = linalg.fill ins(%minus : f32) outs(%er : tensor<128xf32>) -> tensor<128xf32>
  %top = linalg.reduce { arith.maximumf } ins(%m : tensor<128x128xf32>) outs(%lowest : tensor<128xf32>) dimensions = [1]
  %e = linalg.generic {indexing_maps = [#ij, #i, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%m, %top : tensor<128x128xf32>, tensor<128xf32>) outs(%ef : tensor<128x128xf32>) {
  ^bb0(%x: f32, %t: f32, %o: f32):
    %0 = arith.subf %x, %t : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<128x128xf32>
  %none = arith.constant dense<0.0> : tensor<128xf32>
  %total = linalg.reduce { arith.addf } ins(%e : tensor<128x128xf32>) outs(%none : tensor<128xf32>) dimensions = [1]
  %ep = tensor.empty() : tensor<128x128xi8>
  %p = linalg.generic {indexing_maps = [#ij, #i, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%e, %total : tensor<128x128xf32>, tensor<128xf32>) outs(%ep : tensor<128x128xi8>) {
  ^bb0(%x: f32, %t: f32, %o: i8):
    %0 = arith.divf %x, %t : f32
    %1 = arith.mulf %0, %most : f32
    %2 = math.roundeven %1 : f32
    %3 = arith.maximumf %2, %least : f32
    %4 = arith.minimumf %3, %most : f32
    %5 = arith.fptosi %4 : f32 to i8
    linalg.yield %5 : i8
  } -> tensor<128x128xi8>
  %eo = tensor.empty() : tensor<128x64xi32>
  %zo = linalg.fill ins(%zero : i32) outs(%eo : tensor<128x64xi32>) -> tensor<128x64xi32>
  %mixed = linalg.matmul ins(%p, %v : tensor<128x128xi8>, tensor<128x64xi8>)
      outs(%zo : tensor<128x64xi32>) -> tensor<128x64xi32>
  %ey = tensor.empty() : tensor<128x64xi8>
  %y = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%mixed : tensor<128x64xi32>) outs(%ey : tensor<128x64xi8>) {
  ^bb0(%x: i32, %o: i8):
    %0 = arith.addi %x, %half : i32
    %1 = arith.shrsi %0, %shift : i32
    %2 = arith.maxsi %1, %low : i32
    %3 = arith.minsi %2, %high : i32
    %4 = arith.trunci %3 : i32 to i8
    linalg.yield %4 : i8
  } -> tensor<128x64xi8>
  return %y : tensor<128x64xi8>
}
