package dev.isomorph.conformance.fuzz;

import dev.isomorph.decoder.Extension;
import dev.isomorph.decoder.Opcode;
import dev.isomorph.tools.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** qemu's user mode, which need not know all extensions, and in old versions has known bugs. */
final class QemuMachine implements Machine {
  /** Instructions that qemu gets wrong, and the version that mended them. */
  private enum Bug {
    /** Looks at the upper word, too, when the lower one is zero. */
    CTZW(Opcode.CTZW, 8);

    private final Opcode row;
    private final int mended;

    Bug(Opcode row, int mended) {
      this.row = row;
      this.mended = mended;
    }
  }

  private final CommandMachine machine;
  private final Set<Opcode> known = EnumSet.noneOf(Opcode.class);

  /** Starts it a few times to find out what it knows. */
  QemuMachine(Qemu qemu, Path scratch) throws IOException, InterruptedException {
    machine = new CommandMachine("qemu " + qemu.version(), qemu.fullest(), scratch);
    Set<Extension> extensions = Probe.extensionsOf(machine);
    Arrays.stream(Opcode.values())
        .filter(row -> extensions.contains(row.extension()))
        .forEach(known::add);
    Arrays.stream(Bug.values())
        .filter(bug -> qemu.major() < bug.mended)
        .forEach(bug -> known.remove(bug.row));
  }

  /** Whether it can be trusted with all the instructions of a program. */
  boolean knows(RandomProgram program) {
    return known.containsAll(program.rows());
  }

  @Override
  public String name() {
    return machine.name();
  }

  @Override
  public String command() {
    return machine.command();
  }

  @Override
  public Result run(Image image) throws IOException, InterruptedException {
    return machine.run(image);
  }
}
