package dev.isomorph.engine;

import dev.isomorph.hostbackend.HostMemory;
import dev.isomorph.translator.lift.CodeSource;

/** Fetches instructions from guest memory; asks what is mapped once per stretch, not per parcel. */
final class GuestCode implements CodeSource {
  private static final int STRETCH = 4096;

  private final GuestMemory memory;
  private long start;
  private long end;

  GuestCode(GuestMemory memory) {
    this.memory = memory;
  }

  /** Forgets what was mapped; to be called before each translation. */
  void refresh() {
    start = 0;
    end = 0;
  }

  @Override
  public int parcel(long pc) {
    if (pc < start || pc > end - 2) {
      int length = memory.fetchable(pc, STRETCH);
      if (length < 2) {
        return -1;
      }
      start = pc;
      end = pc + length;
    }
    return HostMemory.getShort(memory.windowBase() + pc) & 0xffff;
  }
}
