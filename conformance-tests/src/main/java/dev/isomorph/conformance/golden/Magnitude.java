package dev.isomorph.conformance.golden;

import java.math.BigInteger;

/** An exact real number that is not negative, as far as rounding needs to know it. */
interface Magnitude {
  /**
   * A number without its fraction.
   *
   * @param exact whether there was none
   */
  record Floor(BigInteger value, boolean exact) {}

  boolean isZero();

  /** The e with 2^e ≤ this < 2^(e+1); not for zero. */
  int exponent();

  /** The floor of this times 2 to the {@code scale}. */
  Floor floor(int scale);
}
