// Walks the rows of a tile in host memory: row i begins at A = base_i + i * stride_i and lies in
// the beats floor(A / BeatBytes) .. floor((A + bytes_i) / BeatBytes), one of them a step.
`default_nettype none

module host_rows #(
  parameter int unsigned BeatBytes = 16,  // a row has as many bytes at most
  parameter int unsigned AddrWidth = 32,  // low bits of A that are wanted
  parameter int unsigned RowsWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic start_i,
  input  logic [AddrWidth-1:0] base_i,
  // Of the tile that is walked; they stay until it is done.
  input  logic [AddrWidth-1:0] stride_i,
  input  logic [$clog2(BeatBytes)-1:0] bytes_i,  // of a row, minus one
  input  logic [RowsWidth-1:0] rows_i,           // minus one
  input  logic step_i,

  output logic busy_o,
  output logic [RowsWidth-1:0] row_o,
  output logic [AddrWidth-1:0] addr_o,  // of the row
  output logic second_o,                // the row's second beat
  output logic row_end_o                // the row's last beat
);
  localparam int unsigned OffsetWidth = $clog2(BeatBytes);

  logic straddles;
  logic [OffsetWidth-1:0] unused_end;
  assign {straddles, unused_end} =
      (OffsetWidth+1)'(addr_o[OffsetWidth-1:0]) + (OffsetWidth+1)'(bytes_i);
  assign row_end_o = second_o == straddles;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_o <= 1'b0;
    end else if (start_i) begin
      busy_o <= 1'b1;
      row_o <= '0;
      addr_o <= base_i;
      second_o <= 1'b0;
    end else if (step_i) begin
      second_o <= !row_end_o;
      if (row_end_o) begin
        busy_o <= row_o != rows_i;
        row_o <= row_o + 1'b1;
        addr_o <= addr_o + stride_i;
      end
    end
  end
endmodule
