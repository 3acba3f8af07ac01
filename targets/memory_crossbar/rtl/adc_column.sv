// The cells of the columns that one ADC converts, and the ADC: a cycle after read_i,
// sum_o = min(sum over rows r of drive_q[r] * cell[r], 2^AdcBits - 1), where the driven rows may lie
// in an even and in an odd macro. Of a written word only the bits of the mask change.
`default_nettype none

module adc_column #(
  parameter int unsigned Rows = 128,
  parameter int unsigned CellBits = 2,
  parameter int unsigned AdcBits = 6,
  parameter int unsigned Words = 16,  // of each half of the macros: a word is a column of a macro
  parameter int unsigned WordWidth = 4
) (
  input  logic clk_i,

  input  logic write_even_i,
  input  logic write_odd_i,
  input  logic [WordWidth-1:0] write_word_i,
  input  logic [Rows-1:0] write_row_i,  // one bit
  input  logic [CellBits-1:0] write_cell_i,

  input  logic read_even_i,
  input  logic read_odd_i,
  input  logic [WordWidth-1:0] even_word_i,
  input  logic [WordWidth-1:0] odd_word_i,
  input  logic [Rows-1:0] even_drive_q_i,  // a cycle later
  input  logic [Rows-1:0] odd_drive_q_i,
  input  logic convert_q_i,
  output logic [AdcBits-1:0] sum_o
);
  localparam int unsigned Width = CellBits * Rows;
  localparam int unsigned SumWidth = CellBits + $clog2(Rows + 1);

  logic [Width-1:0] even_cells_q [Words];
  logic [Width-1:0] odd_cells_q [Words];
  logic [Width-1:0] even_q, odd_q, mask, value;
  always_comb begin
    mask = '0;
    value = '0;
    if (write_even_i || write_odd_i) begin
      mask = {CellBits{write_row_i}};
      for (int unsigned b = 0; b < CellBits; b++) begin
        if (write_cell_i[b]) value[Rows*b +: Rows] = write_row_i;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (write_even_i)
      even_cells_q[write_word_i] <= (even_cells_q[write_word_i] & ~mask) | value;
    if (write_odd_i) odd_cells_q[write_word_i] <= (odd_cells_q[write_word_i] & ~mask) | value;
  end
  always_ff @(posedge clk_i) begin
    if (read_even_i) even_q <= even_cells_q[even_word_i];
    if (read_odd_i) odd_q <= odd_cells_q[odd_word_i];
  end

  // No row is driven in both halves.
  logic [Rows-1:0] conducting;
  logic [SumWidth-1:0] sum;
  always_comb begin
    sum = '0;
    conducting = '0;
    if (convert_q_i) begin
      for (int unsigned b = 0; b < CellBits; b++) begin
        conducting = (even_q[Rows*b +: Rows] & even_drive_q_i)
            | (odd_q[Rows*b +: Rows] & odd_drive_q_i);
        sum = sum + (SumWidth'($countones(conducting)) << b);
      end
    end
  end
  localparam logic [31:0] Most = (32'd1 << AdcBits) - 1;
  assign sum_o = 32'(sum) > Most ? AdcBits'(Most) : AdcBits'(sum);
endmodule
