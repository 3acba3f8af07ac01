// Reads the rows of each store, a group of `Adcs` columns a cycle, adds the bias, and puts rows
// together: row_o[j] = acc[src + i][j] + bias[b][j] as words, or through the epilogue as bytes; of
// STORE_WEAR one count of writes. A row is begun only when there is room for it.
`default_nettype none

module store_reader #(
  parameter int unsigned Cols = 128,
  parameter int unsigned Adcs = 32,
  parameter int unsigned IndexWidth = 3,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  crossbar_types_pkg::store_command_t next_i,

  output logic acc_read_o,
  input  logic acc_ready_i,
  output logic wear_read_o,
  input  logic wear_ready_i,
  output logic [crossbar_types_pkg::CellWidth-1:0] addr_o,
  output logic [PhaseWidth-1:0] phase_o,
  output logic [crossbar_types_pkg::BiasWidth-1:0] bias_addr_o,
  input  logic [32*Adcs-1:0] acc_i,
  input  logic [32*Adcs-1:0] bias_i,
  input  logic [31:0] wear_i,
  output logic step_o,      // a group was read
  output logic released_o,  // the last one of a command
  output logic [IndexWidth-1:0] index_o,

  output logic row_valid_o,
  input  logic row_pop_i,
  output logic [32*Cols-1:0] row_o
);
  localparam int unsigned Phases = Cols / Adcs;
  // Rows being read or waiting.
  localparam int unsigned Room = 4;

  logic busy_q;
  crossbar_types_pkg::store_command_t command_q;
  logic [IndexWidth-1:0] index_q;
  logic [PhaseWidth-1:0] phase_q;
  logic [2:0] used_q;

  logic wear, may, fire, row_done, done;
  assign wear = command_q.kind == crossbar_types_pkg::StoreWear;
  assign may = busy_q && (phase_q != '0 || used_q != 3'(Room));
  assign acc_read_o = may && !wear && acc_ready_i;
  assign wear_read_o = may && wear && wear_ready_i;
  assign fire = acc_read_o || wear_read_o;
  assign row_done = fire && (wear || phase_q == PhaseWidth'(Phases - 1));
  assign done = row_done && command_q.rows == '0;
  assign step_o = fire;
  assign released_o = done;
  assign next_pop_o = next_valid_i && (!busy_q || done);
  assign addr_o = command_q.src;
  assign phase_o = phase_q;
  assign bias_addr_o = command_q.bias;
  assign index_o = index_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      used_q <= '0;
    end else begin
      if (next_pop_o) busy_q <= 1'b1;
      else if (done) busy_q <= 1'b0;
      used_q <= used_q + 3'(fire && phase_q == '0) - 3'(row_pop_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      command_q <= next_i;
      index_q <= next_index_i;
      phase_q <= '0;
    end else if (row_done) begin
      command_q.src <= command_q.src + 1'b1;
      command_q.rows <= command_q.rows - 1'b1;
      phase_q <= '0;
    end else if (fire) begin
      phase_q <= phase_q + 1'b1;
    end
  end

  // ---- a cycle later: the sum
  logic read_q, read_last_q, sum_q, sum_last_q;
  logic [PhaseWidth-1:0] read_phase_q, sum_phase_q;
  crossbar_types_pkg::store_kind_e read_kind_q, sum_kind_q;
  logic [31:0] read_floor_q, floor_q;
  logic [crossbar_types_pkg::ShiftWidth-1:0] read_shift_q, shift_q;
  logic [32*Adcs-1:0] words, words_q;
  always_comb begin
    words = acc_i;
    if (read_q) begin
      for (int unsigned j = 0; j < Adcs; j++) begin
        words[32*j +: 32] = acc_i[32*j +: 32] + bias_i[32*j +: 32];
      end
      if (read_kind_q == crossbar_types_pkg::StoreWear) words[31:0] = wear_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= 1'b0;
      sum_q <= 1'b0;
    end else begin
      read_q <= fire;
      sum_q <= read_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (fire) begin
      read_last_q <= row_done;
      read_phase_q <= phase_q;
      read_kind_q <= command_q.kind;
      read_floor_q <= command_q.floor;
      read_shift_q <= command_q.shift;
    end
    if (read_q) begin
      sum_last_q <= read_last_q;
      sum_phase_q <= read_phase_q;
      sum_kind_q <= read_kind_q;
      floor_q <= read_floor_q;
      shift_q <= read_shift_q;
      words_q <= words;
    end
  end

  // ---- and another: the epilogue, and the group's place in the row
  logic narrow;
  logic [8*Adcs-1:0] bytes;
  logic [32*Cols-1:0] row_q, row;
  assign narrow = sum_kind_q == crossbar_types_pkg::StoreI8
      || sum_kind_q == crossbar_types_pkg::StoreMove;
  store_epilogue #(.Words(Adcs)) u_epilogue (
    .enable_i(sum_q && narrow), .floor_i(floor_q), .shift_i(shift_q), .words_i(words_q),
    .bytes_o(bytes)
  );
  always_comb begin
    row = row_q;
    if (sum_q) begin
      for (int unsigned p = 0; p < Phases; p++) begin
        if (sum_phase_q == PhaseWidth'(p)) begin
          if (narrow) row[8*Adcs*p +: 8*Adcs] = bytes;
          else row[32*Adcs*p +: 32*Adcs] = words_q;
        end
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (sum_q) row_q <= row;
  end
  logic unused_full;
  fifo #(.Width(32*Cols), .Depth(Room)) u_rows (
    .clk_i, .rst_ni, .push_i(sum_q && sum_last_q), .data_i(row), .pop_i(row_pop_i),
    .valid_o(row_valid_o), .full_o(unused_full), .data_o(row_o)
  );
endmodule
