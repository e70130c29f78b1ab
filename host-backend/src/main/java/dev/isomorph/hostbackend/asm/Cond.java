package dev.isomorph.hostbackend.asm;

/** Condition codes in encoding order (Intel SDM vol. 2, appendix B, table B-10). */
public enum Cond {
  O,
  NO,
  B,
  AE,
  E,
  NE,
  BE,
  A,
  S,
  NS,
  P,
  NP,
  L,
  GE,
  LE,
  G;

  private static final Cond[] BY_CODE = values();

  /** The four-bit condition field. */
  public int code() {
    return ordinal();
  }

  /** The condition that holds exactly when this one does not. */
  public Cond negate() {
    return BY_CODE[ordinal() ^ 1];
  }
}
