package dev.isomorph.translator.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IrVerifierTest {
  private final IrBlock block = new IrBlock();

  @BeforeEach
  void begin() {
    block.beginInstruction(0x1000, 0, 4);
  }

  @Test
  void acceptsAWellFormedBlock() {
    int value = block.emit(IrOp.ADD, block.constant(1), block.constant(2));
    put(IrOp.PUT, value, 5);
    jump();
    assertTrue(IrVerifier.verify(block));
  }

  @Test
  void rejectsAnEmptyBlock() {
    rejects("is empty");
  }

  @Test
  void rejectsABlockWithoutEnd() {
    block.constant(0);
    rejects("goes on");
  }

  @Test
  void rejectsCodeBehindTheEnd() {
    jump();
    jump();
    rejects("ends before its last");
  }

  @Test
  void rejectsAMissingOperand() {
    block.emit(IrOp.ADD, block.constant(0));
    jump();
    rejects("uses no earlier value");
  }

  @Test
  void rejectsALaterOperand() {
    block.emit(IrOp.SEXT32, 1);
    block.constant(0);
    jump();
    rejects("uses no earlier value");
  }

  @Test
  void rejectsAFloatAsInteger() {
    int value = block.emit(IrOp.BITS_TO_FLOAT, block.constant(0));
    block.emit(IrOp.CLZ, value);
    jump();
    rejects("uses a value of a wrong type");
  }

  @Test
  void rejectsAnOperandWithoutValue() {
    block.emit(IrOp.FENCE);
    block.emit(IrOp.CLZ, 0);
    jump();
    rejects("uses a value of a wrong type");
  }

  @Test
  void rejectsAWriteOfX0() {
    put(IrOp.PUT, block.constant(0), 0);
    jump();
    rejects("has a wrong immediate");
  }

  @Test
  void rejectsAnIntegerWriteOfAFloatSlot() {
    put(IrOp.PUT, block.constant(0), StateSlot.f(0));
    jump();
    rejects("has a wrong immediate");
  }

  @Test
  void rejectsAReservedRoundingMode() {
    block.emit(IrOp.FCVT_D_L, block.constant(0), 5L);
    jump();
    rejects("has a wrong immediate");
  }

  @Test
  void rejectsACallThatReturnsToNoConstant() {
    int value = block.emit(IrOp.CLZ, block.constant(0));
    block.emit(IrOp.CALL, value, 0x2000L);
    rejects("returns to no constant");
  }

  @Test
  void rejectsAnOddTarget() {
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1001L);
    rejects("has a wrong immediate");
  }

  @Test
  void rejectsInstructionsOutOfOrder() {
    block.beginInstruction(0x1004, 0, 4);
    block.constant(0);
    block.emitFor(0, IrOp.JUMP, IrBlock.NONE, IrBlock.NONE, IrBlock.NONE, 0x1000);
    rejects("is of a wrong instruction");
  }

  private void put(IrOp op, int value, long slot) {
    block.emit(op, value, slot);
  }

  private void jump() {
    block.emit(IrOp.JUMP, IrBlock.NONE, 0x1000L);
  }

  private void rejects(String fault) {
    String message =
        assertThrows(IllegalStateException.class, () -> IrVerifier.verify(block)).getMessage();
    assertEquals(fault, message.substring(0, message.indexOf(" in\n")).replaceFirst(".*\\d ", ""));
  }
}
