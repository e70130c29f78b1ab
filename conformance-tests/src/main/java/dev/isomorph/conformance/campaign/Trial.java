package dev.isomorph.conformance.campaign;

import java.io.IOException;

/** Makes cases and judges them; for one thread at a time. */
interface Trial extends AutoCloseable {
  /**
   * Judges the case of a seed, which is the same whenever and wherever it is made.
   *
   * @throws IOException if it cannot be judged, for reasons outside of it
   */
  Verdict judge(long seed) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
