package dev.isomorph.decoder;

/** The constants that fli can load, by table index (ISA manual, Zfa, "Load-Immediate"). */
final class FloatConstants {
  private static final String[] TEXTS = {
    "-0x1p+0", "min", "0x1p-16", "0x1p-15", "0x1p-8", "0x1p-7", "0x1p-4", "0x1p-3",
    "0x1p-2", "0x1.4p-2", "0x1.8p-2", "0x1.cp-2", "0x1p-1", "0x1.4p-1", "0x1.8p-1", "0x1.cp-1",
    "0x1p+0", "0x1.4p+0", "0x1.8p+0", "0x1.cp+0", "0x1p+1", "0x1.4p+1", "0x1.8p+1", "0x1p+2",
    "0x1p+3", "0x1p+4", "0x1p+7", "0x1p+8", "0x1p+15", "0x1p+16", "inf", "nan",
  };

  private FloatConstants() {}

  /** The constant in assembly text. */
  static String text(int index) {
    return TEXTS[index];
  }
}
