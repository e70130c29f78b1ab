package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.FloatReference.toDouble;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.eval.FloatCorners.Operands;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatComparisonTest {
  private final FloatEnvironment environment = new FloatEnvironment();
  private final FloatComparison comparison = new FloatComparison(environment);

  @Provide
  Arbitrary<Operands> any() {
    return FloatCorners.operands(FloatFormat.values());
  }

  private static boolean isSignalling(FloatFormat format, long bits) {
    long quiet = 1L << (format.fractionBits() - 1);
    return Double.isNaN(toDouble(format, bits)) && (bits & quiet) == 0;
  }

  private int flags() {
    int flags = environment.flags();
    environment.begin(RoundingMode.RNE);
    return flags;
  }

  @Property(tries = 5_000)
  void comparesAsTheHostDoes(@ForAll("any") Operands x) {
    FloatFormat f = x.format();
    double a = toDouble(f, x.a());
    double b = toDouble(f, x.b());
    boolean nan = Double.isNaN(a) || Double.isNaN(b);
    int quiet = isSignalling(f, x.a()) || isSignalling(f, x.b()) ? ExceptionFlags.NV : 0;
    int signalling = nan ? ExceptionFlags.NV : 0;
    assertEquals(a == b, comparison.equal(f, x.a(), x.b()));
    assertEquals(quiet, flags());
    assertEquals(a < b, comparison.less(f, x.a(), x.b(), true));
    assertEquals(signalling, flags());
    assertEquals(a < b, comparison.less(f, x.a(), x.b(), false));
    assertEquals(quiet, flags());
    assertEquals(a <= b, comparison.lessOrEqual(f, x.a(), x.b(), true));
    assertEquals(signalling, flags());
    assertEquals(a <= b, comparison.lessOrEqual(f, x.a(), x.b(), false));
    assertEquals(quiet, flags());
  }

  @Property(tries = 5_000)
  void minimumAndMaximum(@ForAll("any") Operands x) {
    FloatFormat f = x.format();
    double a = toDouble(f, x.a());
    double b = toDouble(f, x.b());
    double min = Math.min(a, b);
    double max = Math.max(a, b);
    int flags = isSignalling(f, x.a()) || isSignalling(f, x.b()) ? ExceptionFlags.NV : 0;
    check(min, f, comparison.minimum(f, x.a(), x.b()), flags);
    check(max, f, comparison.maximum(f, x.a(), x.b()), flags);
    double other = Double.isNaN(a) ? b : a;
    boolean nan = Double.isNaN(min);
    check(nan ? other : min, f, comparison.minimumNumber(f, x.a(), x.b()), flags);
    check(nan ? other : max, f, comparison.maximumNumber(f, x.a(), x.b()), flags);
  }

  private void check(double expected, FloatFormat format, long actual, int flags) {
    // Comparing the boxes tells zeros apart.
    assertEquals((Double) expected, (Double) toDouble(format, actual));
    if (Double.isNaN(expected)) {
      assertEquals(format.canonicalNan(), actual);
    }
    assertEquals(flags, flags());
  }

  @ParameterizedTest
  @CsvSource({
    "BINARY32, ff800000, 0",
    "BINARY32, ff7fffff, 1",
    "BINARY32, 80800000, 1",
    "BINARY32, 807fffff, 2",
    "BINARY32, 80000001, 2",
    "BINARY32, 80000000, 3",
    "BINARY32, 00000000, 4",
    "BINARY32, 00000001, 5",
    "BINARY32, 007fffff, 5",
    "BINARY32, 00800000, 6",
    "BINARY32, 7f7fffff, 6",
    "BINARY32, 7f800000, 7",
    "BINARY32, 7f800001, 8",
    "BINARY32, ffbfffff, 8",
    "BINARY32, 7fc00000, 9",
    "BINARY32, ffffffff, 9",
    "BINARY64, fff0000000000000, 0",
    "BINARY64, bff0000000000000, 1",
    "BINARY64, 800fffffffffffff, 2",
    "BINARY64, 8000000000000000, 3",
    "BINARY64, 0000000000000000, 4",
    "BINARY64, 000fffffffffffff, 5",
    "BINARY64, 0010000000000000, 6",
    "BINARY64, 7ff0000000000000, 7",
    "BINARY64, fff7ffffffffffff, 8",
    "BINARY64, 7ff8000000000000, 9",
    "BINARY16, 03ff, 5",
    "BINARY16, fc00, 0",
    "BINARY16, 7dff, 8",
    "BINARY16, 7e00, 9"
  })
  void classifies(FloatFormat format, String bits, int bit) {
    assertEquals(1 << bit, FloatComparison.classify(format, Long.parseUnsignedLong(bits, 16)));
  }
}
