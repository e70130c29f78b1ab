package dev.isomorph.conformance.golden;

import static dev.isomorph.conformance.golden.Format.DOUBLE;
import static dev.isomorph.conformance.golden.Format.HALF;
import static dev.isomorph.conformance.golden.Format.SINGLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.conformance.generate.Corners;
import dev.isomorph.decoder.Opcode;
import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The float instructions of the golden model against what Java computes, which rounds to nearest
 * even, or towards zero where it makes integers. Java's canonical NaNs are RISC-V's.
 */
class HostFloatsTest {
  private static final int TRIES = 20_000;

  private interface OfDoubles {
    double apply(double a, double b, double c);
  }

  private interface OfSingles {
    float apply(float a, float b, float c);
  }

  private interface ToInteger {
    long apply(double a);
  }

  private static Arguments doubles(Opcode opcode, OfDoubles function) {
    return Arguments.of(opcode, function);
  }

  private static Stream<Arguments> doubles() {
    return Stream.of(
        doubles(Opcode.FADD_D, (a, b, c) -> a + b),
        doubles(Opcode.FSUB_D, (a, b, c) -> a - b),
        doubles(Opcode.FMUL_D, (a, b, c) -> a * b),
        doubles(Opcode.FDIV_D, (a, b, c) -> a / b),
        doubles(Opcode.FSQRT_D, (a, b, c) -> StrictMath.sqrt(a)),
        doubles(Opcode.FMADD_D, (a, b, c) -> Math.fma(a, b, c)),
        doubles(Opcode.FMSUB_D, (a, b, c) -> Math.fma(a, b, -c)),
        doubles(Opcode.FNMSUB_D, (a, b, c) -> Math.fma(-a, b, c)),
        doubles(Opcode.FNMADD_D, (a, b, c) -> Math.fma(-a, b, -c)),
        doubles(Opcode.FMINM_D, (a, b, c) -> Math.min(a, b)),
        doubles(Opcode.FMAXM_D, (a, b, c) -> Math.max(a, b)),
        doubles(Opcode.FROUND_D, (a, b, c) -> StrictMath.rint(a)));
  }

  @ParameterizedTest
  @MethodSource("doubles")
  void doublesAreAsInJava(Opcode opcode, OfDoubles function) {
    GoldenInstruction instruction = new GoldenInstruction(opcode, Rounding.RNE, DOUBLE, DOUBLE);
    Corners corners = new Corners(new Random(opcode.ordinal()));
    for (int i = 0; i < TRIES; i++) {
      double a = Double.longBitsToDouble(corners.ofDouble());
      double b = Double.longBitsToDouble(corners.ofDouble());
      double c = i % 2 == 0 ? Double.longBitsToDouble(corners.ofDouble()) : -(a * b);
      Result found = instruction.run(bits(a), bits(b), bits(c));
      assertEquals(
          Double.doubleToLongBits(function.apply(a, b, c)), found.bits(), a + " " + b + " " + c);
    }
  }

  private static Arguments singles(Opcode opcode, OfSingles function) {
    return Arguments.of(opcode, function);
  }

  private static Stream<Arguments> singles() {
    return Stream.of(
        singles(Opcode.FADD_S, (a, b, c) -> a + b),
        singles(Opcode.FSUB_S, (a, b, c) -> a - b),
        singles(Opcode.FMUL_S, (a, b, c) -> a * b),
        singles(Opcode.FDIV_S, (a, b, c) -> a / b),
        singles(Opcode.FSQRT_S, (a, b, c) -> (float) StrictMath.sqrt(a)),
        singles(Opcode.FMADD_S, (a, b, c) -> Math.fma(a, b, c)),
        singles(Opcode.FMSUB_S, (a, b, c) -> Math.fma(a, b, -c)),
        singles(Opcode.FNMSUB_S, (a, b, c) -> Math.fma(-a, b, c)),
        singles(Opcode.FNMADD_S, (a, b, c) -> Math.fma(-a, b, -c)),
        singles(Opcode.FMINM_S, (a, b, c) -> Math.min(a, b)),
        singles(Opcode.FMAXM_S, (a, b, c) -> Math.max(a, b)),
        singles(Opcode.FROUND_S, (a, b, c) -> (float) StrictMath.rint(a)));
  }

  @ParameterizedTest
  @MethodSource("singles")
  void singlesAreAsInJava(Opcode opcode, OfSingles function) {
    GoldenInstruction instruction = new GoldenInstruction(opcode, Rounding.RNE, SINGLE, SINGLE);
    Corners corners = new Corners(new Random(opcode.ordinal()));
    for (int i = 0; i < TRIES; i++) {
      float a = Float.intBitsToFloat((int) corners.ofSingle());
      float b = Float.intBitsToFloat((int) corners.ofSingle());
      float c = i % 2 == 0 ? Float.intBitsToFloat((int) corners.ofSingle()) : -(a * b);
      Result found = instruction.run(bits(a), bits(b), bits(c));
      assertEquals(
          Float.floatToIntBits(function.apply(a, b, c)), (int) found.bits(), a + " " + b + " " + c);
    }
  }

  private static Arguments integers(Opcode opcode, ToInteger function) {
    return Arguments.of(opcode, function);
  }

  private static Stream<Arguments> integers() {
    return Stream.of(
        integers(Opcode.FCVT_W_D, a -> (int) a),
        integers(Opcode.FCVT_L_D, a -> (long) a),
        integers(Opcode.FCVT_WU_D, a -> (int) Math.clamp((long) a, 0, 0xffff_ffffL)),
        integers(
            Opcode.FCVT_LU_D,
            a ->
                a < 0x1p63
                    ? Math.max((long) a, 0)
                    : a < 0x1p64 ? new BigDecimal(a).longValue() : -1));
  }

  /** Java gives 0 for NaN, which is tested elsewhere. */
  @ParameterizedTest
  @MethodSource("integers")
  void conversionsTowardsZeroAreAsInJava(Opcode opcode, ToInteger function) {
    GoldenInstruction instruction = new GoldenInstruction(opcode, Rounding.RTZ, DOUBLE, null);
    Corners corners = new Corners(new Random(opcode.ordinal()));
    for (int i = 0; i < TRIES; i++) {
      double a = Double.longBitsToDouble(corners.ofDouble());
      if (!Double.isNaN(a)) {
        assertEquals(function.apply(a), instruction.run(bits(a)).bits(), Double.toHexString(a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void conversionsBetweenFormatsAreAsInJava(Opcode opcode, Format from, Format to) {
    GoldenInstruction instruction = new GoldenInstruction(opcode, Rounding.RNE, from, to);
    Corners corners = new Corners(new Random(opcode.ordinal()));
    for (int i = 0; i < TRIES; i++) {
      double a =
          switch (from) {
            case HALF -> Float.float16ToFloat((short) corners.ofHalf());
            case SINGLE -> Float.intBitsToFloat((int) corners.ofSingle());
            case DOUBLE -> Double.longBitsToDouble(corners.ofDouble());
          };
      Result found = instruction.run(encode(a, from));
      assertEquals(encode(a, to), found.bits(), Double.toHexString(a));
    }
  }

  private static Stream<Arguments> widths() {
    return Stream.of(
        Arguments.of(Opcode.FCVT_S_D, DOUBLE, SINGLE),
        Arguments.of(Opcode.FCVT_D_S, SINGLE, DOUBLE),
        Arguments.of(Opcode.FCVT_S_H, HALF, SINGLE),
        Arguments.of(Opcode.FCVT_D_H, HALF, DOUBLE),
        Arguments.of(Opcode.FCVT_H_S, SINGLE, HALF));
  }

  private static long encode(double value, Format format) {
    return switch (format) {
      case HALF ->
          Double.isNaN(value) ? HALF.canonicalNan() : Float.floatToFloat16((float) value) & 0xffff;
      case SINGLE -> Float.floatToIntBits((float) value) & 0xffff_ffffL;
      case DOUBLE -> Double.doubleToLongBits(value);
    };
  }

  @ParameterizedTest
  @MethodSource("fromIntegers")
  void conversionsOfIntegersAreAsInJava(Opcode opcode, Format to, ToFloat function) {
    GoldenInstruction instruction = new GoldenInstruction(opcode, Rounding.RNE, null, to);
    Corners corners = new Corners(new Random(opcode.ordinal()));
    for (int i = 0; i < TRIES; i++) {
      long a = corners.integer();
      assertEquals(function.apply(a), instruction.run(a).bits(), Long.toHexString(a));
    }
  }

  private interface ToFloat {
    long apply(long a);
  }

  private static Arguments fromIntegers(Opcode opcode, Format to, ToFloat function) {
    return Arguments.of(opcode, to, function);
  }

  private static Stream<Arguments> fromIntegers() {
    return Stream.of(
        fromIntegers(Opcode.FCVT_D_W, DOUBLE, a -> bits((double) (int) a)),
        fromIntegers(Opcode.FCVT_D_WU, DOUBLE, a -> bits((double) (a & 0xffff_ffffL))),
        fromIntegers(Opcode.FCVT_D_L, DOUBLE, a -> bits((double) a)),
        fromIntegers(Opcode.FCVT_D_LU, DOUBLE, a -> bits(unsigned(a).doubleValue())),
        fromIntegers(Opcode.FCVT_S_W, SINGLE, a -> bits((float) (int) a)),
        fromIntegers(Opcode.FCVT_S_WU, SINGLE, a -> bits((float) (a & 0xffff_ffffL))),
        fromIntegers(Opcode.FCVT_S_L, SINGLE, a -> bits((float) a)),
        fromIntegers(Opcode.FCVT_S_LU, SINGLE, a -> bits(unsigned(a).floatValue())));
  }

  private static BigDecimal unsigned(long value) {
    return new BigDecimal(Long.toUnsignedString(value));
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffff_ffffL;
  }
}
