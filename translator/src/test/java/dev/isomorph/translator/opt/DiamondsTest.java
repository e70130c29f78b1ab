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
import dev.isomorph.translator.region.TestRegion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DiamondsTest {
  private final RiscvAssembler code = new RiscvAssembler();
  private final Label head = code.here();
  private final Label otherwise = new Label();
  private final Label join = new Label();

  /** How many branches are selections now; what happens has to stay as it was. */
  private int joined() {
    code.emit(Opcode.SD, A0, 0, 2).emit(Opcode.ADDI, S0, S0, -1);
    code.branch(Opcode.BNE, S0, 0, head).ret();
    return JoinedBranches.count(code, Pass.DIAMONDS);
  }

  @Test
  void bothSidesAreDoneAndWhatTheyWriteIsChosen() {
    code.emit(Opcode.LW, A4, 8, 2).branch(Opcode.BLTU, A4, A2, otherwise);
    code.emit(Opcode.ADDI, A1, A5, 0).jump(join);
    code.bind(otherwise).emit(Opcode.ADDI, A0, A5, 1).bind(join);
    assertEquals(1, joined());
    assertEquals(0, TestRegion.all(JoinedBranches.region(code, Pass.ALL), IrOp.EXIT_LTU).size());
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
    long[] pcs = JoinedBranches.region(code, Pass.ALL).code().pcs();
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
