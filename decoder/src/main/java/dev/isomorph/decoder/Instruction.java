package dev.isomorph.decoder;

/**
 * One decoded instruction. Compressed instructions are expanded: {@code opcode} and the operands
 * are those of the base instruction, {@code encodedAs} is the table row that matched.
 *
 * @param opcode what the instruction does; for 32-bit encodings the row itself
 * @param encodedAs the row of the table whose bit string matched
 * @param bits the encoding as fetched; the upper half is zero for a 16-bit one
 * @param length bytes: 2 or 4
 * @param rd destination register, integer or floating-point as the opcode has it, 0 if unused
 * @param rs1 first source register, or the five-bit immediate of CSR instructions, or the table
 *     index of {@code fli}; 0 if unused
 * @param rs2 second source register, 0 if unused
 * @param rs3 third source register, 0 if unused
 * @param imm the immediate, extended to 64 bits: byte offset from this instruction for branches and
 *     jumps; already shifted left by 12 for lui and auipc; shift amount; CSR number; the fm, pred
 *     and succ bits of fence; n of the may-be-operations mop.r.n, mop.rr.n and c.mop.n; 0 if unused
 */
public record Instruction(
    Opcode opcode,
    Opcode encodedAs,
    int bits,
    int length,
    int rd,
    int rs1,
    int rs2,
    int rs3,
    long imm) {

  /**
   * Bytes of an instruction, 2 or 4, by the two lowest bits of its encoding (ISA manual, "Base
   * Instruction-Length Encoding"); the bits above the first 16 do not matter.
   */
  public static int lengthOf(int bits) {
    return (bits & 3) == 3 ? 4 : 2;
  }

  /** The rounding-mode field, meaningful for floating-point instructions that have one. */
  public int rm() {
    return bits >>> 12 & 7;
  }

  /** The acquire bit of an atomic instruction. */
  public boolean aq() {
    return (bits >>> 26 & 1) != 0;
  }

  /** The release bit of an atomic instruction. */
  public boolean rl() {
    return (bits >>> 25 & 1) != 0;
  }
}
