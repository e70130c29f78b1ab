package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterAllocator.NO_MEMORY;

import dev.isomorph.hostbackend.CpuFeatures.Feature;
import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Gpr;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Mem;
import dev.isomorph.hostbackend.asm.Xmm;

/**
 * Lowers float arithmetic, comparisons, boxing and sign injection to AVX scalar instructions.
 *
 * <p>Where x86 differs from RISC-V the difference is either mended in place (NaNs) or, where it is
 * rare (a single that is not boxed, a static rounding mode other than the current one), the whole
 * instruction goes to the evaluator; state is as before the instruction then.
 */
final class FloatLowering {
  static final int DYNAMIC = 7;

  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;
  private final LoadOperands loads;

  FloatLowering(Emission out, LoadOperands loads) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
    this.loads = loads;
  }

  /** Makes sure the host rounds as operation {@code id} asks. */
  void requireRounding(int id) {
    int mode = (int) out.block.imm(id);
    if (mode != DYNAMIC) {
      asm.cmp(4, state(RegisterFile.FRM), mode);
      asm.jcc(Cond.NE, out.evaluate(id));
    }
  }

  void arithmetic(Avx.Binary op, int id) {
    requireRounding(id);
    Xmm a = regs.useXmm(out.block.a(id));
    Mem memory = loads.find(out.block.b(id));
    if (memory != null) {
      asm.avx(op, regs.defineXmm(id), a, memory);
    } else {
      Xmm b = regs.useXmm(out.block.b(id));
      asm.avx(op, regs.defineXmm(id), a, b);
    }
  }

  void squareRoot(Avx.Binary op, int id) {
    requireRounding(id);
    Xmm a = regs.useXmm(out.block.a(id));
    asm.avx(op, regs.defineXmm(id), a, a);
  }

  /**
   * {@code op} is the 231 form: destination = ±(a × b) ± destination. For any NaN the canonical
   * one.
   */
  void multiplyAdd(int id, Precision p, Avx.Binary op) {
    if (!out.cpu.has(Feature.FMA)) {
      out.evaluateInstead(id);
      return;
    }
    requireRounding(id);
    Xmm a = regs.useXmm(out.block.a(id));
    Xmm b = regs.useXmm(out.block.b(id));
    boolean inPlace = isApart(id, out.block.a(id)) && isApart(id, out.block.b(id));
    Xmm sum = regs.useXmm(out.block.c(id));
    Xmm d = inPlace ? regs.defineXmmFrom(id, out.block.c(id), -1) : regs.scratchXmm();
    if (!inPlace) {
      asm.avx(Avx.Move.VMOVAPS, d, sum);
    }
    asm.avx(op, d, a, b);
    asm.avx(p.compare, d, d);
    Label done = new Label();
    asm.jcc(Cond.P, out.cold(() -> fusedNan(p, d, a, b, done)));
    asm.bind(done);
    if (!inPlace) {
      regs.defineIn(id, d);
    }
  }

  /** Whether a factor survives if the result is computed where the addend is. */
  private boolean isApart(int id, int factor) {
    return !regs.targets(id, factor) && regs.resolve(factor) != regs.resolve(out.block.c(id));
  }

  /** RISC-V raises NV for inf × 0 + qNaN and x86 does not; multiplying tells. */
  private void fusedNan(Precision p, Xmm d, Xmm a, Xmm b, Label done) {
    Label raised = new Label();
    Label same = new Label();
    Mem before = state(RegisterFile.TEMP);
    Mem after = state(RegisterFile.TEMP + Integer.BYTES);
    asm.vstmxcsr(before);
    asm.test(4, before, Mxcsr.INVALID);
    asm.jcc(Cond.NE, raised);
    asm.avx(p.multiply, d, a, b);
    asm.vstmxcsr(after);
    asm.test(4, after, Mxcsr.INVALID);
    asm.jcc(Cond.E, same);
    asm.or(4, before, Mxcsr.INVALID);
    asm.bind(same);
    asm.vldmxcsr(before);
    asm.bind(raised);
    asm.vmovsd(d, p.nan.mem());
    asm.jmp(done);
  }

  /** The canonical NaN for any NaN. */
  void canonicalize(int id, Precision p) {
    Xmm d = regs.defineXmmFrom(id, out.block.a(id), -1);
    asm.avx(p.compare, d, d);
    Label done = new Label();
    asm.jcc(
        Cond.P,
        out.cold(
            () -> {
              asm.vmovsd(d, p.nan.mem());
              asm.jmp(done);
            }));
    asm.bind(done);
  }

  /** A single whose upper half is not all ones goes to the evaluator; the others are themselves. */
  void unbox(int id) {
    int a = out.block.a(id);
    int memory = regs.memoryOperand(a);
    if (memory != NO_MEMORY) {
      asm.cmp(4, state(memory + 4), -1);
      asm.jcc(Cond.NE, out.evaluate(id));
    } else {
      asm.avx(Avx.Unary.VPTEST, regs.useXmm(a), FloatConstants.BOX.mem());
      asm.jcc(Cond.AE, out.evaluate(id));
    }
    regs.alias(id, a);
  }

  void box(int id) {
    Xmm a = regs.useXmm(out.block.a(id));
    asm.avx(Avx.Binary.VORPS, regs.defineXmm(id), a, FloatConstants.BOX.mem());
  }

  // Sign injection.

  enum Sign {
    COPY,
    NEGATE,
    XOR
  }

  void injectSign(int id, Sign sign, FloatConstants signBit, FloatConstants magnitude) {
    int a = out.block.a(id);
    int b = out.block.b(id);
    if (regs.resolve(a) == regs.resolve(b)) {
      injectOwnSign(id, a, sign, signBit, magnitude);
      return;
    }
    Xmm x = regs.useXmm(a);
    Xmm y = regs.useXmm(b);
    Xmm s = regs.scratchXmm();
    asm.avx(sign == Sign.NEGATE ? Avx.Binary.VANDNPD : Avx.Binary.VANDPD, s, y, signBit.mem());
    Xmm d = regs.defineXmm(id);
    if (sign == Sign.XOR) {
      asm.avx(Avx.Binary.VXORPD, d, x, s);
    } else {
      asm.avx(Avx.Binary.VANDPD, d, x, magnitude.mem());
      asm.avx(Avx.Binary.VORPD, d, d, s);
    }
  }

  private void injectOwnSign(
      int id, int a, Sign sign, FloatConstants signBit, FloatConstants magnitude) {
    if (sign == Sign.COPY) {
      regs.alias(id, a);
      return;
    }
    Xmm x = regs.useXmm(a);
    Xmm d = regs.defineXmm(id);
    if (sign == Sign.NEGATE) {
      asm.avx(Avx.Binary.VXORPD, d, x, signBit.mem());
    } else {
      asm.avx(Avx.Binary.VANDPD, d, x, magnitude.mem());
    }
  }

  // Comparison.

  /** {@code predicate} is that of vcmpsd: which relation, and whether quiet NaNs signal. */
  void compare(int id, Avx.BinaryImm op, int predicate) {
    Xmm a = regs.useXmm(out.block.a(id));
    Xmm b = regs.useXmm(out.block.b(id));
    Xmm mask = regs.scratchXmm();
    asm.avx(op, mask, a, b, predicate);
    Gpr d = regs.defineGpr(id);
    asm.vmovd(d, mask);
    asm.and(4, d, 1);
  }

  // Moves and flags.

  void toBits(int id) {
    int memory = regs.memoryOperand(out.block.a(id));
    if (memory != NO_MEMORY) {
      asm.mov(8, regs.defineGpr(id), state(memory));
    } else {
      Xmm a = regs.useXmm(out.block.a(id));
      asm.vmovq(regs.defineGpr(id), a);
    }
  }

  void fromBits(int id) {
    int memory = regs.memoryOperand(out.block.a(id));
    if (memory != NO_MEMORY) {
      asm.vmovsd(regs.defineXmm(id), state(memory));
    } else {
      Gpr a = regs.useGpr(out.block.a(id));
      asm.vmovq(regs.defineXmm(id), a);
    }
  }

  void readFlags(int id) {
    asm.vstmxcsr(state(RegisterFile.TEMP));
    Gpr d = regs.defineGpr(id);
    asm.mov(4, d, state(RegisterFile.TEMP));
    asm.and(4, d, Mxcsr.FLAGS);
    asm.movzx(1, d, Mem.of(RegisterMap.STATE, d, 1, RegisterFile.FLAGS_FROM_MXCSR));
  }

  void writeFlags(int id) {
    Gpr value = regs.useGpr(out.block.a(id));
    Gpr flags = regs.scratchGpr();
    asm.mov(4, flags, value);
    asm.and(4, flags, 31);
    asm.movzx(1, flags, Mem.of(RegisterMap.STATE, flags, 1, RegisterFile.FLAGS_TO_MXCSR));
    asm.vstmxcsr(state(RegisterFile.TEMP));
    asm.xor(4, flags, state(RegisterFile.TEMP));
    asm.and(4, flags, Mxcsr.GUEST_FLAGS);
    // Loading MXCSR is dear, and libm mostly restores flags that have not changed.
    Label done = new Label();
    asm.jcc(
        Cond.NE,
        out.cold(
            () -> {
              asm.xor(4, state(RegisterFile.TEMP), flags);
              asm.vldmxcsr(state(RegisterFile.TEMP));
              asm.jmp(done);
            }));
    asm.bind(done);
  }
}
