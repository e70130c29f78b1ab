package dev.isomorph.hostbackend.lower;

import static dev.isomorph.hostbackend.lower.Emission.state;
import static dev.isomorph.hostbackend.lower.RegisterAllocator.NO_MEMORY;

import dev.isomorph.hostbackend.asm.Assembler;
import dev.isomorph.hostbackend.asm.Avx;
import dev.isomorph.hostbackend.asm.Cond;
import dev.isomorph.hostbackend.asm.Label;
import dev.isomorph.hostbackend.asm.Xmm;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Lowers branches of regions on a comparison of floats that nobody else wants: vucomisd raises NV
 * for signalling NaNs, vcomisd for quiet ones, too. For a NaN both set the flags of equal and
 * below.
 */
final class FloatBranchLowering {
  private final Emission out;
  private final Assembler asm;
  private final RegisterAllocator regs;

  FloatBranchLowering(Emission out) {
    this.out = out;
    this.asm = out.asm;
    this.regs = out.regs;
  }

  /** Goes to {@code target} if the comparison that operation {@code id} looks at turns out so. */
  void branch(int id, Label target) {
    IrBlock block = out.block;
    int comparison = block.a(id);
    int a = block.a(comparison);
    int b = block.b(comparison);
    boolean ifSo = block.op(id) == IrOp.EXIT_NE;
    switch (block.op(comparison)) {
      case FEQ_S -> ifEqual(Avx.Unary.VUCOMISS, a, b, ifSo, target);
      case FEQ_D -> ifEqual(Avx.Unary.VUCOMISD, a, b, ifSo, target);
      case FLT_S -> ifAbove(Avx.Unary.VCOMISS, a, b, ifSo ? Cond.A : Cond.BE, target);
      case FLT_D -> ifAbove(Avx.Unary.VCOMISD, a, b, ifSo ? Cond.A : Cond.BE, target);
      case FLE_S -> ifAbove(Avx.Unary.VCOMISS, a, b, ifSo ? Cond.AE : Cond.B, target);
      case FLE_D -> ifAbove(Avx.Unary.VCOMISD, a, b, ifSo ? Cond.AE : Cond.B, target);
      case FLTQ_S -> ifAbove(Avx.Unary.VUCOMISS, a, b, ifSo ? Cond.A : Cond.BE, target);
      case FLTQ_D -> ifAbove(Avx.Unary.VUCOMISD, a, b, ifSo ? Cond.A : Cond.BE, target);
      case FLEQ_S -> ifAbove(Avx.Unary.VUCOMISS, a, b, ifSo ? Cond.AE : Cond.B, target);
      case FLEQ_D -> ifAbove(Avx.Unary.VUCOMISD, a, b, ifSo ? Cond.AE : Cond.B, target);
      default -> throw new IllegalArgumentException(block.op(comparison).toString());
    }
  }

  /** Compares the second operand with the first. */
  private void ifAbove(Avx.Unary op, int a, int b, Cond cond, Label target) {
    compare(op, b, a);
    asm.jcc(cond, target);
  }

  private void ifEqual(Avx.Unary op, int a, int b, boolean ifSo, Label target) {
    compare(op, a, b);
    if (ifSo) {
      Label unequal = new Label();
      asm.jcc(Cond.P, unequal);
      asm.jcc(Cond.E, target);
      asm.bind(unequal);
    } else {
      asm.jcc(Cond.NE, target);
      asm.jcc(Cond.P, target);
    }
  }

  private void compare(Avx.Unary op, int one, int other) {
    Xmm register = regs.useXmm(one);
    int memory = regs.memoryOperand(other);
    if (memory != NO_MEMORY) {
      asm.avx(op, register, state(memory));
    } else {
      asm.avx(op, register, regs.useXmm(other));
    }
  }
}
