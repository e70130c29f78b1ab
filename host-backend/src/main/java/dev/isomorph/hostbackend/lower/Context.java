package dev.isomorph.hostbackend.lower;

/**
 * What decides, in one address space, on what addresses a machine's hart can use and what its code
 * means, as a small number: bit 2 the supervisor's privilege, 1 whether the float unit is in use, 0
 * whether the supervisor may access the pages of users. Machine mode has none.
 */
public final class Context {
  /** Number of contexts. */
  public static final int COUNT = 8;

  static final int SUPERVISOR_SHIFT = 2;
  static final int FLOATS_SHIFT = 1;

  /** Fields of the status. */
  static final int FLOATS_DIRTY = 3 << 13;

  static final int USER_ACCESS_SHIFT = 18;

  private Context() {}

  /** The context of a hart in user or supervisor mode. */
  public static int of(boolean supervisor, boolean floats, boolean userAccess) {
    return (supervisor ? 1 << SUPERVISOR_SHIFT : 0)
        | (floats ? 1 << FLOATS_SHIFT : 0)
        | (userAccess ? 1 : 0);
  }

  /** Displacement of a context's tables in the register file. */
  static int tlb(int context) {
    return RegisterFile.CONTEXTS + 2 * Long.BYTES * context;
  }

  static int jumpCache(int context) {
    return tlb(context) + Long.BYTES;
  }
}
