module lathe_top;
`include "/etc/hostname"
endmodule
