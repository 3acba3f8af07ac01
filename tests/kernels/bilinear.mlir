// y[n,o] = a[n]' W[o] b[n] for every pair of rows.
#a = affine_map<(n, o, i, j) -> (n, i)>
#w = affine_map<(n, o, i, j) -> (o, i, j)>
#b = affine_map<(n, o, i, j) -> (n, j)>
#y = affine_map<(n, o, i, j) -> (n, o)>
func.func @bilinear(%a: tensor<15x12xi8>, %b: tensor<15x18xi8>, %w: tensor<5x12x18xi8>) -> tensor<15x5xi32> {
  %zeros = arith.constant dense<0> : tensor<15x5xi32>
  %y = linalg.generic {indexing_maps = [#a, #w, #b, #y], iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %w, %b : tensor<15x12xi8>, tensor<5x12x18xi8>, tensor<15x18xi8>) outs(%zeros : tensor<15x5xi32>) {
  ^bb0(%p: i8, %q: i8, %r: i8, %acc: i32):
    %0 = arith.extsi %p : i8 to i32
    %1 = arith.extsi %q : i8 to i32
    %2 = arith.extsi %r : i8 to i32
    %3 = arith.muli %0, %1 : i32
    %4 = arith.muli %3, %2 : i32
    %5 = arith.addi %acc, %4 : i32
    linalg.yield %5 : i32
  } -> tensor<15x5xi32>
  return %y : tensor<15x5xi32>
}
