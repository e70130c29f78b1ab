package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * Load-reserved, store-conditional and atomic memory operations (ISA manual, chapter "A"). The IR
 * operations are sequentially consistent, so aq and rl add nothing.
 */
final class AtomicInstructions {
  private AtomicInstructions() {}

  static Flow lrW(Emitter e) {
    return e.unary(LR32);
  }

  static Flow lrD(Emitter e) {
    return e.unary(LR64);
  }

  static Flow scW(Emitter e) {
    return e.registers(SC32);
  }

  static Flow scD(Emitter e) {
    return e.registers(SC64);
  }

  static Flow amoswapW(Emitter e) {
    return amo(e, AMO32, AmoKind.SWAP);
  }

  static Flow amoswapD(Emitter e) {
    return amo(e, AMO64, AmoKind.SWAP);
  }

  static Flow amoaddW(Emitter e) {
    return amo(e, AMO32, AmoKind.ADD);
  }

  static Flow amoaddD(Emitter e) {
    return amo(e, AMO64, AmoKind.ADD);
  }

  static Flow amoxorW(Emitter e) {
    return amo(e, AMO32, AmoKind.XOR);
  }

  static Flow amoxorD(Emitter e) {
    return amo(e, AMO64, AmoKind.XOR);
  }

  static Flow amoandW(Emitter e) {
    return amo(e, AMO32, AmoKind.AND);
  }

  static Flow amoandD(Emitter e) {
    return amo(e, AMO64, AmoKind.AND);
  }

  static Flow amoorW(Emitter e) {
    return amo(e, AMO32, AmoKind.OR);
  }

  static Flow amoorD(Emitter e) {
    return amo(e, AMO64, AmoKind.OR);
  }

  static Flow amominW(Emitter e) {
    return amo(e, AMO32, AmoKind.MIN);
  }

  static Flow amominD(Emitter e) {
    return amo(e, AMO64, AmoKind.MIN);
  }

  static Flow amomaxW(Emitter e) {
    return amo(e, AMO32, AmoKind.MAX);
  }

  static Flow amomaxD(Emitter e) {
    return amo(e, AMO64, AmoKind.MAX);
  }

  static Flow amominuW(Emitter e) {
    return amo(e, AMO32, AmoKind.MINU);
  }

  static Flow amominuD(Emitter e) {
    return amo(e, AMO64, AmoKind.MINU);
  }

  static Flow amomaxuW(Emitter e) {
    return amo(e, AMO32, AmoKind.MAXU);
  }

  static Flow amomaxuD(Emitter e) {
    return amo(e, AMO64, AmoKind.MAXU);
  }

  private static Flow amo(Emitter e, IrOp op, AmoKind kind) {
    return e.setRd(e.emit(op, e.rs1(), e.rs2(), IrBlock.NONE, kind.ordinal()));
  }
}
