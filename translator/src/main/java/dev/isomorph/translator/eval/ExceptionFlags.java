package dev.isomorph.translator.eval;

/** The bits of fflags (ISA manual, F chapter, "Floating-Point Control and Status Register"). */
public final class ExceptionFlags {
  /** Inexact. */
  public static final int NX = 1;

  /** Underflow. */
  public static final int UF = 2;

  /** Overflow. */
  public static final int OF = 4;

  /** Divide by zero. */
  public static final int DZ = 8;

  /** Invalid operation. */
  public static final int NV = 16;

  /** All of them. */
  public static final int ALL = 31;

  private ExceptionFlags() {}
}
