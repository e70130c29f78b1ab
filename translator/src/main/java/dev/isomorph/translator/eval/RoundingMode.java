package dev.isomorph.translator.eval;

/** The rounding modes, in the order of their encodings (ISA manual, F chapter). */
enum RoundingMode {
  /** To nearest, ties to even. */
  RNE,
  /** Towards zero. */
  RTZ,
  /** Down, towards negative infinity. */
  RDN,
  /** Up, towards positive infinity. */
  RUP,
  /** To nearest, ties to the larger magnitude. */
  RMM;

  /** The encoding in an instruction that stands for the mode in frm. */
  static final int DYNAMIC = 7;

  private static final RoundingMode[] ALL = values();

  /** The mode of an encoding, or null for a reserved one. */
  static RoundingMode of(long encoding) {
    return encoding >= 0 && encoding < ALL.length ? ALL[(int) encoding] : null;
  }

  /**
   * Whether a magnitude between two neighbours becomes the larger one.
   *
   * @param negative whether the number is negative
   * @param odd whether the smaller neighbour is odd
   * @param half the first bit that is cut off
   * @param rest whether any later bit that is cut off is set
   */
  boolean roundsAway(boolean negative, boolean odd, boolean half, boolean rest) {
    return switch (this) {
      case RNE -> half && (rest || odd);
      case RTZ -> false;
      case RDN -> negative && (half || rest);
      case RUP -> !negative && (half || rest);
      case RMM -> half;
    };
  }
}
