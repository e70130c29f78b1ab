package dev.isomorph.conformance.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.isomorph.decoder.Opcode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InstructionSetTest {
  @Test
  void everyBaseInstructionIsDefinedAndNothingElse() {
    Set<Opcode> bases = EnumSet.noneOf(Opcode.class);
    Arrays.stream(Opcode.values()).map(Opcode::base).forEach(bases::add);
    assertEquals(new TreeSet<>(bases), new TreeSet<>(InstructionSet.defined()));
  }
}
