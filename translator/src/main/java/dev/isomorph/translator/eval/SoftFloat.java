package dev.isomorph.translator.eval;

/**
 * IEEE 754 arithmetic in integers, under RISC-V's rules: every NaN result is the canonical one, and
 * tininess is detected after rounding.
 *
 * <p>Operands and results are raw bits, zero above the format's width.
 */
final class SoftFloat {
  private final FloatEnvironment environment;

  /** Operations that round as {@code environment} says and raise their exceptions in it. */
  SoftFloat(FloatEnvironment environment) {
    this.environment = environment;
  }

  /** a + b. */
  long add(FloatFormat format, long a, long b) {
    if (format.isNan(a) || format.isNan(b)) {
      return nan(format, a, b);
    }
    if (format.isInfinite(a)) {
      return format.isInfinite(b) && a != b ? environment.invalid(format) : a;
    }
    if (format.isInfinite(b)) {
      return b;
    }
    return sum(format, format.value(a), format.value(b));
  }

  /** a − b. */
  long subtract(FloatFormat format, long a, long b) {
    return add(format, a, b ^ format.sign());
  }

  /** a × b. */
  long multiply(FloatFormat format, long a, long b) {
    if (format.isNan(a) || format.isNan(b)) {
      return nan(format, a, b);
    }
    if (format.isInfinite(a) || format.isInfinite(b)) {
      return infiniteProduct(format, a, b);
    }
    return environment.round(format, format.value(a).times(format.value(b)));
  }

  /** a × b + c with one rounding. */
  long multiplyAdd(FloatFormat format, long a, long b, long c) {
    if (format.isNan(a) || format.isNan(b)) {
      return nan(format, a, b, c);
    }
    if (format.isInfinite(a) || format.isInfinite(b)) {
      // ∞ × 0 is invalid even where c is a quiet NaN.
      long product = infiniteProduct(format, a, b);
      return add(format, product, c);
    }
    if (format.isNan(c)) {
      return nan(format, c);
    }
    if (format.isInfinite(c)) {
      return c;
    }
    return sum(format, format.value(a).times(format.value(b)), format.value(c));
  }

  /** a ÷ b. */
  long divide(FloatFormat format, long a, long b) {
    boolean negative = format.isNegative(a) != format.isNegative(b);
    if (format.isNan(a) || format.isNan(b)) {
      return nan(format, a, b);
    }
    if (format.isInfinite(a)) {
      return format.isInfinite(b)
          ? environment.invalid(format)
          : format.signed(negative, format.infinity());
    }
    if (format.isInfinite(b)) {
      return format.zero(negative);
    }
    if (format.isZero(b)) {
      if (format.isZero(a)) {
        return environment.invalid(format);
      }
      environment.raise(ExceptionFlags.DZ);
      return format.signed(negative, format.infinity());
    }
    return environment.round(format, format.value(a).dividedBy(format.value(b)));
  }

  /** √a. */
  long squareRoot(FloatFormat format, long a) {
    if (format.isNan(a)) {
      return nan(format, a);
    }
    if (format.isZero(a)) {
      return a;
    }
    if (format.isNegative(a)) {
      return environment.invalid(format);
    }
    if (format.isInfinite(a)) {
      return a;
    }
    return environment.round(format, format.value(a).squareRoot());
  }

  private long sum(FloatFormat format, ExactValue x, ExactValue y) {
    ExactValue sum = x.plus(y);
    if (sum.isZero()) {
      boolean sameSign = x.negative() == y.negative();
      return format.zero(sameSign ? x.negative() : environment.mode() == RoundingMode.RDN);
    }
    return environment.round(format, sum);
  }

  /** The product of two numbers of which one is infinite. */
  private long infiniteProduct(FloatFormat format, long a, long b) {
    if (format.isZero(a) || format.isZero(b)) {
      return environment.invalid(format);
    }
    boolean negative = format.isNegative(a) != format.isNegative(b);
    return format.signed(negative, format.infinity());
  }

  /** The result of an operation of which an operand is a NaN. */
  private long nan(FloatFormat format, long... operands) {
    environment.checkSignalling(format, operands);
    return format.canonicalNan();
  }
}
