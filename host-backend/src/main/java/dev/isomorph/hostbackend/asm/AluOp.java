package dev.isomorph.hostbackend.asm;

/** The eight two-operand ALU operations, in the order of their three-bit operation field. */
public enum AluOp {
  ADD,
  OR,
  ADC,
  SBB,
  AND,
  SUB,
  XOR,
  CMP;

  int code() {
    return ordinal();
  }
}
