package dev.isomorph.tools.suite;

import java.nio.file.Path;
import java.util.List;

/** How a test is run and what it must give: one kind for each way that suites have of saying so. */
sealed interface TestKind {
  /**
   * What a Linux program is given and must give back.
   *
   * @param arguments what follows the program's name
   * @param input what it reads from standard input, null for nothing
   * @param status its exit status; 128+n when signal n is to kill it
   * @param output what it must write on standard output, null for anything
   */
  record Contract(List<String> arguments, Path input, int status, Path output) {}

  /** A program that runs as a process of Linux. */
  sealed interface LinuxProgram extends TestKind {
    Contract contract();
  }

  /** A Linux program that judges itself, or whose output is known. */
  record Program(Contract contract) implements LinuxProgram {}

  /** A Linux program that leaves results in memory, to be compared with a reference. */
  record Signature(Contract contract, SignatureRegion region, Path reference)
      implements LinuxProgram {}

  /**
   * A program for a bare machine, which tells the host its verdict by a write to {@code tohost}
   * (Berkeley's host-target interface, HTIF).
   *
   * @param tohost guest address
   */
  record BareMetal(long tohost) implements TestKind {}

  /** A program for another machine than RV64. */
  record Foreign(String machine) implements TestKind {}

  /** A test that cannot be run because what belongs to it is wrong. */
  record Broken(String problem) implements TestKind {}
}
