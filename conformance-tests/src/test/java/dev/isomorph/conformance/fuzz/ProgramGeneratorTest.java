package dev.isomorph.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.isomorph.decoder.Opcode;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgramGeneratorTest {
  private static final int MANY = 2000;

  /** What jumps and traps, of which there is some in every program; and what only moves sp. */
  private static final Set<Opcode> LEFT_OUT =
      EnumSet.of(
          Opcode.ILLEGAL,
          Opcode.MRET,
          Opcode.SRET,
          Opcode.WFI,
          Opcode.SFENCE_VMA,
          Opcode.SINVAL_VMA,
          Opcode.SFENCE_W_INVAL,
          Opcode.SFENCE_INVAL_IR,
          Opcode.JAL,
          Opcode.JALR,
          Opcode.BEQ,
          Opcode.BNE,
          Opcode.BLT,
          Opcode.BGE,
          Opcode.BLTU,
          Opcode.BGEU,
          Opcode.ECALL,
          Opcode.EBREAK,
          Opcode.C_ADDI16SP);

  @Test
  void theSameSeedGivesTheSameProgram() {
    for (long seed = 0; seed < 50; seed++) {
      assertArrayEquals(elf(seed), elf(seed));
      assertFalse(Arrays.equals(elf(seed), elf(seed + 1)));
    }
  }

  private static byte[] elf(long seed) {
    return ProgramAssembler.assemble(ProgramGenerator.program(seed)).elf();
  }

  @Test
  void programsEndWithinTheirCost() {
    for (long seed = 0; seed < 200; seed++) {
      RandomProgram program = ProgramGenerator.program(seed);
      Result result = new GoldenMachine(Cost.of(program)).run(ProgramAssembler.assemble(program));
      assertEquals(Result.EXIT, result.ending(), "seed " + seed);
      assertEquals(Places.DATA_SIZE, result.output().length);
    }
  }

  @Test
  void everyRowOfTheTableAndEveryStatementOccurs() {
    Set<Opcode> missing = EnumSet.allOf(Opcode.class);
    Set<Class<?>> statements = new HashSet<>(List.of(Statement.class.getPermittedSubclasses()));
    missing.removeIf(row -> LEFT_OUT.contains(row) || LEFT_OUT.contains(row.base()));
    for (long seed = 0; seed < MANY && !missing.isEmpty(); seed++) {
      RandomProgram program = ProgramGenerator.program(seed);
      missing.removeAll(program.rows());
      program.functions().forEach(f -> f.body().forEach(s -> statements.remove(s.getClass())));
    }
    assertEquals(Set.of(), missing);
    assertEquals(Set.of(), statements);
  }

  /** A body that no branch reaches behind is jumped over. */
  @Test
  void longBodiesAreAssembled() {
    List<Statement> body =
        Collections.nCopies(2000, new Statement.Compute(0x00150513)); // addi a0,a0,1
    Statement branch = new Statement.Branch(Opcode.BEQ, 0, 0, body, body);
    Statement loop = new Statement.Loop(0, 2, List.of(branch));
    RandomProgram program = program(List.of(loop));
    Result result = new GoldenMachine(Cost.of(program)).run(ProgramAssembler.assemble(program));
    assertEquals("exits\n", result.text().substring(0, 6));
    assertEquals(4000, result.output()[80] & 0xff | (result.output()[81] & 0xff) << 8);
  }

  static RandomProgram program(List<Statement> body) {
    RandomProgram.Function function =
        new RandomProgram.Function(1, new Statement.Slot(0x13, 0x13), body);
    return new RandomProgram(
        0, 8, List.of(25, 26, 27), new byte[Places.DATA_SIZE], List.of(function));
  }
}
