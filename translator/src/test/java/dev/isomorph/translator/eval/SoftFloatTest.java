package dev.isomorph.translator.eval;

import static dev.isomorph.translator.eval.ExceptionFlags.DZ;
import static dev.isomorph.translator.eval.ExceptionFlags.NV;
import static dev.isomorph.translator.eval.ExceptionFlags.NX;
import static dev.isomorph.translator.eval.ExceptionFlags.OF;
import static dev.isomorph.translator.eval.ExceptionFlags.UF;
import static dev.isomorph.translator.eval.FloatFormat.BINARY32;
import static dev.isomorph.translator.eval.FloatFormat.BINARY64;
import static dev.isomorph.translator.eval.FloatReference.toDouble;
import static dev.isomorph.translator.eval.FloatReference.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.eval.FloatCorners.Operands;
import dev.isomorph.translator.eval.FloatReference.Real;
import dev.isomorph.translator.eval.FloatReference.Result;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftFloatTest {
  private static final int TRIES = 5_000;

  private final FloatEnvironment environment = new FloatEnvironment();
  private final SoftFloat soft = new SoftFloat(environment);

  /** The operations, in the product and on the host, and the exact value where all is finite. */
  private enum Operation {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    SQUARE_ROOT,
    MULTIPLY_ADD;

    long apply(SoftFloat soft, Operands x) {
      return switch (this) {
        case ADD -> soft.add(x.format(), x.a(), x.b());
        case SUBTRACT -> soft.subtract(x.format(), x.a(), x.b());
        case MULTIPLY -> soft.multiply(x.format(), x.a(), x.b());
        case DIVIDE -> soft.divide(x.format(), x.a(), x.b());
        case SQUARE_ROOT -> soft.squareRoot(x.format(), x.a());
        case MULTIPLY_ADD -> soft.multiplyAdd(x.format(), x.a(), x.b(), x.c());
      };
    }

    double apply(double a, double b, double c) {
      return switch (this) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> a / b;
        case SQUARE_ROOT -> Math.sqrt(a);
        case MULTIPLY_ADD -> Math.fma(a, b, c);
      };
    }

    float apply(float a, float b, float c) {
      return switch (this) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> a / b;
        // By way of double, which has more than twice the precision, rounding twice is harmless.
        case SQUARE_ROOT -> (float) Math.sqrt(a);
        case MULTIPLY_ADD -> Math.fma(a, b, c);
      };
    }

    Real exact(Operands x) {
      Dyadic a = value(x.format(), x.a());
      Dyadic b = value(x.format(), x.b());
      return switch (this) {
        case ADD -> a.plus(b)::compareTo;
        case SUBTRACT -> a.plus(b.negate())::compareTo;
        case MULTIPLY -> a.times(b)::compareTo;
        case DIVIDE -> y -> a.compareTo(y.times(b)) * b.signum();
        case SQUARE_ROOT -> y -> y.signum() < 0 ? 1 : a.compareTo(y.times(y));
        case MULTIPLY_ADD -> a.times(b).plus(value(x.format(), x.c()))::compareTo;
      };
    }

    int operands() {
      return this == SQUARE_ROOT ? 1 : this == MULTIPLY_ADD ? 3 : 2;
    }
  }

  private Result result(Operation operation, Operands x) {
    environment.begin(x.mode());
    return new Result(operation.apply(soft, x), environment.flags());
  }

  private static String shown(Operation operation, Operands x) {
    return operation + " " + x;
  }

  @Provide
  Arbitrary<Operands> any() {
    return FloatCorners.operands(FloatFormat.values());
  }

  @Provide
  Arbitrary<Operands> singlesAndDoubles() {
    return FloatCorners.operands(BINARY32, BINARY64);
  }

  @Property(tries = 4 * TRIES)
  void agreesWithTheHostToNearest(
      @ForAll Operation operation, @ForAll("singlesAndDoubles") Operands x) {
    long expected;
    if (x.format() == BINARY64) {
      expected =
          Double.doubleToLongBits(
              operation.apply(
                  Double.longBitsToDouble(x.a()),
                  Double.longBitsToDouble(x.b()),
                  Double.longBitsToDouble(x.c())));
    } else {
      expected =
          Integer.toUnsignedLong(
              Float.floatToIntBits(
                  operation.apply(
                      Float.intBitsToFloat((int) x.a()),
                      Float.intBitsToFloat((int) x.b()),
                      Float.intBitsToFloat((int) x.c()))));
    }
    Operands nearest = new Operands(x.format(), RoundingMode.RNE, x.a(), x.b(), x.c());
    assertEquals(
        Long.toHexString(expected),
        Long.toHexString(result(operation, nearest).bits()),
        () -> shown(operation, nearest));
  }

  @Property(tries = 4 * TRIES)
  void roundsTheExactResultAndRaisesItsFlags(
      @ForAll Operation operation, @ForAll("any") Operands x) {
    Assume.that(hasExactResult(operation, x));
    Real exact = operation.exact(x);
    Assume.that(exact.compareTo(Dyadic.ZERO) != 0);
    assertEquals(
        FloatReference.round(x.format(), x.mode(), exact),
        result(operation, x),
        () -> shown(operation, x));
  }

  @Test
  void givesExactZerosTheirSign() {
    for (FloatFormat f : FloatFormat.values()) {
      long one = (long) f.maxExponent() << f.fractionBits();
      long[] numbers = {0, f.sign(), 1, f.sign() | 1, one, f.sign() | one};
      for (long a : numbers) {
        for (long b : numbers) {
          for (long c : numbers) {
            for (RoundingMode mode : RoundingMode.values()) {
              checkIfExactlyZero(new Operands(f, mode, a, b, c));
            }
          }
        }
      }
    }
  }

  private void checkIfExactlyZero(Operands x) {
    for (Operation operation : Operation.values()) {
      if (!hasExactResult(operation, x) || operation.exact(x).compareTo(Dyadic.ZERO) != 0) {
        continue;
      }
      // The host rounds to nearest. A zero that is a sum of opposites is negative rounding down.
      boolean negative =
          isSumOfOpposites(operation, x)
              ? x.mode() == RoundingMode.RDN
              : Double.compare(hostResult(operation, x), 0) < 0;
      assertEquals(
          new Result(negative ? x.format().sign() : 0, 0),
          result(operation, x),
          () -> shown(operation, x));
    }
  }

  @Property(tries = TRIES)
  void differencesOfEqualsAreZerosOfTheModesSign(@ForAll("any") Operands x) {
    Assume.that(areFinite(Operation.ADD, x));
    Operands equal = new Operands(x.format(), x.mode(), x.a(), x.a(), 0);
    long expected = x.mode() == RoundingMode.RDN ? x.format().sign() : 0;
    assertEquals(new Result(expected, 0), result(Operation.SUBTRACT, equal));
  }

  @Property(tries = TRIES)
  void raisesInvalidForSignallingNansAndWhereThereIsNoResult(
      @ForAll Operation operation, @ForAll("any") Operands x) {
    boolean nan = false;
    boolean signalling = false;
    boolean finite = true;
    for (int i = 0; i < operation.operands(); i++) {
      long operand = i == 0 ? x.a() : i == 1 ? x.b() : x.c();
      nan |= Double.isNaN(toDouble(x.format(), operand));
      finite &= Double.isFinite(toDouble(x.format(), operand));
      signalling |= isSignalling(x.format(), operand);
    }
    boolean noResult = !nan && Double.isNaN(hostResult(operation, x));
    boolean zeroTimesInfinity =
        operation == Operation.MULTIPLY_ADD
            && !Double.isNaN(toDouble(x.format(), x.a()))
            && !Double.isNaN(toDouble(x.format(), x.b()))
            && Double.isNaN(toDouble(x.format(), x.a()) * toDouble(x.format(), x.b()));
    Result result = result(operation, x);
    boolean invalid = signalling || noResult || zeroTimesInfinity;
    assertEquals(invalid, (result.flags() & NV) != 0, () -> shown(operation, x));
    if (invalid || !finite) {
      assertEquals(invalid ? NV : 0, result.flags(), () -> shown(operation, x));
    }
    if (invalid || nan) {
      assertEquals(canonicalNan(x.format()), result.bits(), () -> shown(operation, x));
    }
  }

  @Property(tries = TRIES)
  void raisesDivideByZeroForFiniteDividendsOnly(@ForAll("any") Operands x) {
    FloatFormat f = x.format();
    Operands byZero = new Operands(f, x.mode(), x.a(), x.b() & f.sign(), 0);
    double dividend = toDouble(f, x.a());
    int flags = result(Operation.DIVIDE, byZero).flags();
    assertEquals(dividend != 0 && Double.isFinite(dividend), (flags & DZ) != 0);
  }

  private static boolean areFinite(Operation operation, Operands x) {
    return Double.isFinite(toDouble(x.format(), x.a()))
        && (operation.operands() < 2 || Double.isFinite(toDouble(x.format(), x.b())))
        && (operation.operands() < 3 || Double.isFinite(toDouble(x.format(), x.c())));
  }

  private static boolean hasExactResult(Operation operation, Operands x) {
    return areFinite(operation, x)
        && !Double.isNaN(hostResult(operation, x))
        && !(operation == Operation.DIVIDE && toDouble(x.format(), x.b()) == 0);
  }

  private static double hostResult(Operation operation, Operands x) {
    FloatFormat f = x.format();
    return operation.apply(toDouble(f, x.a()), toDouble(f, x.b()), toDouble(f, x.c()));
  }

  private static boolean isSumOfOpposites(Operation operation, Operands x) {
    long sign = x.format().sign();
    return switch (operation) {
      case ADD -> ((x.a() ^ x.b()) & sign) != 0;
      case SUBTRACT -> ((x.a() ^ x.b()) & sign) == 0;
      case MULTIPLY_ADD -> ((x.a() ^ x.b() ^ x.c()) & sign) != 0;
      default -> false;
    };
  }

  private static long canonicalNan(FloatFormat format) {
    return switch (format) {
      case BINARY16 -> 0x7e00L;
      case BINARY32 -> 0x7fc0_0000L;
      case BINARY64 -> 0x7ff8_0000_0000_0000L;
    };
  }

  private static boolean isSignalling(FloatFormat format, long bits) {
    long quiet = canonicalNan(format) & ~format.infinity();
    return Double.isNaN(toDouble(format, bits)) && (bits & quiet) == 0;
  }

  /** Single-precision results worked out by hand: operation, operands, mode, result, flags. */
  @ParameterizedTest
  @CsvSource({
    // 2.5 + 1, exact; 1 + 2^-24, a tie; the same with a bit more.
    "ADD,      40200000, 3f800000, 0, RNE, 40600000, 0",
    "ADD,      3f800000, 33800000, 0, RNE, 3f800000, 1",
    "ADD,      3f800000, 33800000, 0, RMM, 3f800001, 1",
    "ADD,      3f800000, 33800000, 0, RUP, 3f800001, 1",
    "ADD,      3f800000, 33800001, 0, RNE, 3f800001, 1",
    "ADD,      3f800001, 33800000, 0, RNE, 3f800002, 1",
    // 1 - 2^-149: one below 1, rounding down or towards zero.
    "SUBTRACT, 3f800000, 00000001, 0, RDN, 3f7fffff, 1",
    "SUBTRACT, 3f800000, 00000001, 0, RTZ, 3f7fffff, 1",
    "SUBTRACT, 3f800000, 00000001, 0, RNE, 3f800000, 1",
    // inf - inf; max + max.
    "SUBTRACT, 7f800000, 7f800000, 0, RNE, 7fc00000, 16",
    "ADD,      7f7fffff, 7f7fffff, 0, RNE, 7f800000, 5",
    "ADD,      7f7fffff, 7f7fffff, 0, RTZ, 7f7fffff, 5",
    "ADD,      ff7fffff, ff7fffff, 0, RUP, ff7fffff, 5",
    "ADD,      ff7fffff, ff7fffff, 0, RDN, ff800000, 5",
    // max + half its ulp: a tie that overflows; less than that does not, even inexactly.
    "ADD,      7f7fffff, 73000000, 0, RNE, 7f800000, 5",
    "ADD,      7f7fffff, 72ffffff, 0, RNE, 7f7fffff, 1",
    "ADD,      7f7fffff, 73000000, 0, RTZ, 7f7fffff, 1",
    // 0 * inf, with a quiet NaN to add; a signalling NaN alone.
    "MULTIPLY_ADD, 00000000, 7f800000, 7fc00000, RNE, 7fc00000, 16",
    "MULTIPLY_ADD, 3f800000, 3f800000, 7fc00000, RNE, 7fc00000, 0",
    "MULTIPLY_ADD, 3f800000, 3f800000, 7f800001, RNE, 7fc00000, 16",
    // (1 + ulp)^2 - (1 + 2 ulp) = ulp^2, which separate rounding loses.
    "MULTIPLY_ADD, 3f800001, 3f800001, bf800002, RNE, 28800000, 0",
    // min * min underflows to zero, or to the least number rounding up.
    "MULTIPLY, 00800000, 00800000, 0, RNE, 00000000, 3",
    "MULTIPLY, 00800000, 00800000, 0, RUP, 00000001, 3",
    "MULTIPLY, 00800000, 80800000, 0, RDN, 80000001, 3",
    // An exact subnormal result does not raise underflow.
    "MULTIPLY, 00800000, 3f000000, 0, RNE, 00400000, 0",
    // min (1 - 2^-24) has 24 bits: tiny, though as a subnormal it rounds to min.
    "MULTIPLY, 00ffffff, 3f000000, 0, RNE, 00800000, 3",
    // min - 2^-173 rounds to min with 24 bits already: not tiny.
    "MULTIPLY_ADD, 00000001, b3800000, 00800000, RNE, 00800000, 1",
    "MULTIPLY_ADD, 00800000, 3f800000, 80000000, RNE, 00800000, 0",
    "DIVIDE,   3f800000, 40400000, 0, RNE, 3eaaaaab, 1",
    "DIVIDE,   3f800000, 40400000, 0, RDN, 3eaaaaaa, 1",
    "DIVIDE,   3f800000, 80000000, 0, RNE, ff800000, 8",
    "DIVIDE,   00000000, 00000000, 0, RNE, 7fc00000, 16",
    "DIVIDE,   7f800000, 00000000, 0, RNE, 7f800000, 0",
    "SQUARE_ROOT, 40000000, 0, 0, RNE, 3fb504f3, 1",
    "SQUARE_ROOT, 40000000, 0, 0, RUP, 3fb504f4, 1",
    "SQUARE_ROOT, 40800000, 0, 0, RNE, 40000000, 0",
    "SQUARE_ROOT, 80000000, 0, 0, RNE, 80000000, 0",
    "SQUARE_ROOT, bf800000, 0, 0, RNE, 7fc00000, 16",
    "SQUARE_ROOT, 7f800000, 0, 0, RNE, 7f800000, 0",
    "SQUARE_ROOT, 00000001, 0, 0, RNE, 1a3504f3, 1"
  })
  void knownResults(
      Operation operation,
      String a,
      String b,
      String c,
      RoundingMode mode,
      String bits,
      int flags) {
    Operands x = new Operands(BINARY32, mode, hex(a), hex(b), hex(c));
    Result result = result(operation, x);
    assertEquals(bits, String.format("%08x", result.bits()));
    assertEquals(flags, result.flags());
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }

  @Test
  void flagsOfOneOperationDoNotReachTheNext() {
    Operands overflowing =
        new Operands(BINARY64, RoundingMode.RNE, -1L >>> 12 | 0x7feL << 52, 0, 0);
    Operands doubled =
        new Operands(BINARY64, RoundingMode.RNE, overflowing.a(), overflowing.a(), 0);
    assertEquals(OF | NX, result(Operation.ADD, doubled).flags());
    assertEquals(0, result(Operation.ADD, overflowing).flags() & (OF | UF | NX));
  }
}
