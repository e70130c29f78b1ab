package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

/**
 * What single precision has of its own (ISA manual, chapter "F"). Transfers of raw bits take the
 * low half of a register as it is, boxed or not.
 */
final class SingleFloatInstructions {
  private SingleFloatInstructions() {}

  static Flow flw(Emitter e) {
    return Precision.SINGLE.setFd(e, e.load(LDF_S));
  }

  static Flow fsw(Emitter e) {
    return e.store(STF_S, e.rs1(), e.f(e.instruction().rs2()));
  }

  static Flow fmvXW(Emitter e) {
    return e.setRd(e.emit(SEXT32, e.emit(FLOAT_TO_BITS, e.f(e.instruction().rs1()))));
  }

  static Flow fmvWX(Emitter e) {
    return Precision.SINGLE.setFd(e, e.emit(BITS_TO_FLOAT, e.rs1()));
  }
}
