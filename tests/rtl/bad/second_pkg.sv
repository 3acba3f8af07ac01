package second_pkg;
  localparam int unsigned Width = 2 * first_pkg::Width;
endpackage
