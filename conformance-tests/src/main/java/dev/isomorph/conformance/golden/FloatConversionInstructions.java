package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.Format.DOUBLE;
import static dev.isomorph.conformance.golden.Format.HALF;
import static dev.isomorph.conformance.golden.Format.SINGLE;
import static dev.isomorph.decoder.Opcode.*;

import dev.isomorph.conformance.golden.InstructionSet.Semantics;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Conversions, moves and constants (ISA manual, chapters "F", "D", "Zfa", "Zfhmin"). */
final class FloatConversionInstructions {
  private static final String MIN = "min";
  private static final String INFINITY = "inf";
  private static final String NAN = "nan";

  /** The values of fli by index, as the table in chapter "Zfa" has them. */
  private static final String[] CONSTANTS = {
    "-1", MIN, "0.0000152587890625", "0.000030517578125",
    "0.00390625", "0.0078125", "0.0625", "0.125",
    "0.25", "0.3125", "0.375", "0.4375",
    "0.5", "0.625", "0.75", "0.875",
    "1", "1.25", "1.5", "1.75",
    "2", "2.5", "3", "4",
    "8", "16", "128", "256",
    "32768", "65536", INFINITY, NAN
  };

  private FloatConversionInstructions() {}

  /** An integer type: how registers hold it, and its range. */
  private record IntegerType(int width, boolean signed) {
    BigInteger read(long register) {
      BigInteger bits = BigInteger.valueOf(register).mod(BigInteger.ONE.shiftLeft(width));
      return signed && bits.testBit(width - 1)
          ? bits.subtract(BigInteger.ONE.shiftLeft(width))
          : bits;
    }

    /** The register for a value: words are sign-extended, unsigned ones too. */
    long register(BigInteger value) {
      return width == 32 ? value.intValue() : value.longValue();
    }

    BigInteger least() {
      return signed ? BigInteger.ONE.shiftLeft(width - 1).negate() : BigInteger.ZERO;
    }

    BigInteger greatest() {
      return BigInteger.ONE.shiftLeft(signed ? width - 1 : width).subtract(BigInteger.ONE);
    }
  }

  private static final IntegerType W = new IntegerType(32, true);
  private static final IntegerType WU = new IntegerType(32, false);
  private static final IntegerType L = new IntegerType(64, true);
  private static final IntegerType LU = new IntegerType(64, false);

  /** Out of range, infinite and NaN are invalid; NaN counts as above the range. */
  private static Result toInteger(IntegerType type, Rounding rounding, Datum a) {
    return switch (a) {
      case Datum.Nan nan -> new Result(type.register(type.greatest()), Result.NV);
      case Datum.Infinity(boolean negative) -> saturated(type, negative);
      case Datum.Finite(boolean negative, Rational magnitude) -> {
        Rounding.Rounded rounded = rounding.round(negative, magnitude, 0);
        BigInteger value = negative ? rounded.units().negate() : rounded.units();
        if (value.compareTo(type.least()) < 0 || value.compareTo(type.greatest()) > 0) {
          yield saturated(type, negative);
        }
        yield new Result(type.register(value), rounded.exact() ? 0 : Result.NX);
      }
    };
  }

  private static Result saturated(IntegerType type, boolean negative) {
    return new Result(type.register(negative ? type.least() : type.greatest()), Result.NV);
  }

  /** Like fcvt.w.d towards zero, but what does not fit wraps instead of saturating. */
  private static Result toWordModular(Datum a) {
    int flags = toInteger(W, Rounding.RTZ, a).flags();
    if (!(a instanceof Datum.Finite(boolean negative, Rational magnitude))) {
      return new Result(0, flags);
    }
    BigInteger value = magnitude.floor(0).value();
    return new Result((negative ? value.negate() : value).intValue(), flags);
  }

  private static Semantics toInteger(IntegerType type, Format from) {
    return (hart, i) ->
        FloatInstructions.writeInteger(
            hart,
            i,
            toInteger(
                type,
                FloatInstructions.rounding(hart, i),
                FloatInstructions.read(hart, from, i.rs1())));
  }

  private static Semantics fromInteger(IntegerType type, Format to) {
    return (hart, i) -> {
      BigInteger value = type.read(hart.x(i.rs1()));
      Datum exact = new Datum.Finite(value.signum() < 0, Rational.of(value.abs()));
      FloatInstructions.writeFloat(
          hart, i, to, FloatInstructions.arithmetic(hart, i, to).converted(exact));
    };
  }

  private static Semantics between(Format from, Format to) {
    return (hart, i) ->
        FloatInstructions.writeFloat(
            hart,
            i,
            to,
            FloatInstructions.arithmetic(hart, i, to)
                .converted(FloatInstructions.read(hart, from, i.rs1())));
  }

  private static Semantics constant(Format format) {
    return (hart, i) -> hart.f(i.rd(), format.box(constant(format, CONSTANTS[i.rs1()])));
  }

  private static long constant(Format format, String text) {
    return switch (text) {
      case MIN -> Rounding.RNE.round(format, false, leastNormal(format)).bits();
      case INFINITY -> format.infinity(false);
      case NAN -> format.canonicalNan();
      default -> {
        BigDecimal value = new BigDecimal(text);
        Rational magnitude =
            new Rational(value.unscaledValue().abs(), BigInteger.TEN.pow(value.scale()));
        yield Rounding.RNE.round(format, value.signum() < 0, magnitude).bits();
      }
    };
  }

  private static Rational leastNormal(Format format) {
    return Rational.of(1).scaled(format.minExponent());
  }

  /** The low bits as they are, boxed or not, sign-extended. */
  private static Semantics moveToInteger(int width) {
    return (hart, i) -> hart.x(i.rd(), hart.f(i.rs1()) << 64 - width >> 64 - width);
  }

  private static Semantics moveFromInteger(Format format) {
    return (hart, i) -> hart.f(i.rd(), format.box(hart.x(i.rs1())));
  }

  static void define(InstructionSet set) {
    set.define(FCVT_W_S, toInteger(W, SINGLE));
    set.define(FCVT_WU_S, toInteger(WU, SINGLE));
    set.define(FCVT_L_S, toInteger(L, SINGLE));
    set.define(FCVT_LU_S, toInteger(LU, SINGLE));
    set.define(FCVT_W_D, toInteger(W, DOUBLE));
    set.define(FCVT_WU_D, toInteger(WU, DOUBLE));
    set.define(FCVT_L_D, toInteger(L, DOUBLE));
    set.define(FCVT_LU_D, toInteger(LU, DOUBLE));
    set.define(
        FCVTMOD_W_D,
        (hart, i) ->
            FloatInstructions.writeInteger(
                hart, i, toWordModular(FloatInstructions.read(hart, DOUBLE, i.rs1()))));

    set.define(FCVT_S_W, fromInteger(W, SINGLE));
    set.define(FCVT_S_WU, fromInteger(WU, SINGLE));
    set.define(FCVT_S_L, fromInteger(L, SINGLE));
    set.define(FCVT_S_LU, fromInteger(LU, SINGLE));
    set.define(FCVT_D_W, fromInteger(W, DOUBLE));
    set.define(FCVT_D_WU, fromInteger(WU, DOUBLE));
    set.define(FCVT_D_L, fromInteger(L, DOUBLE));
    set.define(FCVT_D_LU, fromInteger(LU, DOUBLE));

    set.define(FCVT_S_D, between(DOUBLE, SINGLE));
    set.define(FCVT_D_S, between(SINGLE, DOUBLE));
    set.define(FCVT_S_H, between(HALF, SINGLE));
    set.define(FCVT_D_H, between(HALF, DOUBLE));
    set.define(FCVT_H_S, between(SINGLE, HALF));
    set.define(FCVT_H_D, between(DOUBLE, HALF));

    set.define(FMV_X_H, moveToInteger(16));
    set.define(FMV_X_W, moveToInteger(32));
    set.define(FMV_X_D, moveToInteger(64));
    set.define(FMV_H_X, moveFromInteger(HALF));
    set.define(FMV_W_X, moveFromInteger(SINGLE));
    set.define(FMV_D_X, moveFromInteger(DOUBLE));

    set.define(FLI_S, constant(SINGLE));
    set.define(FLI_D, constant(DOUBLE));
  }
}
