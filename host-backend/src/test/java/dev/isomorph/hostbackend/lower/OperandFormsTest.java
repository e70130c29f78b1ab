package dev.isomorph.hostbackend.lower;

import static dev.isomorph.translator.ir.IrBlock.NONE;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.translator.eval.ArrayState;
import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each integer operation and side exit with operands and results in every kind of place: the home
 * of a guest register, a guest register in memory, a temporary, a word's extension, a constant.
 */
class OperandFormsTest {
  private enum Form {
    HOME,
    MEMORY,
    TEMPORARY,
    WORD,
    WORD_IN_MEMORY,
    CONSTANT
  }

  /** Operands: equal ones, neighbours, signs, words, shift amounts, divisors. */
  private static final long[][] OPERANDS = {
    {5, 5},
    {-7, -7},
    {5, 6},
    {-1, 1},
    {Long.MIN_VALUE, -1},
    {0xffff_ffff_8000_0000L, 0xffff_ffffL},
    {0x1234_5678_9abc_def0L, 0x8765_4321_0fed_cba9L},
    {0x8000_0001_8000_0001L, 0},
    {0, 0x1_0000_0021L},
  };

  private static final int[] HOMES = integerRegisters(true);
  private static final int[] IN_MEMORY = integerRegisters(false);

  /** The first operand's home, the second's, others, none; operands live on with odd ones. */
  private static final int[] RESULTS = {
    HOMES[0], HOMES[1], HOMES[2], HOMES[3], IN_MEMORY[2], IN_MEMORY[0], IN_MEMORY[0], IN_MEMORY[1]
  };

  private static final byte[] MEMORY = new byte[2 * GuestPages.PAGE];

  private static Judge judge;

  @BeforeAll
  static void open() {
    judge = new Judge();
  }

  @AfterAll
  static void close() {
    judge.close();
  }

  /** The integer registers that have, or do not have, a host register for a home. */
  private static int[] integerRegisters(boolean home) {
    return IntStream.range(1, 32).filter(x -> RegisterMap.FIXED.homeOf(x) >= 0 == home).toArray();
  }

  static Stream<IrOp> operations() {
    return Stream.of(IrOp.values())
        .filter(op -> IntegerSemantics.defines(op) && op != IrOp.SELECT || op.isSideExit());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void computesFromEveryPlaceToEveryPlace(IrOp op) {
    List<Form> seconds = op.operands() > 1 ? List.of(Form.values()) : List.of(Form.HOME);
    for (Form first : Form.values()) {
      for (Form second : seconds) {
        for (long[] operands : OPERANDS) {
          for (int i = 0; i < RESULTS.length; i++) {
            check(op, first, second, operands, RESULTS[i], i % 2 == 1);
          }
        }
      }
    }
  }

  /** A comparison that only decides a selection, which takes over its operands. */
  @ParameterizedTest
  @MethodSource("operations")
  void selectsByEveryComparison(IrOp op) {
    if (IntegerLowering.condition(op) == null || op.isSideExit()) {
      return;
    }
    for (Form first : Form.values()) {
      for (Form second : Form.values()) {
        for (long[] operands : OPERANDS) {
          for (int result : RESULTS) {
            IrBlock block = new IrBlock();
            block.beginInstruction(0x4000, 0x13, 4);
            int a = operand(block, first, 0, operands[0]);
            int b = operand(block, second, 1, operands[1]);
            int condition = block.emit(op, a, b);
            put(block, result, block.emit(IrOp.SELECT, condition, a, b, 0));
            finish(block, operands);
          }
        }
      }
    }
  }

  /** The other selection may find the flags as they were left, or not. */
  @ParameterizedTest
  @MethodSource("operations")
  void selectsTwiceByOneComparison(IrOp op) {
    if (IntegerLowering.condition(op) == null || op.isSideExit()) {
      return;
    }
    for (Form third : Form.values()) {
      for (long[] operands : OPERANDS) {
        for (int result : RESULTS) {
          IrBlock block = new IrBlock();
          block.beginInstruction(0x4000, 0x13, 4);
          int a = operand(block, Form.HOME, 0, operands[0]);
          int b = operand(block, Form.MEMORY, 1, operands[1]);
          int c = operand(block, third, 0, operands[1]);
          int condition = block.emit(op, a, b);
          int sum = block.emit(IrOp.ADD, a, b);
          int difference = block.emit(IrOp.SUB, a, c);
          put(block, result, block.emit(IrOp.SELECT, condition, sum, difference, 0));
          int word = block.emit(IrOp.SEXT32, sum);
          put(block, HOMES[4], word);
          put(block, HOMES[5], block.emit(IrOp.SELECT, condition, word, c, 0));
          put(block, HOMES[6], block.emit(IrOp.XOR, word, a));
          put(block, HOMES[7], block.emit(IrOp.SELECT, condition, c, a, 0));
          finish(block, operands);
        }
      }
    }
  }

  /** Comparing a result with 0 may need no comparison. */
  @ParameterizedTest
  @MethodSource("operations")
  void leavesByResults(IrOp op) {
    if (op.operands() != 2 || op.isSideExit()) {
      return;
    }
    for (IrOp exit : IrOp.values()) {
      for (long[] operands : exit.isSideExit() ? OPERANDS : new long[0][]) {
        for (int result : RESULTS) {
          IrBlock block = new IrBlock();
          block.beginInstruction(0x4000, 0x13, 4);
          int a = operand(block, Form.HOME, 0, operands[0]);
          int b = operand(block, Form.MEMORY, 1, operands[1]);
          int value = block.emit(op, a, b);
          put(block, result, value);
          block.emit(exit, value, block.constant(0), exit == IrOp.EXIT_NE ? 0x6000L : 0x3000L);
          finish(block, operands);
        }
      }
    }
  }

  private static void check(
      IrOp op, Form first, Form second, long[] operands, int result, boolean operandsStay) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x4000, 0x13, 4);
    int a = operand(block, first, 0, operands[0]);
    int b = op.operands() > 1 ? operand(block, second, 1, operands[1]) : NONE;
    if (op.isSideExit()) {
      block.emit(op, a, b, 0x6000L);
    } else {
      put(block, result, block.emit(op, a, b));
    }
    if (operandsStay) {
      put(block, HOMES[4], a);
      put(block, IN_MEMORY[3], b == NONE ? a : b);
    }
    finish(block, operands);
  }

  private static int operand(IrBlock block, Form form, int index, long value) {
    return switch (form) {
      case HOME -> get(block, HOMES[index]);
      case MEMORY -> get(block, IN_MEMORY[index]);
      case TEMPORARY -> block.emit(IrOp.BSWAP, block.emit(IrOp.BSWAP, get(block, HOMES[index])));
      case WORD -> block.emit(IrOp.SEXT32, get(block, HOMES[index]));
      case WORD_IN_MEMORY -> block.emit(IrOp.SEXT32, get(block, IN_MEMORY[index]));
      case CONSTANT -> block.constant(value);
    };
  }

  private static int get(IrBlock block, int x) {
    return block.emit(IrOp.GET, NONE, NONE, NONE, StateSlot.x(x));
  }

  private static void put(IrBlock block, int x, int value) {
    block.emit(IrOp.PUT, value, NONE, NONE, StateSlot.x(x));
  }

  private static void finish(IrBlock block, long[] operands) {
    block.emit(IrOp.JUMP, NONE, 0x5000L);
    ArrayState start = States.random(new Random(1));
    for (int i = 0; i < operands.length; i++) {
      start.put(StateSlot.x(HOMES[i]), operands[i]);
      start.put(StateSlot.x(IN_MEMORY[i]), operands[i]);
    }
    assertNull(judge.fault(block, start, MEMORY), block::toString);
  }
}
