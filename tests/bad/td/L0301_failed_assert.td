include "base.td"
class Narrow<int width> {
  assert !lt(width, 8), "too wide";
}
def WIDE : Narrow<9>;
// expect: L0301 3:10
// expect: L0301 5:5
