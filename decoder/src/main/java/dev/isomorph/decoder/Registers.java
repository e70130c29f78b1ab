package dev.isomorph.decoder;

/**
 * The registers by number and by the names of the calling convention (RISC-V ABIs specification).
 */
public final class Registers {
  public static final int ZERO = 0;
  public static final int RA = 1;
  public static final int SP = 2;
  public static final int GP = 3;
  public static final int TP = 4;
  public static final int T0 = 5;
  public static final int T1 = 6;
  public static final int T2 = 7;
  public static final int S0 = 8;
  public static final int S1 = 9;
  public static final int A0 = 10;
  public static final int A1 = 11;
  public static final int A2 = 12;
  public static final int A3 = 13;
  public static final int A4 = 14;
  public static final int A5 = 15;
  public static final int A6 = 16;
  public static final int A7 = 17;
  public static final int S2 = 18;
  public static final int S3 = 19;
  public static final int S4 = 20;
  public static final int S5 = 21;
  public static final int S6 = 22;
  public static final int S7 = 23;
  public static final int S8 = 24;
  public static final int S9 = 25;
  public static final int S10 = 26;
  public static final int S11 = 27;
  public static final int T3 = 28;
  public static final int T4 = 29;
  public static final int T5 = 30;
  public static final int T6 = 31;

  public static final int FT0 = 0;
  public static final int FT1 = 1;
  public static final int FT2 = 2;
  public static final int FT3 = 3;
  public static final int FS0 = 8;
  public static final int FS1 = 9;
  public static final int FA0 = 10;
  public static final int FA1 = 11;
  public static final int FA2 = 12;
  public static final int FA3 = 13;
  public static final int FA4 = 14;
  public static final int FA5 = 15;
  public static final int FA6 = 16;
  public static final int FA7 = 17;

  private static final String[] INTEGER_NAMES = {
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2",
    "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
    "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7",
    "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
  };

  private static final String[] FLOAT_NAMES = {
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7",
    "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
    "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7",
    "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
  };

  private Registers() {}

  /** The name of integer register {@code number}, 0 to 31. */
  public static String integerName(int number) {
    return INTEGER_NAMES[number];
  }

  /** The name of floating-point register {@code number}, 0 to 31. */
  public static String floatName(int number) {
    return FLOAT_NAMES[number];
  }
}
