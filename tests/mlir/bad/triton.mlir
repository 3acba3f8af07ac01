tt.func @kernel(%a: !tt.ptr<f32>) {
  tt.return
}
// L0654|1:1|triton-shared-opt
