// Signless integers read as signed and as unsigned, rounding towards zero, conditions.
func.func @integers(%a: tensor<64xi32>, %b: tensor<64xi32>, %u: tensor<64xi8>) -> (tensor<64xi32>, tensor<64xi32>, tensor<64xi16>) {
  %c3 = arith.constant 3 : i32
  %c7 = arith.constant 7 : i32
  %e = tensor.empty() : tensor<64xi32>
  %f = tensor.empty() : tensor<64xi16>
  %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%a, %b : tensor<64xi32>, tensor<64xi32>) outs(%e : tensor<64xi32>) {
  ^bb0(%x: i32, %y: i32, %out: i32):
    %one = arith.constant 1 : i32
    %0 = arith.ori %y, %one : i32
    %1 = arith.divsi %x, %0 : i32
    %2 = arith.remsi %x, %0 : i32
    %3 = arith.divui %x, %0 : i32
    %4 = arith.floordivsi %x, %c7 : i32
    %5 = arith.xori %1, %2 : i32
    %6 = arith.subi %5, %3 : i32
    %7 = arith.addi %6, %4 : i32
    linalg.yield %7 : i32
  } -> tensor<64xi32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%a, %b : tensor<64xi32>, tensor<64xi32>) outs(%e : tensor<64xi32>) {
  ^bb0(%x: i32, %y: i32, %out: i32):
    %0 = arith.shrui %x, %c3 : i32
    %1 = arith.shrsi %y, %c3 : i32
    %2 = arith.shli %y, %c7 : i32
    %3 = arith.cmpi ult, %x, %y : i32
    %4 = arith.cmpi sgt, %x, %c7 : i32
    %5 = arith.andi %3, %4 : i1
    %6 = arith.select %5, %0, %1 : i32
    %7 = arith.maxui %6, %2 : i32
    %8 = arith.extsi %3 : i1 to i32
    %9 = arith.muli %7, %8 : i32
    %10 = math.absi %9 : i32
    linalg.yield %10 : i32
  } -> tensor<64xi32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%u, %a : tensor<64xi8>, tensor<64xi32>) outs(%f : tensor<64xi16>) {
  ^bb0(%x: i8, %y: i32, %out: i16):
    %0 = arith.extui %x : i8 to i32
    %1 = arith.addi %0, %y : i32
    %2 = arith.trunci %1 : i32 to i16
    linalg.yield %2 : i16
  } -> tensor<64xi16>
  return %r, %s, %t : tensor<64xi32>, tensor<64xi32>, tensor<64xi16>
}
