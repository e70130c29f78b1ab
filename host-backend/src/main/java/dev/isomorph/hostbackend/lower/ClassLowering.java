package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterAllocator.NO_MEMORY;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.asm.Xmm;

/**
 * Lowers the classification of floats, by their bits: the host's comparisons would raise NV for
 * signalling NaNs. Normal numbers are classified in line.
 */
final class ClassLowering {
  // ISA manual, chapter "F", "Single-Precision Floating-Point Classify Instruction".
  private static final int NEGATIVE_INFINITY = 1;
  private static final int NEGATIVE_NORMAL = 1 << 1;
  private static final int NEGATIVE_SUBNORMAL = 1 << 2;
  private static final int NEGATIVE_ZERO = 1 << 3;
  private static final int POSITIVE_ZERO = 1 << 4;
  private static final int POSITIVE_SUBNORMAL = 1 << 5;
  private static final int POSITIVE_NORMAL = 1 << 6;
  private static final int POSITIVE_INFINITY = 1 << 7;
  private static final int SIGNALLING_NAN = 1 << 8;
  private static final int QUIET_NAN = 1 << 9;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  ClassLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  void classify(int id, Precision p) {
    Gpr d = bits(id, p);
    Gpr t = regs.scratchGpr();
    Label done = new Label();
    // One more than the exponent is 0 or 1, but for its lowest bit, if that is all ones or zeros.
    asm.mov(p.size, t, d);
    asm.shift(ShiftOp.SHR, p.size, t, Byte.SIZE * p.size - 1 - p.exponentBits);
    asm.add(4, t, 1);
    asm.test(4, t, (1 << p.exponentBits) - 2);
    asm.jcc(Cond.E, out.cold(() -> rare(p, d, t, done)));
    bySign(p, d, POSITIVE_NORMAL, NEGATIVE_NORMAL);
    asm.bind(done);
  }

  private Gpr bits(int id, Precision p) {
    int a = out.block.a(id);
    int memory = regs.memoryOperand(a);
    if (memory != NO_MEMORY) {
      Gpr d = regs.defineGpr(id);
      asm.mov(p.size, d, state(memory));
      return d;
    }
    Xmm x = regs.useXmm(a);
    Gpr d = regs.defineGpr(id);
    asm.vmovq(d, x);
    return d;
  }

  private void rare(Precision p, Gpr d, Gpr t, Label done) {
    Label zero = new Label();
    Label special = new Label();
    Label infinity = new Label();
    Label quiet = new Label();
    asm.mov(p.size, t, d);
    asm.add(p.size, t, t);
    asm.jcc(Cond.E, zero);
    asm.jcc(Cond.S, special);
    bySign(p, d, POSITIVE_SUBNORMAL, NEGATIVE_SUBNORMAL);
    asm.jmp(done);
    asm.bind(zero);
    bySign(p, d, POSITIVE_ZERO, NEGATIVE_ZERO);
    asm.jmp(done);
    asm.bind(special);
    asm.shift(ShiftOp.SHL, p.size, t, p.exponentBits);
    asm.jcc(Cond.E, infinity);
    asm.jcc(Cond.S, quiet);
    asm.movImm(d, SIGNALLING_NAN);
    asm.jmp(done);
    asm.bind(quiet);
    asm.movImm(d, QUIET_NAN);
    asm.jmp(done);
    asm.bind(infinity);
    bySign(p, d, POSITIVE_INFINITY, NEGATIVE_INFINITY);
    asm.jmp(done);
  }

  private void bySign(Precision p, Gpr d, int positive, int negative) {
    asm.shift(ShiftOp.SAR, p.size, d, Byte.SIZE * p.size - 1);
    asm.and(4, d, negative - positive);
    asm.add(4, d, positive);
  }
}
