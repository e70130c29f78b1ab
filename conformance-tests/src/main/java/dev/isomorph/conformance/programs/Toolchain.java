package dev.isomorph.conformance.programs;

import dev.isomorph.tools.HostPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** GNU compilers for one machine, as they are found on the PATH. */
public enum Toolchain {
  /** For the machine the tests run on. */
  HOST("", List.of()),
  /** For riscv64 Linux; programs are static, since the host has no riscv64 libraries. */
  GUEST("riscv64-linux-gnu-", List.of("-static"));

  /**
   * Contraction would round a product and a sum once on RISC-V and twice on x86-64; without
   * -frounding-math the compiler computes some results itself.
   */
  private static final List<String> FLAGS =
      List.of("-w", "-Wno-psabi", "-ffp-contract=off", "-frounding-math");

  private final String prefix;
  private final List<String> ownFlags;

  Toolchain(String prefix, List<String> ownFlags) {
    this.prefix = prefix;
    this.ownFlags = ownFlags;
  }

  /** The name of the compiler for a source file. */
  public String compiler(Path source) {
    return prefix + (isCPlusPlus(source) ? "g++" : "gcc");
  }

  /** The command that compiles and links a source file, but for its output. */
  public List<String> command(Path source, int optimisation) {
    List<String> command = new ArrayList<>();
    command.add(compiler(source));
    command.add(isCPlusPlus(source) ? "-std=c++17" : "-std=gnu11");
    command.add("-O" + optimisation);
    command.addAll(FLAGS);
    command.addAll(ownFlags);
    command.add(source.toString());
    command.add("-lm");
    if (this == GUEST) {
      // Atomic operations on one and two bytes are calls.
      command.add("-latomic");
    }
    return command;
  }

  /** Whether source files of this kind can be compiled here. */
  public boolean isPresentFor(Path source) {
    return !HostPath.all(compiler(source)).isEmpty();
  }

  private static boolean isCPlusPlus(Path source) {
    return source.toString().endsWith(".cpp");
  }
}
