package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/** What double precision has of its own (ISA manual, chapter "D"). */
final class DoubleFloatInstructions {
  private DoubleFloatInstructions() {}

  static Flow fld(Emitter e) {
    return e.setFd(e.load(LDF_D));
  }

  static Flow fsd(Emitter e) {
    return e.store(STF_D, e.rs1(), e.f(e.instruction().rs2()));
  }

  static Flow fmvXD(Emitter e) {
    return e.setRd(e.emit(FLOAT_TO_BITS, e.f(e.instruction().rs1())));
  }

  static Flow fmvDX(Emitter e) {
    return e.setFd(e.emit(BITS_TO_FLOAT, e.rs1()));
  }

  static Flow fcvtSD(Emitter e) {
    return convert(e, FCVT_S_D, Precision.DOUBLE, Precision.SINGLE);
  }

  static Flow fcvtDS(Emitter e) {
    return convert(e, FCVT_D_S, Precision.SINGLE, Precision.DOUBLE);
  }

  private static Flow convert(Emitter e, IrOp op, Precision from, Precision to) {
    Instruction i = e.instruction();
    int value = from.read(e, i.rs1());
    return to.setCanonicalFd(e, e.emit(op, value, IrBlock.NONE, IrBlock.NONE, i.rm()));
  }
}
