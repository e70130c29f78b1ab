package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.ShiftOp;
import dev.isomorph.hostbackend.asm.Xmm;

/** Lowers conversions from integers and between the formats of floats. */
final class ConversionLowering {
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
}
