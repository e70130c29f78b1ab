package dev.isomorph.conformance.fuzz;

import java.io.IOException;

/** A way to run programs; for one thread at a time. */
interface Machine extends AutoCloseable {
  /** What it is called in reports. */
  String name();

  /** How people have it run a file called program.elf. */
  String command();

  /**
   * Runs a program to its end, or for so long that it seems not to end.
   *
   * @throws IOException if it cannot be run, for reasons outside of it
   */
  Result run(Image image) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
