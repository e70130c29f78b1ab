package dev.isomorph.conformance.fuzz;

import dev.isomorph.conformance.fuzz.RandomProgram.Function;
import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Registers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Finds out which extensions a machine has, by having it run some of their instructions. */
final class Probe {
  private static final int INSTRUCTIONS = 20;
  private static final int POINTER = Registers.S0;
  private static final List<Integer> COUNTERS = List.of(Registers.S9, Registers.S10, Registers.S11);
  private static final Statement.Slot NOP = new Statement.Slot(0x13, 0x13);

  private Probe() {}

  /** The extensions whose instructions the machine knows. */
  static Set<Extension> extensionsOf(Machine machine) throws IOException, InterruptedException {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    for (Extension extension : Extension.values()) {
      if (machine.run(image(extension)).ending().equals(Result.EXIT)) {
        extensions.add(extension);
      }
    }
    return extensions;
  }

  private static Image image(Extension extension) {
    Instructions instructions =
        new Instructions(new Random(1), POINTER, COUNTERS, EnumSet.of(extension));
    List<Statement> body = new ArrayList<>();
    for (int i = 0; i < INSTRUCTIONS; i++) {
      if (instructions.canCompute()) {
        body.add(new Statement.Compute(instructions.compute()));
      }
      if (instructions.canAccess()) {
        body.add(instructions.access());
      }
    }
    return ProgramAssembler.assemble(
        new RandomProgram(
            0,
            POINTER,
            COUNTERS,
            new byte[Places.DATA_SIZE],
            List.of(new Function(Registers.RA, NOP, body))));
  }
}
