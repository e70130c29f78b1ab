package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopInvariantsTest {
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A3 = 13;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label outer = code.here();

  private RegionGraph optimised() {
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    return graph;
  }

  /** Counts down a register to nothing. */
  private void count(int register, RiscvAssembler.Label head) {
    code.emit(Opcode.ADDI, register, register, -1).branch(Opcode.BNE, register, 0, head);
  }

  /** How many loops the only operation of a kind is in. */
  private static int depth(RegionGraph graph, IrOp op) {
    List<Integer> all = TestRegion.all(graph, op);
    assertEquals(1, all.size(), graph::toString);
    for (RegionNode node : graph.nodes()) {
      if (node.start() <= all.getFirst() && all.getFirst() < node.end()) {
        return node.depth();
      }
    }
    throw new AssertionError(graph.toString());
  }

  @Test
  void whatDoesNotChangeLeavesAllLoops() {
    RiscvAssembler.Label inner = code.here();
    code.emit(Opcode.MUL, A2, A0, A1).emit(Opcode.SD, A2, 0, A3);
    count(S1, inner);
    count(S0, outer);
    code.ret();
    assertEquals(0, depth(optimised(), IrOp.MUL));
  }

  @Test
  void whatChangesInTheOuterLoopLeavesTheInnerOne() {
    code.emit(Opcode.ADDI, S1, 0, 9);
    RiscvAssembler.Label inner = code.here();
    code.emit(Opcode.MUL, A2, S0, A1).emit(Opcode.SD, A2, 0, A3);
    count(S1, inner);
    count(S0, outer);
    code.ret();
    assertEquals(1, depth(optimised(), IrOp.MUL));
  }

  @Test
  void whatChangesStays() {
    code.emit(Opcode.MUL, A2, S0, A1).emit(Opcode.SD, A2, 0, A3);
    count(S0, outer);
    code.ret();
    assertEquals(1, depth(optimised(), IrOp.MUL));
  }

  @Test
  void memoryIsReadWhereItWas() {
    code.emit(Opcode.LD, A2, 0, A0);
    code.branch(Opcode.BEQ, A2, 0, outer).ret();
    assertEquals(1, depth(optimised(), IrOp.LD64));
  }

  @Test
  void whatRunsBehindTheLoopIsNotInIt() {
    // The end of the outer loop is in the same node as the inner one.
    code.emit(Opcode.SD, A0, 8, A3);
    RiscvAssembler.Label inner = code.here();
    code.emit(Opcode.SD, A0, 0, A3);
    count(S1, inner);
    code.emit(Opcode.MUL, A2, S0, A1).emit(Opcode.SD, A2, 16, A3);
    count(S0, outer);
    code.ret();
    RegionGraph graph = optimised();
    int product = TestRegion.all(graph, IrOp.MUL).getFirst();
    RegionNode node = TestRegion.node(graph, 1);
    assertEquals(true, node.start() < product && product < node.end(), graph::toString);
    assertEquals(1, node.depthAt(product));
    assertEquals(2, node.depthAt(node.start()));
  }

  @Test
  void manyCheapOnesStay() {
    for (int i = 0; i < 12; i++) {
      code.emit(Opcode.XORI, 16 + i, A0, 100 + i).emit(Opcode.SD, 16 + i, 8 * i, A3);
    }
    count(S0, outer);
    code.ret();
    RegionGraph graph = optimised();
    RegionNode head = TestRegion.node(graph, 0);
    long inside = TestRegion.all(graph, IrOp.XOR).stream().filter(id -> id >= head.start()).count();
    assertEquals(true, inside > 0 && inside < 12, graph::toString);
  }
}
