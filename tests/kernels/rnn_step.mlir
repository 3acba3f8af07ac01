// Two steps of h = tanh(x W + h V), the state in int8 between them.
#bk = affine_map<(b, k) -> (b, k)>
func.func private @step(%x: tensor<6x20xi8>, %h: tensor<6x18xi8>, %w: tensor<20x18xi8>, %v: tensor<18x18xi8>, %scale: f32)
    -> tensor<6x18xi8> {
  %most = arith.constant 127.0 : f32
  %least = arith.constant -128.0 : f32
  %zeros = arith.constant dense<0> : tensor<6x18xi32>
  %p = linalg.matmul ins(%x, %w : tensor<6x20xi8>, tensor<20x18xi8>) outs(%zeros : tensor<6x18xi32>) -> tensor<6x18xi32>
  %a = linalg.matmul ins(%h, %v : tensor<6x18xi8>, tensor<18x18xi8>) outs(%p : tensor<6x18xi32>) -> tensor<6x18xi32>
  %e = tensor.empty() : tensor<6x18xi8>
  %r = linalg.generic {indexing_maps = [#bk, #bk], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<6x18xi32>) outs(%e : tensor<6x18xi8>) {
  ^bb0(%s: i32, %o: i8):
    %0 = arith.sitofp %s : i32 to f32
    %1 = arith.mulf %0, %scale : f32
    %2 = math.tanh %1 : f32
    %3 = arith.mulf %2, %most : f32
    %4 = math.roundeven %3 : f32
    %5 = arith.maximumf %4, %least : f32
    %6 = arith.minimumf %5, %most : f32
    %7 = arith.fptosi %6 : f32 to i8
    linalg.yield %7 : i8
  } -> tensor<6x18xi8>
  return %r : tensor<6x18xi8>
}
func.func @rnn_step(%x: tensor<2x6x20xi8>, %h: tensor<6x18xi8>, %w: tensor<20x18xi8>, %v: tensor<18x18xi8>, %scale: f32)
    -> tensor<6x18xi8> {
  %x0 = tensor.extract_slice %x[0, 0, 0] [1, 6, 20] [1, 1, 1] : tensor<2x6x20xi8> to tensor<6x20xi8>
  %x1 = tensor.extract_slice %x[1, 0, 0] [1, 6, 20] [1, 1, 1] : tensor<2x6x20xi8> to tensor<6x20xi8>
  %h0 = call @step(%x0, %h, %w, %v, %scale)
      : (tensor<6x20xi8>, tensor<6x18xi8>, tensor<20x18xi8>, tensor<18x18xi8>, f32) -> tensor<6x18xi8>
  %y = call @step(%x1, %h0, %w, %v, %scale)
      : (tensor<6x20xi8>, tensor<6x18xi8>, tensor<20x18xi8>, tensor<18x18xi8>, f32) -> tensor<6x18xi8>
  return %y : tensor<6x18xi8>
}
