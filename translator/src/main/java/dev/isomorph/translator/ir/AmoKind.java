package dev.isomorph.translator.ir;

/** The read-modify-write operations of {@link IrOp#AMO32} and {@link IrOp#AMO64}. */
public enum AmoKind {
  SWAP,
  ADD,
  XOR,
  AND,
  OR,
  MIN,
  MAX,
  MINU,
  MAXU;

  private static final AmoKind[] ALL = values();

  /** The kind an operation's immediate names. */
  public static AmoKind of(long imm) {
    return ALL[(int) imm];
  }
}
