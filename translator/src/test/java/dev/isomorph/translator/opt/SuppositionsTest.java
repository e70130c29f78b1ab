package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.SP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.lift.Supposition;
import dev.isomorph.translator.region.RegionEdge;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuppositionsTest {
  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();

  private RegionGraph optimised(Set<Pass> passes, Supposition... likely) {
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    graph.suppose(List.of(likely));
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return graph;
  }

  private RegionGraph optimised(Supposition... likely) {
    return optimised(Pass.without(Pass.ALL, Pass.WORDS), likely);
  }

  private static Supposition number(int register, long value) {
    return new Supposition(register, 0, value);
  }

  private static boolean divides(RegionGraph graph) {
    return IntStream.range(0, graph.code().size()).anyMatch(id -> graph.code().op(id).divides());
  }

  private static long guards(RegionGraph graph) {
    return graph.nodes().getFirst().out().stream().filter(RegionEdge::isGuard).count();
  }

  @ParameterizedTest
  @EnumSource(
      value = Opcode.class,
      names = {"DIV", "DIVU", "REM", "REMU", "DIVW", "DIVUW", "REMW", "REMUW"})
  void aDivisorThatHasAlwaysBeenTheSameIsANumber(Opcode opcode) {
    code.emit(opcode, A0, A1, A2).emit(Opcode.SD, A0, 0, A3);
    RegionGraph graph = optimised(number(A2, 1000003), number(A3, 4096));
    assertFalse(divides(graph), graph::toString);
    assertEquals(1, guards(graph), graph::toString);
    assertEquals(List.of(number(A2, 1000003)), graph.suppositions());
    assertTrue(graph.checksValues());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1})
  void divisorsThatAreNoneStayWhatTheyAre(long value) {
    code.emit(Opcode.REM, A0, A1, A2);
    RegionGraph graph = optimised(number(A2, value));
    assertTrue(divides(graph), graph::toString);
    assertEquals(0, guards(graph), graph::toString);
  }

  @Test
  void aDivisorThatTheLoopChangesIsNone() {
    code.emit(Opcode.REM, A0, A1, A2).emit(Opcode.ADDI, A2, A2, 1);
    RegionGraph graph = optimised(number(A2, 10));
    assertTrue(divides(graph), graph::toString);
    assertEquals(0, guards(graph), graph::toString);
  }

  @Test
  void aDivisorThatIsWrittenOnlyWhereTheLoopIsLeftIsANumber() {
    code.emit(Opcode.DIVU, A0, A1, A2);
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head);
    code.emit(Opcode.ADDI, A2, A2, 1).ret();
    RegionGraph graph = TestRegion.of(code);
    graph.suppose(List.of(number(A2, 1000003)));
    RegionOptimizer.optimise(graph);
    assertFalse(divides(graph), graph::toString);
    assertEquals(1, guards(graph), graph::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneProductGivesQuotientAndRemainder(boolean isQuotientFirst) {
    code.emit(isQuotientFirst ? Opcode.DIVU : Opcode.REMU, A0, A1, A2);
    code.emit(isQuotientFirst ? Opcode.REMU : Opcode.DIVU, A4, A1, A2);
    code.emit(Opcode.SD, A0, 0, A3).emit(Opcode.SD, A4, 8, A3);
    RegionGraph graph = optimised(number(A2, 1000003));
    assertFalse(divides(graph), graph::toString);
    assertEquals(1, TestRegion.all(graph, IrOp.MULHU).size(), graph::toString);
    int product = TestRegion.all(graph, IrOp.MUL).getFirst();
    assertTrue(graph.code().isConstant(graph.code().b(product), 1000003), graph::toString);
  }

  @Test
  void canBeSwitchedOff() {
    code.emit(Opcode.REM, A0, A1, A2);
    RegionGraph graph = optimised(Pass.without(Pass.ALL, Pass.SUPPOSITIONS), number(A2, 10));
    assertTrue(divides(graph), graph::toString);
    assertFalse(graph.checksValues());
  }

  @Test
  void piecesAreStoredToWhereTheyAreLoadedFrom() {
    code.emit(Opcode.LBU, A1, 0, A4).emit(Opcode.LBU, A2, 1, A4);
    code.emit(Opcode.SB, A1, 0, A0).emit(Opcode.SB, A2, 1, A0).emit(Opcode.LHU, A3, 8, SP);
    RegionGraph graph = optimised(new Supposition(A0, SP, 8), new Supposition(A4, SP, 100));
    assertEquals(List.of(new Supposition(A0, SP, 8)), graph.suppositions(), graph::toString);
    assertEquals(1, guards(graph), graph::toString);
    assertEquals(List.of(), TestRegion.all(graph, IrOp.ST8), graph::toString);
    assertEquals(List.of(), TestRegion.all(graph, IrOp.LD8U), graph::toString);
  }

  @Test
  void whatIsStoredElsewhereIsOfNoUse() {
    code.emit(Opcode.SB, A1, 0, A0).emit(Opcode.SB, A2, 1, A0).emit(Opcode.LHU, A3, 10, SP);
    RegionGraph graph = optimised(new Supposition(A0, SP, 8));
    assertEquals(0, guards(graph), graph::toString);
  }
}
