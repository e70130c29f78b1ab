package dev.isomorph.translator.eval;

/**
 * Rounds exact numbers by looking for their neighbours among a format's numbers, whose values come
 * from the host's floats: it shares nothing with the product but the names of formats and modes.
 */
final class FloatReference {
  /** Raw bits and the exceptions raised. */
  record Result(long bits, int flags) {}

  /** A real number, known by how it compares. */
  interface Real {
    /** Negative, zero or positive as the number is less than, equal to or above {@code y}. */
    int compareTo(Dyadic y);
  }

  private FloatReference() {}

  /** A number as a host double, which all formats fit into exactly. */
  static double toDouble(FloatFormat format, long bits) {
    return switch (format) {
      case BINARY16 -> Float.float16ToFloat((short) bits);
      case BINARY32 -> Float.intBitsToFloat((int) bits);
      case BINARY64 -> Double.longBitsToDouble(bits);
    };
  }

  static Dyadic value(FloatFormat format, long bits) {
    return Dyadic.of(toDouble(format, bits));
  }

  private static int precision(FloatFormat format) {
    return switch (format) {
      case BINARY16 -> 11;
      case BINARY32 -> Float.PRECISION;
      case BINARY64 -> Double.PRECISION;
    };
  }

  private static int maxExponent(FloatFormat format) {
    return switch (format) {
      case BINARY16 -> 15;
      case BINARY32 -> Float.MAX_EXPONENT;
      case BINARY64 -> Double.MAX_EXPONENT;
    };
  }

  private static long sign(FloatFormat format) {
    return switch (format) {
      case BINARY16 -> 0x8000L;
      case BINARY32 -> 0x8000_0000L;
      case BINARY64 -> Long.MIN_VALUE;
    };
  }

  private static long infinity(FloatFormat format) {
    return switch (format) {
      case BINARY16 -> 0x7c00L;
      case BINARY32 -> Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
      case BINARY64 -> Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
    };
  }

  /** Rounds {@code x}, which is not zero. */
  static Result round(FloatFormat format, RoundingMode mode, Real x) {
    boolean negative = x.compareTo(Dyadic.ZERO) < 0;
    Real magnitude = negative ? y -> -x.compareTo(y.negate()) : x;
    long sign = negative ? sign(format) : 0;
    long rounded = rounded(format, mode, negative, magnitude);
    if (isExact(format, rounded, magnitude)) {
      return new Result(sign | rounded, 0);
    }
    int flags = ExceptionFlags.NX;
    if (rounded == infinity(format) || floor(format, magnitude) == infinity(format)) {
      flags |= ExceptionFlags.OF;
    } else if (isTiny(format, mode, negative, magnitude)) {
      flags |= ExceptionFlags.UF;
    }
    return new Result(sign | rounded, flags);
  }

  private static boolean isExact(FloatFormat format, long bits, Real magnitude) {
    return bits < infinity(format) && magnitude.compareTo(value(format, bits)) == 0;
  }

  /** The magnitude itself, or that of the neighbour {@code mode} chooses. */
  private static long rounded(
      FloatFormat format, RoundingMode mode, boolean negative, Real magnitude) {
    long lower = floor(format, magnitude);
    if (isExact(format, lower, magnitude)) {
      return lower;
    }
    boolean beyond = lower == infinity(format);
    if (beyond) {
      lower--;
    }
    Dyadic middle =
        extended(format, lower).plus(extended(format, lower + 1)).times(Dyadic.powerOfTwo(-1));
    int order = beyond ? 1 : magnitude.compareTo(middle);
    boolean away =
        switch (mode) {
          case RNE -> order > 0 || order == 0 && lower % 2 != 0;
          case RTZ -> false;
          case RDN -> negative;
          case RUP -> !negative;
          case RMM -> order >= 0;
        };
    return away ? lower + 1 : lower;
  }

  /**
   * Whether the number, rounded as if exponents had no lower bound, is below the normal ones. To
   * see that, it is rounded where there are smaller exponents still.
   */
  private static boolean isTiny(
      FloatFormat format, RoundingMode mode, boolean negative, Real magnitude) {
    Dyadic minNormal = Dyadic.powerOfTwo(1 - maxExponent(format));
    if (magnitude.compareTo(minNormal) >= 0) {
      return false;
    }
    int shift = precision(format) + 2;
    Real scaled = y -> magnitude.compareTo(y.times(Dyadic.powerOfTwo(-shift)));
    long rounded = rounded(format, mode, negative, scaled);
    return value(format, rounded).compareTo(minNormal.times(Dyadic.powerOfTwo(shift))) < 0;
  }

  /** The largest magnitude not above {@code magnitude}, or infinity for one beyond all. */
  private static long floor(FloatFormat format, Real magnitude) {
    long below = 0;
    long above = infinity(format) + 1;
    while (above - below > 1) {
      long middle = below + (above - below) / 2;
      if (magnitude.compareTo(extended(format, middle)) >= 0) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  /** The value, with the power of two that would come next in place of infinity. */
  private static Dyadic extended(FloatFormat format, long bits) {
    return bits == infinity(format)
        ? Dyadic.powerOfTwo(maxExponent(format) + 1)
        : value(format, bits);
  }
}
