func.func @f(%a: memref<4xf32>) {
  "memref.dealloc"(%a) : (memref<4xf32>) -> ()
  return
}
// L0654|2:3|before it was turned into buffers
