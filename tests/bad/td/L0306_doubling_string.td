include "base.td"
class Twice<string text> { string Text = text # text; }
defvar s1 = Twice<"0123456789abcdef0123456789abcdef">.Text;
defvar s2 = Twice<Twice<Twice<Twice<Twice<Twice<s1>.Text>.Text>.Text>.Text>.Text>.Text;
defvar s3 = Twice<Twice<Twice<Twice<Twice<Twice<s2>.Text>.Text>.Text>.Text>.Text>.Text;
defvar s4 = Twice<Twice<Twice<Twice<Twice<Twice<s3>.Text>.Text>.Text>.Text>.Text>.Text;
defvar s5 = Twice<Twice<Twice<Twice<Twice<Twice<s4>.Text>.Text>.Text>.Text>.Text>.Text;
def EXTRA : State<i32, s5>;
// expect: L0306 0:0
