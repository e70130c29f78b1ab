package dev.isomorph.conformance.fuzz;

/**
 * Where random programs keep things in memory. The state, at the start of the data, is where
 * registers are loaded from at the program's start and stored to at its end.
 */
final class Places {
  static final int PAGE = 4096;

  /** First address of the code, which may be written to. */
  static final long TEXT = 0x10000;

  /** Bytes of code, at most. */
  static final int MAX_TEXT = 0x80000;

  /** First address of the data, with the stack at its end. */
  static final long DATA = 0x100000;

  /** Bytes of data and stack. */
  static final int DATA_SIZE = 4 * PAGE;

  /** What the register with the task of pointing to the data holds. */
  static final long POINTER = DATA + 2048;

  /** Greatest offset that may be added to the pointer, beside an instruction's immediate. */
  static final int MAX_INDEX = 2047;

  /** Where the stack starts; above it lie some bytes that may be read. */
  static final long STACK = DATA + DATA_SIZE - 512;

  private static final int FLOATS = 32 * Long.BYTES;
  private static final int FCSR = 64 * Long.BYTES;

  private Places() {}

  /** Where integer register x{@code i} is in the data. */
  static int ofInteger(int i) {
    return i * Long.BYTES;
  }

  /** Where float register f{@code i} is in the data. */
  static int ofFloat(int i) {
    return FLOATS + i * Long.BYTES;
  }

  /** Where the fcsr is in the data. */
  static int ofFcsr() {
    return FCSR;
  }

  /** The distance of a place in the data from the pointer. */
  static int fromPointer(int place) {
    return place + (int) (DATA - POINTER);
  }
}
