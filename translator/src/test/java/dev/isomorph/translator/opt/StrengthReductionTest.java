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

/** What is made of operations by constants, evaluated, against the operation itself. */
class StrengthReductionTest {
  private static final List<IrOp> DIVISIONS =
      Stream.of(IrOp.values()).filter(IrOp::divides).toList();

  private final IrBlock block = new IrBlock();
  private final StrengthReduction reduction = new StrengthReduction(block);

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
    return reduction.apply(0, op, a, block.constant(by));
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
    assertEquals(IrBlock.NONE, reduction.apply(0, IrOp.MUL, a, 0));
    assertEquals(IrBlock.NONE, reduction.apply(0, IrOp.DIVU, block.constant(3), a));
    assertEquals(IrBlock.NONE, reduction.apply(0, IrOp.SEXT32, a, IrBlock.NONE));
  }

  @Example
  void timesThreeIsOneAddressComputation() {
    int result = reduce(IrOp.MUL, 3);
    assertEquals(IrOp.ADD, block.op(result));
    assertEquals(IrOp.SHL, block.op(block.b(result)));
  }
}
