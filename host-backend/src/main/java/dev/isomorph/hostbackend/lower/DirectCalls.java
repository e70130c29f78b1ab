package dev.isomorph.hostbackend.lower;

import dev.isomorph.hostbackend.HostMemory;

/**
 * The system calls that emitted code makes at once, without coming back to Java: those that need no
 * more than a descriptor or pointers translated. A table off the heap, by the guest's number; it
 * may be added to while it is in use, and lives as long as the host process.
 */
public final class DirectCalls {
  /** Numbers there is room for. */
  static final int ROWS = 512;

  /**
   * Guest descriptors that can be translated without Java: as many ints, the host's descriptors or
   * negative numbers, in what {@link HartState#directCalls} is told of.
   */
  public static final int DESCRIPTORS = 1024;

  // A row is 0, or the host's number and what is to be done with the arguments.
  static final int NUMBER_BITS = 16;
  static final int PRESENT = 1 << NUMBER_BITS;

  /** The first argument is a descriptor. */
  static final int DESCRIPTOR = 1 << 17;

  /** The call is futex(2): only plain waiting without a timeout, and waking. */
  static final int FUTEX = 1 << 18;

  private static final int FIRST_POINTER = 24;

  private final long rows = HostMemory.allocate(Integer.BYTES * ROWS);

  /** What becomes of a call's arguments; all but descriptors and pointers stay as they are. */
  public static final class Form {
    private int bits = PRESENT;

    /** The first argument is a descriptor. */
    public Form descriptor() {
      bits |= DESCRIPTOR;
      return this;
    }

    /** An argument is a pointer that the host's kernel alone follows; null stays null. */
    public Form pointer(int argument) {
      bits |= pointerBit(argument);
      return this;
    }

    /** The call is futex(2), of which only FUTEX_WAIT without a timeout and FUTEX_WAKE are made. */
    public Form futex() {
      bits |= FUTEX;
      return this;
    }
  }

  /** Address of the rows, ints. */
  long address() {
    return rows;
  }

  static int pointerBit(int argument) {
    return 1 << FIRST_POINTER + argument;
  }

  /**
   * Lets emitted code make a call.
   *
   * @param number the guest's number
   * @param host the host's number
   */
  public void allow(int number, int host, Form form) {
    if (number < 0 || number >= ROWS || host < 0 || host >>> NUMBER_BITS != 0) {
      throw new IllegalArgumentException("system call " + number + ", on the host " + host);
    }
    HostMemory.putInt(rows + (long) Integer.BYTES * number, host | form.bits);
  }
}
