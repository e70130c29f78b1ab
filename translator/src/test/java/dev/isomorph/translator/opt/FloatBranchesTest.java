package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A5;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionStates;
import dev.isomorph.translator.region.TestRegion;
import org.junit.jupiter.api.Test;

class FloatBranchesTest {
  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  private static RegionGraph optimised(RiscvAssembler code) {
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    return graph;
  }

  private static void assertBehind(long expected, RegionGraph graph, boolean isInside) {
    RegionStates states = new RegionStates(graph);
    for (RegionEdge edge : graph.edges()) {
      if (!edge.from().isEntry() && (edge.to() != null) == isInside) {
        int value = states.at(edge)[StateSlot.x(A5)];
        assertTrue(graph.code().isConstant(value, expected), graph::toString);
      }
    }
  }

  @Test
  void eachSideKnowsTheResult() {
    code.emit(Opcode.FADD_D, 1, 1, 2, 0).emit(Opcode.FLT_D, A5, 1, 3);
    RegionGraph graph = optimised(code.branch(Opcode.BNE, A5, 0, head).ret());
    assertBehind(1, graph, true);
    assertBehind(0, graph, false);
  }

  @Test
  void theOtherWayRoundToo() {
    code.emit(Opcode.FADD_S, 1, 1, 2, 0).emit(Opcode.FEQ_S, A5, 1, 3);
    RegionGraph graph = optimised(code.branch(Opcode.BEQ, A5, 0, head).ret());
    assertBehind(0, graph, true);
    assertBehind(1, graph, false);
  }

  /** The state has the result where it may be asked for. */
  @Test
  void whatMayLeaveInBetweenSeesTheResult() {
    code.emit(Opcode.FLT_D, A5, 1, 3).emit(Opcode.LD, A0, 0, A0);
    RegionGraph graph = optimised(code.branch(Opcode.BNE, A5, 0, head).ret());
    int load = TestRegion.all(graph, IrOp.LD64).getFirst();
    RegionStates states = new RegionStates(graph);
    states.begin(graph.nodeOf(load));
    for (int id = graph.nodeOf(load).start(); id < load; id++) {
      states.step(id);
    }
    assertEquals(IrOp.FLT_D, graph.code().op(states.current()[StateSlot.x(A5)]), graph::toString);
  }

  @Test
  void aResultThatIsComputedWithIsNoConstant() {
    code.emit(Opcode.FLT_D, A5, 1, 3).emit(Opcode.ADD, A0, A0, A5);
    code.emit(Opcode.SD, A0, 0, A0);
    RegionGraph graph = optimised(code.branch(Opcode.BNE, A5, 0, head).ret());
    assertEquals(
        2, TestRegion.all(graph, IrOp.FLT_D).stream().mapToInt(id -> uses(graph, id)).sum());
  }

  /** Nothing chooses between the constants where the sides meet. */
  @Test
  void aResultThatIsStillThereWhereTheSidesMeetIsNoConstant() {
    RiscvAssembler.Label next = new RiscvAssembler.Label();
    code.emit(Opcode.FLT_D, A5, 1, 3).branch(Opcode.BNE, A5, 0, next);
    code.emit(Opcode.SD, A0, 0, A0).bind(next).emit(Opcode.ADDI, A0, A0, 8);
    RegionGraph graph = optimised(code.branch(Opcode.BNE, A0, 0, head).ret());
    RegionStates states = new RegionStates(graph);
    for (RegionEdge edge : graph.edges()) {
      if (edge.to() == null) {
        int value = states.at(edge)[StateSlot.x(A5)];
        assertEquals(IrOp.FLT_D, graph.code().op(value), graph::toString);
      }
    }
  }

  private static int uses(RegionGraph graph, int value) {
    int uses = 0;
    for (int id = 0; id < graph.code().size(); id++) {
      IrOp op = graph.code().op(id);
      for (int i = 0; i < op.operands() && op.effect() != IrOp.Effect.STATE; i++) {
        uses += graph.code().operand(id, i) == value ? 1 : 0;
      }
    }
    return uses;
  }
}
