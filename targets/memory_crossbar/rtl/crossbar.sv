// All macros and their ADCs, one for each column of a group: a row of cells `row` lies in macro
// row / Rows, even macros in one half and odd ones in the other, so that a group of rows may go over
// the end of a macro. Inputs are driven a cycle after a group of columns is chosen, and
// sums_o[a] = min(sum over r of drive[r] * cell[first + r][phase * Adcs + a], 2^AdcBits - 1) then.
`default_nettype none

module crossbar #(
  parameter int unsigned Rows = 128,
  parameter int unsigned Cols = 128,
  parameter int unsigned CellBits = 2,
  parameter int unsigned AdcBits = 6,
  parameter int unsigned Adcs = 32,
  parameter int unsigned CellRows = 1024,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,

  input  logic write_i,
  input  logic [crossbar_types_pkg::CellWidth-1:0] write_row_i,
  input  logic [PhaseWidth-1:0] write_phase_i,
  input  logic [CellBits*Adcs-1:0] write_cells_i,

  input  logic read_i,
  input  logic [crossbar_types_pkg::CellWidth-1:0] read_row_i,  // the group's first
  input  logic [PhaseWidth-1:0] read_phase_i,
  input  logic [Rows-1:0] inputs_i,  // with read_i: input r drives row read_row_i + r
  output logic [AdcBits*Adcs-1:0] sums_o  // a cycle later
);
  localparam int unsigned Phases = Cols / Adcs;
  localparam int unsigned Halves = (CellRows / Rows + 1) / 2;
  localparam int unsigned Words = Halves * Phases;
  localparam int unsigned WordWidth = Words > 1 ? $clog2(Words) : 1;

  // ---- writing: one row of one macro
  logic [31:0] write_macro, write_at;
  logic [WordWidth-1:0] write_word;
  logic [Rows-1:0] write_bit;
  assign write_macro = 32'(write_row_i) / Rows;
  assign write_at = 32'(write_row_i) % Rows;
  assign write_word = WordWidth'(write_macro / 2 * Phases + 32'(write_phase_i));
  assign write_bit = Rows'(1) << write_at;

  // ---- reading: the rows from the first one on, and in the next macro those that are left
  logic [31:0] macro, at;
  logic [WordWidth-1:0] even_word, odd_word;
  logic odd;
  logic [2*Rows-1:0] driven;
  logic [Rows-1:0] here, next, even_drive_q, odd_drive_q;
  logic convert_q;
  assign macro = 32'(read_row_i) / Rows;
  assign at = 32'(read_row_i) % Rows;
  assign odd = macro[0];
  assign even_word =
      WordWidth'((macro + 32'(odd)) / 2 * Phases + 32'(read_phase_i));
  assign odd_word = WordWidth'(macro / 2 * Phases + 32'(read_phase_i));
  always_comb begin
    driven = '0;
    if (read_i) driven = (2*Rows)'(inputs_i) << at;
  end
  assign here = driven[Rows-1:0];
  assign next = driven[2*Rows-1:Rows];
  always_ff @(posedge clk_i) begin
    convert_q <= read_i;
    if (read_i) begin
      even_drive_q <= odd ? next : here;
      odd_drive_q <= odd ? here : next;
    end
  end

  for (genvar a = 0; a < Adcs; a++) begin : g_adc
    adc_column #(
      .Rows(Rows), .CellBits(CellBits), .AdcBits(AdcBits), .Words(Words), .WordWidth(WordWidth)
    ) u_column (
      .clk_i,
      .write_even_i(write_i && !write_macro[0]), .write_odd_i(write_i && write_macro[0]),
      .write_word_i(write_word), .write_row_i(write_bit),
      .write_cell_i(write_cells_i[CellBits*a +: CellBits]),
      .read_even_i(read_i), .read_odd_i(read_i),
      .even_word_i(even_word), .odd_word_i(odd_word),
      .even_drive_q_i(even_drive_q), .odd_drive_q_i(odd_drive_q), .convert_q_i(convert_q),
      .sum_o(sums_o[AdcBits*a +: AdcBits])
    );
  end
endmodule
