package dev.isomorph.decoder;

/** The kinds of operands in assembly text, by the names that the table's syntax strings use. */
enum Operand {
  RD("rd"),
  RS1("rs1"),
  RS2("rs2"),
  RS3("rs3"),
  FD("fd"),
  FS1("fs1"),
  FS2("fs2"),
  FS3("fs3"),
  /** A signed decimal number. */
  IMM("imm"),
  /** The upper 20 bits of a 32-bit constant. */
  UPPER("upper"),
  /** A code address, encoded relative to the instruction. */
  TARGET("target"),
  SHAMT("shamt"),
  CSR("csr"),
  /** The five-bit immediate of CSR instructions, kept in the place of rs1. */
  ZIMM("zimm"),
  /** The sets of accesses before and after a fence. */
  PRED("pred"),
  SUCC("succ"),
  /** The rounding mode, left out where it is the default. */
  RM("rm"),
  /** The number of a may-be-operation, part of its mnemonic. */
  N("n"),
  /** A floating-point constant by its index in the table of fli, kept in the place of rs1. */
  CONSTANT("constant");

  private static final Operand[] ALL = values();

  private final String text;

  Operand(String text) {
    this.text = text;
  }

  /** The operand of that name, or null. */
  static Operand named(String text) {
    for (Operand operand : ALL) {
      if (operand.text.equals(text)) {
        return operand;
      }
    }
    return null;
  }
}
