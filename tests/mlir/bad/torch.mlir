func.func @f(%a: !torch.vtensor<[4,4],f32>) -> !torch.vtensor<[4,4],f32> {
  %0 = torch.aten.tanh %a : !torch.vtensor<[4,4],f32> -> !torch.vtensor<[4,4],f32>
  return %0 : !torch.vtensor<[4,4],f32>
}
// L0654|torch-mlir-opt --torch-backend-to-linalg-on-tensors-backend-pipeline
