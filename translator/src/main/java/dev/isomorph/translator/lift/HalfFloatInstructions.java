package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Half-precision transfers and conversions (ISA manual, chapter "Zfhmin"). The IR has no loads,
 * stores and boxes of half values: they are made of integer operations.
 */
final class HalfFloatInstructions {
  /**
   * The upper bits of a properly boxed half value; as unsigned numbers, boxed ones are not less.
   */
  private static final long BOX = -1L << 16;

  private static final long CANONICAL_NAN = 0x7e00;

  private HalfFloatInstructions() {}

  static Flow flh(Emitter e) {
    return setFd(e, e.load(LD16U));
  }

  static Flow fsh(Emitter e) {
    return e.store(ST16, e.rs1(), bits(e, e.instruction().rs2()));
  }

  static Flow fmvXH(Emitter e) {
    return e.setRd(e.emit(SEXT16, bits(e, e.instruction().rs1())));
  }

  static Flow fmvHX(Emitter e) {
    return setFd(e, e.rs1());
  }

  static Flow fcvtSH(Emitter e) {
    return widen(e, FCVT_S_H, Precision.SINGLE);
  }

  static Flow fcvtDH(Emitter e) {
    return widen(e, FCVT_D_H, Precision.DOUBLE);
  }

  static Flow fcvtHS(Emitter e) {
    return narrow(e, FCVT_H_S, Precision.SINGLE);
  }

  static Flow fcvtHD(Emitter e) {
    return narrow(e, FCVT_H_D, Precision.DOUBLE);
  }

  private static Flow widen(Emitter e, IrOp op, Precision to) {
    Instruction i = e.instruction();
    int bits = bits(e, i.rs1());
    int boxed = e.emit(CMPGEU, bits, e.constant(BOX));
    int half = e.emit(SELECT, boxed, bits, e.constant(CANONICAL_NAN));
    int value = e.emit(BITS_TO_FLOAT, half);
    return to.setCanonicalFd(e, e.emit(op, value, IrBlock.NONE, IrBlock.NONE, i.rm()));
  }

  private static Flow narrow(Emitter e, IrOp op, Precision from) {
    Instruction i = e.instruction();
    int value = from.read(e, i.rs1());
    int half = e.emit(op, value, IrBlock.NONE, IrBlock.NONE, i.rm());
    return setFd(e, e.emit(FLOAT_TO_BITS, half));
  }

  /** The raw bits of a float register. */
  private static int bits(Emitter e, int register) {
    return e.emit(FLOAT_TO_BITS, e.f(register));
  }

  /** Writes the half value in the low 16 of {@code bits}, boxed. */
  private static Flow setFd(Emitter e, int bits) {
    return e.setFd(e.emit(BITS_TO_FLOAT, e.emit(OR, bits, e.constant(BOX))));
  }
}
