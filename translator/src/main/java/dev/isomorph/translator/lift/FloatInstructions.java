package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.decoder.Instruction;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;

/**
 * The instructions that single and double precision have alike, each written once (ISA manual,
 * chapters "F" and "D").
 */
final class FloatInstructions {
  private FloatInstructions() {}

  static Flow fadd(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FADD_S, FADD_D));
  }

  static Flow fsub(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FSUB_S, FSUB_D));
  }

  static Flow fmul(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FMUL_S, FMUL_D));
  }

  static Flow fdiv(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FDIV_S, FDIV_D));
  }

  static Flow fsqrt(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FSQRT_S, FSQRT_D));
  }

  static Flow fmadd(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FMADD_S, FMADD_D));
  }

  static Flow fmsub(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FMSUB_S, FMSUB_D));
  }

  static Flow fnmsub(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FNMSUB_S, FNMSUB_D));
  }

  static Flow fnmadd(Emitter e, Precision p) {
    return arithmetic(e, p, p.pick(FNMADD_S, FNMADD_D));
  }

  /** fd = op(fs1, fs2, fs3), rounded; as many operands as the operation has. */
  static Flow arithmetic(Emitter e, Precision p, IrOp op) {
    Instruction i = e.instruction();
    int a = p.read(e, i.rs1());
    int b = op.operands() > 1 ? p.read(e, i.rs2()) : IrBlock.NONE;
    int c = op.operands() > 2 ? p.read(e, i.rs3()) : IrBlock.NONE;
    int value = e.emit(op, a, b, c, i.rm());
    return op.isFusedMultiplyAdd() ? p.setFd(e, value) : p.setCanonicalFd(e, value);
  }

  static Flow fmin(Emitter e, Precision p) {
    return choice(e, p, p.pick(FMIN_S, FMIN_D));
  }

  static Flow fmax(Emitter e, Precision p) {
    return choice(e, p, p.pick(FMAX_S, FMAX_D));
  }

  static Flow fsgnj(Emitter e, Precision p) {
    return choice(e, p, p.pick(FSGNJ_S, FSGNJ_D));
  }

  static Flow fsgnjn(Emitter e, Precision p) {
    return choice(e, p, p.pick(FSGNJN_S, FSGNJN_D));
  }

  static Flow fsgnjx(Emitter e, Precision p) {
    return choice(e, p, p.pick(FSGNJX_S, FSGNJX_D));
  }

  /** fd = op(fs1, fs2), which is one of the operands up to its sign, or the canonical NaN. */
  static Flow choice(Emitter e, Precision p, IrOp op) {
    Instruction i = e.instruction();
    return p.setFd(e, e.emit(op, p.read(e, i.rs1()), p.read(e, i.rs2())));
  }

  static Flow feq(Emitter e, Precision p) {
    return comparison(e, p, p.pick(FEQ_S, FEQ_D));
  }

  static Flow flt(Emitter e, Precision p) {
    return comparison(e, p, p.pick(FLT_S, FLT_D));
  }

  static Flow fle(Emitter e, Precision p) {
    return comparison(e, p, p.pick(FLE_S, FLE_D));
  }

  /** rd = op(fs1, fs2). */
  static Flow comparison(Emitter e, Precision p, IrOp op) {
    Instruction i = e.instruction();
    return e.setRd(e.emit(op, p.read(e, i.rs1()), p.read(e, i.rs2())));
  }

  static Flow fclass(Emitter e, Precision p) {
    return e.setRd(e.emit(p.pick(FCLASS_S, FCLASS_D), p.read(e, e.instruction().rs1())));
  }

  static Flow fcvtW(Emitter e, Precision p) {
    return toInteger(e, p, p.pick(FCVT_W_S, FCVT_W_D));
  }

  static Flow fcvtWu(Emitter e, Precision p) {
    return toInteger(e, p, p.pick(FCVT_WU_S, FCVT_WU_D));
  }

  static Flow fcvtL(Emitter e, Precision p) {
    return toInteger(e, p, p.pick(FCVT_L_S, FCVT_L_D));
  }

  static Flow fcvtLu(Emitter e, Precision p) {
    return toInteger(e, p, p.pick(FCVT_LU_S, FCVT_LU_D));
  }

  private static Flow toInteger(Emitter e, Precision p, IrOp op) {
    Instruction i = e.instruction();
    return e.setRd(e.emit(op, p.read(e, i.rs1()), IrBlock.NONE, IrBlock.NONE, i.rm()));
  }

  static Flow fcvtFromW(Emitter e, Precision p) {
    return fromInteger(e, p, p.pick(FCVT_S_W, FCVT_D_W));
  }

  static Flow fcvtFromWu(Emitter e, Precision p) {
    return fromInteger(e, p, p.pick(FCVT_S_WU, FCVT_D_WU));
  }

  static Flow fcvtFromL(Emitter e, Precision p) {
    return fromInteger(e, p, p.pick(FCVT_S_L, FCVT_D_L));
  }

  static Flow fcvtFromLu(Emitter e, Precision p) {
    return fromInteger(e, p, p.pick(FCVT_S_LU, FCVT_D_LU));
  }

  private static Flow fromInteger(Emitter e, Precision p, IrOp op) {
    int rm = e.instruction().rm();
    return p.setFd(e, e.emit(op, e.rs1(), IrBlock.NONE, IrBlock.NONE, rm));
  }
}
