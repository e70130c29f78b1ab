package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What is made of operations by constants, evaluated, against the operation itself. */
class StrengthReductionTest {
  private static final List<IrOp> DIVISIONS =
      Stream.of(IrOp.values()).filter(IrOp::divides).toList();

  private final IrBlock block = new IrBlock();
  private final StrengthReduction reduction = new StrengthReduction(block, this::emit);

  private int emit(IrOp op, int a, int b, int c, long imm) {
    return block.emitFor(0, op, a, b, c, imm);
  }

  @Provide
  Arbitrary<IrOp> operations() {
    List<IrOp> all = new ArrayList<>(DIVISIONS);
    all.addAll(List.of(IrOp.MUL, IrOp.MUL32));
    return Arbitraries.of(all);
  }

  /** Numbers of all lengths, those around powers of two more often than others. */
  @Provide
  Arbitrary<Long> numbers() {
    Arbitrary<Long> near =
        Arbitraries.integers()
            .between(0, 63)
            .flatMap(bit -> Arbitraries.longs().between(-3, 3).map(off -> (1L << bit) + off));
    Arbitrary<Long> any =
        Arbitraries.integers()
            .between(0, 63)
            .flatMap(shift -> Arbitraries.longs().map(value -> value >> shift));
    return Arbitraries.oneOf(near, near.map(value -> -value), any);
  }

  /** The value of an operation, of which {@code a} is the only variable. */
  private long value(int id, long a) {
    IrOp op = block.op(id);
    return switch (op) {
      case GET -> a;
      case CONST -> block.imm(id);
      default ->
          IntegerSemantics.apply(
              op, value(block.a(id), a), op.operands() > 1 ? value(block.b(id), a) : 0, 0);
    };
  }

  /** Returns the result's number, or {@link IrBlock#NONE}. */
  private int reduce(IrOp op, long by) {
    block.clear();
    block.beginInstruction(0x1000, 0, 4);
    int a = block.emit(IrOp.GET, IrBlock.NONE, 10L);
    return reduction.apply(op, a, block.constant(by));
  }

  @Property(tries = 20000)
  void givesTheSame(
      @ForAll("operations") IrOp op, @ForAll("numbers") long a, @ForAll("numbers") long by) {
    int result = reduce(op, by);
    if (result != IrBlock.NONE) {
      assertEquals(IntegerSemantics.apply(op, a, by, 0), value(result, a), block::toString);
    }
  }

  /** Where rounding is closest: around multiples of the divisor. */
  @Property(tries = 20000)
  void givesTheSameAroundMultiples(
      @ForAll("operations") IrOp op, @ForAll("numbers") long times, @ForAll("numbers") long by) {
    int result = reduce(op, by);
    if (result != IrBlock.NONE) {
      for (long off = -1; off <= 1; off++) {
        long a = times * by + off;
        assertEquals(IntegerSemantics.apply(op, a, by, 0), value(result, a), block::toString);
      }
    }
  }

  /** Of how many bits the dividend is known to be decides what it is multiplied by. */
  @Property(tries = 40000)
  void givesTheSameWhereBitsAreKnown(
      @ForAll("operations") IrOp op,
      @ForAll("numbers") long times,
      @ForAll("numbers") long by,
      @ForAll("shifts") IrOp shift,
      @ForAll @IntRange(min = 0, max = 63) int count) {
    block.clear();
    block.beginInstruction(0x1000, 0, 4);
    int any = block.emit(IrOp.GET, IrBlock.NONE, 10L);
    int a =
        shift == IrOp.SEXT32
            ? block.emit(shift, any)
            : block.emit(shift, any, block.constant(count));
    int result = reduction.apply(op, a, block.constant(by));
    if (result != IrBlock.NONE) {
      for (long off = -1; off <= 1; off++) {
        long number = shift == IrOp.SEXT32 ? times * by + off : times * by + off << count;
        assertEquals(
            IntegerSemantics.apply(op, value(a, number), by, 0),
            value(result, number),
            block::toString);
      }
    }
  }

  @Provide
  Arbitrary<IrOp> shifts() {
    return Arbitraries.of(IrOp.SHR, IrOp.SAR, IrOp.SHR32, IrOp.SEXT32);
  }

  /** The numbers at both ends, where what is rounded away adds up to most. */
  @Property(tries = 20000)
  void givesTheSameOfExtremes(
      @ForAll("operations") IrOp op,
      @ForAll("numbers") long by,
      @ForAll("shifts") IrOp shift,
      @ForAll @IntRange(min = 0, max = 63) int count,
      @ForAll @IntRange(min = -40, max = 40) int off) {
    block.clear();
    block.beginInstruction(0x1000, 0, 4);
    int any = block.emit(IrOp.GET, IrBlock.NONE, 10L);
    int a =
        shift == IrOp.SEXT32
            ? block.emit(shift, any)
            : block.emit(shift, any, block.constant(count));
    int result = reduction.apply(op, a, block.constant(by));
    if (result != IrBlock.NONE) {
      for (long end : new long[] {0, -1, Long.MIN_VALUE, 1L << 31, 1L << 32}) {
        long number = end + ((long) off << (shift == IrOp.SEXT32 ? 0 : count));
        assertEquals(
            IntegerSemantics.apply(op, value(a, number), by, 0),
            value(result, number),
            block::toString);
      }
    }
  }

  @Example
  void multipliesByWordsWhereThatIsEnough() {
    assertEquals(List.of(IrOp.ZEXT32, IrOp.MUL, IrOp.SHR), made(IrOp.DIVU32, 65521));
    assertEquals(
        List.of(IrOp.SEXT32, IrOp.MUL, IrOp.SAR, IrOp.SAR, IrOp.SUB, IrOp.ZEXT32),
        made(IrOp.DIV32, 80));
    assertEquals(0x66666667, block.imm(block.b(find(IrOp.MUL))));
    // One that needs a factor of 33 bits.
    assertEquals(List.of(IrOp.ZEXT32, IrOp.MULHU), made(IrOp.DIVU32, 7));
    assertEquals(List.of(IrOp.MULHU, IrOp.SHR), made(IrOp.DIVU, 10));
    assertEquals(List.of(IrOp.SHR, IrOp.AND), made(IrOp.REMU, 64));
  }

  /** The operations that a reduction emits, but for constants. */
  private List<IrOp> made(IrOp op, long by) {
    reduce(op, by);
    List<IrOp> made = new ArrayList<>();
    for (int id = 1; id < block.size(); id++) {
      if (block.op(id) != IrOp.CONST) {
        made.add(block.op(id));
      }
    }
    return made;
  }

  private int find(IrOp op) {
    int id = 0;
    while (block.op(id) != op) {
      id++;
    }
    return id;
  }

  @Example
  void smallDivisorsAndDividendsAllGiveTheSame() {
    for (IrOp op : DIVISIONS) {
      for (long by = -40; by <= 40; by++) {
        int result = reduce(op, by);
        for (long a = -200; result != IrBlock.NONE && a <= 200; a++) {
          assertEquals(IntegerSemantics.apply(op, a, by, 0), value(result, a), block::toString);
        }
      }
    }
  }

  @Example
  void dividesByNothing() {
    for (IrOp op : DIVISIONS) {
      for (long by : new long[] {2, 3, 7, 10, 64, 1_000_000_007}) {
        assertTrue(reduce(op, by) != IrBlock.NONE);
        for (int id = 0; id < block.size(); id++) {
          assertFalse(block.op(id).divides(), block::toString);
        }
      }
    }
  }

  @Example
  void leavesWhatIsNotWorthIt() {
    assertEquals(IrBlock.NONE, reduce(IrOp.DIV, -3));
    assertEquals(IrBlock.NONE, reduce(IrOp.DIV32, 0));
    assertEquals(IrBlock.NONE, reduce(IrOp.DIVU, -1));
    assertEquals(IrBlock.NONE, reduce(IrOp.MUL, 7));
    assertEquals(IrBlock.NONE, reduce(IrOp.ADD, 3));
    int a = block.emit(IrOp.GET, IrBlock.NONE, 11L);
    assertEquals(IrBlock.NONE, reduction.apply(IrOp.MUL, a, 0));
    assertEquals(IrBlock.NONE, reduction.apply(IrOp.DIVU, block.constant(3), a));
    assertEquals(IrBlock.NONE, reduction.apply(IrOp.SEXT32, a, IrBlock.NONE));
  }

  @Example
  void timesThreeIsOneAddressComputation() {
    int result = reduce(IrOp.MUL, 3);
    assertEquals(IrOp.ADD, block.op(result));
    assertEquals(IrOp.SHL, block.op(block.b(result)));
  }
}
