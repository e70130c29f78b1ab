package dev.isomorph.conformance.coverage;

import dev.isomorph.conformance.coverage.Corner.Sign;
import dev.isomorph.conformance.golden.Format;
import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.conformance.witness.Layout;
import dev.isomorph.decoder.Instruction;
import java.util.function.LongPredicate;

/** How to tell from a case that a corner was met. */
final class Signs {
  private static final int DYNAMIC = 7;

  private Signs() {}

  // Values.

  static Sign integer(LongPredicate value) {
    return (c, place) -> c.completes() && value.test(c.integer(place));
  }

  /** A property of the bits of a number, given its format. */
  @FunctionalInterface
  interface NumberProperty {
    boolean holds(long bits, Format format);
  }

  static Sign number(NumberProperty property) {
    return (c, place) ->
        c.completes()
            && c.isBoxed(place)
            && property.holds(c.number(place), c.shape().sourceFormat());
  }

  static long sign(Format format) {
    return 1L << format.width() - 1;
  }

  static long magnitude(long bits, Format format) {
    return bits & ~sign(format);
  }

  static long one(Format format) {
    return format.infinity(false) & format.infinity(false) >> 1;
  }

  static long leastNormal(Format format) {
    return format.infinity(false) & -format.infinity(false);
  }

  static boolean isSubnormal(long bits, Format format) {
    return magnitude(bits, format) != 0 && magnitude(bits, format) < leastNormal(format);
  }

  static boolean isNan(long bits, Format format) {
    return magnitude(bits, format) > format.infinity(false);
  }

  /** A quiet NaN with other bits than the canonical one. */
  static boolean isOtherQuietNan(long bits, Format format) {
    return magnitude(bits, format) > format.canonicalNan();
  }

  static boolean isSignallingNan(long bits, Format format) {
    return isNan(bits, format) && magnitude(bits, format) < format.canonicalNan();
  }

  // Registers.

  static boolean allTheSame(Instruction i) {
    return i.rd() == i.rs1() && i.rs1() == i.rs2();
  }

  static boolean allFourTheSame(Instruction i) {
    return allTheSame(i) && i.rs2() == i.rs3();
  }

  // Floating point.

  static Sign rounding(int mode) {
    return (c, place) -> c.i().rm() == mode && c.completes();
  }

  static Sign dynamic(int mode) {
    return (c, place) -> c.i().rm() == DYNAMIC && c.rmBefore() == mode && c.completes();
  }

  static Sign reserved(int mode) {
    return (c, place) -> c.i().rm() == mode && c.isIllegal();
  }

  static Sign dynamicReserved(int mode) {
    return (c, place) -> c.i().rm() == DYNAMIC && c.rmBefore() == mode && c.isIllegal();
  }

  static Sign raised(int flag) {
    return (c, place) -> (c.flagsRaised() & flag) != 0;
  }

  static boolean isInfinite(Case c) {
    Format format = c.shape().resultFormat();
    return magnitude(c.result(), format) == format.infinity(false);
  }

  /** Whether a number, not a NaN, of that sign was too much for the result's type. */
  static Sign saturated(boolean negative) {
    return (c, place) -> {
      long bits = c.number(Places.RS1);
      Format format = c.shape().sourceFormat();
      return (c.flagsRaised() & Flags.NV) != 0
          && c.isBoxed(Places.RS1)
          && !isNan(bits, format)
          && (bits & sign(format)) != 0 == negative;
    };
  }

  // Memory.

  private static boolean allows(Case c, long bytes) {
    boolean readable = Layout.allows(c.address(), bytes, Access.READ);
    return readable && (!c.shape().stores() || Layout.allows(c.address(), bytes, Access.WRITE));
  }

  static boolean isAllowed(Case c) {
    return allows(c, Math.min(c.shape().width(), 8));
  }

  static boolean startIsAllowed(Case c) {
    return allows(c, 1);
  }

  static boolean isReadable(Case c) {
    return Layout.allows(c.address(), 1, Access.READ);
  }

  static boolean isWritable(Case c) {
    return Layout.allows(c.address(), 1, Access.WRITE);
  }

  static boolean isInWindow(Case c) {
    return Long.compareUnsigned(c.address(), Layout.WINDOW) < 0;
  }

  /** Whether the access has bytes on both sides of a multiple of {@code unit}. */
  static boolean crosses(Case c, int unit) {
    return Math.floorMod(c.address(), unit) + c.shape().width() > unit;
  }

  static boolean isCode(long address) {
    return Layout.allows(address, 2, Access.EXECUTE);
  }

  /** A store-conditional that gave {@code value}. */
  static boolean isConditionalResult(Case c, int value) {
    return c.completes() && c.i().rd() != 0 && c.after().x()[c.i().rd()] == value;
  }

  // Control.

  static boolean isTaken(Case c) {
    return c.after().pc() != c.pc() + c.i().length();
  }

  static long target(Case c) {
    return c.pc() + c.i().imm();
  }

  // Division.

  private static boolean isWord(Case c) {
    return c.shape().base().name().endsWith("W");
  }

  static boolean isZeroDivisor(Case c) {
    long divisor = c.integer(Places.RS2);
    return isWord(c) ? (int) divisor == 0 : divisor == 0;
  }

  static boolean isQuotientOverflow(Case c) {
    long dividend = c.integer(Places.RS1);
    long divisor = c.integer(Places.RS2);
    return isWord(c)
        ? (int) dividend == Integer.MIN_VALUE && (int) divisor == -1
        : dividend == Long.MIN_VALUE && divisor == -1;
  }

  // Control and status registers.

  static Sign csr(int number) {
    return (c, place) -> c.i().imm() == number && c.completes();
  }

  static boolean isCounter(Case c) {
    return c.i().imm() >= 0xc00 && c.i().imm() <= 0xc02;
  }
}
