package dev.isomorph.translator.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.isomorph.translator.ir.IrOp;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Judges {@link IntegerSemantics} by models over integers without bounds. */
class IntegerSemanticsTest {
  private static final BigInteger ONE = BigInteger.ONE;

  /**
   * A meaning over bit strings, given as non-negative integers; the result may be any integer that
   * is right modulo the width.
   */
  private record Model(int width, BinaryOperator<BigInteger> meaning) {
    long apply(long a, long b) {
      return zext(meaning.apply(zext(BigInteger.valueOf(a)), zext(BigInteger.valueOf(b))))
          .longValue();
    }

    private BigInteger zext(BigInteger x) {
      return x.mod(ONE.shiftLeft(width));
    }
  }

  private static final Map<IrOp, Model> MODELS = new EnumMap<>(IrOp.class);

  private static void model(IrOp op, int width, BinaryOperator<BigInteger> meaning) {
    MODELS.put(op, new Model(width, meaning));
  }

  private static BigInteger signed(BigInteger x, int width) {
    return x.testBit(width - 1) ? x.subtract(ONE.shiftLeft(width)) : x;
  }

  private static BigInteger truth(boolean b) {
    return b ? ONE : BigInteger.ZERO;
  }

  private static BigInteger carrylessProduct(BigInteger a, BigInteger b) {
    return IntStream.range(0, b.bitLength())
        .filter(b::testBit)
        .mapToObj(a::shiftLeft)
        .reduce(BigInteger.ZERO, BigInteger::xor);
  }

  private static BigInteger orCombine(BigInteger a) {
    BigInteger result = BigInteger.ZERO;
    for (int i = 0; i < 64; i += 8) {
      BigInteger ff = BigInteger.valueOf(255).shiftLeft(i);
      result = a.and(ff).signum() == 0 ? result : result.or(ff);
    }
    return result;
  }

  private static BigInteger reverseBytes(BigInteger a) {
    BigInteger result = BigInteger.ZERO;
    for (int i = 0; i < 64; i += 8) {
      result = result.shiftLeft(8).or(a.shiftRight(i).and(BigInteger.valueOf(255)));
    }
    return result;
  }

  private static BigInteger rotateLeft(BigInteger a, int n, int width) {
    return a.shiftLeft(n).or(a.shiftRight(width - n));
  }

  static {
    arithmetic(64, IrOp.ADD, IrOp.SUB, IrOp.MUL);
    arithmetic(32, IrOp.ADD32, IrOp.SUB32, IrOp.MUL32);
    shifts(64, IrOp.SHL, IrOp.SHR, IrOp.SAR, IrOp.ROL, IrOp.ROR);
    shifts(32, IrOp.SHL32, IrOp.SHR32, IrOp.SAR32, IrOp.ROL32, IrOp.ROR32);
    divisions(64, IrOp.DIV, IrOp.DIVU, IrOp.REM, IrOp.REMU);
    divisions(32, IrOp.DIV32, IrOp.DIVU32, IrOp.REM32, IrOp.REMU32);
    model(IrOp.AND, 64, BigInteger::and);
    model(IrOp.OR, 64, BigInteger::or);
    model(IrOp.XOR, 64, BigInteger::xor);
    model(IrOp.MULH, 64, (a, b) -> signed(a, 64).multiply(signed(b, 64)).shiftRight(64));
    model(IrOp.MULHU, 64, (a, b) -> a.multiply(b).shiftRight(64));
    model(IrOp.MULHSU, 64, (a, b) -> signed(a, 64).multiply(b).shiftRight(64));
    BigInteger low32 = ONE.shiftLeft(32).subtract(ONE);
    model(IrOp.SEXT8, 64, (a, b) -> signed(a.and(BigInteger.valueOf(0xff)), 8));
    model(IrOp.SEXT16, 64, (a, b) -> signed(a.and(BigInteger.valueOf(0xffff)), 16));
    model(IrOp.SEXT32, 64, (a, b) -> signed(a.and(low32), 32));
    model(IrOp.ZEXT8, 64, (a, b) -> a.and(BigInteger.valueOf(0xff)));
    model(IrOp.ZEXT16, 64, (a, b) -> a.and(BigInteger.valueOf(0xffff)));
    model(IrOp.ZEXT32, 64, (a, b) -> a.and(low32));
    model(IrOp.RESIGN32, 64, (a, b) -> a.shiftRight(31).equals(ONE) ? signed(a, 32) : a);
    counts(64, IrOp.CLZ, IrOp.CTZ, IrOp.CPOP);
    counts(32, IrOp.CLZ32, IrOp.CTZ32, IrOp.CPOP32);
    model(IrOp.BSWAP, 64, (a, b) -> reverseBytes(a));
    model(IrOp.ORCB, 64, (a, b) -> orCombine(a));
    model(IrOp.CLMUL, 64, IntegerSemanticsTest::carrylessProduct);
    model(IrOp.CLMULH, 64, (a, b) -> carrylessProduct(a, b).shiftRight(64));
    model(IrOp.CLMULR, 64, (a, b) -> carrylessProduct(a, b).shiftRight(63));
    model(IrOp.CMPEQ, 64, (a, b) -> truth(a.equals(b)));
    model(IrOp.CMPNE, 64, (a, b) -> truth(!a.equals(b)));
    model(IrOp.CMPLT, 64, (a, b) -> truth(signed(a, 64).compareTo(signed(b, 64)) < 0));
    model(IrOp.CMPGE, 64, (a, b) -> truth(signed(a, 64).compareTo(signed(b, 64)) >= 0));
    model(IrOp.CMPLTU, 64, (a, b) -> truth(a.compareTo(b) < 0));
    model(IrOp.CMPGEU, 64, (a, b) -> truth(a.compareTo(b) >= 0));
  }

  private static void arithmetic(int width, IrOp add, IrOp sub, IrOp mul) {
    model(add, width, BigInteger::add);
    model(sub, width, BigInteger::subtract);
    model(mul, width, BigInteger::multiply);
  }

  private static void shifts(int width, IrOp shl, IrOp shr, IrOp sar, IrOp rol, IrOp ror) {
    BigInteger w = BigInteger.valueOf(width);
    model(shl, width, (a, b) -> a.shiftLeft(b.mod(w).intValue()));
    model(shr, width, (a, b) -> a.shiftRight(b.mod(w).intValue()));
    model(sar, width, (a, b) -> signed(a, width).shiftRight(b.mod(w).intValue()));
    model(rol, width, (a, b) -> rotateLeft(a, b.mod(w).intValue(), width));
    model(ror, width, (a, b) -> rotateLeft(a, width - b.mod(w).intValue(), width));
  }

  private static void divisions(int width, IrOp div, IrOp divu, IrOp rem, IrOp remu) {
    BigInteger ones = ONE.negate();
    model(div, width, (a, b) -> b.signum() == 0 ? ones : signed(a, width).divide(signed(b, width)));
    model(divu, width, (a, b) -> b.signum() == 0 ? ones : a.divide(b));
    model(rem, width, (a, b) -> b.signum() == 0 ? a : signed(a, width).remainder(signed(b, width)));
    model(remu, width, (a, b) -> b.signum() == 0 ? a : a.remainder(b));
  }

  private static void counts(int width, IrOp clz, IrOp ctz, IrOp cpop) {
    model(clz, width, (a, b) -> BigInteger.valueOf(width - a.bitLength()));
    model(ctz, width, (a, b) -> BigInteger.valueOf(a.signum() == 0 ? width : a.getLowestSetBit()));
    model(cpop, width, (a, b) -> BigInteger.valueOf(a.bitCount()));
  }

  @Provide
  Arbitrary<IrOp> operations() {
    return Arbitraries.of(MODELS.keySet());
  }

  @Provide
  Arbitrary<Long> values() {
    return IntegerCorners.values();
  }

  @Property(tries = 20_000)
  void agreesWithTheModel(
      @ForAll("operations") IrOp op, @ForAll("values") long a, @ForAll("values") long b) {
    assertEquals(
        MODELS.get(op).apply(a, b),
        IntegerSemantics.apply(op, a, b, 0),
        () -> op + " " + Long.toHexString(a) + " " + Long.toHexString(b));
  }

  @Test
  void agreesWithTheModelAtAllPairsOfCorners() {
    for (IrOp op : MODELS.keySet()) {
      for (long a : IntegerCorners.CORNERS) {
        for (long b : IntegerCorners.CORNERS) {
          agreesWithTheModel(op, a, b);
        }
      }
    }
  }

  @Test
  void definesExactlyTheOperationsWithAModelAndSelect() {
    Set<IrOp> expected = EnumSet.copyOf(MODELS.keySet());
    expected.add(IrOp.SELECT);
    for (IrOp op : IrOp.values()) {
      assertEquals(expected.contains(op), IntegerSemantics.defines(op), op::name);
      if (!expected.contains(op)) {
        assertThrows(
            IllegalArgumentException.class, () -> IntegerSemantics.apply(op, 1, 1, 1), op::name);
      }
    }
  }

  @Test
  void selectsByAnyBitOfTheCondition() {
    assertEquals(3, IntegerSemantics.apply(IrOp.SELECT, 0, 2, 3));
    assertEquals(2, IntegerSemantics.apply(IrOp.SELECT, 1, 2, 3));
    assertEquals(2, IntegerSemantics.apply(IrOp.SELECT, 1L << 63, 2, 3));
  }

  @Property
  void sideExitsLeaveWhenTheirComparisonHolds(@ForAll("values") long a, @ForAll("values") long b) {
    assertEquals(a == b, IntegerSemantics.leaves(IrOp.EXIT_EQ, a, b));
    assertEquals(a != b, IntegerSemantics.leaves(IrOp.EXIT_NE, a, b));
    assertEquals(a < b, IntegerSemantics.leaves(IrOp.EXIT_LT, a, b));
    assertEquals(a >= b, IntegerSemantics.leaves(IrOp.EXIT_GE, a, b));
    boolean below = Long.compareUnsigned(a, b) < 0;
    assertEquals(below, IntegerSemantics.leaves(IrOp.EXIT_LTU, a, b));
    assertEquals(!below, IntegerSemantics.leaves(IrOp.EXIT_GEU, a, b));
    assertThrows(IllegalArgumentException.class, () -> IntegerSemantics.leaves(IrOp.JUMP, a, b));
  }
}
