// Moves bytes between host memory and units (rows of a memory, results): segment s lies at
// base_i + s * stride_i, and every unit_bytes_i bytes one after the other are a unit.
`default_nettype none

module lathe_mover #(
  parameter int unsigned BeatBytes = 4,
  parameter int unsigned UnitBytes = 4  // of the largest unit
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic start_i,  // stays, with what belongs to it, until done_o
  input  logic to_host_i,
  input  logic [31:0] base_i,
  input  logic [31:0] stride_i,
  input  logic [31:0] segments_i,
  input  logic [31:0] segment_bytes_i,
  input  logic [31:0] unit_bytes_i,
  output logic done_o,
  output logic idle_o,  // no write waits for its acknowledgement

  output logic [31:0] unit_o,  // its number
  output logic fetch_o,        // unit_i is wanted
  output logic store_o,        // unit_data_o is to be written
  input  logic unit_done_i,
  input  logic [8*UnitBytes-1:0] unit_data_i,
  output logic [8*UnitBytes-1:0] unit_data_o,

  output logic rd_req_valid_o,
  input  logic rd_req_ready_i,
  output logic [31:0] rd_req_addr_o,
  input  logic rd_rsp_valid_i,
  output logic rd_rsp_ready_o,
  input  logic [8*BeatBytes-1:0] rd_rsp_data_i,
  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [8*BeatBytes-1:0] wr_req_data_o,
  output logic [BeatBytes-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o
);
  localparam logic [31:0] OffsetMask = 32'(BeatBytes - 1);

  typedef enum logic [2:0] {Idle, Fetch, Bytes, Store, Acks, Done} state_e;
  state_e state_q;
  logic [31:0] segment_q, in_segment_q, in_unit_q, segment_addr_q, addr_q, beat_addr_q;
  logic [15:0] unanswered_q;
  logic [8*BeatBytes-1:0] beat_q;
  logic beat_valid_q, asked_q, hit, byte_done, segment_end, unit_end, last;
  logic [7:0] unit_byte;

  // ---- one byte
  assign hit = beat_valid_q && beat_addr_q == (addr_q & ~OffsetMask);
  assign rd_req_valid_o = state_q == Bytes && !to_host_i && !hit && !asked_q;
  assign rd_req_addr_o = addr_q & ~OffsetMask;
  assign rd_rsp_ready_o = 1'b1;
  assign unit_byte = unit_data_o[8*in_unit_q +: 8];
  assign wr_req_valid_o = state_q == Bytes && to_host_i;
  assign wr_req_addr_o = addr_q & ~OffsetMask;
  assign wr_req_data_o = {BeatBytes{unit_byte}};
  assign wr_req_strb_o = BeatBytes'(1) << (addr_q & OffsetMask);
  assign wr_rsp_ready_o = 1'b1;
  assign byte_done = state_q == Bytes && (to_host_i ? wr_req_ready_i : hit);

  assign segment_end = in_segment_q + 1 == segment_bytes_i;
  assign unit_end = in_unit_q + 1 == unit_bytes_i;
  assign last = segment_end && segment_q + 1 == segments_i;

  // ---- places
  always_ff @(posedge clk_i) begin
    if (state_q == Idle) begin
      segment_q <= '0;
      in_segment_q <= '0;
      in_unit_q <= '0;
      unit_o <= '0;
      addr_q <= base_i;
      segment_addr_q <= base_i;
    end else if (byte_done) begin
      in_unit_q <= unit_end ? '0 : in_unit_q + 1;
      in_segment_q <= segment_end ? '0 : in_segment_q + 1;
      addr_q <= segment_end ? segment_addr_q + stride_i : addr_q + 1;
      if (segment_end) begin
        segment_q <= segment_q + 1;
        segment_addr_q <= segment_addr_q + stride_i;
      end
      if (unit_end && to_host_i) unit_o <= unit_o + 1;
    end else if (store_o && unit_done_i) begin
      unit_o <= unit_o + 1;
    end
  end

  // ---- the unit
  assign fetch_o = state_q == Fetch;
  assign store_o = state_q == Store;
  always_ff @(posedge clk_i) begin
    if (fetch_o && unit_done_i) unit_data_o <= unit_data_i;
    else if (byte_done && !to_host_i)
      unit_data_o[8*in_unit_q +: 8] <= beat_q[8*(addr_q & OffsetMask) +: 8];
  end

  // ---- the beat that was read last
  always_ff @(posedge clk_i) begin
    if (!rst_ni) asked_q <= 1'b0;
    else if (rd_req_valid_o && rd_req_ready_i) asked_q <= 1'b1;
    else if (rd_rsp_valid_i && asked_q) asked_q <= 1'b0;
    if (!rst_ni || state_q == Idle) beat_valid_q <= 1'b0;
    else if (rd_rsp_valid_i && asked_q) begin
      beat_valid_q <= 1'b1;
      beat_q <= rd_rsp_data_i;
      beat_addr_q <= addr_q & ~OffsetMask;
    end
  end

  logic ended_q;  // the last byte was moved
  always_ff @(posedge clk_i) begin
    if (state_q == Idle) ended_q <= 1'b0;
    else if (byte_done && last) ended_q <= 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
      unanswered_q <= '0;
    end else begin
      unanswered_q <= unanswered_q + 16'(wr_req_valid_o && wr_req_ready_i) - 16'(wr_rsp_valid_i && unanswered_q != 0);
      unique case (state_q)
        Idle: if (start_i) state_q <= segments_i == 0 || segment_bytes_i == 0 ? Done : to_host_i ? Fetch : Bytes;
        Fetch: if (unit_done_i) state_q <= Bytes;
        Bytes: if (byte_done && to_host_i && last) state_q <= Acks;
               else if (byte_done && unit_end) state_q <= to_host_i ? Fetch : Store;
        Store: if (unit_done_i) state_q <= ended_q ? Done : Bytes;
        Acks: if (unanswered_q == 0) state_q <= Done;
        Done: state_q <= Idle;
        default: state_q <= Idle;
      endcase
    end
  end
  assign done_o = state_q == Done;
  assign idle_o = state_q == Idle && unanswered_q == 0;
endmodule
