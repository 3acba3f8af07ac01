// Convolution, pooling, convolution, mean over the image, dense layer.
#id = affine_map<(n, p, q, k) -> (n, p, q, k)>
#mean = affine_map<(n, p, q, k) -> (n, k)>
#no = affine_map<(n, o) -> (n, o)>
#n = affine_map<(n, o) -> (n)>
func.func @quantised_cnn(%x: tensor<2x12x14x5xi8>, %w1: tensor<3x3x5x16xi8>, %b1: tensor<16xi32>,
                         %w2: tensor<3x3x16x20xi8>, %b2: tensor<20xi32>, %w3: tensor<20x10xi8>)
    -> (tensor<2x10xi32>, tensor<2xi32>) {
  %zero = arith.constant 0 : i32
  %half8 = arith.constant 128 : i32
  %eight = arith.constant 8 : i32
  %half9 = arith.constant 256 : i32
  %nine = arith.constant 9 : i32
  %low = arith.constant -128 : i32
  %high = arith.constant 127 : i32
  %twelve = arith.constant 12 : i32
  %e1 = tensor.empty() : tensor<2x10x12x16xi32>
  %s1 = linalg.broadcast ins(%b1 : tensor<16xi32>) outs(%e1 : tensor<2x10x12x16xi32>) dimensions = [0, 1, 2]
  %c1 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%x, %w1 : tensor<2x12x14x5xi8>, tensor<3x3x5x16xi8>) outs(%s1 : tensor<2x10x12x16xi32>) -> tensor<2x10x12x16xi32>
  %ea = tensor.empty() : tensor<2x10x12x16xi8>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%c1 : tensor<2x10x12x16xi32>) outs(%ea : tensor<2x10x12x16xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half8 : i32
    %2 = arith.shrsi %1, %eight : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<2x10x12x16xi8>
  %window = tensor.empty() : tensor<2x2xi8>
  %least = arith.constant dense<-128> : tensor<2x5x6x16xi8>
  %m = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%a, %window : tensor<2x10x12x16xi8>, tensor<2x2xi8>) outs(%least : tensor<2x5x6x16xi8>) -> tensor<2x5x6x16xi8>
  %e2 = tensor.empty() : tensor<2x3x4x20xi32>
  %s2 = linalg.broadcast ins(%b2 : tensor<20xi32>) outs(%e2 : tensor<2x3x4x20xi32>) dimensions = [0, 1, 2]
  %c2 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%m, %w2 : tensor<2x5x6x16xi8>, tensor<3x3x16x20xi8>) outs(%s2 : tensor<2x3x4x20xi32>) -> tensor<2x3x4x20xi32>
  %eb = tensor.empty() : tensor<2x3x4x20xi8>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%c2 : tensor<2x3x4x20xi32>) outs(%eb : tensor<2x3x4x20xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.maxsi %v, %zero : i32
    %1 = arith.addi %0, %half9 : i32
    %2 = arith.shrsi %1, %nine : i32
    %3 = arith.maxsi %2, %low : i32
    %4 = arith.minsi %3, %high : i32
    %5 = arith.trunci %4 : i32 to i8
    linalg.yield %5 : i8
  } -> tensor<2x3x4x20xi8>
  %zg = arith.constant dense<0> : tensor<2x20xi32>
  %total = linalg.generic {indexing_maps = [#id, #mean], iterator_types = ["parallel", "reduction", "reduction", "parallel"]}
      ins(%b : tensor<2x3x4x20xi8>) outs(%zg : tensor<2x20xi32>) {
  ^bb0(%v: i8, %acc: i32):
    %0 = arith.extsi %v : i8 to i32
    %1 = arith.addi %acc, %0 : i32
    linalg.yield %1 : i32
  } -> tensor<2x20xi32>
  %eg = tensor.empty() : tensor<2x20xi8>
  %g = linalg.generic {indexing_maps = [#no, #no], iterator_types = ["parallel", "parallel"]}
      ins(%total : tensor<2x20xi32>) outs(%eg : tensor<2x20xi8>) {
  ^bb0(%v: i32, %o: i8):
    %0 = arith.floordivsi %v, %twelve : i32
    %1 = arith.maxsi %0, %low : i32
    %2 = arith.minsi %1, %high : i32
    %3 = arith.trunci %2 : i32 to i8
    linalg.yield %3 : i8
  } -> tensor<2x20xi8>
  %zz = arith.constant dense<0> : tensor<2x10xi32>
  %z = linalg.matmul ins(%g, %w3 : tensor<2x20xi8>, tensor<20x10xi8>) outs(%zz : tensor<2x10xi32>) -> tensor<2x10xi32>
  %from = arith.constant dense<0> : tensor<2xi32>
  %worst = arith.constant dense<-2147483648> : tensor<2xi32>
  %class:2 = linalg.generic {indexing_maps = [#no, #n, #n], iterator_types = ["parallel", "reduction"]}
      ins(%z : tensor<2x10xi32>) outs(%from, %worst : tensor<2xi32>, tensor<2xi32>) {
  ^bb0(%v: i32, %at: i32, %best: i32):
    %o = linalg.index 1 : index
    %here = arith.index_cast %o : index to i32
    %more = arith.cmpi sgt, %v, %best : i32
    %0 = arith.select %more, %here, %at : i32
    %1 = arith.select %more, %v, %best : i32
    linalg.yield %0, %1 : i32, i32
  } -> (tensor<2xi32>, tensor<2xi32>)
  return %z, %class#0 : tensor<2x10xi32>, tensor<2xi32>
}
