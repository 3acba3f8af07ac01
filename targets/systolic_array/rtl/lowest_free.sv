// The lowest entry that is not live: index_o = min{i : !live_i[i]}.
`default_nettype none

module lowest_free #(
  parameter int unsigned Entries = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic enable_i,  // index_o is only asked for while set
  input  logic [Entries-1:0] live_i,
  output logic full_o,
  output logic [IndexWidth-1:0] index_o
);
  assign full_o = &live_i;
  always_comb begin
    index_o = '0;
    if (enable_i) begin
      for (int unsigned i = Entries; i > 0; i--) begin
        if (!live_i[i-1]) index_o = IndexWidth'(i - 1);
      end
    end
  end
endmodule
