package dev.isomorph.hostbackend.asm;

/** Shifts and rotates with an immediate count or the count in cl. */
public enum ShiftOp {
  ROL(0),
  ROR(1),
  SHL(4),
  SHR(5),
  SAR(7);

  private final int code;

  ShiftOp(int code) {
    this.code = code;
  }

  /** The three-bit operation field in ModRM.reg. */
  int code() {
    return code;
  }
}
