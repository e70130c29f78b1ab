package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Xmm;

/** Lowers minima and maxima of floats. */
final class MinMaxLowering {
  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  MinMaxLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  /** What a minimum or maximum is if an operand is NaN; jumps to {@code done} or goes on. */
  private interface OfNan {
    void emit(Xmm d, Xmm a, Xmm b, Label done);
  }

  /** Minimum and maximum: the canonical NaN if either operand is NaN. */
  void minMax(int id, Precision p, Avx.Binary op, Avx.Binary whenEqual) {
    minMax(id, p, op, whenEqual, (d, a, b, done) -> asm.vmovsd(d, p.nan.mem()));
  }

  /** Minimum and maximum number: an operand that is NaN does not count if the other is none. */
  void minMaxNumber(int id, Precision p, Avx.Binary op, Avx.Binary whenEqual) {
    minMax(id, p, op, whenEqual, (d, a, b, done) -> otherThanNan(p, d, a, b, done));
  }

  private void otherThanNan(Precision p, Xmm d, Xmm a, Xmm b, Label done) {
    Label second = new Label();
    Label neither = new Label();
    asm.avx(p.compare, a, a);
    asm.jcc(Cond.P, second);
    asm.avx(Avx.Move.VMOVAPS, d, a);
    asm.jmp(done);
    asm.bind(second);
    asm.avx(p.compare, b, b);
    asm.jcc(Cond.P, neither);
    asm.avx(Avx.Move.VMOVAPS, d, b);
    asm.jmp(done);
    asm.bind(neither);
    asm.vmovsd(d, p.nan.mem());
  }

  /**
   * {@code op} is right for operands that are ordered and differ; equal ones (also zeros of both
   * signs) are or-ed for a minimum and and-ed for a maximum. Comparing raises NV for a signalling
   * NaN.
   */
  private void minMax(int id, Precision p, Avx.Binary op, Avx.Binary whenEqual, OfNan ofNan) {
    Xmm a = regs.useXmm(out.block.a(id));
    Xmm b = regs.useXmm(out.block.b(id));
    Xmm d = regs.defineXmm(id);
    Label done = new Label();
    asm.avx(p.compare, a, b);
    asm.jcc(
        Cond.E,
        out.cold(
            () -> {
              Label equal = new Label();
              asm.jcc(Cond.NP, equal);
              ofNan.emit(d, a, b, done);
              asm.jmp(done);
              asm.bind(equal);
              asm.avx(whenEqual, d, a, b);
              asm.jmp(done);
            }));
    asm.avx(op, d, a, b);
    asm.bind(done);
  }
}
