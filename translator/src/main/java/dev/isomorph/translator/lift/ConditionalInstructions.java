package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.SELECT;

/** Integer conditional operations (ISA manual, chapter "Zicond"). */
final class ConditionalInstructions {
  private ConditionalInstructions() {}

  static Flow czeroEqz(Emitter e) {
    return e.setRd(e.emit(SELECT, e.rs2(), e.rs1(), e.constant(0)));
  }

  static Flow czeroNez(Emitter e) {
    return e.setRd(e.emit(SELECT, e.rs2(), e.constant(0), e.rs1()));
  }
}
