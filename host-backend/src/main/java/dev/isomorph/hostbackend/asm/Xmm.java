package dev.isomorph.hostbackend.asm;

/** The sixteen vector registers that VEX encodings reach, in encoding order. */
public enum Xmm {
  XMM0,
  XMM1,
  XMM2,
  XMM3,
  XMM4,
  XMM5,
  XMM6,
  XMM7,
  XMM8,
  XMM9,
  XMM10,
  XMM11,
  XMM12,
  XMM13,
  XMM14,
  XMM15;

  private static final Xmm[] BY_CODE = values();

  /** The hardware number, 0 to 15. */
  public int code() {
    return ordinal();
  }

  /** The register with hardware number {@code code}, 0 to 15. */
  public static Xmm of(int code) {
    return BY_CODE[code];
  }
}
