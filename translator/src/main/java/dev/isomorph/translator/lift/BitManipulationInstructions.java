package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.translator.ir.IrOp;

/** Address generation and bit manipulation (ISA manual, chapter "B": Zba, Zbb, Zbc, Zbs). */
final class BitManipulationInstructions {
  private BitManipulationInstructions() {}

  // Zba.

  static Flow addUw(Emitter e) {
    return e.setRd(e.emit(ADD, e.emit(ZEXT32, e.rs1()), e.rs2()));
  }

  static Flow slliUw(Emitter e) {
    return e.setRd(e.emit(SHL, e.emit(ZEXT32, e.rs1()), e.imm()));
  }

  static Flow sh1add(Emitter e) {
    return shiftAdd(e, e.rs1(), 1);
  }

  static Flow sh2add(Emitter e) {
    return shiftAdd(e, e.rs1(), 2);
  }

  static Flow sh3add(Emitter e) {
    return shiftAdd(e, e.rs1(), 3);
  }

  static Flow sh1addUw(Emitter e) {
    return shiftAdd(e, e.emit(ZEXT32, e.rs1()), 1);
  }

  static Flow sh2addUw(Emitter e) {
    return shiftAdd(e, e.emit(ZEXT32, e.rs1()), 2);
  }

  static Flow sh3addUw(Emitter e) {
    return shiftAdd(e, e.emit(ZEXT32, e.rs1()), 3);
  }

  private static Flow shiftAdd(Emitter e, int index, int shift) {
    return e.setRd(e.emit(ADD, e.emit(SHL, index, e.constant(shift)), e.rs2()));
  }

  // Zbb.

  static Flow andn(Emitter e) {
    return e.setRd(e.emit(AND, e.rs1(), e.not(e.rs2())));
  }

  static Flow orn(Emitter e) {
    return e.setRd(e.emit(OR, e.rs1(), e.not(e.rs2())));
  }

  static Flow xnor(Emitter e) {
    return e.setRd(e.not(e.emit(XOR, e.rs1(), e.rs2())));
  }

  static Flow clz(Emitter e) {
    return e.unary(CLZ);
  }

  static Flow clzw(Emitter e) {
    return e.unary(CLZ32);
  }

  static Flow ctz(Emitter e) {
    return e.unary(CTZ);
  }

  static Flow ctzw(Emitter e) {
    return e.unary(CTZ32);
  }

  static Flow cpop(Emitter e) {
    return e.unary(CPOP);
  }

  static Flow cpopw(Emitter e) {
    return e.unary(CPOP32);
  }

  static Flow min(Emitter e) {
    return lesser(e, CMPLT);
  }

  static Flow minu(Emitter e) {
    return lesser(e, CMPLTU);
  }

  private static Flow lesser(Emitter e, IrOp less) {
    int a = e.rs1();
    int b = e.rs2();
    return e.setRd(e.emit(SELECT, e.emit(less, a, b), a, b));
  }

  static Flow max(Emitter e) {
    return greater(e, CMPLT);
  }

  static Flow maxu(Emitter e) {
    return greater(e, CMPLTU);
  }

  private static Flow greater(Emitter e, IrOp less) {
    int a = e.rs1();
    int b = e.rs2();
    return e.setRd(e.emit(SELECT, e.emit(less, a, b), b, a));
  }

  static Flow sextB(Emitter e) {
    return e.unary(SEXT8);
  }

  static Flow sextH(Emitter e) {
    return e.unary(SEXT16);
  }

  static Flow zextH(Emitter e) {
    return e.unary(ZEXT16);
  }

  static Flow rol(Emitter e) {
    return e.registers(ROL);
  }

  static Flow ror(Emitter e) {
    return e.registers(ROR);
  }

  static Flow rori(Emitter e) {
    return e.immediate(ROR);
  }

  static Flow rolw(Emitter e) {
    return e.wordRegisters(ROL32);
  }

  static Flow rorw(Emitter e) {
    return e.wordRegisters(ROR32);
  }

  static Flow roriw(Emitter e) {
    return e.wordImmediate(ROR32);
  }

  static Flow orcB(Emitter e) {
    return e.unary(ORCB);
  }

  static Flow rev8(Emitter e) {
    return e.unary(BSWAP);
  }

  // Zbc.

  static Flow clmul(Emitter e) {
    return e.registers(CLMUL);
  }

  static Flow clmulh(Emitter e) {
    return e.registers(CLMULH);
  }

  static Flow clmulr(Emitter e) {
    return e.registers(CLMULR);
  }

  // Zbs.

  static Flow bclr(Emitter e) {
    return e.setRd(e.emit(AND, e.rs1(), e.not(bit(e, e.rs2()))));
  }

  static Flow bclri(Emitter e) {
    return e.setRd(e.emit(AND, e.rs1(), e.not(bit(e, e.imm()))));
  }

  static Flow bext(Emitter e) {
    return e.setRd(e.emit(AND, e.emit(SHR, e.rs1(), e.rs2()), e.constant(1)));
  }

  static Flow bexti(Emitter e) {
    return e.setRd(e.emit(AND, e.emit(SHR, e.rs1(), e.imm()), e.constant(1)));
  }

  static Flow binv(Emitter e) {
    return e.setRd(e.emit(XOR, e.rs1(), bit(e, e.rs2())));
  }

  static Flow binvi(Emitter e) {
    return e.setRd(e.emit(XOR, e.rs1(), bit(e, e.imm())));
  }

  static Flow bset(Emitter e) {
    return e.setRd(e.emit(OR, e.rs1(), bit(e, e.rs2())));
  }

  static Flow bseti(Emitter e) {
    return e.setRd(e.emit(OR, e.rs1(), bit(e, e.imm())));
  }

  private static int bit(Emitter e, int index) {
    return e.emit(SHL, e.constant(1), index);
  }
}
