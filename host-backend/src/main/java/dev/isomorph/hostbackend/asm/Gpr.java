package dev.isomorph.hostbackend.asm;

/** The sixteen general-purpose registers in encoding order (Intel SDM vol. 2, table 2-2). */
public enum Gpr {
  RAX,
  RCX,
  RDX,
  RBX,
  RSP,
  RBP,
  RSI,
  RDI,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15;

  private static final Gpr[] BY_CODE = values();

  /** The hardware number, 0 to 15. */
  public int code() {
    return ordinal();
  }

  /** The register with hardware number {@code code}, 0 to 15. */
  public static Gpr of(int code) {
    return BY_CODE[code];
  }

  /** Whether its low byte is reachable only under a REX prefix: without one, 4 to 7 mean ah–bh. */
  boolean lowByteNeedsRex() {
    return ordinal() >= 4;
  }
}
