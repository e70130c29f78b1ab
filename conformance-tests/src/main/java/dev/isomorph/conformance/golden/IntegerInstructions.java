package dev.isomorph.conformance.golden;

import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import java.util.function.IntBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Integer computation (ISA manual, chapters "RV32I", "RV64I", "Zicond", "Zimop"). */
final class IntegerInstructions {
  private IntegerInstructions() {}

  /** rd = op(rs1, rs2). */
  static Semantics registers(LongBinaryOperator op) {
    return (hart, i) -> hart.x(i.rd(), op.applyAsLong(hart.x(i.rs1()), hart.x(i.rs2())));
  }

  /** rd = op(rs1, immediate). */
  static Semantics immediate(LongBinaryOperator op) {
    return (hart, i) -> hart.x(i.rd(), op.applyAsLong(hart.x(i.rs1()), i.imm()));
  }

  /** rd = op(rs1). */
  static Semantics unary(LongUnaryOperator op) {
    return (hart, i) -> hart.x(i.rd(), op.applyAsLong(hart.x(i.rs1())));
  }

  /** rd = sign-extended op on the lower words of rs1 and rs2. */
  static Semantics wordRegisters(IntBinaryOperator op) {
    return registers((a, b) -> op.applyAsInt((int) a, (int) b));
  }

  /** rd = sign-extended op on the lower word of rs1 and the immediate. */
  static Semantics wordImmediate(IntBinaryOperator op) {
    return immediate((a, b) -> op.applyAsInt((int) a, (int) b));
  }

  static long bool(boolean condition) {
    return condition ? 1 : 0;
  }

  static void define(InstructionSet set) {
    set.define(LUI, (hart, i) -> hart.x(i.rd(), i.imm()));
    set.define(AUIPC, (hart, i) -> hart.x(i.rd(), hart.pc() + i.imm()));

    set.define(ADDI, immediate((a, b) -> a + b));
    set.define(SLTI, immediate((a, b) -> bool(a < b)));
    set.define(SLTIU, immediate((a, b) -> bool(Long.compareUnsigned(a, b) < 0)));
    set.define(XORI, immediate((a, b) -> a ^ b));
    set.define(ORI, immediate((a, b) -> a | b));
    set.define(ANDI, immediate((a, b) -> a & b));
    set.define(SLLI, immediate((a, b) -> a << b));
    set.define(SRLI, immediate((a, b) -> a >>> b));
    set.define(SRAI, immediate((a, b) -> a >> b));

    set.define(ADD, registers((a, b) -> a + b));
    set.define(SUB, registers((a, b) -> a - b));
    set.define(SLL, registers((a, b) -> a << (b & 63)));
    set.define(SLT, registers((a, b) -> bool(a < b)));
    set.define(SLTU, registers((a, b) -> bool(Long.compareUnsigned(a, b) < 0)));
    set.define(XOR, registers((a, b) -> a ^ b));
    set.define(SRL, registers((a, b) -> a >>> (b & 63)));
    set.define(SRA, registers((a, b) -> a >> (b & 63)));
    set.define(OR, registers((a, b) -> a | b));
    set.define(AND, registers((a, b) -> a & b));

    set.define(ADDIW, wordImmediate((a, b) -> a + b));
    set.define(SLLIW, wordImmediate((a, b) -> a << b));
    set.define(SRLIW, wordImmediate((a, b) -> a >>> b));
    set.define(SRAIW, wordImmediate((a, b) -> a >> b));
    set.define(ADDW, wordRegisters((a, b) -> a + b));
    set.define(SUBW, wordRegisters((a, b) -> a - b));
    set.define(SLLW, wordRegisters((a, b) -> a << (b & 31)));
    set.define(SRLW, wordRegisters((a, b) -> a >>> (b & 31)));
    set.define(SRAW, wordRegisters((a, b) -> a >> (b & 31)));

    set.define(CZERO_EQZ, registers((a, b) -> b == 0 ? 0 : a));
    set.define(CZERO_NEZ, registers((a, b) -> b != 0 ? 0 : a));

    set.define(MOP_R, unary(a -> 0));
    set.define(MOP_RR, registers((a, b) -> 0));
  }
}
