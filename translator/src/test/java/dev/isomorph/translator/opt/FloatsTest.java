package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.S0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloatsTest {
  private static final int F1 = 1;
  private static final int F2 = 2;
  private static final int F3 = 3;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  /** The loop, which counts. */
  private RegionGraph optimised() {
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    return graph;
  }

  private static boolean isBare(RegionGraph graph, int value, int register) {
    return graph.isPhi(value) && graph.slotOf(value) == StateSlot.WORD + StateSlot.f(register);
  }

  private static boolean hasBare(RegionGraph graph, int register) {
    return TestRegion.all(graph, IrOp.GETF).stream().anyMatch(id -> isBare(graph, id, register));
  }

  private static long guards(RegionGraph graph) {
    return graph.nodes().getFirst().out().stream().filter(RegionEdge::isGuard).count();
  }

  /** The operation that makes an operand of the first one of a kind. */
  private static IrOp operand(RegionGraph graph, IrOp user, int index) {
    int id = TestRegion.all(graph, user).getFirst();
    return graph.code().op(graph.code().operand(id, index));
  }

  /** How often an operation is done for somebody else than the state. */
  private static long done(RegionGraph graph, IrOp op) {
    return TestRegion.all(graph, op).stream().filter(id -> isUsed(graph, id)).count();
  }

  private static boolean isUsed(RegionGraph graph, int value) {
    for (int id = value + 1; id < graph.code().size(); id++) {
      IrOp op = graph.code().op(id);
      for (int i = 0; i < op.operands() && op.effect() != IrOp.Effect.STATE; i++) {
        if (graph.code().operand(id, i) == value && (op != IrOp.BOX_S || isUsed(graph, id))) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aSumOfDoublesGoesRoundWithAnyNan() {
    code.emit(Opcode.FADD_D, F1, F1, F2, 0);
    RegionGraph graph = optimised();
    int sum = TestRegion.all(graph, IrOp.FADD_D).getFirst();
    assertTrue(isBare(graph, graph.code().a(sum), F1), graph::toString);
    assertEquals(0, done(graph, IrOp.CANON_D), graph::toString);
    assertEquals(1, guards(graph), graph::toString);
  }

  @Test
  void aSumOfSinglesGoesRoundWithoutItsBox() {
    code.emit(Opcode.FLW, F2, 0, A0).emit(Opcode.FADD_S, F1, F1, F2, 0);
    RegionGraph graph = optimised();
    int sum = TestRegion.all(graph, IrOp.FADD_S).getFirst();
    assertTrue(isBare(graph, graph.code().a(sum), F1), graph::toString);
    assertEquals(List.of(), TestRegion.all(graph, IrOp.UNBOX_S), graph::toString);
    assertEquals(0, done(graph, IrOp.BOX_S), graph::toString);
    assertEquals(0, done(graph, IrOp.CANON_S), graph::toString);
    assertEquals(2, guards(graph), graph::toString);
  }

  @Test
  void aSingleThatStaysIsTestedOnce() {
    code.emit(Opcode.FLW, F2, 0, A0).emit(Opcode.FMUL_S, F2, F2, F3, 0).emit(Opcode.FSW, F2, 0, A0);
    RegionGraph graph = optimised();
    assertEquals(List.of(), TestRegion.all(graph, IrOp.UNBOX_S), graph::toString);
    assertEquals(IrOp.GETF, operand(graph, IrOp.FMUL_S, 1));
    assertEquals(IrOp.CANON_S, operand(graph, IrOp.STF_S, 1));
  }

  /** A loaded NaN stays what it is, boxed or not. */
  @Test
  void aLoadedSingleGoesRoundAsItIs() {
    code.emit(Opcode.FADD_S, F1, F2, F2, 0).emit(Opcode.FSW, F1, 4, A0);
    code.emit(Opcode.FLW, F2, 0, A0);
    RegionGraph graph = optimised();
    assertTrue(hasBare(graph, F2), graph::toString);
    int name =
        TestRegion.all(graph, IrOp.BOX_S).stream()
            .filter(graph::isName)
            .filter(id -> isBare(graph, graph.code().a(id), F2))
            .findFirst()
            .orElseThrow();
    assertTrue(isBare(graph, graph.code().a(name), F2), graph::toString);
  }

  @Test
  void aLoadedDoubleKeepsItsNan() {
    code.emit(Opcode.FADD_D, F1, F2, F2, 0).emit(Opcode.FSD, F1, 8, A0);
    code.emit(Opcode.FLD, F2, 0, A0);
    RegionGraph graph = optimised();
    assertTrue(!hasBare(graph, F2), graph::toString);
  }

  @Test
  void whatIsCanonicalAnywayIsUsedAsThat() {
    code.emit(Opcode.FADD_D, F1, F1, F2, 0).emit(Opcode.FSD, F1, 0, A0);
    code.emit(Opcode.FMUL_D, F3, F1, F1, 0);
    RegionGraph graph = optimised();
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.FMUL_D, 0));
    assertTrue(!hasBare(graph, F1), graph::toString);
  }

  @Test
  void whoSeesANanBehindTheLoopMakesItCanonicalThere() {
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    code.emit(Opcode.FCVT_D_W, F1, 0, 0).bind(inner);
    code.emit(Opcode.FADD_D, F1, F1, F2, 0).emit(Opcode.ADDI, A1, A1, -1);
    code.branch(Opcode.BNE, A1, 0, inner);
    code.emit(Opcode.FSD, F1, 0, A0);
    RegionGraph graph = optimised();
    assertTrue(hasBare(graph, F1), graph::toString);
    int store = TestRegion.all(graph, IrOp.STF_D).getFirst();
    int canonical = graph.code().b(store);
    assertEquals(IrOp.CANON_D, graph.code().op(canonical), graph::toString);
    assertEquals(1, graph.nodeOf(canonical).depthAt(canonical), graph::toString);
  }

  /** Who takes half of a double for a single sees the half of a canonical NaN. */
  @Test
  void halfADoubleThatGoesRoundIsThatOfTheCanonicalNan() {
    code.emit(Opcode.FMV_X_D, A0, F1).emit(Opcode.FMV_W_X, F3, A0).emit(Opcode.ADDI, A0, 0, 5);
    code.emit(Opcode.FCVT_L_S, A1, F3, 0).emit(Opcode.FADD_D, F1, F1, F2, 0);
    code.emit(Opcode.FLW, F3, 0, S0);
    RegionGraph graph = optimised();
    int converted = TestRegion.all(graph, IrOp.FCVT_L_S).getFirst();
    assertFalse(isBare(graph, graph.code().a(converted), F1), graph::toString);
  }

  @Test
  void signsOfNansAreSeen() {
    code.emit(Opcode.FSGNJN_D, F2, F1, F1).emit(Opcode.FADD_D, F1, F2, F3, 0);
    RegionGraph graph = optimised();
    assertTrue(!hasBare(graph, F1), graph::toString);
    assertEquals(0, guards(graph), graph::toString);
  }

  /** What is computed in front of the loop may be where the guest has something else. */
  @Test
  void guardsStandBeforeWhatIsMovedOutOfTheLoop() {
    code.emit(Opcode.FADD_D, F1, F1, F2, 0).emit(Opcode.MUL, A1, A0, A0);
    RegionGraph graph = optimised();
    int product = TestRegion.all(graph, IrOp.MUL).getFirst();
    int guard = TestRegion.all(graph, IrOp.EXIT_NE).getFirst();
    assertTrue(graph.nodeOf(product).isEntry() && guard < product, graph::toString);
  }

  @Test
  void numbersThatNeverAreNansNeedNoGuard() {
    code.emit(Opcode.FCVT_D_W, F1, S0, 0).emit(Opcode.FMADD_D, F1, F1, F1, F1, 0);
    RegionGraph graph = optimised();
    assertTrue(!hasBare(graph, F1), graph::toString);
    assertEquals(0, guards(graph), graph::toString);
  }
}
