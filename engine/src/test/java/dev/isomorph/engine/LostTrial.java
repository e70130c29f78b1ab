package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.hostbackend.lower.RegisterFile;

/** Has regions lose their trial, whatever they are worth and however long tests take. */
final class LostTrial {
  /** Entries within a moment that no region survives. */
  private static final int TOO_MANY = 1 << 30;

  private LostTrial() {}

  /** As if all regions had been entered all the time since they were looked at last. */
  static void pretend(Hart hart) {
    for (int i = 0; i < RegisterFile.ENTRY_COUNTERS; i++) {
      long counter = hart.state().address(RegisterFile.entries(i));
      hart.entriesSeen[i] = HostMemory.getInt(counter) - TOO_MANY;
    }
    hart.judgedAt = System.nanoTime();
  }
}
