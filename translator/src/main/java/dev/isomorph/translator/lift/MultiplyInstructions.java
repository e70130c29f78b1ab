package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

/** Integer multiplication and division (ISA manual, chapter "M"). */
final class MultiplyInstructions {
  private MultiplyInstructions() {}

  static Flow mul(Emitter e) {
    return e.registers(MUL);
  }

  static Flow mulh(Emitter e) {
    return e.registers(MULH);
  }

  static Flow mulhsu(Emitter e) {
    return e.registers(MULHSU);
  }

  static Flow mulhu(Emitter e) {
    return e.registers(MULHU);
  }

  static Flow div(Emitter e) {
    return e.registers(DIV);
  }

  static Flow divu(Emitter e) {
    return e.registers(DIVU);
  }

  static Flow rem(Emitter e) {
    return e.registers(REM);
  }

  static Flow remu(Emitter e) {
    return e.registers(REMU);
  }

  static Flow mulw(Emitter e) {
    return e.wordRegisters(MUL32);
  }

  static Flow divw(Emitter e) {
    return e.wordRegisters(DIV32);
  }

  static Flow divuw(Emitter e) {
    return e.wordRegisters(DIVU32);
  }

  static Flow remw(Emitter e) {
    return e.wordRegisters(REM32);
  }

  static Flow remuw(Emitter e) {
    return e.wordRegisters(REMU32);
  }
}
