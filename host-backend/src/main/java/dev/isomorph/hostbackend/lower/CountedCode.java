package dev.isomorph.hostbackend.lower;

import java.util.Arrays;

/** A translation that counts its executions: the stretches it consists of, and their counters. */
final class CountedCode {
  private final long origin;
  private final boolean isRegion;
  private long entry;
  private int length;

  /** For each stretch its offset, its counter, and whether it is out of line. */
  private final IntList stretches = new IntList();

  /** Offsets of the host instructions. */
  private final IntList host = new IntList();

  /** The index of a stretch, an offset in it, and how many more guest instructions are executed. */
  private final IntList guest = new IntList();

  /** What the counters say too much since a fault ended a stretch early. */
  private long hostLost;

  private long guestLost;

  /** A growing array of ints. */
  private static final class IntList {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    void trim() {
      values = Arrays.copyOf(values, size);
    }
  }

  CountedCode(long origin, boolean isRegion) {
    this.origin = origin;
    this.isRegion = isRegion;
  }

  void entry(long pc) {
    entry = pc;
  }

  void stretch(int offset, int counter, boolean cold) {
    stretches.add(offset);
    stretches.add(counter);
    stretches.add(cold ? 1 : 0);
  }

  void host(int offset) {
    host.add(offset);
  }

  void guest(int offset, int instructions) {
    // Where a stretch has no host instructions the next one is at the same offset.
    guest.add(stretches.size / 3 - 1);
    guest.add(offset);
    guest.add(instructions);
  }

  void end(int offset) {
    length = offset;
    stretches.trim();
    host.trim();
    guest.trim();
  }

  long origin() {
    return origin;
  }

  int length() {
    return length;
  }

  /** The instruction at a host address has faulted: it and the rest of its stretch did not run. */
  void faulted(long pc) {
    int offset = (int) (pc - origin);
    int stretch = after(stretches, 3, offset + 1) - 1;
    hostLost += hostBetween(offset, endOf(stretch));
    guestLost += 1 + guestIn(stretch, offset + 1);
  }

  /** Sums up what the counters say. */
  ExecutionCounts.Translation total(long[] counters) {
    long hot = -hostLost;
    long cold = 0;
    long guests = -guestLost;
    for (int i = 0; i < stretches.size / 3; i++) {
      int start = stretches.values[3 * i];
      long times = counters[stretches.values[3 * i + 1]];
      if (times != 0) {
        long instructions = times * hostBetween(start, endOf(i));
        if (stretches.values[3 * i + 2] == 0) {
          hot += instructions;
        } else {
          cold += instructions;
        }
        guests += times * guestIn(i, start);
      }
    }
    long entries = stretches.size == 0 ? 0 : counters[stretches.values[1]];
    return new ExecutionCounts.Translation(entry, isRegion, entries, guests, hot, cold);
  }

  /** Host instructions in a part of the code. */
  int hostBetween(int start, int end) {
    return after(host, 1, end) - after(host, 1, start);
  }

  /** Guest instructions executed in a stretch from an offset on. */
  private int guestIn(int stretch, int offset) {
    int sum = 0;
    for (int i = after(guest, 3, stretch);
        i < guest.size / 3 && guest.values[3 * i] == stretch;
        i++) {
      if (guest.values[3 * i + 1] >= offset) {
        sum += guest.values[3 * i + 2];
      }
    }
    return sum;
  }

  private int endOf(int stretch) {
    int next = 3 * (stretch + 1);
    return next < stretches.size ? stretches.values[next] : length;
  }

  /** The first of the ascending entries of {@code width} ints that is not below {@code least}. */
  private static int after(IntList list, int width, int least) {
    int low = 0;
    int high = list.size / width;
    while (low < high) {
      int middle = low + high >>> 1;
      if (list.values[middle * width] < least) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
