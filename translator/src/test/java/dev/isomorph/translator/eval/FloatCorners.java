package dev.isomorph.translator.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Floats at which arithmetic tends to go wrong, and operands that meet there. */
final class FloatCorners {
  /** Operands of one operation. */
  record Operands(FloatFormat format, RoundingMode mode, long a, long b, long c) {
    @Override
    public String toString() {
      return String.format("%s %s %x %x %x", format, mode, a, b, c);
    }
  }

  private FloatCorners() {}

  /** Corners of a format, both signs of each. */
  static List<Long> of(FloatFormat f) {
    long unit = 1L << f.fractionBits();
    long one = (long) f.maxExponent() << f.fractionBits();
    long inf = f.infinity();
    long[] magnitudes = {
      0,
      1,
      2,
      3,
      unit / 2,
      unit - 1,
      unit,
      unit + 1,
      2 * unit - 1,
      2 * unit,
      one - unit,
      one - 1,
      one,
      one + 1,
      one + unit / 2,
      one + unit - 1,
      one + unit,
      one + unit + unit / 2,
      one + f.fractionBits() * unit,
      one + f.precision() * unit,
      inf - unit,
      inf - 1,
      inf,
      inf + 1,
      inf + unit / 2 - 1,
      inf + unit / 2,
      inf + unit / 2 + 1,
      inf + unit - 1
    };
    List<Long> corners = new ArrayList<>();
    for (long magnitude : magnitudes) {
      corners.add(magnitude);
      corners.add(f.sign() | magnitude);
    }
    return corners;
  }

  /** Any numbers of a format, most of them near corners or of few significant bits. */
  static long value(FloatFormat f, Random random) {
    List<Long> corners = of(f);
    long corner = corners.get(random.nextInt(corners.size()));
    return switch (random.nextInt(6)) {
      case 0, 1 -> corner;
      case 2 -> (corner + random.nextInt(-3, 4)) & f.mask();
      case 3 -> random.nextLong() & f.mask();
      default -> sparse(f, random);
    };
  }

  /** Numbers whose fraction is made of few runs of equal bits: sums and products near halfway. */
  private static long sparse(FloatFormat f, Random random) {
    long fraction = bit(f, random) + bit(f, random) - bit(f, random);
    long unit = 1L << f.fractionBits();
    return random.nextLong() & f.mask() & -unit | fraction & (unit - 1);
  }

  private static long bit(FloatFormat f, Random random) {
    return 1L << random.nextInt(f.precision() + 1);
  }

  /** Numbers whose exponent is near that of {@code a}, so that sums overlap. */
  private static long related(FloatFormat f, long a, Random random) {
    long unit = 1L << f.fractionBits();
    int reach = 2 * f.precision() + 4;
    long exponent = f.magnitude(a) / unit + random.nextInt(-reach, reach + 1);
    long clamped = Math.clamp(exponent, 0, f.infinity() / unit - 1);
    long b = sparse(f, random);
    return b & f.sign() | clamped * unit | b & (unit - 1);
  }

  /** Operands of some formats under all rounding modes. */
  static Arbitrary<Operands> operands(FloatFormat... formats) {
    return Arbitraries.randomValue(random -> operands(formats, random));
  }

  /** Any numbers, most of them with a magnitude that conversions to integers care for. */
  static Arbitrary<Operands> nearIntegers(FloatFormat... formats) {
    return Arbitraries.randomValue(random -> nearInteger(operands(formats, random), random));
  }

  private static Operands nearInteger(Operands x, Random random) {
    FloatFormat f = x.format();
    if (random.nextInt(4) == 0) {
      return x;
    }
    long exponent = Math.min(random.nextInt(-3, 90), f.maxExponent()) - f.minExponent() + 1;
    long unit = 1L << f.fractionBits();
    long magnitude = exponent * unit | x.a() & (unit - 1);
    magnitude += random.nextBoolean() ? 0 : random.nextInt(-1, 2);
    return new Operands(f, x.mode(), x.b() & f.sign() | magnitude, 0, 0);
  }

  private static Operands operands(FloatFormat[] formats, Random random) {
    FloatFormat f = formats[random.nextInt(formats.length)];
    RoundingMode mode = RoundingMode.of(random.nextInt(5));
    long a = value(f, random);
    long b = random.nextBoolean() ? value(f, random) : related(f, a, random);
    long c = random.nextBoolean() ? value(f, random) : related(f, a, random);
    return new Operands(f, mode, a, b, c);
  }
}
