package dev.isomorph.translator.eval;

/** Comparisons, minimum and maximum, and classification of raw float bits. */
final class FloatComparison {
  private final FloatEnvironment environment;

  /** Operations that raise their exceptions in {@code environment}. */
  FloatComparison(FloatEnvironment environment) {
    this.environment = environment;
  }

  /** Whether a = b; a quiet NaN compares false, a signalling one raises invalid too. */
  boolean equal(FloatFormat format, long a, long b) {
    return ordered(format, a, b, false) && order(format, a) == order(format, b);
  }

  /** Whether a < b; any NaN raises invalid if {@code signalling}. */
  boolean less(FloatFormat format, long a, long b, boolean signalling) {
    return ordered(format, a, b, signalling) && order(format, a) < order(format, b);
  }

  /** Whether a ≤ b; any NaN raises invalid if {@code signalling}. */
  boolean lessOrEqual(FloatFormat format, long a, long b, boolean signalling) {
    return ordered(format, a, b, signalling) && order(format, a) <= order(format, b);
  }

  /** IEEE 754-2019 minimumNumber: the operand that is no NaN, if there is one; −0 below +0. */
  long minimumNumber(FloatFormat format, long a, long b) {
    return number(format, a, b, minimum(format, a, b));
  }

  /** IEEE 754-2019 maximumNumber. */
  long maximumNumber(FloatFormat format, long a, long b) {
    return number(format, a, b, maximum(format, a, b));
  }

  /** IEEE 754-2019 minimum: NaN if either operand is. */
  long minimum(FloatFormat format, long a, long b) {
    if (!ordered(format, a, b, false)) {
      return format.canonicalNan();
    }
    return totalOrder(format, a) <= totalOrder(format, b) ? a : b;
  }

  /** IEEE 754-2019 maximum. */
  long maximum(FloatFormat format, long a, long b) {
    if (!ordered(format, a, b, false)) {
      return format.canonicalNan();
    }
    return totalOrder(format, a) >= totalOrder(format, b) ? a : b;
  }

  /** The mask that fclass gives: one of ten bits (ISA manual, F chapter, classify instruction). */
  static int classify(FloatFormat format, long a) {
    if (format.isNan(a)) {
      return format.isSignalling(a) ? 1 << 8 : 1 << 9;
    }
    int rank; // 0 zero, 1 subnormal, 2 normal, 3 infinite
    if (format.isInfinite(a)) {
      rank = 3;
    } else if (format.isZero(a)) {
      rank = 0;
    } else {
      rank = format.isSubnormal(a) ? 1 : 2;
    }
    return format.isNegative(a) ? 1 << (3 - rank) : 1 << (4 + rank);
  }

  private static long number(FloatFormat format, long a, long b, long ifNeitherIsNan) {
    if (format.isNan(a)) {
      return format.isNan(b) ? format.canonicalNan() : b;
    }
    return format.isNan(b) ? a : ifNeitherIsNan;
  }

  /** Whether neither operand is a NaN; raises what comparing them does. */
  private boolean ordered(FloatFormat format, long a, long b, boolean signalling) {
    if (!format.isNan(a) && !format.isNan(b)) {
      return true;
    }
    if (signalling) {
      environment.raise(ExceptionFlags.NV);
    } else {
      environment.checkSignalling(format, a, b);
    }
    return false;
  }

  /** An integer that orders as the numbers do. */
  private static long order(FloatFormat format, long a) {
    return format.isNegative(a) ? -format.magnitude(a) : a;
  }

  /** As {@link #order}, with −0 below +0. */
  private static long totalOrder(FloatFormat format, long a) {
    return format.isNegative(a) ? ~format.magnitude(a) : a;
  }
}
