package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.asm.Xmm;

/**
 * Lowers conversions between floats and integers. Values in range convert inline; those that
 * saturate, and rounding modes the host instruction cannot be told, go to the evaluator.
 */
final class ConversionLowering {
  private static final int RTZ = 1;
  private static final int DYNAMIC = 7;

  private static final int SUPPRESS_INEXACT = 8;
  private static final int ROUND_BY_MXCSR = 4;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final FloatLowering floats;

  ConversionLowering(Emission out, FloatLowering floats) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.floats = floats;
  }

  /** What differs between the two source precisions. */
  enum Precision {
    SINGLE(
        Avx.ToInteger.VCVTTSS2SI,
        Avx.ToInteger.VCVTSS2SI,
        Avx.FromInteger.VCVTSI2SS,
        Avx.BinaryImm.VROUNDSS,
        Avx.Unary.VUCOMISS,
        Avx.Binary.VADDSS,
        FloatConstants.MINUS_ONE_S,
        FloatConstants.TWO_TO_32_S,
        FloatConstants.TWO_TO_63_S),
    DOUBLE(
        Avx.ToInteger.VCVTTSD2SI,
        Avx.ToInteger.VCVTSD2SI,
        Avx.FromInteger.VCVTSI2SD,
        Avx.BinaryImm.VROUNDSD,
        Avx.Unary.VUCOMISD,
        Avx.Binary.VADDSD,
        FloatConstants.MINUS_ONE_D,
        FloatConstants.TWO_TO_32_D,
        FloatConstants.TWO_TO_63_D);

    private final Avx.ToInteger truncate;
    private final Avx.ToInteger convert;
    private final Avx.FromInteger fromInteger;
    private final Avx.BinaryImm round;
    private final Avx.Unary compare;
    private final Avx.Binary add;
    private final FloatConstants minusOne;
    private final FloatConstants twoTo32;
    private final FloatConstants twoTo63;

    Precision(
        Avx.ToInteger truncate,
        Avx.ToInteger convert,
        Avx.FromInteger fromInteger,
        Avx.BinaryImm round,
        Avx.Unary compare,
        Avx.Binary add,
        FloatConstants minusOne,
        FloatConstants twoTo32,
        FloatConstants twoTo63) {
      this.truncate = truncate;
      this.convert = convert;
      this.fromInteger = fromInteger;
      this.round = round;
      this.compare = compare;
      this.add = add;
      this.minusOne = minusOne;
      this.twoTo32 = twoTo32;
      this.twoTo63 = twoTo63;
    }
  }

  /**
   * To a signed integer of {@code size} bytes. The host gives the most negative integer for what
   * does not fit; subtracting 1 from it overflows.
   */
  void toSigned(int id, Precision p, int size) {
    int mode = (int) out.block.imm(id);
    Xmm a = regs.useXmm(out.block.a(id));
    Gpr t = regs.scratchGpr();
    if (mode == RTZ) {
      asm.avx(p.truncate, size, t, a);
    } else if (mode == DYNAMIC) {
      asm.avx(p.convert, size, t, a);
    } else if (size == 8) {
      // Values too large for 64 bits are integers, so rounding them raises nothing.
      Xmm rounded = regs.scratchXmm();
      asm.avx(p.round, rounded, a, a, Mxcsr.hostRounding(mode));
      asm.avx(p.truncate, 8, t, rounded);
    } else {
      evaluateAlways(id);
      regs.defineIn(id, t);
      return;
    }
    asm.cmp(size, t, 1);
    asm.jcc(Cond.O, out.evaluate(id));
    if (size == 4) {
      asm.movsxd(t, t);
    }
    regs.defineIn(id, t);
  }

  /** To an unsigned integer, through a 64-bit conversion of what lies in (-1, limit). */
  void toUnsigned(int id, Precision p, int size) {
    Xmm a = regs.useXmm(out.block.a(id));
    Gpr t = regs.scratchGpr();
    if ((int) out.block.imm(id) != RTZ) {
      evaluateAlways(id);
      regs.defineIn(id, t);
      return;
    }
    asm.avx(p.compare, a, p.minusOne.mem());
    asm.jcc(Cond.BE, out.evaluate(id));
    Xmm limit = regs.scratchXmm();
    asm.vmovsd(limit, (size == 4 ? p.twoTo32 : p.twoTo63).mem());
    asm.avx(p.compare, limit, a);
    asm.jcc(Cond.BE, out.evaluate(id));
    asm.avx(p.truncate, 8, t, a);
    if (size == 4) {
      asm.movsxd(t, t);
    }
    regs.defineIn(id, t);
  }

  void fromSigned(int id, Precision p, int size) {
    requireRoundingUnlessExact(id, p, size);
    Gpr a = regs.useGpr(out.block.a(id));
    Xmm d = regs.defineXmm(id);
    asm.avx(Avx.Binary.VXORPD, d, d, d);
    asm.avx(p.fromInteger, size, d, d, a);
  }

  /** A double holds any word, so the rounding mode that gcc encodes there does not matter. */
  private void requireRoundingUnlessExact(int id, Precision p, int size) {
    if (p != Precision.DOUBLE || size != 4) {
      floats.requireRounding(id);
    }
  }

  void fromUnsignedWord(int id, Precision p) {
    requireRoundingUnlessExact(id, p, 4);
    Gpr a = regs.useGpr(out.block.a(id));
    Gpr t = regs.scratchGpr();
    asm.mov(4, t, a);
    Xmm d = regs.defineXmm(id);
    asm.avx(Avx.Binary.VXORPD, d, d, d);
    asm.avx(p.fromInteger, 8, d, d, t);
  }

  /**
   * Halves values of 2^63 and more, keeping the lost bit as a sticky one, and doubles the result.
   */
  void fromUnsignedLong(int id, Precision p) {
    floats.requireRounding(id);
    Gpr a = regs.useGpr(out.block.a(id));
    Gpr half = regs.scratchGpr();
    Gpr sticky = regs.scratchGpr();
    Xmm d = regs.defineXmm(id);
    Label done = new Label();
    asm.avx(Avx.Binary.VXORPD, d, d, d);
    asm.test(8, a, a);
    asm.jcc(
        Cond.S,
        out.cold(
            () -> {
              asm.mov(8, half, a);
              asm.mov(4, sticky, a);
              asm.shift(ShiftOp.SHR, 8, half, 1);
              asm.and(4, sticky, 1);
              asm.or(8, half, sticky);
              asm.avx(p.fromInteger, 8, d, d, half);
              asm.avx(p.add, d, d, d);
              asm.jmp(done);
            }));
    asm.avx(p.fromInteger, 8, d, d, a);
    asm.bind(done);
  }

  /** Between the two precisions; {@code op} rounds by MXCSR when it narrows, else it is exact. */
  void betweenFormats(Avx.Binary op, int id) {
    if (op == Avx.Binary.VCVTSD2SS) {
      floats.requireRounding(id);
    }
    Xmm a = regs.useXmm(out.block.a(id));
    asm.avx(op, regs.defineXmm(id), a, a);
  }

  /** Zfa fround and froundnx. */
  void roundToIntegral(int id, Precision p, boolean inexact) {
    int mode = (int) out.block.imm(id);
    Xmm a = regs.useXmm(out.block.a(id));
    int control = mode == DYNAMIC ? ROUND_BY_MXCSR : Mxcsr.hostRounding(mode);
    asm.avx(p.round, regs.defineXmm(id), a, a, control | (inexact ? 0 : SUPPRESS_INEXACT));
  }

  private void evaluateAlways(int id) {
    asm.jmp(out.evaluate(id));
  }
}
