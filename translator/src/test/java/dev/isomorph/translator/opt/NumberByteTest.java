package dev.isomorph.translator.opt;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The byte that is found is the value's lowest one, however it has been moved. */
class NumberByteTest {
  private static final int CASES = 20_000;
  private static final int LONGEST = 4;
  private static final IrOp[] EXTENSIONS = {
    IrOp.SEXT8, IrOp.ZEXT8, IrOp.SEXT16, IrOp.ZEXT16, IrOp.SEXT32, IrOp.ZEXT32
  };
  private static final IrOp[] SHIFTS = {IrOp.SHR, IrOp.SAR, IrOp.SHR32, IrOp.SAR32};

  private final Random random = new Random(1);
  private final IrBlock code = new IrBlock();

  /** By operation, what it gives. */
  private final long[] values = new long[2 + 2 * LONGEST];

  private int emit(IrOp op, int a, int b, long imm) {
    int id = code.emitFor(0, op, a, b, NONE, imm);
    values[id] =
        op == IrOp.GET || op == IrOp.CONST
            ? imm
            : IntegerSemantics.apply(op, values[a], b == NONE ? 0 : values[b], 0);
    return id;
  }

  private int step(int value) {
    return switch (random.nextInt(5)) {
      case 0 -> emit(EXTENSIONS[random.nextInt(EXTENSIONS.length)], value, NONE, 0);
      case 1 -> {
        long mask = 0xffL << 8 * random.nextInt(8) | random.nextLong() & random.nextLong();
        yield emit(IrOp.AND, value, emit(IrOp.CONST, NONE, NONE, mask), 0);
      }
      default -> {
        int bits = random.nextInt(8) == 0 ? random.nextInt(64) : 8 * random.nextInt(8);
        int count = emit(IrOp.CONST, NONE, NONE, bits);
        yield emit(SHIFTS[random.nextInt(SHIFTS.length)], value, count, 0);
      }
    };
  }

  @Test
  void isTheLowestByteOfTheValue() {
    int moved = 0;
    for (int i = 0; i < CASES; i++) {
      code.clear();
      code.beginInstruction(0, 0x13, 4);
      int value = emit(IrOp.GET, NONE, NONE, 10);
      values[value] = random.nextLong();
      for (int steps = random.nextInt(LONGEST + 1); steps > 0; steps--) {
        value = step(value);
      }
      NumberByte found = NumberByte.of(code, value);
      moved += found.place() > 0 ? 1 : 0;
      long expected = values[value] & 0xff;
      long byItself = values[found.number()] >>> 8 * found.place() & 0xff;
      assertEquals(expected, byItself, () -> "case of " + code);
    }
    assertTrue(moved > CASES / 10, "some are found elsewhere");
  }
}
