package dev.isomorph.conformance.generate;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Encoder;
import dev.isomorph.decoder.Instruction;

/** Changes operands of encodings. */
final class Operands {
  static final int RD = 7;
  static final int RS1 = 15;
  static final int RS2 = 20;
  static final int RS3 = 27;

  private static final int CSR = 20;
  private static final int REGISTER_MASK = 31;
  private static final int CSR_MASK = 0xfff;

  private Operands() {}

  /**
   * Puts a register into the field that starts at bit {@code field}, if the 32-bit encoding has a
   * register there and stays the same instruction otherwise; else gives the encoding as it was.
   */
  static int withRegister(int encoding, int field, int register) {
    if (Instruction.lengthOf(encoding) == 2) {
      return encoding;
    }
    int changed = encoding & ~(REGISTER_MASK << field) | register << field;
    Instruction before = Decoder.decode(encoding);
    Instruction after = Decoder.decode(changed);
    return after.encodedAs() == before.encodedAs()
            && after.imm() == before.imm()
            && after.aq() == before.aq()
            && after.rl() == before.rl()
        ? changed
        : encoding;
  }

  /**
   * Gives an instruction with an immediate another one, if there is room for it; else gives the
   * encoding as it was.
   */
  static int withImmediate(int encoding, long immediate) {
    Instruction i = Decoder.decode(encoding);
    Instruction changed =
        new Instruction(
            i.opcode(),
            i.encodedAs(),
            i.bits(),
            i.length(),
            i.rd(),
            i.rs1(),
            i.rs2(),
            i.rs3(),
            immediate);
    try {
      return i.imm() == 0 ? encoding : Encoder.encode(changed);
    } catch (IllegalArgumentException e) {
      return encoding;
    }
  }

  /** Puts a number into the CSR field of an encoding that has one. */
  static int withCsr(int encoding, int csr) {
    return encoding & ~(CSR_MASK << CSR) | csr << CSR;
  }
}
