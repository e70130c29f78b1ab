package dev.isomorph.conformance.golden;

import java.math.BigInteger;

/** An exact fraction that is not negative; not reduced. */
record Rational(BigInteger numerator, BigInteger denominator) implements Magnitude {
  static final Rational ZERO = of(0);

  static Rational of(long value) {
    return of(BigInteger.valueOf(value));
  }

  static Rational of(BigInteger value) {
    return new Rational(value, BigInteger.ONE);
  }

  /** This times 2 to the exponent. */
  Rational scaled(int exponent) {
    return exponent >= 0
        ? new Rational(numerator.shiftLeft(exponent), denominator)
        : new Rational(numerator, denominator.shiftLeft(-exponent));
  }

  Rational times(Rational other) {
    return new Rational(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /** This divided by another that is not zero. */
  Rational over(Rational other) {
    return times(new Rational(other.denominator, other.numerator));
  }

  Rational plus(Rational other) {
    return new Rational(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** The distance between the two. */
  Rational minus(Rational other) {
    return new Rational(
        numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator)).abs(),
        denominator.multiply(other.denominator));
  }

  int compare(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public boolean isZero() {
    return numerator.signum() == 0;
  }

  @Override
  public int exponent() {
    int estimate = numerator.bitLength() - denominator.bitLength();
    return compare(of(1).scaled(estimate)) >= 0 ? estimate : estimate - 1;
  }

  @Override
  public Floor floor(int scale) {
    Rational r = scaled(scale);
    BigInteger[] parts = r.numerator.divideAndRemainder(r.denominator);
    return new Floor(parts[0], parts[1].signum() == 0);
  }

  /** The square root of this, exact. */
  Magnitude squareRoot() {
    return new SquareRoot(this);
  }

  private record SquareRoot(Rational square) implements Magnitude {
    @Override
    public boolean isZero() {
      return square.isZero();
    }

    @Override
    public int exponent() {
      return Math.floorDiv(square.exponent(), 2);
    }

    @Override
    public Floor floor(int scale) {
      Floor scaledSquare = square.floor(2 * scale);
      BigInteger[] root = scaledSquare.value().sqrtAndRemainder();
      return new Floor(root[0], root[1].signum() == 0 && scaledSquare.exact());
    }
  }
}
