package dev.isomorph.conformance.golden;

import dev.isomorph.conformance.golden.Datum.Finite;
import dev.isomorph.conformance.golden.Datum.Infinity;
import dev.isomorph.conformance.golden.Datum.Nan;

/** The arithmetic of IEEE 754: exact results, rounded once. */
final class Arithmetic {
  private final Format format;
  private final Rounding rounding;

  Arithmetic(Format format, Rounding rounding) {
    this.format = format;
    this.rounding = rounding;
  }

  /** The canonical NaN, with the invalid flag if an operand is signalling; null if none is NaN. */
  private Result nan(Datum... operands) {
    boolean any = false;
    for (Datum operand : operands) {
      if (operand instanceof Nan(boolean signalling)) {
        if (signalling) {
          return Result.invalid(format);
        }
        any = true;
      }
    }
    return any ? Result.exact(format.canonicalNan()) : null;
  }

  private Result infinity(boolean negative) {
    return Result.exact(format.infinity(negative));
  }

  private static boolean negative(Datum datum) {
    return switch (datum) {
      case Finite finite -> finite.negative();
      case Infinity infinity -> infinity.negative();
      case Nan nan -> false;
    };
  }

  private static boolean isZero(Datum datum) {
    return datum instanceof Finite finite && finite.isZero();
  }

  Result sum(Datum a, Datum b) {
    Result nan = nan(a, b);
    if (nan != null) {
      return nan;
    }
    if (a instanceof Infinity && b instanceof Infinity && negative(a) != negative(b)) {
      return Result.invalid(format);
    }
    if (a instanceof Infinity) {
      return infinity(negative(a));
    }
    if (b instanceof Infinity) {
      return infinity(negative(b));
    }
    return finiteSum((Finite) a, (Finite) b);
  }

  private Result finiteSum(Finite a, Finite b) {
    if (a.negative() == b.negative()) {
      return rounding.round(format, a.negative(), a.magnitude().plus(b.magnitude()));
    }
    int order = a.magnitude().compare(b.magnitude());
    if (order == 0) {
      return Result.exact(format.zero(rounding == Rounding.RDN));
    }
    boolean negative = order > 0 ? a.negative() : b.negative();
    return rounding.round(format, negative, a.magnitude().minus(b.magnitude()));
  }

  Result difference(Datum a, Datum b) {
    return sum(a, b.negated());
  }

  Result product(Datum a, Datum b) {
    Result nan = nan(a, b);
    if (nan != null) {
      return nan;
    }
    Datum product = exactProduct(a, b);
    return switch (product) {
      case Nan invalid -> Result.invalid(format);
      case Infinity(boolean negative) -> infinity(negative);
      case Finite(boolean negative, Rational magnitude) ->
          rounding.round(format, negative, magnitude);
    };
  }

  /** The product before rounding, of operands that are not NaN; NaN for zero times infinity. */
  private static Datum exactProduct(Datum a, Datum b) {
    boolean negative = negative(a) != negative(b);
    if (a instanceof Finite x && b instanceof Finite y) {
      return new Finite(negative, x.magnitude().times(y.magnitude()));
    }
    return isZero(a) || isZero(b) ? new Nan(true) : new Infinity(negative);
  }

  /** a × b + c with one rounding. Zero times infinity is invalid even where c is a quiet NaN. */
  Result productSum(Datum a, Datum b, Datum c) {
    return nan(a, b) == null ? sum(exactProduct(a, b), c) : nan(a, b, c);
  }

  Result quotient(Datum a, Datum b) {
    Result nan = nan(a, b);
    if (nan != null) {
      return nan;
    }
    boolean negative = negative(a) != negative(b);
    if (a instanceof Finite x && b instanceof Finite y) {
      if (!y.isZero()) {
        return rounding.round(format, negative, x.magnitude().over(y.magnitude()));
      }
      return x.isZero() ? Result.invalid(format) : new Result(format.infinity(negative), Result.DZ);
    }
    if (a instanceof Infinity && b instanceof Infinity) {
      return Result.invalid(format);
    }
    return a instanceof Infinity ? infinity(negative) : Result.exact(format.zero(negative));
  }

  Result squareRoot(Datum a) {
    return switch (a) {
      case Nan nan -> nan(a);
      case Infinity(boolean negative) -> negative ? Result.invalid(format) : infinity(false);
      case Finite(boolean negative, Rational magnitude) -> {
        if (magnitude.isZero()) {
          yield Result.exact(format.zero(negative));
        }
        yield negative
            ? Result.invalid(format)
            : rounding.round(format, false, magnitude.squareRoot());
      }
    };
  }

  /** Conversion from any other format. */
  Result converted(Datum a) {
    return switch (a) {
      case Nan nan -> nan(a);
      case Infinity(boolean negative) -> infinity(negative);
      case Finite(boolean negative, Rational magnitude) ->
          rounding.round(format, negative, magnitude);
    };
  }

  /** Rounding to an integer in the same format, keeping the sign of zero. */
  Result integral(Datum a, boolean raisesInexact) {
    if (!(a instanceof Finite(boolean negative, Rational magnitude))) {
      return converted(a);
    }
    Rounding.Rounded rounded = rounding.round(negative, magnitude, 0);
    Result result = rounding.round(format, negative, Rational.of(rounded.units()));
    return raisesInexact && !rounded.exact() ? new Result(result.bits(), Result.NX) : result;
  }
}
