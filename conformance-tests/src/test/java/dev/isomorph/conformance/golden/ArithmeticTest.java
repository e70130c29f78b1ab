package dev.isomorph.conformance.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.conformance.generate.Corners;
import java.math.BigDecimal;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The golden model's arithmetic against results worked out by hand, and against exact decimals, for
 * what Java's floats cannot tell: other rounding modes and flags.
 */
class ArithmeticTest {
  @Provide
  Arbitrary<Double> doubles() {
    return Arbitraries.randomValue(
        random -> Double.longBitsToDouble(new Corners(new Random(random.nextLong())).ofDouble()));
  }

  private static Datum datum(double value) {
    return Format.DOUBLE.decode(Double.doubleToRawLongBits(value));
  }

  /** Java's canonical NaNs are RISC-V's. */
  private static void same(double expected, Result found) {
    assertEquals(Double.doubleToLongBits(expected), found.bits());
  }

  /** Directed modes enclose the exact result, as closely as can be. */
  @Property
  void directedModesEnclose(@ForAll("doubles") double a, @ForAll("doubles") double b) {
    if (Double.isFinite(a) && Double.isFinite(b)) {
      BigDecimal x = new BigDecimal(a);
      BigDecimal y = new BigDecimal(b);
      enclose(a + b, x.add(y), mode -> mode.sum(datum(a), datum(b)));
      enclose(a * b, x.multiply(y), mode -> mode.product(datum(a), datum(b)));
    }
  }

  /**
   * Checks the directed modes.
   *
   * @param nearest the result rounded to nearest, from which the exact one tells the others
   */
  private static void enclose(
      double nearest, BigDecimal exact, Function<Arithmetic, Result> operation) {
    if (!Double.isFinite(nearest)) {
      return;
    }
    int order = exact.compareTo(new BigDecimal(nearest));
    double down = order < 0 ? Math.nextDown(nearest) : nearest;
    double up = order > 0 ? Math.nextUp(nearest) : nearest;
    assertEquals(down, value(Rounding.RDN, operation), 0.0);
    assertEquals(up, value(Rounding.RUP, operation), 0.0);
    assertEquals(exact.signum() > 0 ? down : up, value(Rounding.RTZ, operation), 0.0);
  }

  private static double value(Rounding mode, Function<Arithmetic, Result> operation) {
    return Double.longBitsToDouble(operation.apply(new Arithmetic(Format.DOUBLE, mode)).bits());
  }

  @ParameterizedTest
  @CsvSource({
    // a sum that underflows is exact; products and quotients may not be
    "+, RNE, 0x1p-1074, 0x1p-1074, 0x1p-1073, 0",
    "*, RNE, 0x1p-1074, 0.5, 0, 3",
    "*, RUP, 0x1p-1074, 0.5, 0x1p-1074, 3",
    "*, RMM, 0x1p-1074, 0.5, 0x1p-1074, 3",
    "*, RNE, 0x1p-1074, 0.75, 0x1p-1074, 3",
    // tiny before, but not after rounding: no underflow
    "*, RNE, 0x1.0000000000001p-1022, 0x1.ffffffffffffep-1, 0x1p-1022, 1",
    "*, RTZ, 0x1.0000000000001p-1022, 0x1.ffffffffffffep-1, 0x1.ffffffffffffep-1023, 3",
    "*, RNE, 0x1.fffffffffffffp-1, 0x1p-1022, 0x1p-1022, 3",
    // overflow by mode
    "*, RNE, 0x1p1023, 2, Infinity, 5",
    "*, RTZ, 0x1p1023, 2, 0x1.fffffffffffffp1023, 5",
    "*, RDN, 0x1p1023, 2, 0x1.fffffffffffffp1023, 5",
    "*, RUP, 0x1p1023, -2, -0x1.fffffffffffffp1023, 5",
    "*, RDN, 0x1p1023, -2, -Infinity, 5",
    "+, RNE, 0x1.fffffffffffffp1023, 0x1p969, 0x1.fffffffffffffp1023, 1",
    "+, RNE, 0x1.fffffffffffffp1023, 0x1p970, Infinity, 5",
    // ties
    "+, RNE, 1, 0x1p-53, 1, 1",
    "+, RMM, 1, 0x1p-53, 0x1.0000000000001p0, 1",
    "+, RMM, -1, -0x1p-53, -0x1.0000000000001p0, 1",
    "+, RDN, 1, 0x1p-53, 1, 1",
    "+, RDN, -1, -0x1p-53, -0x1.0000000000001p0, 1",
    // zeros
    "+, RNE, 1, -1, 0, 0",
    "+, RDN, 1, -1, -0.0, 0",
    "+, RDN, 0, -0.0, -0.0, 0",
    "+, RNE, -0.0, -0.0, -0.0, 0",
    "+, RDN, 0, 0, 0, 0",
    // exceptions
    "/, RNE, 1, 0, Infinity, 8",
    "/, RNE, -1, 0, -Infinity, 8",
    "/, RNE, 0, 0, NaN, 16",
    "/, RNE, Infinity, 0, Infinity, 0",
    "+, RNE, Infinity, -Infinity, NaN, 16",
    "*, RNE, Infinity, 0, NaN, 16",
    "/, RNE, Infinity, Infinity, NaN, 16",
    "+, RNE, NaN, 1, NaN, 0",
  })
  void byHand(char op, Rounding mode, String a, String b, String expected, int flags) {
    Arithmetic arithmetic = new Arithmetic(Format.DOUBLE, mode);
    Datum x = datum(Double.parseDouble(a));
    Datum y = datum(Double.parseDouble(b));
    Result result =
        switch (op) {
          case '+' -> arithmetic.sum(x, y);
          case '*' -> arithmetic.product(x, y);
          default -> arithmetic.quotient(x, y);
        };
    same(Double.parseDouble(expected), result);
    assertEquals(flags, result.flags());
  }
}
