package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.TestRegion;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Nodes are told by how many instructions stand before them; -1 is the entry. */
class DominatorsTest {
  private static void assertDominators(RegionGraph graph, int node, Set<Integer> expected) {
    Dominators dominators = new Dominators(graph);
    Set<Integer> found = new TreeSet<>();
    for (RegionNode each : graph.nodes()) {
      if (dominators.dominates(each.index(), TestRegion.node(graph, node).index())) {
        long pc = graph.code().pc(each.firstInstruction());
        found.add(each.index() == 0 ? -1 : (int) (pc - TestRegion.PC) / 4);
      }
    }
    assertEquals(expected, found, "of " + node + " in\n" + graph);
  }

  @Test
  void waysThatMeetDoNotDominateWhereTheyMeet() {
    RiscvAssembler.Label left = new RiscvAssembler.Label();
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.branch(Opcode.BEQ, 10, 11, left); // 0
    a.branch(Opcode.BNE, 12, 0, join); // 1, with the head
    a.emit(Opcode.ADDI, 13, 13, 1).jump(join); // 2, 3
    a.bind(left).emit(Opcode.SD, 14, 0, 2); // 4
    a.bind(join).branch(Opcode.BNE, 15, 0, head).ret(); // 5
    RegionGraph graph = TestRegion.of(a);
    assertDominators(graph, 0, Set.of(-1, 0));
    assertDominators(graph, 4, Set.of(-1, 0, 4));
    assertDominators(graph, 5, Set.of(-1, 0, 5));
  }

  @Test
  void jumpsBackDoNotTakeAwayFromTheirTarget() {
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label outer = a.here();
    a.emit(Opcode.ADDI, 10, 10, 1); // 0
    RiscvAssembler.Label inner = a.here();
    a.emit(Opcode.ADDI, 11, 11, 1); // 1
    RiscvAssembler.Label again = new RiscvAssembler.Label();
    a.branch(Opcode.BEQ, 12, 0, again); // 2
    a.branch(Opcode.BNE, 11, 13, inner); // 3
    a.bind(again).branch(Opcode.BNE, 10, 13, outer).ret(); // 4
    RegionGraph graph = TestRegion.of(a);
    assertDominators(graph, 1, Set.of(-1, 0, 1));
    assertDominators(graph, 4, Set.of(-1, 0, 1, 4));
  }

  @Test
  void aLoopEnteredAtTwoPlacesIsDominatedByNeither() {
    RiscvAssembler.Label second = new RiscvAssembler.Label();
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.branch(Opcode.BEQ, 10, 11, second); // 0
    RiscvAssembler.Label first = a.here();
    a.emit(Opcode.ADDI, 12, 12, 1); // 1
    a.bind(second).emit(Opcode.ADDI, 13, 13, 1); // 2
    a.branch(Opcode.BNE, 13, 14, first); // 3
    a.branch(Opcode.BNE, 12, 14, head).ret(); // 4, with the node before
    RegionGraph graph = TestRegion.of(a);
    assertDominators(graph, 1, Set.of(-1, 0, 1));
    assertDominators(graph, 2, Set.of(-1, 0, 2));
  }

  @Test
  void waysIntoALoopThatIsEnteredAtTwoPlacesDominateNothingBehindTheEntries() {
    RiscvAssembler.Label toFirst = new RiscvAssembler.Label();
    RiscvAssembler.Label toSecond = new RiscvAssembler.Label();
    RiscvAssembler.Label first = new RiscvAssembler.Label();
    RiscvAssembler.Label second = new RiscvAssembler.Label();
    RiscvAssembler a = new RiscvAssembler();
    RiscvAssembler.Label head = a.here();
    a.branch(Opcode.BEQ, 10, 11, toSecond).jump(toFirst); // 0, 1
    a.bind(toSecond).emit(Opcode.ADDI, 12, 12, 1).jump(second); // 2, 3
    a.bind(toFirst).emit(Opcode.ADDI, 12, 12, 2); // 4
    a.bind(first).emit(Opcode.ADDI, 13, 13, 1); // 5
    a.bind(second).emit(Opcode.ADDI, 14, 14, 1); // 6
    a.branch(Opcode.BNE, 13, 14, first); // 7
    a.branch(Opcode.BNE, 12, 14, head).ret(); // 8
    RegionGraph graph = TestRegion.of(a);
    assertDominators(graph, 2, Set.of(-1, 0, 2));
    assertDominators(graph, 4, Set.of(-1, 0, 4));
    assertDominators(graph, 5, Set.of(-1, 0, 5));
    assertDominators(graph, 6, Set.of(-1, 0, 6));
  }
}
