package dev.isomorph.conformance.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.isomorph.decoder.Decoder;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.decoder.Opcode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReducerTest {
  /** Of xnor, that makes orn. */
  private static final int FAULT = 0x2000;

  @Test
  void aProgramIsReducedToWhatTheFaultNeeds() throws Exception {
    int reduced = 0;
    for (long seed = 0; reduced < 5; seed++) {
      RandomProgram program = ProgramGenerator.program(seed);
      if (!disagrees(program)) {
        continue;
      }
      reduced++;
      RandomProgram smallest = new Reducer(ReducerTest::disagrees, 3000).reduce(program);
      assertTrue(disagrees(smallest));
      List<Statement> rest = new ArrayList<>();
      smallest.functions().forEach(function -> rest.addAll(function.body()));
      assertTrue(rest.size() <= 3, () -> ProgramAssembler.assemble(smallest).listing());
      assertTrue(smallest.rows().contains(Opcode.XNOR));
    }
  }

  /** Whether a machine that takes xnor for orn gives something else. */
  private static boolean disagrees(RandomProgram program) {
    Image image = ProgramAssembler.assemble(program);
    GoldenMachine golden = new GoldenMachine(2 * Cost.of(program));
    return !golden.run(image).differences(golden.run(withFault(image))).isEmpty();
  }

  private static Image withFault(Image image) {
    byte[] text = image.text().clone();
    int at = (int) (image.entry() - Places.TEXT);
    while (at + 4 <= text.length) {
      int bits = 0;
      for (int i = 3; i >= 0; i--) {
        bits = bits << 8 | text[at + i] & 0xff;
      }
      Instruction instruction = Decoder.decode(bits);
      if (instruction.encodedAs() == Opcode.XNOR) {
        text[at + 1] ^= (byte) (FAULT >> 8);
      }
      at += instruction.length();
    }
    return new Image(text, image.data(), image.entry());
  }

  @Test
  void triesAreLimited() throws Exception {
    RandomProgram program = ProgramGenerator.program(1);
    int[] tries = new int[1];
    new Reducer(
            _ -> {
              tries[0]++;
              return false;
            },
            7)
        .reduce(program);
    assertEquals(7, tries[0]);
  }

  /** Whatever is left out, the program ends. */
  @Test
  void simplerProgramsEnd() {
    for (long seed = 0; seed < 3; seed++) {
      long programSeed = seed;
      RandomProgram program = ProgramGenerator.program(seed);
      program
          .simpler()
          .limit(300)
          .forEach(
              simpler -> {
                Result result =
                    new GoldenMachine(Cost.of(simpler)).run(ProgramAssembler.assemble(simpler));
                assertEquals(Result.EXIT, result.ending(), "of seed " + programSeed);
              });
      assertFalse(program.simpler().findFirst().isEmpty());
    }
  }
}
