// The sum wraps at 8 bits before it becomes an index; the offset is added to the index.
func.func @wrapped_index(%table: tensor<256xi32>, %a: tensor<20xi8>, %b: tensor<20xi8>) -> tensor<20xi32> {
  %offset = arith.constant 128 : index
  %e = tensor.empty() : tensor<20xi32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%a, %b : tensor<20xi8>, tensor<20xi8>) outs(%e : tensor<20xi32>) {
  ^bb0(%x: i8, %z: i8, %out: i32):
    %0 = arith.addi %x, %z : i8
    %1 = arith.index_cast %0 : i8 to index
    %2 = arith.addi %1, %offset : index
    %3 = tensor.extract %table[%2] : tensor<256xi32>
    linalg.yield %3 : i32
  } -> tensor<20xi32>
  return %y : tensor<20xi32>
}
