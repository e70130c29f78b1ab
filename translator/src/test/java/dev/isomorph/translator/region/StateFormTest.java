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

  private void check(StateForm form, int bare, int value) {
    assertEquals(form, StateForm.of(code, value));
    assertEquals(bare, StateForm.bare(code, value));
  }

  private int fused(IrOp op) {
    int x = code.emit(IrOp.GETF, IrBlock.NONE, 33L);
    return code.emit(op, x, x, x, 0);
  }

  @Test
  void mostValuesArePlain() {
    int x = code.emit(IrOp.GET, IrBlock.NONE, 5L);
    int sum = code.emit(IrOp.ADD, x, x);
    int narrow = code.emit(IrOp.SEXT16, sum);
    check(StateForm.PLAIN, x, x);
    check(StateForm.PLAIN, sum, sum);
    check(StateForm.PLAIN, narrow, narrow);
  }

  @Test
  void wordsAreExtendedLater() {
    int x = code.emit(IrOp.GET, IrBlock.NONE, 5L);
    check(StateForm.SEXT32, x, code.emit(IrOp.SEXT32, x));
    check(StateForm.ZEXT32, x, code.emit(IrOp.ZEXT32, x));
  }

  @Test
  void doublesAreMadeCanonicalLater() {
    int x = code.emit(IrOp.GETF, IrBlock.NONE, 33L);
    int sum = code.emit(IrOp.FADD_D, x, x);
    check(StateForm.CANON_D, sum, code.emit(IrOp.CANON_D, sum));
  }

  @Test
  void singlesAreBoxedAndMadeCanonicalLater() {
    int x = code.emit(IrOp.GETF, IrBlock.NONE, 33L);
    int sum = code.emit(IrOp.FADD_S, x, x);
    check(StateForm.BOX_S, sum, code.emit(IrOp.BOX_S, sum));
    int canonical = code.emit(IrOp.CANON_S, sum);
    check(StateForm.BOX_CANON_S, sum, code.emit(IrOp.BOX_S, canonical));
  }

  @Test
  void fusedMultiplyAddsAreMadeCanonicalAtOnce() {
    for (IrOp op : FUSED_DOUBLE) {
      int canonical = code.emit(IrOp.CANON_D, fused(op));
      check(StateForm.PLAIN, canonical, canonical);
    }
    for (IrOp op : FUSED_SINGLE) {
      int canonical = code.emit(IrOp.CANON_S, fused(op));
      check(StateForm.BOX_S, canonical, code.emit(IrOp.BOX_S, canonical));
    }
  }
}
