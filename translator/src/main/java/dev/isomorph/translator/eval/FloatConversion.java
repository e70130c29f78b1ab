package dev.isomorph.translator.eval;

/**
 * Conversions between float formats and to and from integers, as the ISA's fcvt and Zfa do them.
 */
final class FloatConversion {
  private final FloatEnvironment environment;

  /** Operations that round as {@code environment} says and raise their exceptions in it. */
  FloatConversion(FloatEnvironment environment) {
    this.environment = environment;
  }

  /** Converts a float to another format. */
  long convert(FloatFormat from, FloatFormat to, long a) {
    if (from.isNan(a)) {
      environment.checkSignalling(from, a);
      return to.canonicalNan();
    }
    if (from.isInfinite(a)) {
      return to.signed(from.isNegative(a), to.infinity());
    }
    return environment.round(to, from.value(a));
  }

  /** Converts a signed 64-bit integer. */
  long fromSigned(FloatFormat to, long a) {
    return environment.round(to, ExactValue.of(a < 0, a < 0 ? -a : a, 0));
  }

  /** Converts an unsigned 64-bit integer. */
  long fromUnsigned(FloatFormat to, long a) {
    return environment.round(to, ExactValue.of(false, a, 0));
  }

  /** Rounds to a signed integer of {@code width} bits, which is given sign-extended. */
  long toSigned(FloatFormat from, long a, int width) {
    long min = -1L << (width - 1);
    return toInteger(from, a, min, ~min);
  }

  /** Rounds to an unsigned integer of {@code width} bits, which is given sign-extended. */
  long toUnsigned(FloatFormat from, long a, int width) {
    long max = -1L >>> (64 - width);
    long value = toInteger(from, a, 0, max);
    return value << (64 - width) >> (64 - width);
  }

  /**
   * Rounds to an integer from {@code min}, which is not positive, to {@code max}, which is
   * unsigned. What is beyond them, and NaN as if it were large, gives the nearer one and raises
   * invalid instead of inexact.
   */
  private long toInteger(FloatFormat from, long a, long min, long max) {
    boolean negative = !from.isNan(a) && from.isNegative(a);
    long limit = negative ? -min : max;
    if (!from.isNan(a) && !from.isInfinite(a)) {
      ExactValue x = from.value(a);
      if (x.isZero()) {
        return 0;
      }
      int integerBits = x.exponent() + 1;
      if (integerBits <= 64) {
        long magnitude = x.rounded(integerBits, environment.mode());
        if (Long.compareUnsigned(magnitude, limit) <= 0) {
          raiseInexactUnlessFits(x, integerBits);
          return negative ? -magnitude : magnitude;
        }
      }
    }
    environment.raise(ExceptionFlags.NV);
    return negative ? min : max;
  }

  /**
   * fcvtmod.w.d: rounds towards zero and keeps the low 32 bits, sign-extended; invalid if those are
   * not the integer. NaN and the infinities give 0.
   */
  long toSignedModular(FloatFormat from, long a) {
    if (from.isNan(a) || from.isInfinite(a)) {
      environment.raise(ExceptionFlags.NV);
      return 0;
    }
    ExactValue x = from.value(a);
    int integerBits = x.exponent() + 1;
    long magnitude = lowBitsOfInteger(x, integerBits);
    long integer = x.negative() ? -magnitude : magnitude;
    if (integerBits >= Long.SIZE || integer != (int) integer) {
      environment.raise(ExceptionFlags.NV);
    } else if (!x.isZero()) {
      raiseInexactUnlessFits(x, integerBits);
    }
    return (int) integer;
  }

  /** The low 64 bits of the integer part. */
  private static long lowBitsOfInteger(ExactValue x, int integerBits) {
    if (integerBits <= Long.SIZE) {
      return x.truncated(integerBits);
    }
    return integerBits < 2 * Long.SIZE ? x.high() << (integerBits - Long.SIZE) : 0;
  }

  /** Rounds to an integral float, raising inexact only if {@code inexact}. */
  long toIntegral(FloatFormat format, long a, boolean inexact) {
    if (format.isNan(a)) {
      environment.checkSignalling(format, a);
      return format.canonicalNan();
    }
    if (format.isInfinite(a) || format.isZero(a)) {
      return a;
    }
    ExactValue x = format.value(a);
    int integerBits = x.exponent() + 1;
    if (integerBits >= format.precision()) {
      return a;
    }
    long magnitude = x.rounded(integerBits, environment.mode());
    if (inexact) {
      raiseInexactUnlessFits(x, integerBits);
    }
    return environment.round(format, ExactValue.of(x.negative(), magnitude, 0));
  }

  private void raiseInexactUnlessFits(ExactValue x, int bits) {
    if (!x.fits(bits)) {
      environment.raise(ExceptionFlags.NX);
    }
  }
}
