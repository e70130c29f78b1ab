package dev.isomorph.systemvm.machine;

import dev.isomorph.systemvm.memory.Ram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Memory in a snapshot: runs of pages that are not all zero, each with the number of its first page
 * and how many there are; no pages end it.
 */
record RamImage(Ram ram) {
  private static final int PAGE = 4096;

  /** Pages of a run at most. */
  private static final int RUN = 256;

  private static final byte[] ZERO = new byte[PAGE];

  void save(DataOutput out) throws IOException {
    long pages = ram.size() / PAGE;
    byte[] run = new byte[RUN * PAGE];
    int length = 0;
    for (long page = 0; page < pages; page++) {
      boolean isZero = !isUsed(ram.base() + page * PAGE, run, length * PAGE);
      if (!isZero) {
        length++;
      }
      if (length > 0 && (isZero || length == RUN || page == pages - 1)) {
        out.writeLong(isZero ? page - length : page - length + 1);
        out.writeInt(length);
        out.write(run, 0, length * PAGE);
        length = 0;
      }
    }
    out.writeLong(0);
    out.writeInt(0);
  }

  /** Reads a page; false if it is zero. */
  private boolean isUsed(long page, byte[] to, int offset) {
    if (!ram.isUsed(page)) {
      return false;
    }
    ram.read(page, to, offset, PAGE);
    return !Arrays.equals(to, offset, offset + PAGE, ZERO, 0, PAGE);
  }

  /** Reads what was saved to memory that is zero. */
  void restore(DataInput in) throws IOException {
    long pages = ram.size() / PAGE;
    byte[] run = new byte[RUN * PAGE];
    while (true) {
      long first = in.readLong();
      int length = in.readInt();
      if (length == 0) {
        return;
      }
      if (length < 0 || length > RUN || first < 0 || first > pages - length) {
        throw new IOException("the snapshot has memory that the machine does not have");
      }
      in.readFully(run, 0, length * PAGE);
      ram.write(ram.base() + first * PAGE, run, 0, length * PAGE);
    }
  }
}
