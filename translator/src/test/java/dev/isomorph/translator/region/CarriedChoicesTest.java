package dev.isomorph.translator.region;

import static dev.isomorph.decoder.Registers.A0;
import static dev.isomorph.decoder.Registers.A1;
import static dev.isomorph.decoder.Registers.A2;
import static dev.isomorph.decoder.Registers.A3;
import static dev.isomorph.decoder.Registers.S0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import dev.isomorph.decoder.RiscvAssembler;
import dev.isomorph.decoder.RiscvAssembler.Label;
import dev.isomorph.translator.lift.LiftMode;
import dev.isomorph.translator.lift.RegionFinder;
import dev.isomorph.translator.lift.RegionOutline;
import dev.isomorph.translator.opt.Pass;
import org.junit.jupiter.api.Test;

class CarriedChoicesTest {
  private final RiscvAssembler code = new RiscvAssembler();
  private final Label head = code.here();
  private final Label join = new Label();

  /** How many branches of the loop become selections that wait for each other. */
  private int carried() {
    code.emit(Opcode.ADDI, S0, S0, 8).branch(Opcode.BNE, S0, A3, head).ret();
    RegionOutline loop =
        RegionFinder.loopsAround(TestRegion.source(code), TestRegion.PC, true).getLast();
    return RegionBuilder.selected(loop, LiftMode.TRANSLATE, Pass.ALL).size();
  }

  @Test
  void theGreatestSoFarWaits() {
    code.emit(Opcode.LD, A0, 0, S0).branch(Opcode.BGE, A1, A0, join);
    code.emit(Opcode.ADDI, A1, A0, 0).bind(join);
    assertEquals(1, carried());
  }

  @Test
  void theGreaterOfTwoDoesNot() {
    code.emit(Opcode.LD, A0, 0, S0).emit(Opcode.LD, A1, 8, S0).branch(Opcode.BGE, A1, A0, join);
    code.emit(Opcode.ADDI, A1, A0, 0).bind(join);
    assertEquals(0, carried());
  }

  @Test
  void whatIsAddedUpDoesNot() {
    code.emit(Opcode.LD, A0, 0, S0).branch(Opcode.BGE, A0, 0, join);
    code.emit(Opcode.SUB, A0, 0, A0).bind(join).emit(Opcode.ADD, A2, A2, A0);
    assertEquals(0, carried());
  }

  /** As in a binary search. */
  @Test
  void whatIsLoadedFromWhereIsChosenWaits() {
    code.emit(Opcode.LD, A0, 0, A1).emit(Opcode.ADDI, A1, A1, 8);
    code.branch(Opcode.BGE, A0, A2, join).emit(Opcode.ADDI, A1, A1, 16).bind(join);
    assertEquals(1, carried());
  }

  @Test
  void whatIsChosenByTheLastChoiceWaits() {
    code.emit(Opcode.ADD, A1, A2, S0).branch(Opcode.BEQ, A0, 0, join);
    code.emit(Opcode.ADDI, A1, A1, 1).bind(join).emit(Opcode.ANDI, A0, A1, 4);
    assertEquals(1, carried());
  }

  @Test
  void whatIsWrittenMeanwhileDoesNot() {
    code.emit(Opcode.ADDI, A1, S0, 3).branch(Opcode.BEQ, A0, 0, join);
    code.emit(Opcode.ADDI, A1, A1, 1).bind(join).emit(Opcode.ADD, A2, A2, A1);
    assertEquals(0, carried());
  }

  @Test
  void whatGoesRoundByAnotherPartWaits() {
    Label back = new Label();
    code.emit(Opcode.LD, A0, 0, S0).branch(Opcode.BGE, A1, A0, join);
    code.emit(Opcode.ADDI, A1, A0, 0).bind(join).branch(Opcode.BEQ, A2, 0, back);
    code.emit(Opcode.SD, A1, 0, S0).bind(back);
    assertEquals(1, carried());
  }

  @Test
  void whereNothingIsChosenNothingWaits() {
    assertEquals(0, carried());
  }
}
