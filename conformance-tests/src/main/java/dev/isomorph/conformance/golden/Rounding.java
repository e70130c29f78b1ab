package dev.isomorph.conformance.golden;

import java.math.BigInteger;

/** The rounding modes (ISA manual, chapter "F"), numbered as in frm. */
public enum Rounding {
  /** To nearest, ties to even. */
  RNE,
  /** Towards zero. */
  RTZ,
  /** Down, towards negative infinity. */
  RDN,
  /** Up, towards positive infinity. */
  RUP,
  /** To nearest, ties to greatest magnitude. */
  RMM;

  /**
   * A rounded magnitude.
   *
   * @param units the multiple of the unit that was chosen
   * @param exact whether nothing was lost
   */
  record Rounded(BigInteger units, boolean exact) {}

  /** Rounds to a multiple of 2 to the {@code unit}. */
  Rounded round(boolean negative, Magnitude value, int unit) {
    Magnitude.Floor halves = value.floor(1 - unit);
    BigInteger floor = halves.value().shiftRight(1);
    boolean half = halves.value().testBit(0);
    boolean more = !halves.exact();
    boolean away =
        switch (this) {
          case RNE -> half && (more || floor.testBit(0));
          case RTZ -> false;
          case RDN -> negative && (half || more);
          case RUP -> !negative && (half || more);
          case RMM -> half;
        };
    return new Rounded(away ? floor.add(BigInteger.ONE) : floor, !half && !more);
  }

  /** Rounds to a number of the format, with the flags for what happens on the way. */
  Result round(Format format, boolean negative, Magnitude value) {
    if (value.isZero()) {
      return Result.exact(format.zero(negative));
    }
    int fractionBits = format.precision() - 1;
    int exponent = value.exponent();
    int unit = Math.max(exponent, format.minExponent()) - fractionBits;
    Rounded rounded = round(negative, value, unit);
    BigInteger significand = rounded.units();
    if (significand.bitLength() > format.precision()) {
      significand = significand.shiftRight(1);
      unit++;
    }
    if (unit + fractionBits > format.maxExponent()) {
      return overflow(format, negative);
    }
    int flags = rounded.exact() ? 0 : Result.NX;
    if (!rounded.exact() && isTiny(format, negative, value)) {
      flags |= Result.UF;
    }
    return new Result(format.encode(negative, significand, unit), flags);
  }

  private Result overflow(Format format, boolean negative) {
    boolean toInfinity =
        switch (this) {
          case RNE, RMM -> true;
          case RTZ -> false;
          case RDN -> negative;
          case RUP -> !negative;
        };
    return new Result(
        toInfinity ? format.infinity(negative) : format.greatest(negative), Result.OF | Result.NX);
  }

  /**
   * Tininess after rounding (IEEE 754, 7.5): rounded to the format's precision, but with no limit
   * to the exponent, it would still be less than the least normal number.
   */
  private boolean isTiny(Format format, boolean negative, Magnitude value) {
    int unit = value.exponent() - (format.precision() - 1);
    BigInteger units = round(negative, value, unit).units();
    return units.bitLength() - 1 + unit < format.minExponent();
  }
}
