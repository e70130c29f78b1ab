package dev.isomorph.translator.eval;

/** What a float operation is done under, the rounding mode, and the exceptions it raises. */
final class FloatEnvironment {
  private RoundingMode mode = RoundingMode.RNE;
  private int flags;

  /** Sets the rounding mode and forgets the exceptions raised. */
  void begin(RoundingMode mode) {
    this.mode = mode;
    flags = 0;
  }

  /** The exceptions raised since {@link #begin}, as in {@link ExceptionFlags}. */
  int flags() {
    return flags;
  }

  RoundingMode mode() {
    return mode;
  }

  void raise(int exceptions) {
    flags |= exceptions;
  }

  /** Raises invalid and gives the NaN that results. */
  long invalid(FloatFormat format) {
    flags |= ExceptionFlags.NV;
    return format.canonicalNan();
  }

  /** Raises invalid if an operand is a signalling NaN. */
  void checkSignalling(FloatFormat format, long... operands) {
    for (long operand : operands) {
      if (format.isSignalling(operand)) {
        flags |= ExceptionFlags.NV;
      }
    }
  }

  /** Rounds a number to a format. Tininess is detected after rounding (ISA manual, F chapter). */
  long round(FloatFormat format, ExactValue x) {
    if (x.isZero()) {
      return format.zero(x.negative());
    }
    if (x.exponent() > format.maxExponent()) {
      return overflow(format, x.negative());
    }
    boolean belowNormal = x.exponent() < format.minExponent();
    int missing = belowNormal ? format.minExponent() - x.exponent() : 0;
    int bits = format.precision() - missing;
    long significand = x.rounded(bits, mode);
    long magnitude = belowNormal ? significand : format.pack(x.exponent(), significand);
    if (magnitude >= format.infinity()) {
      return overflow(format, x.negative());
    }
    if (!x.fits(bits)) {
      flags |= ExceptionFlags.NX;
      if (belowNormal && !(missing == 1 && carries(format, x))) {
        flags |= ExceptionFlags.UF;
      }
    }
    return format.signed(x.negative(), magnitude);
  }

  /** Whether rounding to the format's full precision gives the next power of two. */
  private boolean carries(FloatFormat format, ExactValue x) {
    return x.rounded(format.precision(), mode) == 1L << format.precision();
  }

  private long overflow(FloatFormat format, boolean negative) {
    flags |= ExceptionFlags.OF | ExceptionFlags.NX;
    // As if between the largest number, which is odd, and the power of two behind it.
    boolean toInfinity = mode.roundsAway(negative, true, true, true);
    return format.signed(negative, toInfinity ? format.infinity() : format.infinity() - 1);
  }
}
