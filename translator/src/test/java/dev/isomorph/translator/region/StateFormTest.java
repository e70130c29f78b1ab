package dev.isomorph.translator.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StateFormTest {
  private static final List<IrOp> FUSED_SINGLE =
      List.of(IrOp.FMADD_S, IrOp.FMSUB_S, IrOp.FNMADD_S, IrOp.FNMSUB_S);
  private static final List<IrOp> FUSED_DOUBLE =
      List.of(IrOp.FMADD_D, IrOp.FMSUB_D, IrOp.FNMADD_D, IrOp.FNMSUB_D);

  private final IrBlock code = new IrBlock();

  @BeforeEach
  void begin() {
    code.beginInstruction(0, 0, 4);
  }

  private void check(boolean isStep, int value) {
    assertEquals(isStep, StateForm.isStep(code, value));
  }

  private int fused(IrOp op) {
    int x = code.emit(IrOp.GETF, IrBlock.NONE, 33L);
    return code.emit(op, x, x, x, 0);
  }

  @Test
  void operationsOfTwoVariablesAreNoSteps() {
    int x = code.emit(IrOp.GET, IrBlock.NONE, 5L);
    check(false, x);
    check(false, code.emit(IrOp.ADD, x, x));
    check(false, code.emit(IrOp.LD64, x));
    check(false, code.emit(IrOp.SELECT, x, x, x, 0));
    check(false, code.constant(5));
    check(false, code.emit(IrOp.SUB, code.constant(5), x));
  }

  @Test
  void operationsOfOneVariableAreSteps() {
    int x = code.emit(IrOp.GET, IrBlock.NONE, 5L);
    check(true, code.emit(IrOp.SEXT32, x));
    check(true, code.emit(IrOp.CPOP, x));
    check(true, code.emit(IrOp.SHL32, x, code.constant(3)));
  }

  @Test
  void floatsAreBoxedAndMadeCanonicalLater() {
    int x = code.emit(IrOp.GETF, IrBlock.NONE, 33L);
    check(true, code.emit(IrOp.CANON_D, code.emit(IrOp.FADD_D, x, x)));
    int canonical = code.emit(IrOp.CANON_S, code.emit(IrOp.FADD_S, x, x));
    check(true, canonical);
    check(true, code.emit(IrOp.BOX_S, canonical));
  }

  @Test
  void fusedMultiplyAddsAreCanonicalByThemselves() {
    for (IrOp op : FUSED_DOUBLE) {
      check(false, fused(op));
    }
    for (IrOp op : FUSED_SINGLE) {
      check(false, fused(op));
    }
  }

  @Test
  void stepsAreDoneInTheirOrder() {
    int x = code.emit(IrOp.GET, IrBlock.NONE, 5L);
    int shifted = code.emit(IrOp.SHR, x, code.constant(8));
    int low = code.emit(IrOp.ZEXT8, shifted);
    StateForm form = StateForm.PLAIN.then(code, shifted).then(code, low);
    assertEquals(0x56, form.of(0x1234_5678));
    assertEquals(0x1234_5678, StateForm.PLAIN.of(0x1234_5678));
  }
}
