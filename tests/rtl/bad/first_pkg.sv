package first_pkg;
  localparam int unsigned Width = 8;
endpackage
