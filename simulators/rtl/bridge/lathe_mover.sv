// Moves bytes between host memory and units (rows of a memory, results): segment s lies at
// base_i + s * stride_i, and every unit_bytes_i bytes one after the other are a unit. A byte moves in a
// cycle, and beats of host memory are asked for ahead.
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

  localparam int unsigned Ahead = 16;  // beats that are asked for and not used up; a power of two

  typedef enum logic [2:0] {Idle, Fetch, Bytes, Store, Acks, Done} state_e;
  state_e state_q;
  logic [31:0] segment_q, in_segment_q, in_unit_q, segment_addr_q, addr_q;
  logic [15:0] unanswered_q;
  logic byte_done, segment_end, unit_end, last;
  logic [7:0] unit_byte;

  // ---- beats of the segments, in order
  logic [31:0] ask_segment_q, ask_segment_addr_q, ask_addr_q, ask_next_segment;
  logic [8*BeatBytes-1:0] beats_q [Ahead], beat;
  logic [$clog2(Ahead)-1:0] first_q, end_q;
  logic [$clog2(Ahead):0] asked_q, held_q;  // beats not used up, and of those what has come
  logic ask, comes, used_up;
  assign rd_req_valid_o = (state_q == Bytes || state_q == Store) && !to_host_i
      && ask_segment_q != segments_i && 32'(asked_q) != Ahead;
  assign rd_req_addr_o = ask_addr_q;
  assign rd_rsp_ready_o = 1'b1;
  assign ask = rd_req_valid_o && rd_req_ready_i;
  assign comes = rd_rsp_valid_i && asked_q != held_q;
  assign used_up = byte_done && !to_host_i && (segment_end || (addr_q & OffsetMask) == OffsetMask);
  assign beat = beats_q[first_q];
  assign ask_next_segment = ask_segment_addr_q + stride_i;
  always_ff @(posedge clk_i) begin
    if (comes) beats_q[end_q] <= rd_rsp_data_i;
    if (!rst_ni || state_q == Idle) begin
      first_q <= '0;
      end_q <= '0;
      asked_q <= '0;
      held_q <= '0;
      ask_segment_q <= '0;
      ask_segment_addr_q <= base_i;
      ask_addr_q <= base_i & ~OffsetMask;
    end else begin
      first_q <= first_q + $bits(first_q)'(used_up);
      end_q <= end_q + $bits(end_q)'(comes);
      asked_q <= asked_q + $bits(asked_q)'(ask) - $bits(asked_q)'(used_up);
      held_q <= held_q + $bits(held_q)'(comes) - $bits(held_q)'(used_up);
      if (ask && ask_addr_q == ((ask_segment_addr_q + segment_bytes_i - 1) & ~OffsetMask)) begin
        ask_segment_q <= ask_segment_q + 1;
        ask_segment_addr_q <= ask_next_segment;
        ask_addr_q <= ask_next_segment & ~OffsetMask;
      end else if (ask) begin
        ask_addr_q <= ask_addr_q + BeatBytes;
      end
    end
  end

  // ---- one byte
  assign unit_byte = unit_data_o[8*in_unit_q +: 8];
  assign wr_req_valid_o = state_q == Bytes && to_host_i;
  assign wr_req_addr_o = addr_q & ~OffsetMask;
  assign wr_req_data_o = {BeatBytes{unit_byte}};
  assign wr_req_strb_o = BeatBytes'(1) << (addr_q & OffsetMask);
  assign wr_rsp_ready_o = 1'b1;
  assign byte_done = state_q == Bytes && (to_host_i ? wr_req_ready_i : held_q != '0);

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
      unit_data_o[8*in_unit_q +: 8] <= beat[8*(addr_q & OffsetMask) +: 8];
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
