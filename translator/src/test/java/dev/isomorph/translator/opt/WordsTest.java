package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.RA;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.S1;
import static dev.isomorph.decoder.Registers.SP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.ir.StateSlot;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final int MANY = 9;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  /** The loop, which counts by a long number. */
  private RegionGraph optimised() {
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    return graph;
  }

  private static boolean isWordOf(RegionGraph graph, int value, int register) {
    return graph.isPhi(value) && graph.slotOf(value) == StateSlot.WORD + register;
  }

  private static boolean hasWordOf(RegionGraph graph, int register) {
    return TestRegion.all(graph, IrOp.GET).stream().anyMatch(id -> isWordOf(graph, id, register));
  }

  private static List<IrOp> guards(RegionGraph graph) {
    return graph.nodes().getFirst().out().stream()
        .filter(RegionEdge::isGuard)
        .map(edge -> graph.code().op(edge.operation()))
        .toList();
  }

  @Test
  void aSumOfWordsGoesRoundWithoutItsSigns() {
    code.emit(Opcode.LW, A1, 0, S0).emit(Opcode.ADDW, A0, A0, A1);
    RegionGraph graph = optimised();
    int sum = TestRegion.all(graph, IrOp.ADD32).getFirst();
    assertTrue(isWordOf(graph, graph.code().a(sum), A0), graph::toString);
    assertEquals(List.of(IrOp.EXIT_NE), guards(graph), graph::toString);
  }

  /** What may be anything at first is no word to what is made of it, which the state has. */
  @Test
  void whatIsMadeOfAnythingIsNoWord() {
    code.emit(Opcode.XORI, A0, A0, 3).emit(Opcode.SD, A1, 0, S0).emit(Opcode.ADDW, A0, A2, S0);
    code.emit(Opcode.SD, A1, 8, S0);
    RegionGraph graph = optimised();
    int xor = TestRegion.all(graph, IrOp.XOR).getFirst();
    int whole = graph.code().a(xor);
    assertTrue(graph.code().op(whole) == IrOp.RESIGN32 || !hasWordOf(graph, A0), graph::toString);
    int state = TestRegion.all(graph, IrOp.PUT).stream().filter(put -> put > xor).findFirst().get();
    assertEquals(xor, graph.code().a(state), graph::toString);
  }

  /** Nobody looks at what it was before the constant. */
  @Test
  void whatIsAWordAtFirstIsNotCheckedToBeOne() {
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    code.emit(Opcode.ADDI, A0, 0, 7).bind(inner);
    code.emit(Opcode.ADDIW, A0, A0, -1).branch(Opcode.BNE, A0, 0, inner);
    RegionGraph graph = optimised();
    assertTrue(hasWordOf(graph, A0), graph::toString);
    assertEquals(List.of(IrOp.EXIT_EQ), guards(graph), graph::toString);
  }

  /** Nobody asks for the first value but the state, which may be that of a pointer. */
  @Test
  void aRegisterThatIsWrittenAnewMayBeAnythingAtFirst() {
    code.emit(Opcode.LW, A1, 0, S0).emit(Opcode.ADDIW, A0, A1, 3).emit(Opcode.SW, A0, 4, S0);
    RegionGraph graph = optimised();
    int name = TestRegion.all(graph, IrOp.RESIGN32).getFirst();
    assertTrue(isWordOf(graph, graph.code().a(name), A0), graph::toString);
    assertEquals(List.of(IrOp.EXIT_EQ), guards(graph), graph::toString);
  }

  /** What it is changed to is for the state alone, too, which gets all of it. */
  @Test
  void whatTheStateAloneMakesOfSuchARegisterIsNoWord() {
    code.emit(Opcode.XORI, A0, A0, 2).emit(Opcode.SW, A1, 4, S0);
    code.emit(Opcode.LW, A1, 0, S0).emit(Opcode.ADDIW, A0, A1, 3).emit(Opcode.SW, A0, 8, S0);
    RegionGraph graph = optimised();
    int name = TestRegion.all(graph, IrOp.RESIGN32).getFirst();
    int changed = TestRegion.all(graph, IrOp.XOR).getFirst();
    assertEquals(name, graph.code().a(changed), graph::toString);
  }

  @Test
  void whatIsUsedWithItsSignsInTheLoopKeepsThem() {
    code.emit(Opcode.ADDIW, A0, A0, 1).emit(Opcode.ADD, A1, A0, A2).emit(Opcode.SD, A1, 0, A1);
    RegionGraph graph = optimised();
    assertTrue(!hasWordOf(graph, A0), graph::toString);
    assertEquals(List.of(), guards(graph), graph::toString);
  }

  @Test
  void whatIsUsedWithItsSignsBehindTheLoopGetsThemThere() {
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    code.emit(Opcode.ADDI, A0, 0, 0).bind(inner);
    code.emit(Opcode.LW, A2, 0, A1).emit(Opcode.ADDI, A1, A1, 4);
    code.emit(Opcode.ADDW, A0, A0, A2).branch(Opcode.BNE, A1, A3, inner);
    code.emit(Opcode.ADD, S1, S1, A0).emit(Opcode.SD, S1, 0, A3);
    RegionGraph graph = optimised();
    assertTrue(hasWordOf(graph, A0), graph::toString);
    int total =
        TestRegion.all(graph, IrOp.ADD).stream()
            .filter(id -> isSigned(graph, id))
            .toList()
            .getFirst();
    int sign = graph.code().b(total);
    assertEquals(1, graph.nodeOf(sign).depthAt(sign), graph::toString);
  }

  private static boolean isSigned(RegionGraph graph, int sum) {
    return graph.code().op(graph.code().b(sum)) == IrOp.SEXT32;
  }

  @Test
  void wordsAreComparedByExtensionsOfTheirOwn() {
    code.emit(Opcode.ADDIW, A0, A0, -1).branch(Opcode.BLT, A0, 0, head);
    RegionGraph graph = optimised();
    int branch = TestRegion.all(graph, IrOp.EXIT_LT).getFirst();
    assertEquals(graph.code().a(branch), branch - 2, graph::toString);
    assertEquals(IrOp.SEXT32, graph.code().op(branch - 2), graph::toString);
    assertEquals(IrOp.PUT, graph.code().op(branch - 1), graph::toString);
  }

  @Test
  void whatIsMadeOfWordsBitByBitIsOne() {
    code.emit(Opcode.LW, A1, 0, S0).emit(Opcode.XOR, A0, A0, A1).emit(Opcode.SLLIW, A0, A0, 3);
    code.emit(Opcode.XOR, A0, A0, A1);
    RegionGraph graph = optimised();
    assertTrue(hasWordOf(graph, A0), graph::toString);
  }

  /** It is entered every few nanoseconds. */
  @Test
  void aFunctionIsNotGuarded() {
    RiscvAssembler.Label end = new RiscvAssembler.Label();
    code.emit(Opcode.ADDI, SP, SP, -16).emit(Opcode.SD, RA, 8, SP);
    code.branch(Opcode.BEQ, A0, 0, end);
    code.emit(Opcode.ADDIW, A0, A0, -1).call(head);
    code.emit(Opcode.ADDIW, A1, A1, 1);
    code.bind(end);
    code.emit(Opcode.LD, RA, 8, SP).emit(Opcode.ADDI, SP, SP, 16).ret();
    RegionGraph graph = TestRegion.recursion(code);
    RegionOptimizer.optimise(graph);
    assertEquals(List.of(), guards(graph), graph::toString);
  }

  /** An inner loop may be left before it makes a word of what was anything. */
  @Test
  void whatMayBeAnythingIsThatBehindItsLoop() {
    RiscvAssembler.Label inner = new RiscvAssembler.Label();
    RiscvAssembler.Label early = new RiscvAssembler.Label();
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    code.emit(Opcode.ADDI, S1, S1, 3).bind(inner).branch(Opcode.BEQ, A1, A2, early);
    code.emit(Opcode.ADDW, A0, A2, S1).emit(Opcode.SD, A3, 0, SP).emit(Opcode.ADDI, S1, S1, -1);
    code.branch(Opcode.BNE, S1, 0, inner).emit(Opcode.LD, A0, 8, SP).jump(join);
    code.bind(early).emit(Opcode.SD, A2, 0, SP);
    code.bind(join).emit(Opcode.SD, A2, 0, A1).emit(Opcode.ADDW, A0, A2, S0);
    RegionGraph graph = optimised();
    RegionGraph plain = TestRegion.of(code, Set.of());
    for (long seed = 0; seed < 100; seed += 2) {
      String end = new RegionMachine(graph, seed).enter(A2, A1).run(MANY);
      if (!end.startsWith(RegionMachine.NOT_ENTERED)) {
        assertEquals(new RegionMachine(plain, seed).enter(A2, A1).run(MANY), end, graph::toString);
      }
    }
  }
}
