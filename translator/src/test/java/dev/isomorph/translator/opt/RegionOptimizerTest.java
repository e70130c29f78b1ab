package dev.isomorph.translator.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.translator.ir.IrBlock;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionNode;
import dev.isomorph.translator.region.RegionPassObserver;
import dev.isomorph.translator.region.TestRegion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Loops of two nodes: the first has a branch to the second in its middle, and goes on to it at its
 * end, so that the second has two ways in.
 */
class RegionOptimizerTest {
  private static final int RA = 1;
  private static final int SP = 2;
  private static final int S0 = 8;
  private static final int S1 = 9;
  private static final int A0 = 10;
  private static final int A1 = 11;
  private static final int A2 = 12;
  private static final int A3 = 13;
  private static final int A4 = 14;
  private static final int A5 = 15;
  private static final int A6 = 16;

  private final RiscvAssembler code = new RiscvAssembler();
  private final RiscvAssembler.Label head = code.here();
  private final RiscvAssembler.Label second = new RiscvAssembler.Label();

  /** A branch to the second node that depends on nothing. */
  private void branch() {
    code.branch(Opcode.BEQ, A0, A1, second);
  }

  private void second() {
    code.bind(second);
  }

  private RegionGraph optimised() {
    return optimised(Pass.ALL);
  }

  private RegionGraph optimised(Set<Pass> passes) {
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    return graph;
  }

  private static void assertCount(int expected, RegionGraph graph, IrOp op) {
    assertEquals(expected, TestRegion.all(graph, op).size(), graph::toString);
  }

  /** The operand of the only operation of a kind. */
  private static IrOp operand(RegionGraph graph, IrOp op, int index) {
    List<Integer> all = TestRegion.all(graph, op);
    assertEquals(1, all.size(), graph::toString);
    int id = all.getFirst();
    return graph.code().op(index == 0 ? graph.code().a(id) : graph.code().b(id));
  }

  @Test
  void aWordIsTakenFromTheSumThatIsThereAnyway() {
    code.emit(Opcode.ADDI, A2, A2, 1).emit(Opcode.SD, A2, 0, S0);
    code.emit(Opcode.ADDIW, A3, A2, -1).emit(Opcode.SD, A3, 8, S0);
    code.emit(Opcode.ADDI, A4, A5, 7).emit(Opcode.SD, A4, 16, S0);
    code.emit(Opcode.ADDIW, A6, A5, 7).emit(Opcode.SD, A6, 24, S0);
    RegionGraph graph = optimised();
    assertCount(1, graph, IrOp.ADD32); // That of a2 - 1.
    for (int id : TestRegion.all(graph, IrOp.SEXT32)) {
      IrOp of = graph.code().op(graph.code().a(id));
      assertTrue(of == IrOp.ADD || of == IrOp.ADD32, graph::toString);
    }
  }

  /** Who takes half of a double for a single sees the half of a canonical NaN. */
  @Test
  void aSingleThatIsHalfADoubleIsThatOfTheCanonicalNan() {
    code.emit(Opcode.FSQRT_D, 1, 2, 0).emit(Opcode.FMV_X_D, A0, 1);
    code.emit(Opcode.FMV_W_X, 3, A0).emit(Opcode.FCVT_L_S, A1, 3, 0);
    RegionGraph graph = optimised(Pass.without(Pass.ALL, Pass.FLOATS));
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.FCVT_L_S, 0), graph::toString);
  }

  /** What is called may write any register, and the host's registers are not kept either. */
  @Test
  void nothingIsKnownWhenACallComesBack() {
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, S0);
    code.emit(Opcode.JALR, 1, 0, A5);
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.LD, A6, 0, S0).emit(Opcode.SD, A2, 0, S0).ret();
    RegionGraph graph = TestRegion.from(code);
    RegionOptimizer.optimise(graph);
    assertCount(2, graph, IrOp.XOR);
    assertCount(1, graph, IrOp.LD64);
  }

  /** One that comes to its end without a call; then its return address is still at hand. */
  @Test
  void aCopyThatIsSureToReturnToItsCallerJustDoes() {
    RiscvAssembler.Label end = new RiscvAssembler.Label();
    code.emit(Opcode.ADDI, SP, SP, -16).emit(Opcode.SD, RA, 8, SP);
    code.branch(Opcode.BEQ, A0, 0, end);
    code.emit(Opcode.ADDI, A0, A0, -1).call(head);
    code.emit(Opcode.ADDI, A1, A1, 1);
    code.bind(end);
    code.emit(Opcode.LD, RA, 8, SP).emit(Opcode.ADDI, SP, SP, 16).ret();
    RegionGraph graph = TestRegion.recursion(code);
    assertCount(4, graph, IrOp.EXIT_EQ, 3);
    assertCount(6, graph, IrOp.RETURN);
    RegionOptimizer.optimise(graph);
    assertCount(2, graph, IrOp.EXIT_EQ, 3);
    assertCount(4, graph, IrOp.RETURN);
    assertCount(3, graph, IrOp.LD64);
  }

  /** Those that compare no register with zero are comparisons of return addresses. */
  private static void assertCount(int expected, RegionGraph graph, IrOp op, int others) {
    assertEquals(expected + others, TestRegion.all(graph, op).size(), graph::toString);
  }

  @Test
  void anEqualValueFromBeforeIsUsed() {
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.XOR, A6, A3, A4).emit(Opcode.SD, A6, 16, A5);
    RegionGraph graph = optimised();
    assertCount(1, graph, IrOp.XOR);
    for (int store : TestRegion.all(graph, IrOp.ST64)) {
      assertEquals(IrOp.XOR, graph.code().op(graph.code().b(store)), graph::toString);
    }
  }

  @Test
  void anEqualValueBehindABranchIsNotUsedWhereTheBranchLeads() {
    branch();
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    second();
    code.emit(Opcode.XOR, A6, A3, A4).emit(Opcode.SD, A6, 16, A5);
    assertCount(2, optimised(), IrOp.XOR);
  }

  @Test
  void anEqualValueBehindABranchOutOfTheRegionIsUsed() {
    RiscvAssembler.Label out = new RiscvAssembler.Label();
    code.branch(Opcode.BEQ, A2, 0, out);
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.XOR, A6, A3, A4).emit(Opcode.SD, A6, 16, A5);
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head);
    code.bind(out).ret();
    RegionGraph graph = TestRegion.of(code);
    RegionOptimizer.optimise(graph);
    assertCount(1, graph, IrOp.XOR);
  }

  @Test
  void anEqualValueOfOneArmIsNotUsedInTheOther() {
    RiscvAssembler.Label join = new RiscvAssembler.Label();
    branch();
    code.jump(join);
    second();
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    code.bind(join).emit(Opcode.XOR, A6, A3, A4).emit(Opcode.SD, A6, 16, A5);
    assertCount(2, optimised(), IrOp.XOR);
  }

  @Test
  void memoryIsReadEachTime() {
    code.emit(Opcode.LD, A2, 0, A5);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.LD, A3, 0, A5);
    assertCount(2, optimised(), IrOp.LD64);
  }

  @Test
  void constantsCrossNodes() {
    code.emit(Opcode.ADDI, A2, 0, 5);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.ADDI, A3, A2, 2).emit(Opcode.SD, A3, 0, A5);
    RegionGraph graph = optimised();
    List<Integer> stores = TestRegion.all(graph, IrOp.ST64);
    assertTrue(graph.code().isConstant(graph.code().b(stores.getLast()), 7), graph::toString);
  }

  @Test
  void constantsThatDependOnTheWayDoNot() {
    code.emit(Opcode.ADDI, A2, 0, 5);
    branch();
    code.emit(Opcode.ADDI, A2, 0, 6).emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.XORI, A3, A2, 2).emit(Opcode.SD, A3, 0, A5);
    RegionGraph graph = optimised();
    assertTrue(
        graph.isPhi(graph.code().a(TestRegion.all(graph, IrOp.XOR).getFirst())), graph::toString);
  }

  @Test
  void wordOperandsAreTakenBeforeTheirExtension() {
    code.emit(Opcode.MULW, A2, A3, A4);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.SUBW, A6, A2, A3).emit(Opcode.SW, A6, 0, A5);
    code.emit(Opcode.XOR, A6, A2, A3);
    RegionGraph graph = optimised();
    assertEquals(IrOp.MUL32, operand(graph, IrOp.SUB32, 0));
    assertEquals(IrOp.SUB32, operand(graph, IrOp.ST32, 1));
    // All 64 bits.
    assertEquals(IrOp.SEXT32, operand(graph, IrOp.ST64, 1));
    assertEquals(IrOp.SEXT32, operand(graph, IrOp.XOR, 0));
  }

  @Test
  void nansBecomeCanonicalOnlyForThoseWhoSeeThem() {
    code.emit(Opcode.FADD_D, 1, 2, 3, 0);
    branch();
    code.emit(Opcode.FSD, 1, 8, A5);
    second();
    code.emit(Opcode.FMUL_D, 4, 1, 1, 0);
    code.emit(Opcode.FEQ_D, A2, 1, 5);
    code.emit(Opcode.FMADD_D, 6, 1, 5, 5, 0);
    code.emit(Opcode.FSGNJ_D, 7, 1, 5);
    code.emit(Opcode.FMIN_D, 8, 1, 5);
    code.emit(Opcode.FMV_X_D, A3, 1);
    code.emit(Opcode.FCLASS_D, A4, 1);
    RegionGraph graph = optimised(EnumSet.complementOf(EnumSet.of(Pass.FLOATS)));
    assertEquals(IrOp.FADD_D, operand(graph, IrOp.FMUL_D, 0));
    assertEquals(IrOp.FADD_D, operand(graph, IrOp.FMUL_D, 1));
    assertEquals(IrOp.FADD_D, operand(graph, IrOp.FEQ_D, 0));
    assertEquals(IrOp.FADD_D, operand(graph, IrOp.FMADD_D, 0));
    assertEquals(IrOp.FADD_D, operand(graph, IrOp.FMIN_D, 0));
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.STF_D, 1));
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.FSGNJ_D, 0));
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.FLOAT_TO_BITS, 0));
    assertEquals(IrOp.CANON_D, operand(graph, IrOp.FCLASS_D, 0));
  }

  @Test
  void fusedMultiplyAddsAreCanonicalByThemselves() {
    code.emit(Opcode.FMADD_D, 1, 2, 3, 5, 0);
    branch();
    code.emit(Opcode.FSD, 1, 8, A5);
    second();
    code.emit(Opcode.FMUL_D, 4, 1, 1, 0);
    assertEquals(IrOp.FMADD_D, operand(optimised(), IrOp.FMUL_D, 0));
  }

  @Test
  void edgesKeepTheirOperations() {
    code.emit(Opcode.XOR, A2, A3, A4);
    branch();
    code.emit(Opcode.XOR, A6, A3, A4);
    second();
    RegionGraph graph = optimised();
    int seen = 0;
    for (RegionNode node : graph.nodes()) {
      for (int id = node.start(); id < node.end(); id++) {
        if (graph.code().op(id).effect() == IrOp.Effect.EXIT) {
          assertEquals(id, graph.edges().get((int) graph.code().imm(id)).operation());
          seen++;
        }
      }
    }
    assertEquals(graph.edges().size(), seen);
  }

  @Test
  void equalValuesOfOneNodeAreComputedOnce() {
    code.emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    code.emit(Opcode.XOR, A6, A3, A4).emit(Opcode.SD, A6, 8, A5);
    code.emit(Opcode.FSGNJ_D, 1, 2, 3).emit(Opcode.FSD, 1, 16, A5);
    code.emit(Opcode.FSGNJ_D, 4, 2, 3).emit(Opcode.FSD, 4, 24, A5);
    RegionGraph graph = optimised();
    assertCount(1, graph, IrOp.XOR);
    assertCount(1, graph, IrOp.FSGNJ_D);
    for (int store : TestRegion.all(graph, IrOp.ST64)) {
      assertEquals(IrOp.XOR, graph.code().op(graph.code().b(store)), graph::toString);
    }
  }

  @Test
  void equalValuesAreFoundInLargeRegions() {
    int rounds = 90; // Some hundreds of operations.
    for (int i = 0; i < rounds; i++) {
      code.emit(Opcode.XORI, A2, A3, i).emit(Opcode.SD, A2, 8 * i, A5);
    }
    code.emit(Opcode.XORI, A2, A3, rounds - 1).emit(Opcode.SD, A2, 0, A4);
    RegionGraph graph = optimised();
    assertTrue(graph.code().size() > 256, graph::toString);
    // The last, and the first of all (with 0) is none.
    assertCount(rounds - 1, graph, IrOp.XOR);
  }

  @Test
  void whatRunsBeforeTheRegionIsLeftIsOnThatWayOnly() {
    RiscvAssembler.Label other = new RiscvAssembler.Label();
    RiscvAssembler.Label one = new RiscvAssembler.Label();
    RiscvAssembler a = new RiscvAssembler();
    a.branch(Opcode.BEQ, A0, A1, other).jump(one);
    a.bind(other).emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 0, A5).ret();
    a.bind(one).emit(Opcode.XOR, A2, A3, A4).emit(Opcode.SD, A2, 8, A5).ret();
    RegionGraph graph = TestRegion.from(a);
    RegionOptimizer.optimise(graph);
    assertCount(2, graph, IrOp.XOR);
  }

  @Test
  void aRemainderDoesNotUseTheQuotientOfANodeThatMayHaveBeenLeft() {
    branch();
    code.emit(Opcode.DIV, A2, A3, A4).emit(Opcode.SD, A2, 0, A5);
    second();
    code.emit(Opcode.REM, A6, A3, A4).emit(Opcode.SD, A6, 8, A5);
    assertCount(1, optimised(), IrOp.REM);
  }

  @Test
  void operationsAreDoneWhereAllOperandsAreConstantOnly() {
    code.emit(Opcode.ADDI, A2, 0, 1);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.SUB, A6, A2, A3).emit(Opcode.SD, A6, 16, A5);
    code.emit(Opcode.CLZ, A6, A2).emit(Opcode.SD, A6, 24, A5);
    RegionGraph graph = optimised();
    List<Integer> stores = TestRegion.all(graph, IrOp.ST64);
    assertCount(1, graph, IrOp.SUB);
    assertEquals(IrOp.SUB, graph.code().op(graph.code().b(stores.get(1))), graph::toString);
    assertTrue(graph.code().isConstant(graph.code().b(stores.get(2)), 63), graph::toString);
  }

  @Test
  void choicesOnConstantsAreConstantIfTheChosenIs() {
    code.emit(Opcode.ADDI, A2, 0, 0).emit(Opcode.ADDI, S1, 0, 7);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.CZERO_NEZ, A6, A3, A2).emit(Opcode.SD, A6, 16, A5);
    code.emit(Opcode.CZERO_NEZ, A6, S1, A2).emit(Opcode.SD, A6, 24, A5);
    RegionGraph graph = optimised();
    List<Integer> stores = TestRegion.all(graph, IrOp.ST64);
    assertEquals(IrOp.GET, graph.code().op(graph.code().b(stores.get(1))), graph::toString);
    assertTrue(graph.code().isConstant(graph.code().b(stores.get(2)), 7), graph::toString);
  }

  @Test
  void rulesOfFloatsCrossNodes() {
    code.emit(Opcode.FMV_D_X, 1, A2);
    branch();
    code.emit(Opcode.FSD, 1, 8, A5);
    second();
    code.emit(Opcode.FMV_X_D, A3, 1).emit(Opcode.SD, A3, 16, A5);
    assertCount(0, optimised(), IrOp.FLOAT_TO_BITS);
  }

  @Test
  void whatMemoryHasGivenIsUsed() {
    code.emit(Opcode.AMOADD_D, A2, A3, A4).emit(Opcode.SD, A2, 8, A5);
    code.emit(Opcode.LD, A6, 0, A4).emit(Opcode.SD, A6, 16, A5);
    RegionGraph graph = optimised();
    List<Integer> stores = TestRegion.all(graph, IrOp.ST64);
    assertEquals(IrOp.AMO64, graph.code().op(graph.code().b(stores.get(0))), graph::toString);
    assertEquals(IrOp.LD64, graph.code().op(graph.code().b(stores.get(1))), graph::toString);
  }

  /** The region with a use of a word that another node has computed. */
  private RegionGraph withWords() {
    code.emit(Opcode.MULW, A2, A3, A4);
    branch();
    code.emit(Opcode.SD, A2, 8, A5);
    second();
    code.emit(Opcode.SUBW, A6, A2, A3).emit(Opcode.SW, A6, 0, A5);
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head).ret();
    return TestRegion.of(code);
  }

  @Test
  void withoutNarrowingWordsAreTakenAsTheyAre() {
    RegionGraph graph = withWords();
    RegionOptimizer.optimise(graph, without(Pass.NARROWING), RegionPassObserver.NONE);
    assertEquals(IrOp.SEXT32, operand(graph, IrOp.SUB32, 0));
  }

  @Test
  void withoutDeadCodeNodesAreWhole() {
    RegionGraph graph = withWords();
    int instructions = graph.code().instructionCount();
    int size = graph.code().size();
    Set<Pass> passes = without(Pass.DEAD_CODE);
    passes.remove(Pass.WORDS);
    RegionOptimizer.optimise(graph, passes, RegionPassObserver.NONE);
    assertTrue(graph.code().size() < size, graph::toString);
    assertEquals(instructions, graph.code().instructionCount());
    int end = 0;
    for (RegionNode node : graph.nodes()) {
      assertEquals(end, node.start());
      end = node.end();
      assertEquals(IrOp.Effect.EXIT, graph.code().op(end - 1).effect(), graph::toString);
    }
    assertEquals(graph.code().size(), end);
  }

  @Test
  void instructionsAndTheStateAtTheEntryStay() {
    // Without a return, nobody looks at x1, the first.
    code.emit(Opcode.ADDI, S0, S0, -1).branch(Opcode.BNE, S0, 0, head);
    RegionGraph graph = TestRegion.of(code);
    IrBlock before = graph.code();
    RegionOptimizer.optimise(graph);
    assertEquals(before.instructionCount(), graph.code().instructionCount());
    for (int i = 0; i < before.instructionCount(); i++) {
      assertEquals(before.pc(i), graph.code().pc(i));
    }
    assertEquals(before.op(0), graph.code().op(0));
    assertEquals(before.imm(0), graph.code().imm(0));
  }

  @Test
  void whoLooksOnSeesEachPass() {
    RegionGraph graph = withWords();
    List<String> seen = new ArrayList<>();
    RegionOptimizer.optimise(graph, Pass.ALL, (pass, now) -> seen.add(pass + " " + (now == graph)));
    assertEquals(
        List.of(
            "simplified true",
            "invariants moved true",
            "displacements taken in true",
            "words bared true",
            "floats bared true",
            "float branches settled true",
            "dead code removed true"),
        seen);
  }

  private static Set<Pass> without(Pass pass) {
    return EnumSet.complementOf(EnumSet.of(pass));
  }

  @Test
  void bitsOfWordsNeedNoSigns() {
    code.emit(Opcode.ADDW, A2, A0, A1).emit(Opcode.ADDW, A3, A1, S1);
    branch();
    second();
    code.emit(Opcode.XOR, A4, A2, A3).emit(Opcode.ANDI, A4, A4, -16);
    code.emit(Opcode.ADDW, A4, A4, A0);
    RegionGraph graph = optimised();
    IrBlock ir = graph.code();
    int sum = TestRegion.all(graph, IrOp.ADD32).getLast();
    assertEquals(IrOp.AND, ir.op(ir.a(sum)));
    int bits = ir.a(ir.a(sum));
    assertEquals(IrOp.XOR, ir.op(bits));
    assertEquals(IrOp.ADD32, ir.op(ir.a(bits)));
    assertEquals(IrOp.ADD32, ir.op(ir.b(bits)));
  }

  @Test
  void wordShiftsOfEitherKindAreRotations() {
    code.emit(Opcode.SLLIW, A2, A0, 5);
    branch();
    second();
    code.emit(Opcode.SRLIW, A3, A0, 27).emit(Opcode.OR, A2, A2, A3);
    assertCount(1, optimised(), IrOp.ROR32);
  }
}
