package dev.isomorph.systemvm.hart;

/** The fields of {@code menvcfg} and {@code senvcfg}. */
final class Environment {
  static final long FIOM = 1;

  /** Which cache-block invalidation is allowed: 0 none, 1 as a flush, 3 as such; 2 is reserved. */
  static final long CBIE = 3L << 4;

  static final int CBIE_SHIFT = 4;
  static final long CBCFE = 1L << 6;
  static final long CBZE = 1L << 7;
  static final long ADUE = 1L << 61;
  static final long PBMTE = 1L << 62;
  static final long STCE = 1L << 63;

  /** What is in senvcfg. */
  static final long USER = FIOM | CBIE | CBCFE | CBZE;

  /** What is in menvcfg. */
  static final long MACHINE = USER | ADUE | PBMTE | STCE;

  /**
   * What is in menvcfg after a reset: software that knows neither Svade nor Svpbmt, and so does not
   * set it, finds page tables as qemu has them.
   */
  static final long RESET = ADUE | PBMTE;

  private Environment() {}
}
