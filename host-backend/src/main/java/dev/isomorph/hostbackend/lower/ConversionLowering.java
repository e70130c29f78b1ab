package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;

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
    Gpr a = regs.useGpr(out.block.a(id));
    if (mayRound(id, p, size)) {
      requireRounding(id, p, size, a, regs.scratchGpr(), true);
    }
    Xmm d = regs.defineXmm(id);
    asm.avx(Avx.Binary.VXORPD, d, d, d);
    asm.avx(p.fromInteger, size, d, d, a);
  }

  void fromUnsignedWord(int id, Precision p) {
    Gpr a = regs.useGpr(out.block.a(id));
    Gpr t = regs.scratchGpr();
    if (mayRound(id, p, 4)) {
      requireRounding(id, p, 4, a, t, false);
    }
    asm.mov(4, t, a);
    Xmm d = regs.defineXmm(id);
    asm.avx(Avx.Binary.VXORPD, d, d, d);
    asm.avx(p.fromInteger, 8, d, d, t);
  }

  /** Whether an integer of {@code size} bytes may be rounded by a static mode. */
  private boolean mayRound(int id, Precision p, int size) {
    return out.block.imm(id) != FloatLowering.DYNAMIC && size * Byte.SIZE > p.significandBits();
  }

  /**
   * Makes sure that the host rounds as a static mode asks, or has nothing to round: integers that
   * the float has enough bits for. C libraries convert these in the mode by which they have rounded
   * a float to one just before.
   */
  private void requireRounding(int id, Precision p, int size, Gpr a, Gpr high, boolean signed) {
    int mode = (int) out.block.imm(id);
    // Not within what is emitted out of line: that comes when the block may be another one.
    Label evaluate = out.evaluate(id);
    Label done = new Label();
    asm.mov(size, high, a);
    asm.shift(signed ? ShiftOp.SAR : ShiftOp.SHR, size, high, p.significandBits());
    if (signed) {
      asm.add(size, high, 1);
    }
    asm.cmp(size, high, signed ? 1 : 0);
    boolean isHosts = Mxcsr.isHostRounding(mode);
    asm.jcc(Cond.A, isHosts ? out.cold(() -> compare(mode, evaluate, done)) : evaluate);
    asm.bind(done);
  }

  private void compare(int mode, Label evaluate, Label done) {
    asm.cmp(4, state(RegisterFile.FRM), mode);
    asm.jcc(Cond.NE, evaluate);
    asm.jmp(done);
  }

  /**
   * Halves values of 2^63 and more, keeping the lost bit as a sticky one, and doubles the result.
   */
  void fromUnsignedLong(int id, Precision p) {
    Gpr a = regs.useGpr(out.block.a(id));
    Gpr half = regs.scratchGpr();
    if (mayRound(id, p, 8)) {
      requireRounding(id, p, 8, a, half, false);
    }
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
