// Predictions of input capsules, and two rounds of routing by agreement.
#u = affine_map<(i, o, e, d) -> (i, d)>
#w = affine_map<(i, o, e, d) -> (i, o, d, e)>
#h = affine_map<(i, o, e, d) -> (i, o, e)>
#ioe = affine_map<(i, o, e) -> (i, o, e)>
#oe = affine_map<(i, o, e) -> (o, e)>
#io = affine_map<(i, o, e) -> (i, o)>
#two = affine_map<(o, e) -> (o, e)>
#first = affine_map<(o, e) -> (o)>
func.func @capsule_routing(%u: tensor<12x8xi8>, %w: tensor<12x5x8x16xi8>) -> tensor<5x16xf32> {
  %step = arith.constant 1.0e-4 : f32
  %capsules = arith.constant 5.0 : f32
  %one = arith.constant 1.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %zh = arith.constant dense<0> : tensor<12x5x16xi32>
  %zs = arith.constant dense<0.0> : tensor<5x16xf32>
  %zn = arith.constant dense<0.0> : tensor<5xf32>
  %zb = arith.constant dense<0.0> : tensor<12x5xf32>
  %ev = tensor.empty() : tensor<5x16xf32>
  %h = linalg.generic {indexing_maps = [#u, #w, #h], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%u, %w : tensor<12x8xi8>, tensor<12x5x8x16xi8>) outs(%zh : tensor<12x5x16xi32>) {
  ^bb0(%a: i8, %b: i8, %acc: i32):
    %0 = arith.extsi %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %acc, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<12x5x16xi32>
  %ex = tensor.empty() : tensor<12x5x16xf32>
  %x = linalg.generic {indexing_maps = [#ioe, #ioe], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%h : tensor<12x5x16xi32>) outs(%ex : tensor<12x5x16xf32>) {
  ^bb0(%a: i32, %out: f32):
    %0 = arith.sitofp %a : i32 to f32
    %1 = arith.mulf %0, %step : f32
    linalg.yield %1 : f32
  } -> tensor<12x5x16xf32>
  %s0 = linalg.generic {indexing_maps = [#ioe, #oe], iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%x : tensor<12x5x16xf32>) outs(%zs : tensor<5x16xf32>) {
  ^bb0(%a: f32, %acc: f32):
    %0 = arith.divf %a, %capsules : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<5x16xf32>
  %n0 = linalg.generic {indexing_maps = [#two, #first], iterator_types = ["parallel", "reduction"]}
      ins(%s0 : tensor<5x16xf32>) outs(%zn : tensor<5xf32>) {
  ^bb0(%a: f32, %acc: f32):
    %0 = arith.mulf %a, %a : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<5xf32>
  %v0 = linalg.generic {indexing_maps = [#two, #first, #two], iterator_types = ["parallel", "parallel"]}
      ins(%s0, %n0 : tensor<5x16xf32>, tensor<5xf32>) outs(%ev : tensor<5x16xf32>) {
  ^bb0(%a: f32, %n: f32, %out: f32):
    %0 = arith.mulf %a, %n : f32
    %1 = arith.addf %n, %one : f32
    %2 = arith.divf %0, %1 : f32
    %3 = arith.addf %n, %eps : f32
    %4 = math.rsqrt %3 : f32
    %5 = arith.mulf %2, %4 : f32
    linalg.yield %5 : f32
  } -> tensor<5x16xf32>
  %b = linalg.generic {indexing_maps = [#ioe, #oe, #io], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %v0 : tensor<12x5x16xf32>, tensor<5x16xf32>) outs(%zb : tensor<12x5xf32>) {
  ^bb0(%a: f32, %v: f32, %acc: f32):
    %0 = arith.mulf %a, %v : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<12x5xf32>
  %eg = tensor.empty() : tensor<12x5xf32>
  %c = linalg.softmax dimension(1) ins(%b : tensor<12x5xf32>) outs(%eg : tensor<12x5xf32>) -> tensor<12x5xf32>
  %s1 = linalg.generic {indexing_maps = [#io, #ioe, #oe], iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%c, %x : tensor<12x5xf32>, tensor<12x5x16xf32>) outs(%zs : tensor<5x16xf32>) {
  ^bb0(%a: f32, %p: f32, %acc: f32):
    %0 = arith.mulf %a, %p : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<5x16xf32>
  %n1 = linalg.generic {indexing_maps = [#two, #first], iterator_types = ["parallel", "reduction"]}
      ins(%s1 : tensor<5x16xf32>) outs(%zn : tensor<5xf32>) {
  ^bb0(%a: f32, %acc: f32):
    %0 = arith.mulf %a, %a : f32
    %1 = arith.addf %acc, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<5xf32>
  %v = linalg.generic {indexing_maps = [#two, #first, #two], iterator_types = ["parallel", "parallel"]}
      ins(%s1, %n1 : tensor<5x16xf32>, tensor<5xf32>) outs(%ev : tensor<5x16xf32>) {
  ^bb0(%a: f32, %n: f32, %out: f32):
    %0 = arith.mulf %a, %n : f32
    %1 = arith.addf %n, %one : f32
    %2 = arith.divf %0, %1 : f32
    %3 = arith.addf %n, %eps : f32
    %4 = math.rsqrt %3 : f32
    %5 = arith.mulf %2, %4 : f32
    linalg.yield %5 : f32
  } -> tensor<5x16xf32>
  return %v : tensor<5x16xf32>
}
