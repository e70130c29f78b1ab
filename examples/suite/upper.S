# A test whose output is known: upper.in in capitals is upper.out. Its binary lies beside it:
#
#   riscv64-linux-gnu-gcc -march=rv64g -mabi=lp64d -static -nostdlib -Wl,--build-id=none -o upper upper.S

        .globl  _start
_start: li      a0, 0                   # read(0, buffer, 256)
        la      a1, buffer
        li      a2, 256
        li      a7, 63
        ecall
        mv      s0, a0
        la      t0, buffer
        add     t1, t0, a0
1:      bgeu    t0, t1, 3f
        lbu     t2, 0(t0)
        addi    t3, t2, -'a'
        sltiu   t3, t3, 26
        beqz    t3, 2f
        addi    t2, t2, 'A' - 'a'
        sb      t2, 0(t0)
2:      addi    t0, t0, 1
        j       1b
3:      li      a0, 1                   # write(1, buffer, length)
        la      a1, buffer
        mv      a2, s0
        li      a7, 64
        ecall
        li      a0, 0
        li      a7, 93                  # exit(0)
        ecall

        .bss
buffer: .space  256
