package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.AluOp;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;

/**
 * Lowers division and remainder. The host traps where RISC-V defines a result (M chapter: division
 * by zero, signed overflow), so the divisors 0 and -1 take a path of their own.
 */
final class DivisionLowering {
  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  DivisionLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  void divide(int id, int size, boolean signed, boolean remainder) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    regs.takeWith(Gpr.RAX, a, b);
    regs.take(Gpr.RDX);
    Gpr divisor = regs.useGpr(b);
    Label done = new Label();
    if (!regs.isConstant(b) || narrow(regs.constant(b), size) == 0) {
      asm.test(size, divisor, divisor);
      asm.jcc(Cond.E, out.cold(() -> divideByZero(size, done)));
    }
    if (signed && (!regs.isConstant(b) || narrow(regs.constant(b), size) == -1)) {
      asm.alu(AluOp.CMP, size, divisor, -1);
      asm.jcc(Cond.E, out.cold(() -> divideByMinusOne(size, done)));
    }
    if (!signed) {
      asm.xor(4, Gpr.RDX, Gpr.RDX);
      asm.div(size, divisor);
    } else {
      if (size == 8) {
        asm.cqo();
      } else {
        asm.cdq();
      }
      asm.idiv(size, divisor);
    }
    asm.bind(done);
    int other = out.remainderOf(id);
    if (other >= 0) {
      regs.keepIn(other, Gpr.RDX);
    }
    regs.defineIn(id, remainder ? Gpr.RDX : Gpr.RAX);
  }

  private static long narrow(long value, int size) {
    return size == 8 ? value : (int) value;
  }

  private void divideByZero(int size, Label done) {
    asm.mov(size, Gpr.RDX, Gpr.RAX);
    asm.movImm(Gpr.RAX, size == 8 ? -1L : 0xffff_ffffL);
    asm.jmp(done);
  }

  private void divideByMinusOne(int size, Label done) {
    asm.neg(size, Gpr.RAX);
    asm.movImm(Gpr.RDX, 0);
    asm.jmp(done);
  }
}
