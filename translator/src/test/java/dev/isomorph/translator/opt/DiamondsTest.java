package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.A5;
import static dev.isomorph.decoder.Registers.S0;
import static dev.isomorph.decoder.Registers.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.RegionGraph;
import dev.isomorph.translator.region.RegionMachine;
import dev.isomorph.translator.region.TestRegion;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiamondsTest {
  private static final int ROUNDS = 9;

  private final RiscvAssembler code = new RiscvAssembler();
  private final Label head = code.here();
  private final Label otherwise = new Label();
  private final Label join = new Label();

  /** The loop around a load and what the code has been given. */
  private RegionGraph region(Set<Pass> passes) {
    RegionGraph graph = TestRegion.of(code, passes);
    RegionOptimizer.optimise(graph, passes, (_, _) -> {});
    return graph;
  }

  /** How many branches are selections now; what happens has to stay as it was. */
  private int joined() {
    code.emit(Opcode.SD, A0, 0, 2).emit(Opcode.ADDI, S0, S0, -1);
    code.branch(Opcode.BNE, S0, 0, head).ret();
    RegionGraph plain = region(Pass.without(Pass.ALL, Pass.DIAMONDS));
    RegionGraph graph = region(Pass.ALL);
    for (long seed = 0; seed < 50; seed++) {
      assertEquals(
          new RegionMachine(plain, seed | 1).run(ROUNDS),
          new RegionMachine(graph, seed | 1).run(ROUNDS),
          () -> plain + "\n" + graph);
    }
    return branches(plain) - branches(graph);
  }

  private static int branches(RegionGraph graph) {
    int count = 0;
    for (int id = 0; id < graph.code().size(); id++) {
      boolean isGuard = graph.nodeOf(id).isEntry();
      count += graph.code().op(id).isSideExit() && !isGuard ? 1 : 0;
    }
    return count;
  }

  @Test
  void bothSidesAreDoneAndWhatTheyWriteIsChosen() {
    code.emit(Opcode.LW, A4, 8, 2).branch(Opcode.BLTU, A4, A2, otherwise);
    code.emit(Opcode.ADDI, A1, A5, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A5, 1).bind(join);
    assertEquals(1, joined());
    assertEquals(0, TestRegion.all(region(Pass.ALL), IrOp.EXIT_LTU).size());
  }

  @Test
  void eachSideReadsWhatWasBefore() {
    code.branch(Opcode.BLT, A0, A1, otherwise);
    code.emit(Opcode.ADD, A0, A0, A1).emit(Opcode.ADDI, A1, A0, 1).jump(join);
    code.bind(otherwise).emit(Opcode.SUB, A1, A1, A0).emit(Opcode.ADDI, A2, A1, 0).bind(join);
    assertEquals(1, joined());
  }

  @Test
  void aSideMayStandElsewhere() {
    Label behind = new Label();
    code.branch(Opcode.BGE, A0, A1, otherwise).bind(join);
    code.emit(Opcode.ADDI, T0, T0, 1).jump(behind);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(behind);
    assertEquals(1, joined());
  }

  @Test
  void oneMayBeInTheOther() {
    Label inner = new Label();
    code.branch(Opcode.BLT, A0, A1, otherwise).branch(Opcode.BLT, A2, A0, inner);
    code.jump(join).bind(inner).emit(Opcode.ADDI, A0, A2, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A1, 0).bind(join);
    assertEquals(2, joined());
  }

  /** Else nobody would notice when the guest changes it. */
  @Test
  void theRegionIsOfTheCodeOfBothSides() {
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A1, A1, 1).bind(join);
    assertEquals(1, joined());
    long[] pcs = region(Pass.ALL).code().pcs();
    for (int i = 0; i < code.offset() / 4 - 1; i++) {
      long pc = TestRegion.PC + 4L * i;
      assertTrue(Arrays.stream(pcs).anyMatch(each -> each == pc), () -> Arrays.toString(pcs));
    }
  }

  @Test
  void aSideThatMayFaultStays() {
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(otherwise).emit(Opcode.LD, A0, 8, 2).bind(join);
    assertEquals(0, joined());
  }

  @Test
  void aSideThatStoresStays() {
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.SD, A1, 8, 2).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A1, 0).bind(join);
    assertEquals(0, joined());
  }

  @Test
  void sidesThatTakeLongStay() {
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.DIV, A0, A1, A2).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A1, 0).bind(join);
    assertEquals(0, joined());
  }

  @Test
  void sidesThatWriteManyRegistersStay() {
    code.branch(Opcode.BLT, A0, A1, otherwise);
    code.emit(Opcode.ADDI, A2, A0, 0).emit(Opcode.ADDI, A3, A0, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A4, A1, 0).emit(Opcode.ADDI, A5, A1, 0).bind(join);
    assertEquals(0, joined());
  }

  @Test
  void sidesThatGoOnElsewhereStay() {
    Label other = new Label();
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A0, 3).jump(other);
    code.bind(join).emit(Opcode.SD, A1, 8, 2).bind(other);
    assertEquals(0, joined());
  }

  /** What a loop around the branch does is done as often as before, so its head still polls. */
  @Test
  void aSideThatIsALoopStays() {
    code.branch(Opcode.BLT, A0, A1, otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A0, 3).branch(Opcode.BLT, A0, A1, otherwise);
    code.bind(join);
    assertEquals(0, joined());
  }

  /** A branch that leads to a side which has been joined to a later branch still goes there. */
  @Test
  void aSideThatSeveralBranchesLeadToStaysForTheOthers() {
    code.branch(Opcode.BEQ, A2, A3, otherwise).emit(Opcode.LD, A4, 8, 2);
    code.branch(Opcode.BLT, A4, A1, otherwise).emit(Opcode.ADDI, A0, A1, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A5, A5, 1).bind(join);
    assertEquals(1, joined());
  }
}
