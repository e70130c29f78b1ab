package dev.isomorph.translator.lift;

import static dev.isomorph.translator.ir.IrOp.*;

import dev.isomorph.translator.ir.IrOp;

/** RV32I and RV64I: computation, loads and stores (ISA manual, chapters of these names). */
final class IntegerInstructions {
  private IntegerInstructions() {}

  static Flow lui(Emitter e) {
    return e.setRd(e.imm());
  }

  static Flow auipc(Emitter e) {
    return e.setRd(e.constant(e.address(e.instruction().imm())));
  }

  static Flow addi(Emitter e) {
    return e.immediate(ADD);
  }

  static Flow slti(Emitter e) {
    return e.immediate(CMPLT);
  }

  static Flow sltiu(Emitter e) {
    return e.immediate(CMPLTU);
  }

  static Flow xori(Emitter e) {
    return e.immediate(XOR);
  }

  static Flow ori(Emitter e) {
    return e.immediate(OR);
  }

  static Flow andi(Emitter e) {
    return e.immediate(AND);
  }

  static Flow slli(Emitter e) {
    return e.immediate(SHL);
  }

  static Flow srli(Emitter e) {
    return e.immediate(SHR);
  }

  static Flow srai(Emitter e) {
    return e.immediate(SAR);
  }

  static Flow add(Emitter e) {
    return e.registers(ADD);
  }

  static Flow sub(Emitter e) {
    return e.registers(SUB);
  }

  static Flow sll(Emitter e) {
    return e.registers(SHL);
  }

  static Flow slt(Emitter e) {
    return e.registers(CMPLT);
  }

  static Flow sltu(Emitter e) {
    return e.registers(CMPLTU);
  }

  static Flow xor(Emitter e) {
    return e.registers(XOR);
  }

  static Flow srl(Emitter e) {
    return e.registers(SHR);
  }

  static Flow sra(Emitter e) {
    return e.registers(SAR);
  }

  static Flow or(Emitter e) {
    return e.registers(OR);
  }

  static Flow and(Emitter e) {
    return e.registers(AND);
  }

  static Flow addiw(Emitter e) {
    return e.wordImmediate(ADD32);
  }

  static Flow slliw(Emitter e) {
    return e.wordImmediate(SHL32);
  }

  static Flow srliw(Emitter e) {
    return e.wordImmediate(SHR32);
  }

  static Flow sraiw(Emitter e) {
    return e.wordImmediate(SAR32);
  }

  static Flow addw(Emitter e) {
    return e.wordRegisters(ADD32);
  }

  static Flow subw(Emitter e) {
    return e.wordRegisters(SUB32);
  }

  static Flow sllw(Emitter e) {
    return e.wordRegisters(SHL32);
  }

  static Flow srlw(Emitter e) {
    return e.wordRegisters(SHR32);
  }

  static Flow sraw(Emitter e) {
    return e.wordRegisters(SAR32);
  }

  static Flow lb(Emitter e) {
    return e.setRd(e.load(LD8S));
  }

  static Flow lh(Emitter e) {
    return e.setRd(e.load(LD16S));
  }

  static Flow lw(Emitter e) {
    return e.setRd(e.load(LD32S));
  }

  static Flow ld(Emitter e) {
    return e.setRd(e.load(LD64));
  }

  static Flow lbu(Emitter e) {
    return e.setRd(e.load(LD8U));
  }

  static Flow lhu(Emitter e) {
    return e.setRd(e.load(LD16U));
  }

  static Flow lwu(Emitter e) {
    return e.setRd(e.load(LD32U));
  }

  static Flow sb(Emitter e) {
    return store(e, ST8);
  }

  static Flow sh(Emitter e) {
    return store(e, ST16);
  }

  static Flow sw(Emitter e) {
    return store(e, ST32);
  }

  static Flow sd(Emitter e) {
    return store(e, ST64);
  }

  private static Flow store(Emitter e, IrOp op) {
    return e.store(op, e.rs1(), e.rs2());
  }
}
