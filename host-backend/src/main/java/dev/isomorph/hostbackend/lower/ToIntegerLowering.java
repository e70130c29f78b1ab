package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Xmm;

/**
 * Lowers conversions of floats to integers, which saturate, and roundings to integral values. What
 * is out of range raises NV alone (ISA manual, chapter "F", "Single-Precision Floating-Point
 * Conversion and Move Instructions").
 *
 * <p>Modes that the host's conversions cannot be told are done in two steps: rounding that raises
 * nothing, and, if the result is in range, rounding that does.
 */
final class ToIntegerLowering {
  private static final int RTZ = 1;
  private static final int NEAREST_MAX_MAGNITUDE = 4;
  private static final int DYNAMIC = 7;

  // Fields of the control of vround.
  private static final int SUPPRESS_INEXACT = 8;
  private static final int ROUND_BY_MXCSR = 4;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  ToIntegerLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  /**
   * To a signed integer of {@code size} bytes. The host gives the most negative integer for what
   * does not fit; subtracting 1 from it overflows.
   */
  void toSigned(int id, Precision p, int size) {
    int mode = mode(id);
    boolean inOneStep = mode == RTZ || mode == DYNAMIC;
    Xmm a = regs.useXmm(out.block.a(id));
    Gpr t = regs.scratchGpr();
    Xmm x = inOneStep ? a : roundedQuietly(p, a, mode);
    // That is the least integer itself, or less, or too large; only if rounded it tells which.
    FloatConstants boundary = inOneStep ? p.minusOne : size == 4 ? p.leastWord : p.leastLong;
    Label inRange = new Label();
    Label done = new Label();
    asm.avx(mode == DYNAMIC ? p.convert : p.truncate, size, t, x);
    asm.cmp(size, t, 1);
    asm.jcc(
        Cond.O,
        out.cold(
            () -> {
              Label greatest = new Label();
              asm.avx(p.compare, x, boundary.mem());
              asm.jcc(Cond.P, greatest);
              asm.jcc(Cond.E, inRange);
              asm.jcc(Cond.B, done);
              asm.bind(greatest);
              asm.movImm(t, size == 4 ? Integer.MAX_VALUE : Long.MAX_VALUE);
              asm.jmp(done);
            }));
    asm.bind(inRange);
    if (!inOneStep) {
      raiseInexact(p, x, a);
    }
    asm.bind(done);
    if (size == 4) {
      asm.movsxd(t, t);
    }
    regs.defineIn(id, t);
  }

  /** To an unsigned integer, through a 64-bit conversion of what lies in (-1, limit). */
  void toUnsigned(int id, Precision p, int size) {
    int mode = mode(id);
    Xmm a = regs.useXmm(out.block.a(id));
    Gpr t = regs.scratchGpr();
    Xmm x = mode == RTZ ? a : roundedQuietly(p, a, mode);
    Xmm limit = regs.scratchXmm();
    Label done = new Label();
    asm.avx(p.compare, x, p.minusOne.mem());
    asm.jcc(Cond.BE, out.cold(() -> tooSmall(p, t, x, done)));
    asm.vmovsd(limit, (size == 4 ? p.twoTo32 : p.twoTo63).mem());
    asm.avx(p.compare, limit, x);
    asm.jcc(Cond.BE, out.cold(() -> large(p, t, x, limit, size, done)));
    asm.avx(p.truncate, 8, t, x);
    if (mode != RTZ) {
      raiseInexact(p, x, a);
    }
    asm.bind(done);
    if (size == 4) {
      asm.movsxd(t, t);
    }
    regs.defineIn(id, t);
  }

  /** 0 for what is not above -1, all ones for NaN. */
  private void tooSmall(Precision p, Gpr t, Xmm x, Label done) {
    raiseInvalid(p, t);
    asm.avx(p.compare, x, x);
    asm.movImm(t, 0);
    asm.jcc(Cond.NP, done);
    asm.movImm(t, -1);
    asm.jmp(done);
  }

  /** Of 8 bytes: by the negative number with the same bits, if there is one. */
  private void large(Precision p, Gpr t, Xmm x, Xmm temporary, int size, Label done) {
    if (size == 8) {
      Label saturated = new Label();
      asm.avx(p.compare, x, p.twoTo64.mem());
      asm.jcc(Cond.AE, saturated);
      asm.avx(p.subtract, temporary, x, p.twoTo64.mem());
      asm.avx(p.truncate, 8, t, temporary);
      asm.jmp(done);
      asm.bind(saturated);
    }
    raiseInvalid(p, t);
    asm.movImm(t, -1);
    asm.jmp(done);
  }

  /** Zfa fcvtmod.w.d: the low 32 bits of what does not fit, as long as it fits 64. */
  void toSignedModular(int id) {
    Precision p = Precision.DOUBLE;
    Xmm a = regs.useXmm(out.block.a(id));
    Gpr t = regs.scratchGpr();
    Xmm x = regs.scratchXmm();
    Label done = new Label();
    // Not within what is emitted out of line: that comes when the block may be another one.
    Label evaluate = out.evaluate(id);
    asm.avx(p.truncate, 4, t, a);
    asm.cmp(4, t, 1);
    asm.jcc(
        Cond.O,
        out.cold(
            () -> {
              asm.avx(p.round, x, a, a, Mxcsr.hostRounding(RTZ) | SUPPRESS_INEXACT);
              asm.avx(p.truncate, 8, t, x);
              asm.cmp(8, t, 1);
              asm.jcc(Cond.NO, done);
              asm.jmp(evaluate);
            }));
    asm.bind(done);
    asm.movsxd(t, t);
    regs.defineIn(id, t);
  }

  /** Zfa fround and froundnx. */
  void toIntegral(int id, Precision p, boolean inexact) {
    int mode = mode(id);
    Xmm a = regs.useXmm(out.block.a(id));
    if (mode != NEAREST_MAX_MAGNITUDE) {
      asm.avx(p.round, regs.defineXmm(id), a, a, control(mode) | (inexact ? 0 : SUPPRESS_INEXACT));
      return;
    }
    Xmm x = regs.scratchXmm();
    if (inexact) {
      raiseInexact(p, x, a);
    }
    roundQuietly(p, x, a, mode);
    regs.defineIn(id, x);
  }

  private int mode(int id) {
    return (int) out.block.imm(id);
  }

  private static int control(int mode) {
    return mode == DYNAMIC ? ROUND_BY_MXCSR : Mxcsr.hostRounding(mode);
  }

  private Xmm roundedQuietly(Precision p, Xmm a, int mode) {
    Xmm x = regs.scratchXmm();
    roundQuietly(p, x, a, mode);
    return x;
  }

  /** Makes {@code x} the integral value of {@code a}; raises nothing unless that is NaN. */
  private void roundQuietly(Precision p, Xmm x, Xmm a, int mode) {
    if (mode != NEAREST_MAX_MAGNITUDE) {
      asm.avx(p.round, x, a, a, control(mode) | SUPPRESS_INEXACT);
      return;
    }
    // What truncating has cut off makes one more if it is a half at least; all steps are exact.
    int truncate = Mxcsr.hostRounding(RTZ) | SUPPRESS_INEXACT;
    Xmm rest = regs.scratchXmm();
    Label done = new Label();
    asm.avx(p.round, x, a, a, truncate);
    asm.avx(p.compare, x, a);
    asm.jcc(Cond.E, done);
    asm.avx(p.subtract, rest, a, x);
    asm.avx(p.add, rest, rest, rest);
    asm.avx(p.round, rest, rest, rest, truncate);
    asm.avx(p.add, x, x, rest);
    asm.bind(done);
  }

  /** Raises inexact unless {@code a} is integral. */
  private void raiseInexact(Precision p, Xmm temporary, Xmm a) {
    asm.avx(p.round, temporary, a, a, Mxcsr.hostRounding(RTZ));
  }

  private void raiseInvalid(Precision p, Gpr temporary) {
    asm.avx(p.truncate, 4, temporary, p.nan.mem());
  }
}
