package dev.isomorph.translator.eval;

import java.math.BigInteger;

/** The exact number {@code n} × 2^{@code e}. */
record Dyadic(BigInteger n, int e) implements Comparable<Dyadic> {
  static final Dyadic ZERO = new Dyadic(BigInteger.ZERO, 0);

  /** The value of a finite double, by the host's own arithmetic. */
  static Dyadic of(double value) {
    int e = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
    // Two steps, since the whole factor may be beyond the range of doubles.
    return new Dyadic(
        BigInteger.valueOf((long) Math.scalb(Math.scalb(value, -e / 2), -e + e / 2)), e);
  }

  static Dyadic of(BigInteger integer) {
    return new Dyadic(integer, 0);
  }

  static Dyadic powerOfTwo(int e) {
    return new Dyadic(BigInteger.ONE, e);
  }

  Dyadic plus(Dyadic other) {
    int common = Math.min(e, other.e);
    return new Dyadic(scaledTo(common).add(other.scaledTo(common)), common);
  }

  Dyadic negate() {
    return new Dyadic(n.negate(), e);
  }

  Dyadic times(Dyadic other) {
    return new Dyadic(n.multiply(other.n), e + other.e);
  }

  int signum() {
    return n.signum();
  }

  @Override
  public int compareTo(Dyadic other) {
    int common = Math.min(e, other.e);
    return scaledTo(common).compareTo(other.scaledTo(common));
  }

  private BigInteger scaledTo(int exponent) {
    return n.shiftLeft(e - exponent);
  }
}
