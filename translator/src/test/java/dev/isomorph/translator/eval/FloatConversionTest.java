package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.FloatFormat.BINARY16;
import static dev.isomorph.translator.eval.FloatFormat.BINARY32;
import static dev.isomorph.translator.eval.FloatFormat.BINARY64;
import static dev.isomorph.translator.eval.FloatReference.toDouble;
import static dev.isomorph.translator.eval.FloatReference.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.eval.FloatCorners.Operands;
import dev.isomorph.translator.eval.FloatReference.Result;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatConversionTest {
  private static final int TRIES = 5_000;

  private final FloatEnvironment environment = new FloatEnvironment();
  private final FloatConversion conversion = new FloatConversion(environment);

  private Result result(long bits) {
    return new Result(bits, environment.flags());
  }

  @Provide
  Arbitrary<Operands> any() {
    return FloatCorners.operands(FloatFormat.values());
  }

  /** Floats near the integers, where conversions round and saturate. */
  @Provide
  Arbitrary<Operands> nearIntegers() {
    return FloatCorners.nearIntegers(FloatFormat.values());
  }

  @Provide
  Arbitrary<Long> integers() {
    return IntegerCorners.values();
  }

  @Property(tries = 4 * TRIES)
  void convertsBetweenFormats(@ForAll("any") Operands x, @ForAll FloatFormat to) {
    FloatFormat from = x.format();
    double value = toDouble(from, x.a());
    environment.begin(x.mode());
    Result result = result(conversion.convert(from, to, x.a()));
    Result expected;
    if (Double.isNaN(value)) {
      boolean quiet = (x.a() & 1L << (from.fractionBits() - 1)) != 0;
      expected = new Result(to.canonicalNan(), quiet ? 0 : ExceptionFlags.NV);
    } else if (value == 0 || Double.isInfinite(value)) {
      long magnitude = value == 0 ? 0 : to.infinity();
      expected = new Result((Double.compare(value, 0) < 0 ? to.sign() : 0) | magnitude, 0);
    } else {
      expected = FloatReference.round(to, x.mode(), value(from, x.a())::compareTo);
    }
    assertEquals(expected, result);
  }

  @Property(tries = TRIES)
  void narrowsAsTheHostDoes(@ForAll("any") Operands x) {
    double value = toDouble(x.format(), x.a());
    environment.begin(RoundingMode.RNE);
    long single = conversion.convert(BINARY64, BINARY32, Double.doubleToRawLongBits(value));
    assertEquals(Float.floatToIntBits((float) value), (int) single);
    float narrowed = (float) value;
    long half =
        conversion.convert(
            BINARY32, BINARY16, Integer.toUnsignedLong(Float.floatToRawIntBits(narrowed)));
    if (!Float.isNaN(narrowed)) {
      assertEquals(Float.floatToFloat16(narrowed), (short) half);
    }
  }

  @Test
  void widensEveryHalf() {
    for (int bits = 0; bits < 0x1_0000; bits++) {
      environment.begin(RoundingMode.RNE);
      float expected = Float.float16ToFloat((short) bits);
      assertEquals(
          Float.floatToIntBits(expected), (int) conversion.convert(BINARY16, BINARY32, bits));
      assertEquals(Double.doubleToLongBits(expected), conversion.convert(BINARY16, BINARY64, bits));
      assertEquals(0, environment.flags() & ~ExceptionFlags.NV);
    }
  }

  @Property(tries = TRIES)
  void convertsFromIntegers(@ForAll("any") Operands x, @ForAll("integers") long integer) {
    Assume.that(integer != 0);
    environment.begin(x.mode());
    Result signed = result(conversion.fromSigned(x.format(), integer));
    BigInteger exact = BigInteger.valueOf(integer);
    assertEquals(FloatReference.round(x.format(), x.mode(), Dyadic.of(exact)::compareTo), signed);

    environment.begin(x.mode());
    Result unsigned = result(conversion.fromUnsigned(x.format(), integer));
    exact = exact.mod(BigInteger.ONE.shiftLeft(64));
    assertEquals(FloatReference.round(x.format(), x.mode(), Dyadic.of(exact)::compareTo), unsigned);
  }

  @Test
  void convertsZero() {
    environment.begin(RoundingMode.RDN);
    assertEquals(0, conversion.fromSigned(BINARY64, 0));
    assertEquals(0, conversion.fromUnsigned(BINARY64, 0));
    assertEquals(0, environment.flags());
  }

  private static BigDecimal integral(double value, RoundingMode mode) {
    return new BigDecimal(value)
        .setScale(
            0,
            switch (mode) {
              case RNE -> java.math.RoundingMode.HALF_EVEN;
              case RTZ -> java.math.RoundingMode.DOWN;
              case RDN -> java.math.RoundingMode.FLOOR;
              case RUP -> java.math.RoundingMode.CEILING;
              case RMM -> java.math.RoundingMode.HALF_UP;
            });
  }

  private static Result toInteger(double value, RoundingMode mode, int width, boolean signed) {
    BigInteger size = BigInteger.ONE.shiftLeft(signed ? width - 1 : width);
    BigInteger max = size.subtract(BigInteger.ONE);
    BigInteger min = signed ? size.negate() : BigInteger.ZERO;
    BigInteger rounded;
    int flags;
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      rounded = value < 0 ? min : max;
      flags = ExceptionFlags.NV;
    } else {
      BigDecimal integral = integral(value, mode);
      rounded = integral.toBigInteger().min(max).max(min);
      boolean inexact = integral.compareTo(new BigDecimal(value)) != 0;
      flags = inexact ? ExceptionFlags.NX : 0;
      if (!rounded.equals(integral.toBigInteger())) {
        flags = ExceptionFlags.NV;
      }
    }
    return new Result(width == 32 ? rounded.intValue() : rounded.longValue(), flags);
  }

  @Property(tries = 4 * TRIES)
  void convertsToIntegers(@ForAll("nearIntegers") Operands x) {
    double value = toDouble(x.format(), x.a());
    for (int width = 32; width <= 64; width += 32) {
      environment.begin(x.mode());
      Result signed = result(conversion.toSigned(x.format(), x.a(), width));
      assertEquals(toInteger(value, x.mode(), width, true), signed, "signed " + width);
      environment.begin(x.mode());
      Result unsigned = result(conversion.toUnsigned(x.format(), x.a(), width));
      assertEquals(toInteger(value, x.mode(), width, false), unsigned, "unsigned " + width);
    }
  }

  @Property(tries = TRIES)
  void convertsToIntegersModulo(@ForAll("nearIntegers") Operands x) {
    double value = toDouble(x.format(), x.a());
    Result saturating = toInteger(value, RoundingMode.RTZ, 32, true);
    long expected = Double.isFinite(value) ? new BigDecimal(value).toBigInteger().intValue() : 0;
    environment.begin(x.mode());
    Result result = result(conversion.toSignedModular(x.format(), x.a()));
    assertEquals(new Result(expected, saturating.flags()), result);
  }

  @Property(tries = 2 * TRIES)
  void roundsToIntegralNumbers(@ForAll("nearIntegers") Operands x, @ForAll boolean inexact) {
    FloatFormat f = x.format();
    double value = toDouble(f, x.a());
    environment.begin(x.mode());
    Result result = result(conversion.toIntegral(f, x.a(), inexact));
    if (Double.isNaN(value)) {
      boolean quiet = (x.a() & 1L << (f.fractionBits() - 1)) != 0;
      assertEquals(new Result(f.canonicalNan(), quiet ? 0 : ExceptionFlags.NV), result);
    } else if (Double.isInfinite(value)) {
      assertEquals(new Result(x.a(), 0), result);
    } else {
      double expected = Math.copySign(integral(value, x.mode()).doubleValue(), value);
      assertEquals(expected, toDouble(f, result.bits()));
      boolean raises = inexact && expected != value;
      assertEquals(raises ? ExceptionFlags.NX : 0, result.flags());
    }
  }

  /** Conversions to integers from the tables of the ISA manual and worked out by hand. */
  @ParameterizedTest
  @CsvSource({
    "-1.1,            32, true,  RTZ, -1,                    1",
    "-1.1,            32, true,  RDN, -2,                    1",
    "-0.9,            32, false, RTZ, 0,                     1",
    "-0.9,            32, false, RNE, 0,                     16",
    "-1.0,            32, false, RTZ, 0,                     16",
    "3e9,             32, true,  RTZ, 2147483647,            16",
    "-3e9,            32, true,  RTZ, -2147483648,           16",
    "3e9,             32, false, RTZ, -1294967296,           0",
    "4294967295.5,    32, false, RTZ, -1,                    1",
    "4294967295.5,    32, false, RNE, -1,                    16",
    "2147483647.5,    32, true,  RTZ, 2147483647,            1",
    "2147483647.5,    32, true,  RMM, 2147483647,            16",
    "-2147483648.5,   32, true,  RNE, -2147483648,           1",
    "NaN,             32, true,  RTZ, 2147483647,            16",
    "NaN,             32, false, RTZ, -1,                    16",
    "NaN,             64, true,  RTZ, 9223372036854775807,   16",
    "-Infinity,       64, true,  RTZ, -9223372036854775808,  16",
    "-Infinity,       64, false, RTZ, 0,                     16",
    "Infinity,        64, false, RTZ, -1,                    16",
    "-9.223372036854775808e18, 64, true, RTZ, -9223372036854775808, 0",
    "9.223372036854775808e18,  64, true, RTZ, 9223372036854775807,  16",
    "1.8446744073709551616e19, 64, false, RTZ, -1,           16",
    "2.5,             64, true,  RNE, 2,                     1",
    "2.5,             64, true,  RMM, 3,                     1",
    "0.0,             64, true,  RUP, 0,                     0",
    "5e-324,          64, true,  RUP, 1,                     1"
  })
  void knownIntegers(
      double value, int width, boolean signed, RoundingMode mode, long expected, int flags) {
    environment.begin(mode);
    long bits = Double.doubleToRawLongBits(value);
    Result result =
        result(
            signed
                ? conversion.toSigned(BINARY64, bits, width)
                : conversion.toUnsigned(BINARY64, bits, width));
    assertEquals(new Result(expected, flags), result);
  }

  @ParameterizedTest
  @CsvSource({
    "4294967297.0,  1,           16",
    "4294967297.5,  1,           16",
    "2147483648.0,  -2147483648, 16",
    "-2147483648.0, -2147483648, 0",
    "-2147483649.0, 2147483647,  16",
    "-1.75,         -1,          1",
    "0x1p83,        0,           16",
    "0x1.8p31,      -1073741824, 16",
    "0x1.0000000000001p83, -2147483648, 16",
    "0x1.0000000000001p84, 0,    16",
    "-0x1.0000000000003p82, 1073741824, 16",
    "NaN,           0,           16",
    "-Infinity,     0,           16",
    "0.5,           0,           1"
  })
  void knownModularIntegers(double value, long expected, int flags) {
    environment.begin(RoundingMode.RTZ);
    long bits = Double.doubleToRawLongBits(value);
    Result result = result(conversion.toSignedModular(BINARY64, bits));
    assertEquals(new Result(expected, flags), result);
  }
}
