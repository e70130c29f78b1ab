# A signature test: leaves results in memory between begin_signature and end_signature, and ends.
# They are compared with sum.reference_output, one 4-byte word a line. Its binary lies beside it:
#
#   riscv64-linux-gnu-gcc -march=rv64g -mabi=lp64d -static -nostdlib -Wl,--build-id=none -o sum sum.S

        .globl  _start
_start: la      s0, results
        li      t0, 0x7fffffff          # word and doubleword sums part where 31 bits do not do
        addiw   t1, t0, 1
        addi    t2, t0, 1
        sd      t1, 0(s0)
        sd      t2, 8(s0)
        li      t0, -7                  # quotients round towards zero
        li      t1, 2
        div     t2, t0, t1
        rem     t3, t0, t1
        sd      t2, 16(s0)
        sd      t3, 24(s0)
        li      a0, 0
        li      a7, 93                  # exit
        ecall

        .data
        .balign 16
        .globl  begin_signature, end_signature
begin_signature:
results:
        .fill   8, 4, 0xdeadbeef
end_signature:
