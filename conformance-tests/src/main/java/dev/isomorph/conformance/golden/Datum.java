package dev.isomorph.conformance.golden;

/** What the encoding of a floating-point number stands for. */
sealed interface Datum {
  /** A number; zero has a sign, too. */
  record Finite(boolean negative, Rational magnitude) implements Datum {
    boolean isZero() {
      return magnitude.isZero();
    }
  }

  record Infinity(boolean negative) implements Datum {}

  record Nan(boolean signalling) implements Datum {}

  /** The same with its sign changed. */
  default Datum negated() {
    return switch (this) {
      case Finite(boolean negative, Rational magnitude) -> new Finite(!negative, magnitude);
      case Infinity(boolean negative) -> new Infinity(!negative);
      case Nan nan -> nan;
    };
  }
}
