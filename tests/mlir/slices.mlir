func.func @slices(%x: tensor<10x6xi32>, %z: tensor<3x6xi32>) -> (tensor<8x6xi32>, tensor<5x4xi32>) {
  %a = tensor.extract_slice %x[1, 0] [5, 6] [2, 1] : tensor<10x6xi32> to tensor<5x6xi32>
  %both = tensor.concat dim(0) %a, %z : (tensor<5x6xi32>, tensor<3x6xi32>) -> tensor<8x6xi32>
  %row = tensor.extract_slice %x[7, 1] [1, 4] [1, 1] : tensor<10x6xi32> to tensor<4xi32>
  %b = tensor.extract_slice %x[0, 2] [5, 4] [1, 1] : tensor<10x6xi32> to tensor<5x4xi32>
  %c = tensor.insert_slice %row into %b[2, 0] [1, 4] [1, 1] : tensor<4xi32> into tensor<5x4xi32>
  return %both, %c : tensor<8x6xi32>, tensor<5x4xi32>
}
