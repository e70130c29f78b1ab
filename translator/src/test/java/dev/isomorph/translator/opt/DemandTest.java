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
 * An extension of a word is left out only where its upper half cannot be seen: for every operation,
 * each operand extended, when only a word of the result is used and when all of it is.
 */
class DemandTest {
  private static final List<IrOp> EXTENSIONS = List.of(IrOp.SEXT32, IrOp.ZEXT32);
  private static final List<IrOp> USES = List.of(IrOp.SEXT32, IrOp.CPOP32, IrOp.SEXT8, IrOp.CLZ);
  private static final int STATES = 40;
  private static final int FIRST_REGISTER = 10;

  static Stream<IrOp> operations() {
    return Arrays.stream(IrOp.values()).filter(IntegerSemantics::defines);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void onlyWhatIsNotSeenIsLeftOut(IrOp op) {
    for (int extended = 0; extended < op.operands(); extended++) {
      for (IrOp extension : EXTENSIONS) {
        for (IrOp use : USES) {
          Observation.assertOptimisedAlike(block(op, extended, extension, use), STATES);
        }
      }
    }
  }

  private static IrBlock block(IrOp op, int extended, IrOp extension, IrOp use) {
    IrBlock block = new IrBlock();
    block.beginInstruction(0x1000, 0x13, 4);
    int[] operands = {IrBlock.NONE, IrBlock.NONE, IrBlock.NONE};
    for (int i = 0; i < op.operands(); i++) {
      int slot = StateSlot.x(FIRST_REGISTER + i);
      operands[i] = block.emit(IrOp.GET, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, slot);
    }
    operands[extended] = block.emit(extension, operands[extended]);
    int result = block.emit(op, operands[0], operands[1], operands[2], 0);
    int seen = block.emit(use, result);
    int slot = StateSlot.x(FIRST_REGISTER);
    block.emit(IrOp.PUT, seen, IrBlock.NONE, IrBlock.NONE, slot);
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1004L);
    return block;
  }
}
