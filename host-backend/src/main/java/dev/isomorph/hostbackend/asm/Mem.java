package dev.isomorph.hostbackend.asm;

/**
 * A memory operand: {@code [base + index * scale + disp]}, with base or index possibly absent, or a
 * label reached relative to rip.
 */
public final class Mem {
  static final int NONE = -1;

  /** Register numbers, or {@link #NONE}. */
  final int base;

  final int index;

  /** Two-bit scale field. */
  final int scaleBits;

  final int disp;

  /** The target of a rip-relative operand, else null. */
  final Label label;

  private Mem(int base, int index, int scaleBits, int disp, Label label) {
    this.base = base;
    this.index = index;
    this.scaleBits = scaleBits;
    this.disp = disp;
    this.label = label;
  }

  /** {@code [base]}. */
  public static Mem of(Gpr base) {
    return of(base, 0);
  }

  /** {@code [base + disp]}. */
  public static Mem of(Gpr base, int disp) {
    return new Mem(base.code(), NONE, 0, disp, null);
  }

  /**
   * {@code [base + index * scale + disp]}.
   *
   * @throws IllegalArgumentException when index is rsp, or scale is not 1, 2, 4 or 8
   */
  public static Mem of(Gpr base, Gpr index, int scale, int disp) {
    return new Mem(base.code(), indexCode(index), scaleBits(scale), disp, null);
  }

  /**
   * {@code [index * scale + disp]}, without a base.
   *
   * @throws IllegalArgumentException when index is rsp, or scale is not 1, 2, 4 or 8
   */
  public static Mem index(Gpr index, int scale, int disp) {
    return new Mem(NONE, indexCode(index), scaleBits(scale), disp, null);
  }

  /** {@code [rip + distance to label]}. */
  public static Mem rip(Label label) {
    return new Mem(NONE, NONE, 0, 0, label);
  }

  private static int indexCode(Gpr index) {
    if (index == Gpr.RSP) {
      throw new IllegalArgumentException("rsp cannot be an index");
    }
    return index.code();
  }

  private static int scaleBits(int scale) {
    if (scale < 1 || scale > 8 || Integer.bitCount(scale) != 1) {
      throw new IllegalArgumentException("scale " + scale);
    }
    return Integer.numberOfTrailingZeros(scale);
  }
}
