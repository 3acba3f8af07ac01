// The machine of tests/bad/td/base.td: mem[r] = host[address + pitch * r] and back, r < rows.
//
// A beat that is read can ask for a failure, so that one model serves every test of what happens then.
`default_nettype none

module lathe_top (
  input  wire logic        clk_i,
  input  wire logic        rst_ni,
  input  wire logic        cmd_valid_i,
  output logic             cmd_ready_o,
  input  wire logic [31:0] cmd_word_i,
  output logic             rd_req_valid_o,
  input  wire logic        rd_req_ready_i,
  output logic [31:0]      rd_req_addr_o,
  input  wire logic        rd_rsp_valid_i,
  output logic             rd_rsp_ready_o,
  input  wire logic [31:0] rd_rsp_data_i,
  output logic             wr_req_valid_o,
  input  wire logic        wr_req_ready_i,
  output logic [31:0]      wr_req_addr_o,
  output logic [31:0]      wr_req_data_o,
  output logic [3:0]       wr_req_strb_o,
  input  wire logic        wr_rsp_valid_i,
  output logic             wr_rsp_ready_o,
  output logic             idle_o,
  output logic [7:0]       error_o,
  input  wire logic [7:0]  perf_sel_i,
  output logic [47:0]      perf_data_o
);
  localparam logic [2:0] Idle = 3'd0, Ask = 3'd1, Take = 3'd2, Give = 3'd3, Wait = 3'd4, Stuck = 3'd5;
  localparam logic [31:0] Fatal = 32'hbad00000, Error = 32'hbad00001, Assert = 32'hbad00002,
      Hang = 32'hbad00003, Finish = 32'hbad00004, Reject = 32'hbad00005, Stray = 32'hbad00006,
      Askew = 32'hbad00007, Spin = 32'hbad00008, Wrong = 32'hbad00009, Chatter = 32'hbad0000a;

  logic [2:0]  state_q;
  logic [31:0] rows_q[64];
  logic [31:0] pitch_q, address_q;
  logic [5:0]  row_q;
  logic [3:0]  left_q;
  logic [7:0]  error_q;
  logic [31:0] offset_q;
  logic        accept, took, acked;

  assign accept = cmd_valid_i && cmd_ready_o;
  assign took   = rd_rsp_valid_i && state_q == Take;
  assign acked  = wr_rsp_valid_i && state_q == Wait;

  assign cmd_ready_o    = state_q == Idle;
  assign rd_req_valid_o = state_q == Ask;
  assign rd_req_addr_o  = address_q;
  assign rd_rsp_ready_o = state_q == Take;
  assign wr_req_valid_o = state_q == Give;
  assign wr_req_addr_o  = address_q + offset_q;
  assign wr_req_data_o  = rows_q[row_q];
  assign wr_req_strb_o  = '1;
  assign wr_rsp_ready_o = state_q == Wait;
  assign idle_o         = state_q == Idle;
  assign error_o        = error_q;
  assign perf_data_o    = 48'(perf_sel_i);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q   <= Idle;
      pitch_q   <= '0;
      address_q <= '0;
      row_q     <= '0;
      left_q    <= '0;
      error_q   <= '0;
      offset_q  <= '0;
    end else begin
      if (accept) begin
        if (cmd_word_i[31:28] == 4'd0) pitch_q <= 32'($signed(cmd_word_i[15:0]));
        else state_q <= cmd_word_i[31:28] == 4'd1 ? Ask : Give;
        address_q <= 32'(cmd_word_i[15:0]);
        row_q     <= cmd_word_i[21:16];
        left_q    <= cmd_word_i[27:24];
      end
      if (state_q == Ask && rd_req_ready_i) state_q <= Take;
      if (state_q == Give && wr_req_ready_i) state_q <= Wait;
      if (took || acked) begin
        address_q <= address_q + pitch_q;
        row_q     <= row_q + 1'b1;
        left_q    <= left_q - 1'b1;
        state_q   <= left_q == 4'd1 ? Idle : took ? Ask : Give;
      end
      if (took && rd_rsp_data_i == Hang) state_q <= Stuck;
      if (took && rd_rsp_data_i == Reject) error_q <= 8'h2a;
      if (took && rd_rsp_data_i == Stray) offset_q <= 32'h10000;
      if (took && rd_rsp_data_i == Askew) offset_q <= 32'h1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (took) rows_q[row_q] <= rd_rsp_data_i ^ 32'(rd_rsp_data_i == Wrong);
    if (took && rd_rsp_data_i == Fatal) $fatal(1, "told to stop");
    if (took && rd_rsp_data_i == Error) $error("told to complain");
    if (took && rd_rsp_data_i == Finish) $finish;
    if (took && rd_rsp_data_i == Chatter) begin
      for (int i = 0; i < 100000; i++) $display("line %0d", i);
    end
    if (took && rd_rsp_data_i == Spin) begin
      // verilator lint_off INFINITELOOP
      while (rd_rsp_data_i == Spin) $display("again");
      // verilator lint_on INFINITELOOP
    end
  end

  keeps_promises : assert property (@(posedge clk_i) disable iff (!rst_ni)
      !(took && rd_rsp_data_i == Assert));
endmodule

`default_nettype wire
