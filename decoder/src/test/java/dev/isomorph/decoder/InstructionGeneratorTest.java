package dev.isomorph.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InstructionGeneratorTest {
  @Test
  void everyRowComesUpAndEverySettableBitIsSet() {
    InstructionGenerator generator = new InstructionGenerator(new Random(1));
    Set<Opcode> seen = EnumSet.noneOf(Opcode.class);
    for (int i = 0; i < 20_000; i++) {
      seen.add(generator.instruction().encodedAs());
    }
    assertEquals(EnumSet.complementOf(EnumSet.of(Opcode.ILLEGAL)), seen);
    for (Opcode row : seen) {
      int ones = 0;
      int zeros = 0;
      for (int i = 0; i < 200; i++) {
        int bits = generator.encoding(row);
        ones |= bits;
        zeros |= ~bits;
      }
      Encoding layout = row.encoding();
      int all = row.length() == 4 ? -1 : 0xffff;
      int free = all & ~layout.mask & ~layout.ignoredMask;
      assertEquals(free, ones & zeros & all, row.name());
    }
  }

  @Test
  void cornersOfImmediatesComeUp() {
    InstructionGenerator generator = new InstructionGenerator(new Random(2));
    Set<Long> seen = new java.util.TreeSet<>();
    for (int i = 0; i < 400; i++) {
      Instruction instruction = generator.instruction(Opcode.ADDI);
      assertSame(Opcode.ADDI, instruction.opcode());
      seen.add(instruction.imm());
    }
    assertTrue(seen.containsAll(Set.of(0L, -1L, 2047L, -2048L)), seen::toString);
  }

  @Test
  void sameSeedSameInstructions() {
    InstructionGenerator first = new InstructionGenerator(new Random(3));
    InstructionGenerator second = new InstructionGenerator(new Random(3));
    for (int i = 0; i < 100; i++) {
      assertEquals(first.instruction(), second.instruction());
    }
  }
}
