package dev.isomorph.conformance.golden;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.isomorph.conformance.golden.SparseMemory.Access;
import dev.isomorph.decoder.InstructionGenerator;
import dev.isomorph.decoder.Opcode;
import java.util.EnumSet;
import java.util.Random;

/** One float instruction on a golden hart: sources in registers 1 to 3, the result in 4. */
final class GoldenInstruction {
  private static final int RESULT = 4;
  private static final int ROUNDING_MODE = 12;

  private final GoldenHart hart;
  private final Format from;
  private final Format to;

  /**
   * An instruction.
   *
   * @param rounding its static rounding mode, if it has one
   * @param from the format of its sources; null if they are integers
   * @param to the format of its result; null if it is an integer
   */
  GoldenInstruction(Opcode opcode, Rounding rounding, Format from, Format to) {
    this.from = from;
    this.to = to;
    SparseMemory memory = new SparseMemory();
    memory.map(0, SparseMemory.PAGE, EnumSet.of(Access.READ, Access.EXECUTE));
    memory.poke(0, 4, encoding(opcode, rounding));
    hart = new GoldenHart(memory);
  }

  private static int encoding(Opcode opcode, Rounding rounding) {
    int free = new InstructionGenerator(new Random(1)).encoding(opcode);
    int registers = 31 << 7 | 31 << 15;
    int encoding = free & ~registers | RESULT << 7 | 1 << 15;
    if (opcode.operands().contains("fs2")) {
      encoding = encoding & ~(31 << 20) | 2 << 20;
    }
    if (opcode.operands().contains("fs3")) {
      encoding = encoding & ~(31 << 27) | 3 << 27;
    }
    if (opcode.hasRoundingMode()) {
      encoding = encoding & ~(7 << ROUNDING_MODE) | rounding.ordinal() << ROUNDING_MODE;
    }
    return encoding;
  }

  /** Runs it on unboxed bits, or on an integer; gives the unboxed bits or the integer. */
  Result run(long... sources) {
    for (int i = 0; i < sources.length; i++) {
      if (from == null) {
        hart.x(1 + i, sources[i]);
      } else {
        hart.f(1 + i, from.box(sources[i]));
      }
    }
    hart.fcsr(0);
    hart.pc(0);
    assertNull(hart.step());
    long bits = to == null ? hart.x(RESULT) : to.unbox(hart.f(RESULT));
    return new Result(bits, hart.fcsr());
  }
}
