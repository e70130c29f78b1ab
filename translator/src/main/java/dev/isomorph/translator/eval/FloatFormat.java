package dev.isomorph.translator.eval;

/**
 * The binary interchange formats of IEEE 754. Numbers are raw bits in the low part of a long;
 * methods that take them want the bits above the format's width to be zero.
 */
enum FloatFormat {
  BINARY16(5, 10),
  BINARY32(8, 23),
  BINARY64(11, 52);

  private final int fractionBits;
  private final int bias;
  private final long sign;
  private final long infinity;

  FloatFormat(int exponentBits, int fractionBits) {
    this.fractionBits = fractionBits;
    bias = (1 << (exponentBits - 1)) - 1;
    sign = 1L << (exponentBits + fractionBits);
    infinity = ((1L << exponentBits) - 1) << fractionBits;
  }

  /** Bits of the fraction field. */
  int fractionBits() {
    return fractionBits;
  }

  /** Bits of a normal number's significand. */
  int precision() {
    return fractionBits + 1;
  }

  /** The exponent of the largest numbers. */
  int maxExponent() {
    return bias;
  }

  /** The exponent of the smallest normal numbers. */
  int minExponent() {
    return 1 - bias;
  }

  /** The sign bit. */
  long sign() {
    return sign;
  }

  /** All bits of the format. */
  long mask() {
    return sign | (sign - 1);
  }

  /** Positive infinity. */
  long infinity() {
    return infinity;
  }

  /** The NaN that operations give: quiet, positive, no payload. */
  long canonicalNan() {
    return infinity | quietBit();
  }

  /** A zero. */
  long zero(boolean negative) {
    return signed(negative, 0);
  }

  /** A magnitude with a sign. */
  long signed(boolean negative, long magnitude) {
    return negative ? sign | magnitude : magnitude;
  }

  boolean isNegative(long bits) {
    return (bits & sign) != 0;
  }

  long magnitude(long bits) {
    return bits & ~sign;
  }

  boolean isZero(long bits) {
    return magnitude(bits) == 0;
  }

  boolean isSubnormal(long bits) {
    return !isZero(bits) && exponentField(bits) == 0;
  }

  boolean isInfinite(long bits) {
    return magnitude(bits) == infinity;
  }

  boolean isNan(long bits) {
    return magnitude(bits) > infinity;
  }

  boolean isSignalling(long bits) {
    return isNan(bits) && (bits & quietBit()) == 0;
  }

  /** The value of a finite number. */
  ExactValue value(long bits) {
    int field = exponentField(bits);
    long fraction = bits & ((1L << fractionBits) - 1);
    long significand = field == 0 ? fraction : fraction | 1L << fractionBits;
    int exponent = Math.max(field, 1) - bias;
    return ExactValue.of(isNegative(bits), significand, exponent - fractionBits);
  }

  /** The bits of magnitude {@code significand}, of up to {@link #precision} bits, and exponent. */
  long pack(int exponent, long significand) {
    // A significand that rounding has carried into one more bit carries into the exponent.
    return ((long) (exponent - minExponent()) << fractionBits) + significand;
  }

  private int exponentField(long bits) {
    return (int) (magnitude(bits) >>> fractionBits);
  }

  private long quietBit() {
    return 1L << (fractionBits - 1);
  }
}
