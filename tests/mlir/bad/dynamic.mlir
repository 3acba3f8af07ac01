ml_program.global private mutable @w : tensor<?xf32>
func.func @f() -> tensor<?xf32> {
  %w = ml_program.global_load @w : tensor<?xf32>
  return %w : tensor<?xf32>
}
// L0659|3:8|tensor<?xf32>
