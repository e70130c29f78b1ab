package dev.isomorph.translator.opt;

import java.math.BigInteger;

/**
 * By what to multiply, and how far to shift right then, to divide by a number that is not a power
 * of two (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", 1994).
 *
 * @param exact the factor: 2^shift / divisor, rounded up
 * @param shift by how many bits
 */
record Reciprocal(BigInteger exact, int shift) {
  /**
   * The one with the smallest factor that gives the quotient of any number below 2^width, or that
   * of the negative ones down to -2^width, rounded down, less one where it is no whole number.
   */
  static Reciprocal of(long divisor, int width) {
    BigInteger by = BigInteger.valueOf(divisor);
    int shift = width;
    while (true) {
      BigInteger power = BigInteger.ONE.shiftLeft(shift);
      BigInteger factor = power.divide(by).add(BigInteger.ONE);
      BigInteger excess = factor.multiply(by).subtract(power);
      if (excess.shiftLeft(width).compareTo(power) <= 0) {
        return new Reciprocal(factor, shift);
      }
      shift++;
    }
  }

  /** One of the same accuracy that shifts by a number of bits at least. */
  Reciprocal atLeast(int bits) {
    int more = Math.max(0, bits - shift);
    return new Reciprocal(exact.shiftLeft(more), shift + more);
  }

  /** How many bits the factor has. */
  int bits() {
    return exact.bitLength();
  }

  /** The low 64 bits of the factor. */
  long factor() {
    return exact.longValue();
  }
}
