// Operation codes of the copy machine.
`define COPY_OP_NONE 4'd0
`define COPY_OP_COPY 4'd1
`define COPY_OP_FATAL 4'd2
`define COPY_OP_HANG 4'd3
`define COPY_OP_BREAK 4'd4
`define COPY_OP_REJECT 4'd5
`define COPY_OP_FINISH 4'd6
`define COPY_OP_PRINT 4'd7
