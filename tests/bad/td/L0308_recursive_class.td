include "base.td"
class Endless<int n> {
  int Next = Endless<!add(n, 1)>.Next;
}
def Start : Endless<0>;
// expect: L0308 0:0
