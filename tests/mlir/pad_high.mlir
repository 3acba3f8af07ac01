// Only behind in one dimension, only before in the other.
func.func @pad_high(%x: tensor<3x4xi16>) -> tensor<5x5xi16> {
  %c7 = arith.constant 7 : i16
  %y = tensor.pad %x low[0, 1] high[2, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %c7 : i16
  } : tensor<3x4xi16> to tensor<5x5xi16>
  return %y : tensor<5x5xi16>
}
