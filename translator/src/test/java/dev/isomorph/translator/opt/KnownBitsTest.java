package dev.isomorph.translator.opt;

import dev.isomorph.translator.eval.IntegerSemantics;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An extension of a result is left out only where the result is extended already: for every
 * operation, with each constant as each operand. The constants reach beyond the widths of shifts.
 */
class KnownBitsTest {
  private static final List<IrOp> EXTENSIONS =
      List.of(IrOp.SEXT8, IrOp.SEXT16, IrOp.SEXT32, IrOp.ZEXT8, IrOp.ZEXT16, IrOp.ZEXT32);
  private static final List<Long> CONSTANTS =
      List.of(
          -1L,
          1L,
          15L,
          16L,
          17L,
          24L,
          31L,
          32L,
          33L,
          48L,
          63L,
          64L,
          65L,
          95L,
          0x7fL,
          0x80L,
          0xffL,
          0x8000L,
          0xffffL,
          0x7fff_ffffL,
          0x8000_0000L,
          0xffff_ffffL,
          Long.MIN_VALUE);
  private static final int STATES = 12;
  private static final int FIRST_REGISTER = 10;

  static Stream<IrOp> operations() {
    return Arrays.stream(IrOp.values()).filter(IntegerSemantics::defines);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void onlyWhatIsKnownIsLeftOut(IrOp op) {
    for (int constant = 0; constant < op.operands(); constant++) {
      for (long value : CONSTANTS) {
        Observation.assertOptimisedAlike(block(op, constant, value), STATES);
      }
    }
  }

  private static IrBlock block(IrOp op, int constant, long value) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x1000, 0x13, 4);
    int[] operands = {IrBlock.NONE, IrBlock.NONE, IrBlock.NONE};
    for (int i = 0; i < op.operands(); i++) {
      int slot = StateSlot.x(FIRST_REGISTER + i);
      operands[i] =
          i == constant
              ? block.constant(value)
              : block.emit(IrOp.GET, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, slot);
    }
    int result = block.emit(op, operands[0], operands[1], operands[2], 0);
    for (int i = 0; i < EXTENSIONS.size(); i++) {
      int seen = block.emit(EXTENSIONS.get(i), result);
      block.emit(IrOp.PUT, seen, IrBlock.NONE, IrBlock.NONE, StateSlot.x(FIRST_REGISTER + i));
    }
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1004L);
    return block;
  }
}
