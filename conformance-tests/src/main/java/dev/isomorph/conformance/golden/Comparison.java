package dev.isomorph.conformance.golden;

import dev.isomorph.conformance.golden.Datum.Finite;
import dev.isomorph.conformance.golden.Datum.Infinity;
import dev.isomorph.conformance.golden.Datum.Nan;

/** Comparing, choosing and classifying (ISA manual, chapters "F" and "Zfa"). */
final class Comparison {
  /** The orders of two numbers that make a comparison true; none includes unordered. */
  enum Relation {
    EQUAL,
    LESS,
    LESS_OR_EQUAL;

    private boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
      };
    }
  }

  private Comparison() {}

  private static boolean isNan(Datum a) {
    return a instanceof Nan;
  }

  private static boolean isSignalling(Datum a) {
    return a instanceof Nan(boolean signalling) && signalling;
  }

  private static int invalidIf(boolean condition) {
    return condition ? Result.NV : 0;
  }

  /** Compares; signalling comparisons are invalid for quiet NaNs, too. */
  static Result compare(Relation relation, boolean signals, Datum a, Datum b) {
    if (isNan(a) || isNan(b)) {
      return new Result(0, invalidIf(signals || isSignalling(a) || isSignalling(b)));
    }
    return Result.exact(relation.holds(order(a, b)) ? 1 : 0);
  }

  /** The order of two numbers; zeros are equal. */
  private static int order(Datum a, Datum b) {
    if (a instanceof Finite x && b instanceof Finite y) {
      if (x.isZero() && y.isZero()) {
        return 0;
      }
      if (x.negative() != y.negative()) {
        return x.negative() ? -1 : 1;
      }
      int order = x.magnitude().compare(y.magnitude());
      return x.negative() ? -order : order;
    }
    return Integer.compare(rank(a), rank(b));
  }

  private static int rank(Datum a) {
    return a instanceof Infinity(boolean negative) ? negative ? -1 : 1 : 0;
  }

  /**
   * Minimum or maximum of two encodings, where -0 is less than +0. With one NaN the result is the
   * other operand, or, if {@code nanWins}, the canonical NaN.
   */
  static Result choose(Format format, boolean least, boolean nanWins, long a, long b) {
    Datum x = format.decode(a);
    Datum y = format.decode(b);
    int flags = invalidIf(isSignalling(x) || isSignalling(y));
    if (isNan(x) && isNan(y) || nanWins && (isNan(x) || isNan(y))) {
      return new Result(format.canonicalNan(), flags);
    }
    if (isNan(x) || isNan(y)) {
      return new Result(isNan(x) ? b : a, flags);
    }
    int order = order(x, y);
    if (order == 0 && x instanceof Finite(boolean negative, Rational magnitude)) {
      order = magnitude.isZero() && negative ? -1 : 1;
    }
    return Result.exact(order < 0 == least ? a : b);
  }

  /** The bit of fclass. */
  static long classify(Format format, Datum a) {
    return 1L
        << switch (a) {
          case Nan(boolean signalling) -> signalling ? 8 : 9;
          case Infinity(boolean negative) -> negative ? 0 : 7;
          case Finite finite -> {
            int kind = finite.isZero() ? 2 : isNormal(format, finite) ? 0 : 1;
            yield finite.negative() ? 1 + kind : 6 - kind;
          }
        };
  }

  private static boolean isNormal(Format format, Finite a) {
    return a.magnitude().exponent() >= format.minExponent();
  }
}
