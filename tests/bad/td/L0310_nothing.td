// expect: L0310 1:1
