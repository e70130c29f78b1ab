package dev.isomorph.hostbackend.lower;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.ir.AmoKind;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Situations in which an allocator may lose a value. */
class RegisterAllocatorTest {
  private final IrBlock block = new IrBlock();

  @BeforeEach
  void begin() {
    block.beginInstruction(0x4000, 0x13, 4);
  }

  private int get(int x) {
    return block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(x));
  }

  private void put(int x, int value) {
    block.emit(IrOp.PUT, value, NONE, NONE, StateSlot.x(x));
  }

  private int address(int value) {
    int offset = block.emit(IrOp.AND, value, block.constant(0x7f8));
    return block.emit(IrOp.ADD, offset, block.constant(GuestPages.BASE));
  }

  private void check() {
    block.emit(IrOp.JUMP, NONE, 0x5000L);
    ArrayState start = States.random(new Random(1));
    byte[] memory = new byte[2 * GuestPages.PAGE];
    try (Judge judge = new Judge()) {
      assertNull(judge.fault(block, start, memory));
    }
  }

  @Test
  void swapsHomes() {
    int a = get(10);
    int b = get(11);
    put(10, b);
    put(11, a);
    check();
  }

  @Test
  void rotatesHomesAndMemory() {
    int[] values = {get(10), get(20), get(11), get(21), get(12)};
    put(10, values[1]);
    put(20, values[2]);
    put(11, values[3]);
    put(21, values[4]);
    put(12, values[0]);
    check();
  }

  @Test
  void keepsAValueWhoseHomeIsOverwrittenAndItsCopy() {
    int a = get(10);
    put(11, a);
    put(10, block.constant(1));
    put(11, block.constant(2));
    put(12, a);
    check();
  }

  @Test
  void keepsAnOldValueOfASlotInMemory() {
    int old = get(20);
    put(20, block.emit(IrOp.CLZ, old));
    put(21, old);
    put(20, block.emit(IrOp.ADD, old, get(20)));
    check();
  }

  @Test
  void keepsMoreValuesThanThereAreRegisters() {
    int[] values = new int[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = block.emit(IrOp.MUL, get(1 + i % 31), get(1 + i * 7 % 31));
    }
    int sum = values[0];
    for (int i = 1; i < values.length; i++) {
      sum = block.emit(IrOp.XOR, block.emit(IrOp.ROL, sum, values[i]), values[i]);
    }
    put(10, sum);
    check();
  }

  /** A value is spilled, written to a home, its spill slot reused; then the home is read again. */
  @Test
  void knowsThatASpillSlotIsNoLongerAValues() {
    int early = block.emit(IrOp.AND, get(28), block.constant(0x7ff));
    int kept = address(get(28));
    block.emit(IrOp.SC32, kept, get(3));
    put(14, early);
    int factor = block.emit(IrOp.MUL32, get(21), get(11));
    block.emit(IrOp.AMO64, address(factor), kept, AmoKind.AND.ordinal());
    int again = get(14);
    put(14, block.constant(-5851789312227774394L));
    put(20, again);
    check();
  }

  @Test
  void comparesOperandsThatAreOverwrittenBeforeTheSelection() {
    int a = get(10);
    int b = get(20);
    int smaller = block.emit(IrOp.CMPLTU, a, b);
    put(10, get(11));
    put(20, get(12));
    put(13, block.emit(IrOp.SELECT, smaller, a, b, 0));
    check();
  }

  /** Nothing but the comparison, which is done late, needs its operands. */
  @Test
  void keepsOperandsOfAComparisonForTheSelection() {
    int a = block.emit(IrOp.MUL, get(10), get(11));
    int b = block.emit(IrOp.MUL, get(12), get(13));
    int smaller = block.emit(IrOp.CMPLTU, a, b);
    int c = block.emit(IrOp.BSWAP, get(14));
    int d = block.emit(IrOp.BSWAP, get(15));
    put(14, block.emit(IrOp.SELECT, smaller, c, d, 0));
    check();
  }

  @Test
  void leavesAHomeAsItIsUntilTheWrite() {
    int flags = block.emit(IrOp.GET_FFLAGS);
    int one = block.constant(1);
    block.emit(IrOp.EXIT_EQ, one, one, 0x6000L);
    put(10, flags);
    check();
  }

  /** A step of the operation needs another register when the result has its own already. */
  @Test
  void keepsTheResultOfAnOperationThatIsNotDone() {
    int a = block.emit(IrOp.MUL, get(10), get(11));
    int b = block.emit(IrOp.MUL, get(12), get(13));
    int product = block.emit(IrOp.CLMULR, a, b);
    put(20, block.emit(IrOp.XOR, a, b));
    put(21, product);
    check();
  }

  @Test
  void scalesAnIndexThatIsOverwrittenBeforeTheAddition() {
    int index = get(10);
    int scaled = block.emit(IrOp.SHL, index, block.constant(3));
    put(10, get(11));
    put(12, block.emit(IrOp.ADD, scaled, get(10)));
    check();
  }
}
