package dev.isomorph.engine;

import dev.isomorph.codecache.PageMap;
import dev.isomorph.decoder.Instruction;
import dev.isomorph.hostbackend.HostMemory;

/** Fetches instructions from guest memory; asks what is mapped once per stretch, not per parcel. */
final class GuestCode implements MappedCode {
  private static final int STRETCH = 4096;

  private final GuestMemory memory;
  private long start;
  private long end;

  GuestCode(GuestMemory memory) {
    this.memory = memory;
  }

  @Override
  public void refresh() {
    start = 0;
    end = 0;
  }

  /** Whether there is code at guest address {@code pc}, and the same as at a host address. */
  boolean holds(long pc, long expected, int length) {
    int done = 0;
    while (done < length) {
      long at = pc + done;
      if (at < start || at >= end) {
        int fetchable = memory.fetchable(at, STRETCH);
        if (fetchable <= 0) {
          return false;
        }
        start = at;
        end = at + fetchable;
      }
      int n = (int) Math.min(length - done, end - at);
      if (!same(memory.windowBase() + at, expected + done, n)) {
        return false;
      }
      done += n;
    }
    return true;
  }

  private static boolean same(long a, long b, int length) {
    int i = 0;
    while (i <= length - 8) {
      if (HostMemory.getLong(a + i) != HostMemory.getLong(b + i)) {
        return false;
      }
      i += 8;
    }
    while (i < length) {
      if (HostMemory.getByte(a + i) != HostMemory.getByte(b + i)) {
        return false;
      }
      i++;
    }
    return true;
  }

  @Override
  public PageMap pages() {
    return PageMap.BY_ADDRESS;
  }

  @Override
  public int parcel(long pc) {
    return reaches(pc, Short.BYTES) ? HostMemory.getShort(memory.windowBase() + pc) & 0xffff : -1;
  }

  @Override
  public boolean holds(long pc, int encoding) {
    int length = Instruction.lengthOf(encoding);
    if (!reaches(pc, length)) {
      return false;
    }
    long at = memory.windowBase() + pc;
    return length == Integer.BYTES
        ? HostMemory.getInt(at) == encoding
        : (HostMemory.getShort(at) & 0xffff) == encoding;
  }

  private boolean reaches(long pc, int length) {
    if (pc < start || pc > end - length) {
      int fetchable = memory.fetchable(pc, STRETCH);
      if (fetchable < length) {
        return false;
      }
      start = pc;
      end = pc + fetchable;
    }
    return true;
  }
}
