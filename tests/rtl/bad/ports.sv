// A machine whose ports break the contract in every way.
module lathe_top (
  input  wire logic         clk_i,
  input  wire logic         rst_ni,
  input  wire logic         cmd_valid_i,
  output logic              cmd_ready_o,
  input  wire logic [299:0] cmd_word_i,
  output logic              rd_req_valid_o,
  input  wire logic         rd_req_ready_i,
  output logic [23:0]       rd_req_addr_o,
  input  wire logic         rd_rsp_valid_i,
  output logic              rd_rsp_ready_o,
  input  wire logic [127:0] rd_rsp_data_i,
  output logic              wr_req_valid_o,
  input  wire logic         wr_req_ready_i,
  output logic [31:0]       wr_req_addr_o,
  output logic [63:0]       wr_req_data_o,
  output logic [7:0]        wr_req_strb_o,
  output logic              wr_rsp_valid_i,
  output logic              wr_rsp_ready_o,
  output logic [7:0]        error_o,
  input  wire logic [7:0]   perf_sel_i,
  output logic [47:0]       perf_data_o,
  input  wire logic         scan_enable_i
);
  assign cmd_ready_o    = 1'b0;
  assign rd_req_valid_o = 1'b0;
  assign rd_req_addr_o  = '0;
  assign rd_rsp_ready_o = 1'b0;
  assign wr_req_valid_o = 1'b0;
  assign wr_req_addr_o  = '0;
  assign wr_req_data_o  = '0;
  assign wr_req_strb_o  = '0;
  assign wr_rsp_valid_i = 1'b0;
  assign wr_rsp_ready_o = 1'b0;
  assign error_o        = '0;
  assign perf_data_o    = '0;
endmodule
