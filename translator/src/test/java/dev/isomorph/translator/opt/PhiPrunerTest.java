package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.TestRegion;
import org.junit.jupiter.api.Test;

class PhiPrunerTest {
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;

  private static int phi(RegionGraph graph, int instruction, int slot) {
    RegionNode node = TestRegion.node(graph, instruction);
    for (int id = node.start(); graph.isPhi(id); id++) {
      if (graph.slotOf(id) == slot) {
        return id;
      }
    }
    throw new IllegalArgumentException("no phi of x" + slot + " in\n" + graph);
  }

  private static int entry(RegionGraph graph, int slot) {
    for (int id : TestRegion.all(graph, IrOp.GET)) {
      if (graph.code().imm(id) == slot) {
        return id;
      }
    }
    throw new IllegalArgumentException("no x" + slot + " in\n" + graph);
  }

  @Test
  void whatALoopChangesIsAChoice() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.ADDI, A0, A0, -1).branch(Opcode.BNE, A0, 0, head).ret();
    RegionGraph graph = TestRegion.of(a);
    int phi = phi(graph, 0, A0);
    assertEquals(phi, new PhiPruner(graph).replacement(phi));
  }

  @Test
  void whatIsWrittenOnTheWayOutOnlyIsNone() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.ADDI, A0, A0, -1).branch(Opcode.BNE, A0, 0, head);
    a.emit(Opcode.ADDI, A2, A1, 7).ret();
    RegionGraph graph = TestRegion.of(a);
    assertEquals(entry(graph, A2), new PhiPruner(graph).replacement(phi(graph, 0, A2)));
  }

  @Test
  void phisThatOnlyFeedEachOtherAreNone() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = a.here();
    a.emit(Opcode.ADDI, A0, A0, -1);
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDI, A1, A1, -1).branch(Opcode.BNE, A1, 0, inner);
    a.branch(Opcode.BNE, A0, 0, outer);
    a.emit(Opcode.ADDI, A2, A1, 7).ret();
    RegionGraph graph = TestRegion.of(a);
    PhiPruner pruner = new PhiPruner(graph);
    assertEquals(entry(graph, A2), pruner.replacement(phi(graph, 0, A2)));
    assertEquals(entry(graph, A2), pruner.replacement(phi(graph, 1, A2)));
    // The inner loop does not touch a0, so it is the outer loop's value there.
    assertFalse(graph.isPhi(pruner.replacement(phi(graph, 1, A0))));
    assertEquals(phi(graph, 0, A1), pruner.replacement(phi(graph, 0, A1)));
    assertEquals(phi(graph, 1, A1), pruner.replacement(phi(graph, 1, A1)));
  }

  @Test
  void theSameValueFromBothWaysIsNone() {
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.emit(Opcode.ADD, A2, A2, A1);
    a.branch(Opcode.BEQ, A0, 0, join);
    a.emit(Opcode.ADDI, A0, A0, -1).emit(Opcode.SD, A0, 0, A1); // Not to be a selection.
    a.bind(join).branch(Opcode.BNE, A1, 0, head).ret();
    RegionGraph graph = TestRegion.of(a);
    PhiPruner pruner = new PhiPruner(graph);
    assertEquals(TestRegion.all(graph, IrOp.ADD).getFirst(), pruner.replacement(phi(graph, 4, A2)));
    assertEquals(phi(graph, 4, A0), pruner.replacement(phi(graph, 4, A0)));
  }
}
