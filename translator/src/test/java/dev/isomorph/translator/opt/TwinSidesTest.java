package dev.isomorph.translator.opt;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.A4;
import static dev.isomorph.decoder.Registers.A5;
import static dev.isomorph.decoder.Registers.S0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.ir.IrOp;
import dev.isomorph.translator.region.TestRegion;
import org.junit.jupiter.api.Test;

class TwinSidesTest {
  private static final int SP = 2;

  private final RiscvAssembler code = new RiscvAssembler();
  private final Label head = code.here();
  private final Label otherwise = new Label();
  private final Label join = new Label();

  /** How many branches are gone; what happens has to stay as it was. */
  private int joined() {
    return JoinedBranches.count(code, Pass.TWINS);
  }

  private int meeting() {
    code.bind(join).emit(Opcode.ADD, A1, A1, A0).emit(Opcode.ADDI, S0, S0, -1);
    code.branch(Opcode.BNE, S0, 0, head).ret();
    return joined();
  }

  private void fork() {
    code.branch(Opcode.BLT, A0, A1, otherwise);
  }

  @Test
  void whatIsLoadedIsChosenByItsAddress() {
    fork();
    code.emit(Opcode.LD, A0, 8, SP).jump(join);
    code.bind(otherwise).emit(Opcode.LD, A0, 16, SP);
    assertEquals(1, meeting());
    assertEquals(1, TestRegion.all(JoinedBranches.region(code, Pass.ALL), IrOp.LD64).size());
  }

  @Test
  void whatIsLoadedMayGoToOtherRegisters() {
    fork();
    code.emit(Opcode.LBU, A2, 8, SP).emit(Opcode.ADDI, A2, A2, 3).jump(join);
    code.bind(otherwise).emit(Opcode.LBU, A3, 8, SP);
    assertEquals(1, meeting());
  }

  @Test
  void whatIsStoredIsChosen() {
    fork();
    code.emit(Opcode.LW, A4, 8, SP).emit(Opcode.SW, A0, 0, SP).jump(join);
    code.bind(otherwise).emit(Opcode.LW, A4, 16, SP).emit(Opcode.SW, A4, 0, SP);
    assertEquals(1, meeting());
    assertEquals(1, TestRegion.all(JoinedBranches.region(code, Pass.ALL), IrOp.ST32).size());
  }

  /** If it failed, the store before it would be done once more. */
  @Test
  void nothingIsAccessedBehindAStore() {
    fork();
    code.emit(Opcode.SW, A0, 0, SP).emit(Opcode.LW, A4, 8, SP).jump(join);
    code.bind(otherwise).emit(Opcode.SW, A1, 0, SP).emit(Opcode.LW, A4, 16, SP);
    assertEquals(0, meeting());
  }

  @Test
  void otherAccessesStay() {
    fork();
    code.emit(Opcode.LW, A4, 8, SP).jump(join);
    code.bind(otherwise).emit(Opcode.LWU, A4, 16, SP);
    assertEquals(0, meeting());
  }

  @Test
  void moreAccessesOfOneSideStay() {
    fork();
    code.emit(Opcode.LW, A4, 8, SP).emit(Opcode.LW, A5, 0, SP).jump(join);
    code.bind(otherwise).emit(Opcode.LW, A4, 16, SP);
    assertEquals(0, meeting());
  }

  @Test
  void whatBothComputeMayTakeLong() {
    fork();
    code.emit(Opcode.REM, A2, A3, A4).emit(Opcode.LD, A5, 0, SP).jump(join);
    code.bind(otherwise).emit(Opcode.REM, A2, A3, A4).emit(Opcode.LD, A5, 8, SP);
    assertEquals(1, meeting());
  }

  @Test
  void whatOneComputesMayNot() {
    fork();
    code.emit(Opcode.REM, A2, A3, A4).emit(Opcode.LD, A5, 0, SP).jump(join);
    code.bind(otherwise).emit(Opcode.REM, A2, A4, A3).emit(Opcode.LD, A5, 8, SP);
    assertEquals(0, meeting());
  }

  @Test
  void whatIsAddedIsChosenNotTheSum() {
    fork();
    code.emit(Opcode.LW, A4, 8, SP).emit(Opcode.SUB, A2, A0, A1).emit(Opcode.ADD, A5, A5, A2);
    code.emit(Opcode.ADDI, A5, A5, 1).jump(join);
    code.bind(otherwise).emit(Opcode.LW, A4, 16, SP).emit(Opcode.SUB, A2, A1, A0);
    code.emit(Opcode.ADD, A5, A5, A2).emit(Opcode.ADDI, A5, A5, 1);
    assertEquals(1, meeting());
    // The address, and what is added.
    assertEquals(2, TestRegion.all(JoinedBranches.region(code, Pass.ALL), IrOp.SELECT).size());
  }

  /** As a search tree is gone down. */
  @Test
  void copiesOfALoopsEndAreOne() {
    Label end = new Label();
    fork();
    code.emit(Opcode.LD, A1, 8, SP).branch(Opcode.BEQ, A1, A2, end);
    code.bind(join).emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ADDI, S0, S0, -1);
    code.branch(Opcode.BNE, S0, 0, head).jump(end);
    code.bind(otherwise).emit(Opcode.LD, A1, 16, SP).branch(Opcode.BNE, A1, A2, join);
    code.bind(end).ret();
    assertEquals(2, joined());
  }

  @Test
  void endsThatAskForOtherThingsStay() {
    Label end = new Label();
    fork();
    code.emit(Opcode.LD, A1, 8, SP).branch(Opcode.BEQ, A1, A2, end);
    code.bind(join).emit(Opcode.ADDI, A0, A0, 1).emit(Opcode.ADDI, S0, S0, -1);
    code.branch(Opcode.BNE, S0, 0, head).jump(end);
    code.bind(otherwise).emit(Opcode.LD, A1, 16, SP).branch(Opcode.BLT, A1, A2, join);
    code.bind(end).ret();
    assertEquals(0, joined());
  }
}
